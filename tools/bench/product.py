"""The product under measurement: `python -m tools.bench.product SETTINGS OUT` fetches, drains and ends.

Writes to OUT how much processor time the draining took: its own and that of all its children (the reader's zygote and
every child of it), start-up left out on both sides; and in how many commits the ledger was written.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from mailbot.cli.logs import quiet
from mailbot.clock import FixedClock
from mailbot.config import load_settings
from mailbot.daemon import Daemon, Wiring
from tools.bench.mails import START
from tools.bench.usage import of_children, own


class Commits:
    """Counts the commits of an engine that changed something."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        self._changes: dict[int, int] = {}
        event.listen(engine, "commit", self._on_commit)

    def _on_commit(self, conn: Connection) -> None:
        """Changes are counted by connection, since it was opened (sqlite3_total_changes)."""
        raw = conn.connection.dbapi_connection
        changes = int(getattr(raw, "total_changes", 0))
        self.count += changes > self._changes.get(id(raw), 0)
        self._changes[id(raw)] = changes


def main(settings: Path, out: Path) -> None:
    """One `once` of the daemon, measured."""
    quiet()
    with Daemon(load_settings(settings), Wiring(FixedClock(START), {})) as daemon:
        commits = Commits(daemon.parts.ledger.db.engine)
        before, children, wall = own(), of_children(), time.perf_counter()
        steps = daemon.once()
        spent = {
            "own": own() - before,
            "children": of_children() - children,
            "wall": time.perf_counter() - wall,
            "steps": steps,
            "commits": commits.count,
            "letters": daemon.parts.ledger.queries.counts().letters.get("done", 0),
        }
    out.write_text(json.dumps(spent))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
