"""The fuzzer at the command line; see the package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.fuzz.plan import planned
from tools.fuzz.run import Report, fuzz


def told(report: Report, *, drift: bool) -> int:
    """Prints what the rounds came to; 1 where a law was broken."""
    for line in (*report.wrong, *(report.drift if drift else ())):
        print(line)
    ends = ", ".join(f"{count} {end}" for end, count in sorted(report.ends.items()))
    print(f"{report.rounds} rounds: {ends}; {report.accounts} accounts, {len(report.drift)} of them drifted")
    print(f"slowest: {report.slowest[0]:.1f} s, {report.slowest[1].rstrip(': ')}")
    print(f"{len(report.wrong)} breaches")
    return 1 if report.wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the number of the first round")
    parser.add_argument("--only", type=int, metavar="N", help="this round alone")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where the mails of breaches are written")
    parser.add_argument(
        "--drift", action="store_true", help="tell also what a silent change altered in a name or phone"
    )
    parser.add_argument("--print", action="store_true", help="write the spoilt mail of --only to stdout, run nothing")
    given = parser.parse_args()
    first, count = (given.first, given.rounds) if given.only is None else (given.only, 1)
    numbers = range(first, first + count)
    if given.print:
        sys.stdout.buffer.write(planned(given.seed, first).raw)
        return 0
    return told(fuzz(given.seed, numbers, given.keep), drift=given.drift)


if __name__ == "__main__":
    sys.exit(main())
