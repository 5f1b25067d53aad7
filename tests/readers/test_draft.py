"""A sheet in the making: gaps, repeats, joined rows, and the limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import Cell, FaultKind, Merge, Special
from mailbot.domain.limits import Limits, SheetLimits
from mailbot.readers.base import ReadFault
from mailbot.readers.draft import SheetDraft


@pytest.fixture
def small(limits: Limits) -> SheetLimits:
    return limits.sheet.model_copy(update={"rows": 6, "columns": 4})


def rows(draft: SheetDraft) -> tuple[tuple[Cell, ...], ...]:
    return draft.sheet("名单", 0, visible=True).rows


def test_rows_stand_where_their_numbers_say(small: SheetLimits) -> None:
    draft = SheetDraft(small)
    draft.row(2, {2: "甲", 3: None})
    draft.row(4, {1: 1, 4: True}, 2)
    assert rows(draft) == ((), (None, "甲"), (), (1, None, None, True), (1, None, None, True))


def test_a_row_that_comes_again_fills_what_is_empty(small: SheetLimits) -> None:
    draft = SheetDraft(small)
    draft.row(1, {1: "甲", 3: 1})
    draft.row(1, {1: "乙", 2: "丙", 4: 2})
    assert rows(draft) == (("甲", "丙", 1, 2),)


@pytest.mark.parametrize(("number", "cells", "count"), [(7, {1: "甲"}, 1), (1, {5: 0}, 1), (2, {1: False}, 6)])
def test_content_beyond_the_limits(number: int, cells: dict[int, Cell], count: int, small: SheetLimits) -> None:
    with pytest.raises(ReadFault) as caught:
        SheetDraft(small).row(number, cells, count)
    assert caught.value.kind is FaultKind.TOO_MANY_ROWS


@pytest.mark.parametrize(("number", "cells"), [(7, {1: " "}), (9, {}), (1, {9: "\t", 7: None}), (900, {2: None})])
def test_blanks_beyond_the_limits_matter_to_nobody(number: int, cells: dict[int, Cell], small: SheetLimits) -> None:
    draft = SheetDraft(small)
    draft.row(1, {1: "甲"})
    draft.row(number, cells)
    assert rows(draft) == (("甲",),)


def test_an_error_beyond_the_limits_is_content(small: SheetLimits) -> None:
    with pytest.raises(ReadFault):
        SheetDraft(small).row(8, {1: Special(kind="error", text="#N/A")})


def test_what_is_hidden_and_merged(small: SheetLimits) -> None:
    draft = SheetDraft(small)
    draft.hide_rows(2)
    draft.hide_rows(5, 1_000_000)
    draft.hide_columns(3, 16_384)
    draft.merge(1, 2, 1, 1)
    draft.merge(1, 2, 3, 1)
    sheet = draft.sheet("名" * 500, 3, visible=False)
    assert sheet.hidden_rows == {2, 5, 6}
    assert sheet.hidden_columns == {3, 4}
    assert sheet.merges == (Merge(top=1, left=2, bottom=3, right=2),)
    assert (len(sheet.name), sheet.index, sheet.visible) == (200, 3, False)


def test_merges_are_bounded(small: SheetLimits) -> None:
    draft = SheetDraft(small)
    for row in range(20_000):
        draft.merge(row + 1, 1, 1, 2)
    assert len(draft.sheet("", 0, visible=True).merges) == 10_000


CELLS = st.dictionaries(st.integers(1, 64), st.one_of(st.none(), st.text("甲 ", max_size=2), st.integers()), max_size=5)


@given(st.lists(st.tuples(st.integers(1, 40), CELLS), max_size=10))
def test_every_cell_stands_where_it_was_put(limits: Limits, given_rows: list[tuple[int, dict[int, Cell]]]) -> None:
    draft, placed = SheetDraft(limits.sheet), dict[tuple[int, int], Cell]()
    for number, cells in sorted(given_rows, key=lambda row: row[0]):
        draft.row(number, cells)
        for column, value in cells.items():
            if value is not None:
                placed.setdefault((number, column), value)
    found = {
        (row, column): value
        for row, cells in enumerate(rows(draft), 1)
        for column, value in enumerate(cells, 1)
        if value is not None
    }
    assert found == placed
