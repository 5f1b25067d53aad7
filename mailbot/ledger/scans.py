"""What was read from pictures: kept by the picture's bytes and its reader, outside the audit chain, deleted freely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select

from mailbot.domain.scan import Scan
from mailbot.ledger.db import Database
from mailbot.ledger.tables.scan import scans

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class StoredScan:
    """A reading as it is kept, and how often its reader was stopped at it."""

    scan: Scan
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Scans:
    """The memory of the picture readers. A row that is missing costs a second reading, nothing else."""

    db: Database

    def known(self, sha256s: Sequence[str], engine: str | None) -> dict[str, StoredScan]:
        """The readings of these pictures by `engine`; with `None` by whoever read them last."""
        query = select(scans.c.sha256, scans.c.scan, scans.c.tries).order_by(scans.c.at)
        if engine is not None:
            query = query.where(scans.c.engine == engine)
        out: dict[str, StoredScan] = {}
        with self.db.read() as conn:
            for start in range(0, len(sha256s), _AT_ONCE):
                some = sha256s[start : start + _AT_ONCE]
                for sha256, text, tries in conn.execute(query.where(scans.c.sha256.in_(some))):
                    scan = _parsed(text)
                    if scan is not None:
                        out[sha256] = StoredScan(scan, int(tries))
        return out

    def keep(self, scan: Scan, tries: int, now: datetime) -> None:
        """Keep a reading in place of an earlier one by the same reader."""
        with self.db.write("keep_scan") as unit:
            same = (scans.c.sha256 == scan.sha256) & (scans.c.engine == scan.engine)
            unit.conn.execute(delete(scans).where(same))
            row = {"sha256": scan.sha256, "engine": scan.engine, "at": now, "tries": tries}
            unit.conn.execute(insert(scans), [{**row, "scan": scan.model_dump_json()}])

    def forget(self, sha256s: Sequence[str]) -> int:
        """Delete every reading of these pictures; how many that were."""
        gone = 0
        with self.db.write("forget_scans") as unit:
            for start in range(0, len(sha256s), _AT_ONCE):
                some = sha256s[start : start + _AT_ONCE]
                gone += unit.conn.execute(delete(scans).where(scans.c.sha256.in_(some))).rowcount
        return gone

    def forget_before(self, moment: datetime) -> int:
        """Delete every reading older than a moment; how many that were."""
        with self.db.write("forget_scans") as unit:
            return unit.conn.execute(delete(scans).where(scans.c.at < moment)).rowcount


def _parsed(text: str) -> Scan | None:
    """`None` for a reading that an older program wrote in another shape: it is read anew."""
    try:
        return Scan.model_validate_json(text)
    except ValueError:  # of which pydantic's is one
        return None
