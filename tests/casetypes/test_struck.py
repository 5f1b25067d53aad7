"""Somebody whom the clerk has crossed out is looked at by a person, and nobody else is."""

from __future__ import annotations

import pytest

from mailbot.casetypes.roster.barred import STRUCK
from mailbot.domain.decisions import RowStatus
from mailbot.domain.document import Cell
from mailbot.domain.records import RosterRecord
from tests.casetypes.support import HEAD, document, judge, labels, person_id, phone_of, records, sheet

FIRST = len(labels()) + 2
"""The sheet's row of the first person."""


def read(*struck: int, remark: Cell = None) -> RosterRecord:
    people = [(n, f"陈晓{'一二三四五'[n]}", person_id(n), phone_of(n), remark if n == 1 else None) for n in range(1, 4)]
    (record,) = records(document(sheet([*labels(), HEAD, *people], struck_rows=frozenset(struck))))
    return record


@pytest.mark.parametrize("struck", [(), (FIRST,), (FIRST + 1, FIRST + 2), (1, FIRST - 1)])
def test_who_is_crossed_out_is_held_and_nobody_else(struck: tuple[int, ...]) -> None:
    judged = judge(read(*struck))
    for number in (1, 2, 3):
        crossed = FIRST + number - 1 in struck
        assert judged.status(number) is (RowStatus.HOLD if crossed else RowStatus.OK)
        assert ("row.remark" in judged.codes(number)) == crossed


def test_the_remark_that_stands_there_stays_beside_it() -> None:
    record = read(FIRST, remark="财务科")
    assert record.rows[0].remark is not None
    assert {"财务科", STRUCK} <= set(record.rows[0].remark.split("；"))
    assert [row.remark for row in record.rows[1:]] == [None, None]
