"""Whole rosters as clerks bend them, against the truth: no account for a wrong person, no good person refused, every
planted fault named."""

from __future__ import annotations

import pytest

from mailbot.domain.decisions import RowStatus
from mailbot.domain.document import Document, Merge
from mailbot.domain.records import RosterRecord
from tests.casetypes.support import document, judge, records, sheet
from tools.roster_people import FIXES, HOLDS
from tools.rosters import Roster, generate

SEEDS = range(1, 81)


def as_document(roster: Roster) -> Document:
    pages = [
        sheet(
            page.rows,
            page.name,
            index,
            hidden_rows=frozenset(page.hidden),
            merges=tuple(Merge(top=a, left=b, bottom=c, right=d) for a, b, c, d in page.merges),
        )
        for index, page in enumerate(roster.pages)
    ]
    return document(*pages)


def read(seed: int) -> tuple[Roster, RosterRecord]:
    roster = generate(seed)
    (record,) = records(as_document(roster))
    return roster, record


@pytest.mark.parametrize("seed", SEEDS)
def test_every_row_is_read_once_in_its_place_and_nothing_else_is(seed: int) -> None:
    roster, record = read(seed)
    # a panel that is filled from the top down is read row by row
    assert sorted((row.row, row.panel) for row in record.rows) == sorted((row.row, row.panel) for row in roster.truth)
    assert record.header.unit == roster.unit
    assert record.header.order_no == (roster.order,)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_account_for_a_wrong_person_and_no_good_person_refused(seed: int) -> None:
    roster, record = read(seed)
    truth = {(row.row, row.panel): row for row in roster.truth}
    judged = judge(record)
    for number, (row, effect) in enumerate(zip(record.rows, judged.effects, strict=True), start=1):
        planted = truth[row.row, row.panel]
        goes = judged.status(number) in (RowStatus.OK, RowStatus.FIXED) and effect is not None
        assert goes == planted.registers, (seed, planted, judged.codes(number))
        if goes and effect:
            meant = planted.person
            assert (effect.person.name, effect.person.id_number, effect.person.phone) == (
                meant.name,
                meant.id_number,
                meant.phone,
            )


@pytest.mark.parametrize("seed", SEEDS)
def test_every_planted_fault_is_named_and_nothing_beside_it(seed: int) -> None:
    roster, record = read(seed)
    truth = {(row.row, row.panel): row for row in roster.truth}
    judged = judge(record)
    for number, row in enumerate(record.rows, start=1):
        planted = truth[row.row, row.panel].code
        assert judged.codes(number) == ({planted} if planted else set()), (seed, row.row)
        if planted:
            expected = RowStatus.FIXED if planted in FIXES else RowStatus.HOLD if planted in HOLDS else RowStatus.ASK
            assert judged.status(number) is expected
    stopping = {f.code for f in judged.case if f.stops.value == "case"}
    assert not stopping
