"""`make bench`: measures and prints the table. Ends with 1 where a bound is not kept."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from mailbot.assembly import open_rules
from mailbot.domain.limits import Limits
from tools.bench import backlog, post, roster
from tools.bench.figure import Figure, table
from tools.bench.stage import site_facts

MAILS, ROWS, CASES = 300, 50_000, 50_000


def main(arguments: Sequence[str]) -> int:
    """Measure, print, judge."""
    wanted = _arguments(arguments)
    figures = list(_measured(wanted))
    print(f"\n{machine()}\n")
    print(table(figures))
    return 0 if all(figure.kept for figure in figures) else 1


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tools.bench", description="The ratios this project promises.")
    parser.add_argument("--mails", type=int, default=MAILS, help="mails of 50 rows")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the one large roster")
    parser.add_argument("--cases", type=int, default=CASES, help="cases in the full ledger")
    parser.add_argument("figures", nargs="*", choices=["post", "roster", "backlog", []], help="only these")
    return parser.parse_args(arguments)


def _measured(wanted: argparse.Namespace) -> Iterator[Figure]:
    chosen = wanted.figures or ["post", "roster", "backlog"]
    if "post" in chosen:
        _say(f"{wanted.mails} mails from Dovecot to letters in an SMTP sink")
        yield from post.measure(wanted.mails, limits())
    if "roster" in chosen:
        _say(f"one roster of {wanted.rows} rows")
        yield from roster.measure(wanted.rows)
    if "backlog" in chosen:
        _say(f"{wanted.mails} mails with {wanted.cases} cases in the ledger")
        yield from backlog.measure(wanted.mails, wanted.cases)


def _say(what: str) -> None:
    print(f"measuring: {what} ...", file=sys.stderr, flush=True)


def limits() -> Limits:
    """The limits that the shipped rules set."""
    with TemporaryDirectory(prefix="bench-") as name:
        facts, _ = site_facts(Path(name) / "site")
        return open_rules(facts).current.limits


def machine() -> str:
    """What it ran on, in one line."""
    load = os.getloadavg()[0]
    python, sqlite = platform.python_version(), sqlite3.sqlite_version
    system = f"{platform.system()} {platform.release()}"
    return f"{os.cpu_count()} processors, {system}, Python {python}, SQLite {sqlite}, load {load:.1f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
