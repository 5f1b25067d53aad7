"""The roster generator: the same seed gives the same files, the truth is true, and real readers read what it writes."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from mailbot.domain.document import Document
from mailbot.domain.identity import check_char
from mailbot.readers.text_table import READER as TEXT_TABLES
from mailbot.readers.workbook import READER as WORKBOOKS
from tests.casetypes.support import records, rulebook
from tools import rosters
from tools.roster_people import FAULTS, FIXES, HOLDS
from tools.rosters import Roster, generate, to_csv, to_xlsx

SEEDS = range(1, 13)


def in_order(roster: Roster) -> list[tuple[int, int]]:
    return sorted((row.row, row.panel) for row in roster.truth)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_is_a_roster(seed: int) -> None:
    assert generate(seed) == generate(seed)


def test_seeds_differ() -> None:
    assert len({repr(generate(seed)) for seed in SEEDS}) == len(SEEDS)


def test_the_people_are_possible() -> None:
    people = [row.person for seed in range(1, 40) for row in generate(seed).truth]
    assert all(check_char(who.id_number[:17]) == who.id_number[17] for who in people)
    assert all(len(who.phone) == 11 and who.phone[0] == "1" for who in people)
    assert len({who.id_number[:2] for who in people}) > 15


def test_within_a_roster_nobody_stands_twice() -> None:
    for seed in range(1, 200):
        people = [row.person for row in generate(seed).truth]
        assert len({who.id_number for who in people}) == len(people)
        assert len({who.phone for who in people}) == len(people)


def test_what_is_planted_is_a_code_of_the_rules() -> None:
    known = {rule.code: rule.then.word for rule in rulebook().rules["row"]}
    words = {"fix": FIXES, "ask": FAULTS, "hold": HOLDS}
    assert all(known[code] == word for word, plants in words.items() for code in plants)


def test_every_fault_is_planted_sooner_or_later() -> None:
    planted = {row.code for seed in range(1, 300) for row in generate(seed).truth}
    assert planted == {None, *FIXES, *FAULTS, *HOLDS}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_workbook_is_read_as_it_was_meant(seed: int) -> None:
    roster = generate(seed)
    content = WORKBOOKS.read(to_xlsx(roster), rulebook().limits)
    book = Document(number=1, name="名单.xlsx", sha256="0" * 64, family=content.family, sheets=content.sheets)
    (record,) = records(book)
    assert [(row.row, row.panel) for row in record.rows] == in_order(roster)
    assert record.header.unit == roster.unit


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_text_table_is_read_as_it_was_meant(encoding: str) -> None:
    roster = next(r for r in map(generate, range(1, 100)) if r.text_only and len(r.truth) > 3)
    content = TEXT_TABLES.read(to_csv(roster, encoding), rulebook().limits)
    table = Document(number=1, name="名单.csv", sha256="0" * 64, family=content.family, sheets=content.sheets)
    (record,) = records(table)
    assert len(record.rows) == len(roster.truth)
    assert record.header.order_no == (roster.order,)


def test_the_command_writes_files_with_their_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["rosters", "--seed", "1", "--count", "9", "--out", str(tmp_path)])
    rosters.main()
    written = sorted(path.name for path in tmp_path.iterdir())
    assert len(written) == 18
    for path in tmp_path.glob("*.json"):
        truth = json.loads(path.read_text(encoding="utf-8"))
        assert truth["rows"]
        assert {"row", "panel", "person", "code", "registers"} <= set(truth["rows"][0])
        table = path.with_suffix(".csv")
        if table.exists():
            rows = list(csv.reader(io.StringIO(table.read_text(encoding="gb18030"))))
            assert len(rows) >= len(truth["rows"])
