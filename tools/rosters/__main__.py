"""The generator at the command line; see the package."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tools.rosters.bend import bent
from tools.rosters.judge import complaints, wrong_accounts
from tools.rosters.mails import as_format, in_format, opened
from tools.rosters.model import Roster
from tools.rosters.plans import generate


def judge(seeds: Sequence[int], *, spoil: bool = False) -> int:
    """Judges every seed and prints what is wrong; how many seeds are. `spoil`: the pages are spoilt before, and only
    the first law is judged."""
    wrong = 0
    for seed in seeds:
        roster = bent(generate(seed), seed) if spoil else generate(seed)
        file = in_format(roster, "xlsx") if spoil else as_format(roster, seed)
        mail = opened(file)
        found = wrong_accounts(roster, mail) if spoil else complaints(roster, mail, sheets=file.sheets)
        if found:
            wrong += 1
            print(f"{seed} {roster.plan} {file.name}", *found[:12], sep="\n    ")
    print(f"{len(seeds)} rosters, {wrong} wrong")
    return wrong


def write(seeds: Sequence[int], folder: Path) -> None:
    """Writes each roster with its truth."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        roster = generate(seed)
        file = as_format(roster, seed)
        path = folder / f"{seed:05d}{Path(file.name).suffix}"
        path.write_bytes(file.data)
        path.with_suffix(".json").write_text(truth(roster), encoding="utf-8")
        print(path)


def truth(roster: Roster) -> str:
    """The truth as JSON."""
    cases = [{**asdict(case), "codes": sorted(case.codes)} for case in roster.cases]
    return json.dumps({"plan": roster.plan, "cases": cases}, ensure_ascii=False, indent=1)


def _span(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.rosters", description=__doc__)
    parser.add_argument("--seeds", default="0-299", metavar="A-B,C", help="both ends included")
    parser.add_argument("--out", type=Path, help="write the files and their truth there instead of judging them")
    parser.add_argument("--bend", action="store_true", help="spoil the pages first, and look for wrong accounts only")
    given = parser.parse_args()
    seeds = [seed for part in given.seeds.split(",") for seed in _span(part)]
    if given.out:
        write(seeds, given.out)
        return 0
    return 1 if judge(seeds, spoil=given.bend) else 0


if __name__ == "__main__":
    sys.exit(main())
