"""`make bench`: measures and prints the table. Ends with 1 where a bound is not kept."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from mailbot.assembly import open_rules
from mailbot.domain.limits import Limits
from tools.bench import backlog, hard, intake, letters, post, roster
from tools.bench.figure import Figure, table
from tools.bench.stage import site_facts

MAILS, ROWS, CASES, LETTERS, INTAKE = 300, 50_000, 50_000, 500, 2_000


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
    parser.add_argument("--letters", type=int, default=LETTERS, help="letters on one connection")
    parser.add_argument("--intake", type=int, default=INTAKE, help="mails of 20 kB to be stored")
    parser.add_argument("figures", nargs="*", choices=[*MEASURES, []], help="only these")
    return parser.parse_args(arguments)


def _measured(wanted: argparse.Namespace) -> Iterator[Figure]:
    for name in wanted.figures or MEASURES:
        what, measure = MEASURES[name]
        _say(what.format(**vars(wanted)))
        yield from measure(wanted)


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


MEASURES: Final[Mapping[str, tuple[str, Callable[[argparse.Namespace], Iterable[Figure]]]]] = {
    "post": (
        "{mails} mails from Dovecot to letters in an SMTP sink",
        lambda wanted: post.measure(wanted.mails, limits()),
    ),
    "roster": ("one roster of {rows} rows", lambda wanted: roster.measure(wanted.rows)),
    "backlog": (
        "{mails} mails with {cases} cases in the ledger",
        lambda wanted: backlog.measure(wanted.mails, wanted.cases),
    ),
    "parse": ("every fixture mail and every hard one, read", lambda _: hard.measure(limits().mail)),
    "intake": ("{intake} mails from Dovecot into the ledger", lambda wanted: intake.measure(wanted.intake)),
    "letters": ("{letters} letters on one connection", lambda wanted: letters.measure(wanted.letters)),
}
"""Every figure: what is being measured, and how."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
