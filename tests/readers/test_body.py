"""The mail's own words: pasted tables, typed lists, and what is neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import BODY, Document, FaultKind, TableRow
from mailbot.domain.limits import Limits
from mailbot.readers.body import read_body
from tests.examples import examples

ANNA = ("张三", "500103199003070017", "13800000000")
HEAD = ("姓名", "身份证号码", "手机号码")


def row(*cells: str, tag: str = "td") -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


TABLE = f"<table>{row(*HEAD)}{row(*ANNA)}</table>"


def document(text: str, page: str, limits: Limits) -> Document:
    found = read_body(text, page, limits)
    assert found is not None
    assert found.fault is None
    assert (found.number, found.name, found.family) == (BODY, "", "body")
    return found


def test_a_pasted_table_with_its_label_block(limits: Limits) -> None:
    page = f"<div>您好：</div><p>单位：某小学</p>{TABLE}<div>谢谢</div>"
    sheet = document("您好 500103199003070017", page, limits).sheets[0]
    assert sheet.rows == (("您好：",), ("单位：某小学",), HEAD, ANNA, ("谢谢",))
    assert sheet.lines == (None, None, TableRow(table=1, row=1), TableRow(table=1, row=2), None)


def test_a_typed_list(limits: Limits) -> None:
    sheet = document(f"单位：某小学\n\n{' '.join(HEAD)}\n{' '.join(ANNA)}\n谢谢", "", limits).sheets[0]
    assert sheet.rows == (("单位：某小学",), HEAD, ANNA, ("谢谢",))


def test_a_table_that_only_frames_text_is_lines(limits: Limits) -> None:
    long = "说明" * 150
    frame = f"<table><tr><td><div>您好</div><div>单位：某小学</div><div>{long}</div>{TABLE}</td></tr></table>"
    sheet = document("", frame, limits).sheets[0]
    assert sheet.rows[:2] == (("您好",), ("单位：某小学",))
    assert sheet.rows[-2:] == (HEAD, ANNA)
    assert [line.row for line in sheet.lines if line] == [1, 2]
    assert "".join(str(cells[0]) for cells in sheet.rows[2:-2]) == long


def test_a_list_typed_beside_a_table(limits: Limits) -> None:
    sheet = document("", f"<div>{' '.join(ANNA)}</div><table>{row('重庆', '某小学')}</table>", limits).sheets[0]
    assert sheet.rows == (ANNA, ("重庆", "某小学"))


def test_merges_and_hidden_rows_of_a_pasted_table(limits: Limits) -> None:
    title = '<tr><td colspan="3">报名名单</td></tr>'
    hidden = row(*ANNA).replace("<tr", '<tr style="display:none"')
    sheet = document("", f"<p>a</p><table>{title}{row(*HEAD)}{hidden}</table>", limits).sheets[0]
    assert [(merge.top, merge.left, merge.right) for merge in sheet.merges if merge.top == 2] == [(2, 1, 3)]
    assert sheet.hidden_rows == {4}


@pytest.mark.parametrize("text", ["", "请查收附件", "联系电话 023-6888", "2020年9月14日"])
def test_words_without_a_long_number_are_no_document(text: str, limits: Limits) -> None:
    assert read_body(text, f"<table>{row('甲', '乙')}</table>", limits) is None
    assert read_body(text, "", limits) is None


def test_words_that_were_cut_are_light(limits: Limits) -> None:
    found = read_body(" ".join(ANNA), "", limits, whole=False)
    assert found is not None
    assert found.light


def test_too_many_rows_are_a_fault(limits: Limits) -> None:
    small = limits.model_copy(update={"sheet": limits.sheet.model_copy(update={"rows": 2})})
    found = read_body("\n".join([" ".join(ANNA)] * 3), "", small)
    assert found is not None
    assert found.fault is not None
    assert (found.fault.kind, found.family) == (FaultKind.TOO_MANY_ROWS, "unread")


@examples(80)
@given(st.text("<>/tabledr 张13500103199003070017\n", max_size=200), st.text("张三 1350019\n\t", max_size=100))
def test_any_words_never_raise(limits: Limits, page: str, text: str) -> None:
    found = read_body(text, page, limits)
    assert found is None or Document.model_validate_json(found.model_dump_json(), strict=True) == found
