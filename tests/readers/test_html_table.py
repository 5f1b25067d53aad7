"""HTML pages as a spreadsheet program opens them: places, spans, types, what is hidden, and any page at all."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import Cell, Document, FaultKind, Merge, Sheet, Special, TableRow
from mailbot.domain.limits import Limits
from mailbot.readers.base import ReadFault
from mailbot.readers.find import read
from mailbot.readers.html_table import tables
from tests.examples import examples
from tests.readers.files import part_of


def sheet(html: str, limits: Limits) -> Sheet:
    (found,) = tables(html, limits.sheet)
    return found


def rows(html: str, limits: Limits) -> tuple[tuple[Cell, ...], ...]:
    return sheet(html, limits).rows


def opened(content: bytes, limits: Limits) -> Document:
    return read(part_of(content), content, limits)


def test_cells_and_the_texts_around_the_table(limits: Limits) -> None:
    html = (
        "<html><head><title>标题</title><script>x<table><tr><td>no</script></head><body><p>报名名单</p>填表单位：甲<br>联系人："
        "乙<table><caption>表一</caption><tr><th>姓名<th>电话<tr><td>丙<td>138</table><div>合计<b>1</b>人</div></body></html>"
    )
    found = sheet(html, limits)
    assert found.rows == (
        ("报名名单",),
        ("填表单位：甲",),
        ("联系人：乙",),
        ("表一",),
        ("姓名", "电话"),
        ("丙", "138"),
        ("合计1人",),
    )
    assert found.lines == (None, None, None, None, TableRow(table=1, row=1), TableRow(table=1, row=2), None)


@pytest.mark.parametrize(
    "html", ["", "文字", "<p>没有表格</p>", "<table></table>", "<table><tr></table>", "<td>甲</td>"]
)
def test_a_page_without_a_table_gives_nothing(html: str, limits: Limits) -> None:
    assert tables(html, limits.sheet) == ()


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("  甲\n  乙 ", "甲 乙"),
        ("甲<br>乙<br/>", "甲\n乙"),
        ("<p>甲</p><p>乙</p>", "甲\n乙"),
        ("<div><span style='mso-spacerun:yes'>&nbsp; </span>甲</div>", "\xa0 甲"),
        ("甲<!-- 注 -->乙", "甲乙"),
        ("&lt;甲&gt;&amp;&#20057;&#x4e19;", "<甲>&乙丙"),
        ("甲<select><option>乙</select>", "甲"),
        ("<font><b>甲</font></b>乙", "甲乙"),
        ("甲\u3000乙", "甲\u3000乙"),
        ("_x000D_", "_x000D_"),
        ("甲\0乙", "甲乙"),
        ("甲\ud800", "甲\ufffd"),
    ],
)
def test_the_text_of_a_cell(inner: str, text: str, limits: Limits) -> None:
    assert rows(f"<table><tr><td>{inner}</td><td>x</td></tr></table>", limits) == ((text, "x"),)


def test_empty_cells(limits: Limits) -> None:
    assert rows("<table><tr><td>&nbsp;<td><br><td>甲<td> <tr><td></table>", limits) == ((None, None, "甲"),)


def test_spans_and_what_they_cover(limits: Limits) -> None:
    html = (
        "<table><tr><td colspan=3>合<td>丁</tr><tr><td rowspan=2>a<td colspan=2 rowspan=2>b<td>c</tr>"
        "<tr><td>d</tr><tr><td>e<td>f</tr></table>"
    )
    found = sheet(html, limits)
    assert found.rows == (("合", None, None, "丁"), ("a", "b", None, "c"), (None, None, None, "d"), ("e", "f"))
    assert found.merges == (
        Merge(top=1, left=1, bottom=1, right=3),
        Merge(top=2, left=1, bottom=3, right=1),
        Merge(top=2, left=2, bottom=3, right=3),
    )


def test_a_span_ends_with_its_table(limits: Limits) -> None:
    found = sheet("<table><tr><td rowspan=9>甲<td>乙</table><table><tr><td>丙</table>", limits)
    assert found.rows == (("甲", "乙"), ("丙",))
    assert found.merges == ()


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "99999999999", "２"])
def test_spans_that_are_none(span: str, limits: Limits) -> None:
    found = sheet(f"<table><tr><td colspan='{span}' rowspan='{span}'>甲</td></tr></table>", limits)
    assert found.rows == (("甲",),)
    assert all(merge.right <= limits.sheet.columns and merge.bottom <= 1 for merge in found.merges)


def test_rows_and_cells_nobody_closed(limits: Limits) -> None:
    assert rows("<table><td>1<td>2<tr><td><font>甲<tr><td><font>乙", limits) == (("1", "2"), ("甲",), ("乙",))


def test_tables_stand_below_one_another(limits: Limits) -> None:
    found = sheet("<table><tr><td>甲</table>中<table><tr><td>乙<tr><td>丙</table>", limits)
    assert found.rows == (("甲",), ("中",), ("乙",), ("丙",))
    assert [line and (line.table, line.row) for line in found.lines] == [(1, 1), None, (2, 1), (2, 2)]


def test_a_table_in_a_cell_stands_below_its_row(limits: Limits) -> None:
    html = (
        "<table><tr><td>单位：甲<td><table><tr><td>姓名<td>电话<tr><td>乙<td>138</table></td><td>侧栏</td></tr>"
        "<tr><td>尾</td></tr></table>"
    )
    assert rows(html, limits) == (("单位：甲",), ("姓名", "电话"), ("乙", "138"), ("侧栏",), ("尾",))


def test_a_page_of_layout_tables_alone_keeps_its_table(limits: Limits) -> None:
    html = "<table><tr><td>" * 5 + "<table><tr><td>甲<td>乙</table>" + "</table>" * 5
    assert rows(html, limits) == (("甲", "乙"),)


STYLES = (
    '<style><!-- td {x:y} .t, td.T2 {mso-number-format:"\\@"} .n{mso-number-format:0} .g{mso-number-format:General}\n'
    ".h {display:none;} --></style>"
)


@pytest.mark.parametrize(
    ("attributes", "text", "value"),
    [
        ("x:num", "13800000000", 13800000000),
        ('x:num="5.0010319900307E+17"', "5.00103E+17", 5.0010319900307e17),
        ('x:num="1.5"', "1.50", 1.5),
        ("x:num", "甲", "甲"),
        ("x:str", "500103199003070012", "500103199003070012"),
        ("x:err", "#N/A", Special(kind="error", text="#N/A")),
        ("class=t", "500103199003070000", "500103199003070000"),
        ("class='x T2'", "138", "138"),
        ("class=n", "500103199003070000", 500103199003070000),
        ("class=n", "甲", "甲"),
        ("class=g", "138", "138"),
        ("class=n style='mso-number-format:\"\\@\"'", "138", "138"),
        ("style='mso-number-format:\"0_ \"'", "138", 138),
        ("style='vnd.ms-excel.numberformat:@'", "138", "138"),
        ("style='vnd.ms-excel.numberformat:0'", "138", 138),
        ("", "138", "138"),
        ("", '="500103199003070012"', "500103199003070012"),
        ("", "#REF!", Special(kind="error", text="#REF!")),
        ('x:num="1E999"', "x", Special(kind="error", text="#NUM!")),
    ],
)
def test_types_as_the_page_keeps_them(attributes: str, text: str, value: Cell, limits: Limits) -> None:
    (row,) = rows(f"{STYLES}<table><tr><td {attributes}>{text}</td></tr></table>", limits)
    assert row == (value,)
    assert type(row[0]) is type(value)


def test_hidden_rows_and_columns(limits: Limits) -> None:
    html = (
        f"{STYLES}<table><tr><td>1<td class=h>a<td style='display: none'>b<td>2</tr><tr style='display:none'><td>3</tr>"
        "<tr class=H><td>4<td class=h>c<td>d</tr><tr hidden><td>5</tr><tr style='mso-display:none'><td>6</tr></table>"
    )
    found = sheet(html, limits)
    assert found.hidden_rows == {2, 3, 4}
    assert found.hidden_columns == {2}


def test_an_excel_page_of_frames_has_left_its_sheets_behind(limits: Limits) -> None:
    frames = (
        b"<html><head><title>x</title></head><frameset rows='*,39'><frame src='a.files/sheet001.htm'></frameset></html>"
    )
    found = opened(frames, limits).fault
    assert found is not None
    assert found.kind is FaultKind.UNREADABLE


def test_a_page_without_a_table_is_no_roster_of_anybody(limits: Limits) -> None:
    found = opened("<html><body><p>您好，名单见附件</p></body></html>".encode(), limits).fault
    assert found is not None
    assert found.kind is FaultKind.UNSUPPORTED


def test_a_file_counts_its_rows_as_a_spreadsheet_shows_them(limits: Limits) -> None:
    document = opened("<p>名单</p><table><tr><td>甲</td></tr></table>".encode(), limits)
    assert document.sheets[0].rows == (("名单",), ("甲",))
    assert document.sheets[0].lines == ()
    assert (document.family, document.reader, document.light) == ("text_table", "html_table", False)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "iso-8859-1", ""])
def test_the_bytes_tell_the_charset(charset: str, declared: str, limits: Limits) -> None:
    html = f"<html><meta http-equiv=Content-Type content='text/html; charset={declared}'><table><tr><td>镕喆</td></tr></table>"
    assert opened(html.encode(charset), limits).sheets[0].rows == (("镕喆",),)


def test_content_far_out_is_too_much(limits: Limits) -> None:
    for html in ("<table><tr>" + "<td>" * 64 + "<td>甲</table>", "<table>" + "<tr><td>甲" * 60_001 + "</table>"):
        with pytest.raises(ReadFault) as caught:
            tables(html, limits.sheet)
        assert caught.value.kind is FaultKind.TOO_MANY_ROWS


def test_empty_cells_far_out_matter_to_nobody(limits: Limits) -> None:
    assert rows("<table><tr><td>甲" + "<td colspan=60>&nbsp;" * 500 + "</table>", limits) == (("甲",),)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 300_000,
        "<style>" + "a" * 2_000_000 + "</style><table><tr><td>甲",
        "<table><tr><td style='" + "x:y;" * 200_000 + "'>甲</table>",
        "<!--" * 200_000,
        "<table><tr>" + "<td colspan=64 rowspan=60000>" * 60_000 + "</table>",
        "<" * 500_000,
        "&amp" * 300_000,
    ],
)
def test_hostile_pages_end_soon(html: str, limits: Limits) -> None:
    started = time.process_time()
    tables(html, limits.sheet)
    assert time.process_time() - started < 4


def test_tables_inside_one_another_without_end(limits: Limits) -> None:
    with pytest.raises(ReadFault) as caught:
        tables("<table><tr><td>" * 400_000, limits.sheet)
    assert caught.value.kind is FaultKind.BOMB


TAGS = "table /table tr /tr td /td br p /p style /style script /script font !-- th".split()  # noqa: SIM905 - tags
PIECES = st.sampled_from([f"<{tag}>" for tag in TAGS] + ["-->", "<td colspan=2>", "<th rowspan=3>", "<td x:num>1"])
TEXTS = st.sampled_from(["甲", " ", "&nbsp;", "<x y='", "\n"])


@examples(150)
@given(st.lists(PIECES | TEXTS, max_size=40))
def test_any_page_is_a_sheet_within_its_limits(limits: Limits, pieces: list[str]) -> None:
    for found in tables("".join(pieces), limits.sheet):  # at most 40 pieces: fewer tables than are too many
        assert len(found.lines) == len(found.rows)
        assert all(row == () or row[-1] is not None for row in found.rows)
        assert all(merge.top <= merge.bottom and merge.left <= merge.right for merge in found.merges)
        found.model_dump_json()


@examples(60)
@given(
    st.lists(
        st.lists(st.text("甲乙丙01 <>&\"'", max_size=4).map(str.strip), min_size=1, max_size=5), min_size=1, max_size=6
    )
)
def test_a_plain_table_comes_out_as_it_went_in(limits: Limits, table: list[list[str]]) -> None:
    def cell(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    html = "".join("<tr>" + "".join(f"<td>{cell(text)}</td>" for text in row) + "</tr>" for row in table)
    found = tables(f"<table>{html}</table>", limits.sheet)[0].rows
    wide = [[" ".join(text.split()) or None for text in row] for row in table]
    padded = [list(row) + [None] * (len(wide[n]) - len(row)) for n, row in enumerate(found)]
    assert padded == wide[: len(found)]
    assert not any(any(row) for row in wide[len(found) :])
