"""The product under measurement: `python -m tools.bench.product SETTINGS OUT` fetches, drains and ends.

Writes to OUT how much processor time the draining took: its own and that of all its children (the reader's zygote and
every child of it), start-up left out on both sides.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from mailbot.cli.logs import quiet
from mailbot.clock import FixedClock
from mailbot.config import load_settings
from mailbot.daemon import Daemon, Wiring
from tools.bench.mails import START


def main(settings: Path, out: Path) -> None:
    """One `once` of the daemon, measured."""
    quiet()
    with Daemon(load_settings(settings), Wiring(FixedClock(START), {})) as daemon:
        own, wall = _own(), time.perf_counter()
        children = _of_children()
        steps = daemon.once()
        spent = {"own": _own() - own, "wall": time.perf_counter() - wall, "steps": steps}
        spent["children"] = _of_children() - children
        spent["peak_kb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    out.write_text(json.dumps(spent))


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _of_children() -> float:
    """Seconds of all descendants alive and reaped below us: each child's own time and that of what it has waited for
    (proc(5), fields 14 to 17 of stat)."""
    me, total = os.getpid(), 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # gone in between
            continue
        if int(fields[1]) == me:
            total += sum(int(field) for field in fields[11:15])
    reaped = resource.getrusage(resource.RUSAGE_CHILDREN)
    return total / os.sysconf("SC_CLK_TCK") + reaped.ru_utime + reaped.ru_stime


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
