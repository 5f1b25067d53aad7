"""The collection at the command line; see the package."""

from __future__ import annotations

import argparse
import logging
import sys
import tomllib

from mailbot.data import rules_dir
from mailbot.domain.limits import MailLimits, parse_limits
from tools.hard.judge import mailparser_alone, ours, table, wrong
from tools.hard.shelf import all_mails
from tools.hard.spin import spun
from tools.hard.tree import HOME, Kept, kept, read, write


def shipped() -> MailLimits:
    """The limits that the product ships."""
    with (rules_dir() / "limits.toml").open("rb") as file:
        return parse_limits(tomllib.load(file)).mail


def show(mails: list[Kept]) -> int:
    """Prints the table, and every mail that the product has wrong. 1 where there is one."""
    mine = ours(shipped())
    print(table(mails, {"mailbot": mine, "mail-parser alone": mailparser_alone}))
    faults = {mail.name: fault for mail in mails if (fault := wrong(mail, mine(mail.raw)))}
    print("\n".join(f"wrong: {name}: {', '.join(fault)}" for name, fault in faults.items()))
    return 1 if faults else 0


def main() -> int:
    """Runs one verb."""
    parser = argparse.ArgumentParser(prog="python -m tools.hard")
    parser.add_argument("verb", nargs="?", choices=("show", "build", "spin"), default="show")
    parser.add_argument("--seeds", default="0-1999", metavar="A-B", help="for spin: the seeds of random mails")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if given.verb == "build":
        write(all_mails())
        print(f"{len(all_mails())} mails in {HOME.name}")
        return 0
    if given.verb == "spin":
        first, _, last = given.seeds.partition("-")
        return show([kept(spun(seed)) for seed in range(int(first), int(last) + 1)])
    return show(read())


if __name__ == "__main__":
    sys.exit(main())
