"""The roster generator: the same seed gives the same files, the truth is true, and the judge sees what is wrong."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.domain.identity import check_char
from tests.casetypes.support import rulebook
from tools.roster_people import FAULTS, FIXES, HOLDS
from tools.rosters import Roster, generate
from tools.rosters.__main__ import main
from tools.rosters.formats import FLAT, TYPED
from tools.rosters.judge import complaints
from tools.rosters.mails import as_format, in_format, opened
from tools.rosters.plans import PLANS

SEEDS = range(1, 13)


def test_a_seed_is_a_roster() -> None:
    assert [generate(seed) for seed in SEEDS] == [generate(seed) for seed in SEEDS]
    assert len({repr(generate(seed)) for seed in SEEDS}) == len(SEEDS)


def test_every_arrangement_and_format_comes_up() -> None:
    rosters = [(seed, generate(seed)) for seed in range(300)]
    assert {roster.plan for _, roster in rosters} == {plan.__name__ for plan in PLANS}
    names = Counter(as_format(roster, seed).name for seed, roster in rosters)
    assert set(names) == {name for name, _ in {**TYPED, **FLAT}.values()} | {""}


def test_the_people_are_possible() -> None:
    people = [row.person for seed in range(1, 40) for row in generate(seed).truth]
    assert all(check_char(who.id_number[:17]) == who.id_number[17] for who in people)
    assert all(len(who.phone) == 11 and who.phone[0] == "1" for who in people)
    assert len({who.id_number[:2] for who in people}) > 15
    assert not any(who.id_number.endswith("000") for who in people)


def test_within_a_workbook_nobody_stands_twice() -> None:
    for seed in range(200):
        people = [row.person for row in generate(seed).truth]
        assert len({who.id_number for who in people}) == len(people)
        assert len({who.phone for who in people}) == len(people)


def test_what_is_planted_is_a_code_of_the_rules() -> None:
    known = {rule.code: rule.then.word for rule in rulebook().rules["row"]}
    words = {"fix": FIXES, "ask": FAULTS, "hold": HOLDS}
    assert all(known[code] == word for word, plants in words.items() for code in plants)
    about = {rule.code for rule in rulebook().rules["roster"]}
    assert {code for seed in range(300) for case in generate(seed).cases for code in case.codes} <= about


def test_every_fault_is_planted_sooner_or_later() -> None:
    planted = {row.code for seed in range(300) for row in generate(seed).truth}
    assert planted == {None, *FIXES, *FAULTS, *HOLDS, "row.hidden"}


def wrong(roster: Roster, number: int) -> Roster:
    """The roster with a truth in which somebody's phone is another."""
    case = roster.cases[0]
    rows = list(case.rows)
    rows[number] = replace(rows[number], person=replace(rows[number].person, phone="13000000000"))
    return replace(roster, cases=[replace(case, rows=rows), *roster.cases[1:]])


def test_the_judge_sees_a_wrong_account_a_refusal_and_a_missing_case() -> None:
    roster = next(r for r in map(generate, range(300)) if r.plan == "unit_a_sheet" and r.truth[0].code is None)
    verdict = opened(in_format(roster, "xlsx"))
    assert complaints(roster, verdict) == []
    assert any("WRONG PERSON" in what for what in complaints(wrong(roster, 0), verdict))
    few = replace(roster, cases=roster.cases[1:])
    assert any("cases, not" in what for what in complaints(few, verdict))
    assert any("somebody at" in what for what in complaints(few, verdict))
    faulty = next(r for r in map(generate, range(300)) if r.plan == "one" and any(x.code in FAULTS for x in r.truth))
    case = faulty.cases[0]
    claimed = replace(
        faulty, cases=[replace(case, rows=[replace(row, code=None, registers=True) for row in case.rows])]
    )
    assert any("GOOD PERSON REFUSED" in what for what in complaints(claimed, opened(in_format(faulty, "xlsx"))))


def test_the_command_judges_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["rosters", "--seeds", "1-4"])
    assert main() == 0
    assert "4 rosters, 0 wrong" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["rosters", "--seeds", "1-4", "--out", str(tmp_path)])
    assert main() == 0
    truths = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(tmp_path.glob("*.json"))]
    assert len(truths) == 4
    assert all({"row", "panel", "person", "code"} <= set(row) for t in truths for c in t["cases"] for row in c["rows"])
