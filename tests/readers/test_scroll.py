"""Documents from top to bottom: lines across the width, tables with their own row numbers, and nothing left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import FaultKind, Merge, TableRow
from mailbot.domain.limits import Limits, SheetLimits
from mailbot.readers.base import ReadFault
from mailbot.readers.scroll import Scroll, pieces

ROWS = [("姓名", "身份证号码", "手机号码"), ("张三", "500103199003070017", "13800000000")]


@pytest.fixture
def small(limits: Limits) -> SheetLimits:
    return limits.sheet.model_copy(update={"rows": 6, "columns": 3, "cell_characters": 10})


def test_lines_and_tables_in_order(limits: Limits) -> None:
    scroll = Scroll(limits.sheet)
    scroll.text("填表单位：某小学\n联系人：王五")
    scroll.table(ROWS)
    scroll.text("谢谢")
    sheet = scroll.sheet()
    assert sheet.rows == (("填表单位：某小学",), ("联系人：王五",), *ROWS, ("谢谢",))
    assert sheet.lines == (None, None, TableRow(table=1, row=1), TableRow(table=1, row=2), None)
    assert [(merge.top, merge.left, merge.right) for merge in sheet.merges] == [(1, 1, 3), (2, 1, 3), (5, 1, 3)]


def test_lines_that_are_a_list_become_a_table(limits: Limits) -> None:
    scroll = Scroll(limits.sheet)
    scroll.text("名单\n张三\t500103199003070017\t13800000000")
    sheet = scroll.sheet()
    assert sheet.lines == (None, TableRow(table=1, row=1))
    assert sheet.rows[1] == ROWS[1]


def test_a_table_cut_in_two_counts_on(limits: Limits) -> None:
    scroll = Scroll(limits.sheet)
    scroll.turn(1)
    scroll.table(ROWS)
    scroll.table(ROWS[1:])
    scroll.text("第1页")
    scroll.turn(2)
    scroll.table(ROWS[1:], goes_on=True)
    scroll.text("二支部")
    scroll.table(ROWS)
    found = [(line.table, line.row, line.page) for line in scroll.sheet().lines if line]
    assert found == [(1, 1, 1), (1, 2, 1), (1, 3, 1), (1, 4, 2), (2, 1, 2), (2, 2, 2)]


def test_merges_and_hidden_rows_move_with_their_table(limits: Limits) -> None:
    scroll = Scroll(limits.sheet)
    scroll.text("名单")
    scroll.table(ROWS, [Merge(top=1, left=2, bottom=2, right=2)], frozenset({2}))
    sheet = scroll.sheet()
    assert Merge(top=2, left=2, bottom=3, right=2) in sheet.merges
    assert sheet.hidden_rows == {3}


def test_rows_at_the_end_without_content_are_left_out(limits: Limits) -> None:
    scroll = Scroll(limits.sheet)
    scroll.table([*ROWS, (None, "", None), (None,)], [Merge(top=3, left=1, bottom=4, right=1)], frozenset({4}))
    sheet = scroll.sheet("名单")
    assert (len(sheet.rows), len(sheet.lines), sheet.merges, sheet.hidden_rows) == (2, 2, (), frozenset())
    assert sheet.name == "名单"


def test_nothing_is_an_empty_sheet(limits: Limits) -> None:
    assert Scroll(limits.sheet).sheet().rows == ()


def test_too_much_is_refused(small: SheetLimits) -> None:
    scroll = Scroll(small)
    with pytest.raises(ReadFault) as fault:
        scroll.table([("甲",)] * 7)
    assert fault.value.kind is FaultKind.TOO_MANY_ROWS
    with pytest.raises(ReadFault, match="4 columns"):
        Scroll(small).table([("甲", None, None, "乙")])
    wide = Scroll(small)
    wide.table([("甲", None, None, None, " ")])
    assert wide.sheet().rows == (("甲", None, None),)


def test_a_long_line_is_cut_between_its_words() -> None:
    assert list(pieces("甲乙丙丁戊己 500103199003070017", 20)) == ["甲乙丙丁戊己 ", "500103199003070017"]
    assert list(pieces("短", 20)) == ["短"]


@given(st.text("甲乙 1a，", max_size=300), st.integers(1, 60))
def test_pieces_hold_everything(text: str, limit: int) -> None:
    found = list(pieces(text, limit))
    assert "".join(found) == text
    assert all(len(piece) <= limit for piece in found)
