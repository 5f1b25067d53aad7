"""Layouts that clerks really make, each written down by hand with what has to come of it.

Of every layout: the cases by unit and order, who of the numbered people gets an account, who is asked about or held,
and what is said of the case. Nobody else may appear.
"""

from __future__ import annotations

import pytest

from mailbot.domain.decisions import RowStatus
from mailbot.domain.findings import Severity
from mailbot.domain.records import RosterRecord
from tests.casetypes import hand_headers, hand_lists
from tests.casetypes.by_hand import LAYOUTS, who
from tests.casetypes.support import Judged, document, judge, records, sheet

MODULES = (hand_headers, hand_lists)
"""Importing them declares their layouts."""


def good(record: RosterRecord, judged: Judged) -> list[int]:
    """The numbers of the people who go ahead; whoever is nobody's is a number that no layout names."""
    people = {who(n): n for n in range(100)}
    goes = (RowStatus.OK, RowStatus.FIXED)
    values = [(row.name, row.id_number, row.phone) for row in record.rows]
    return [people.get(value, -1) for n, value in enumerate(values, start=1) if judged.status(n) in goes]


@pytest.mark.parametrize("title", LAYOUTS)
def test_a_layout_of_a_real_clerk(title: str) -> None:
    made = LAYOUTS[title]()
    pages = [sheet(rows, f"表{n}", n, **(made.more if n == 0 else {})) for n, rows in enumerate(made.sheets)]
    found = records(document(*pages))
    assert [(r.header.unit, r.header.order_no) for r in found] == [(told.unit, told.orders) for told in made.told]
    for record, told in zip(found, made.told, strict=True):
        judged = judge(record)
        fixed = {n for n, codes in told.codes.items() if codes == {"id.separator"}}
        assert good(record, judged) == list(told.goes)
        assert {f.code for f in judged.case if f.severity > Severity.NOTE} == told.case
        others = [judged.codes(n) for n in range(1, len(record.rows) + 1) if judged.codes(n) - {"row.duplicate_exact"}]
        assert others == [told.codes[n] for n in sorted(told.codes)]
        assert len(record.rows) == len(told.goes) + len(told.codes) - len(fixed)
