"""Excel's XML spreadsheets of 2003: types, gaps by index, what is hidden, merges, charsets that are declared wrongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.content import XML_SHEET
from mailbot.domain.document import Cell, Document, FaultKind, Merge, Special
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Part
from mailbot.readers.find import read
from tests.examples import examples
from tests.readers.files import part_of
from tools.stories import formats, units
from tools.stories.cells import rows as good
from tools.stories.people import people
from tools.stories.sheets import Sheet, lay

SPACE = "urn:schemas-microsoft-com:office:"
GRID = lay(Sheet(units.SURVEY, good(people(0, 5))))


def book(*sheets: str, prefix: str = "") -> bytes:
    names = f'xmlns{":" + prefix if prefix else ""}="{SPACE}spreadsheet" xmlns:ss="{SPACE}spreadsheet"'
    root = f"{prefix}:Workbook" if prefix else "Workbook"
    return f'<?xml version="1.0"?><{root} {names} xmlns:x="{SPACE}excel">{"".join(sheets)}</{root}>'.encode()


def sheet(inner: str, name: str = "名单", options: str = "") -> str:
    return f'<Worksheet ss:Name="{name}"><Table>{inner}</Table>{options}</Worksheet>'


def data(text: str, kind: str = "String", more: str = "") -> str:
    return f'<Cell{more}><Data ss:Type="{kind}">{text}</Data></Cell>'


def opened(content: bytes, limits: Limits) -> Document:
    return read(part_of(content), content, limits)


def fault(document: Document) -> FaultKind | None:
    return document.fault.kind if document.fault else None


def rows(limits: Limits, inner: str) -> tuple[tuple[Cell, ...], ...]:
    document = opened(book(sheet(inner)), limits)
    assert document.fault is None
    return document.sheets[0].rows


def test_stored_types_stay(limits: Limits) -> None:
    cells = (
        data("甲")
        + data("13800000000", "Number")
        + data("12.5", "Number")
        + data("5.00103199003070E+17", "Number")
        + data("500103199003070012")
        + data("1", "Boolean")
        + data("#N/A", "Error")
        + data("2020-07-08T00:00:00.000", "DateTime")
        + data("2020-07-08T09:30:00.000", "DateTime")
        + data("十二", "Number")
        + '<Cell ss:Formula="=R1C1"/><Cell/>'
    )
    (found,) = rows(limits, f"<Row>{cells}</Row>")
    assert found == (
        "甲",
        13800000000,
        12.5,
        5.0010319900307e17,
        "500103199003070012",
        True,
        Special(kind="error", text="#N/A"),
        Special(kind="date", text="2020-07-08"),
        Special(kind="date", text="2020-07-08T09:30:00"),
        "十二",
        Special(kind="no_value", text=""),
    )
    assert [type(cell) for cell in found[1:5]] == [int, float, float, str]


def test_indexes_leave_gaps_and_merges_take_columns(limits: Limits) -> None:
    across, seventh = ' ss:MergeAcross="2"', ' ss:Index="7"'
    third = data("合", more=across) + data("丁") + data("己", more=seventh) + data("庚")
    document = opened(book(sheet(f'<Row ss:Index="3">{third}</Row><Row>{data("下")}</Row>')), limits)
    assert document.sheets[0].rows == ((), (), ("合", None, None, "丁", None, None, "己", "庚"), ("下",))
    assert document.sheets[0].merges == (Merge(top=3, left=1, bottom=3, right=3),)


def test_a_merge_over_rows(limits: Limits) -> None:
    cell = '<Cell ss:MergeDown="1" ss:MergeAcross="1"><Data ss:Type="String">甲</Data></Cell>'
    inner = f'<Row>{cell}</Row><Row><Cell ss:Index="3"><Data ss:Type="String">乙</Data></Cell></Row>'
    document = opened(book(sheet(inner)), limits)
    assert document.sheets[0].rows == (("甲",), (None, None, "乙"))
    assert document.sheets[0].merges == (Merge(top=1, left=1, bottom=2, right=2),)


def test_hidden_rows_columns_and_sheets(limits: Limits) -> None:
    first = (
        '<Column/><Column ss:Hidden="1" ss:Span="1"/><Column ss:Index="6" ss:Width="0"/>'
        f'<Row>{data("a")}</Row><Row ss:Hidden="1" ss:Span="1"/><Row>{data("b")}</Row><Row ss:Height="0">{data("c")}</Row>'
    )
    hidden = "<x:WorksheetOptions><x:Visible>SheetVeryHidden</x:Visible></x:WorksheetOptions>"
    sheets = opened(book(sheet(first), sheet("", "旧", hidden), sheet("", "后")), limits).sheets
    assert [(one.name, one.index, one.visible) for one in sheets] == [
        ("名单", 0, True),
        ("旧", 1, False),
        ("后", 2, True),
    ]
    assert sheets[0].rows == (("a",), (), (), ("b",), ("c",))
    assert sheets[0].hidden_rows == {2, 3, 5}
    assert sheets[0].hidden_columns == {2, 3, 6}


def test_rich_text_and_comments(limits: Limits) -> None:
    rich = (
        '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">甲<B>乙<Font>丙</Font></B></ss:Data>'
    )
    rich += '<Comment><ss:Data ss:Type="String">批注</ss:Data></Comment></Cell>'
    assert rows(limits, f"<Row>{rich}</Row>") == (("甲乙丙",),)


def test_any_prefix(limits: Limits) -> None:
    inner = sheet(f"<Row>{data('甲')}</Row>")
    for name in ("Worksheet", "Table", "Row", "Cell", "Data"):
        inner = inner.replace(f"<{name}", f"<s:{name}").replace(f"</{name}", f"</s:{name}")
    assert opened(book(inner, prefix="s"), limits).sheets[0].rows == (("甲",),)


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "GBK", "iso-8859-1", "no-such-charset"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_bytes_tell_the_charset(charset: str, declared: str, limits: Limits) -> None:
    document = opened(formats.xml_sheet([GRID], charset, declared), limits)
    assert (document.type, fault(document)) == (XML_SHEET, None)
    assert document.sheets == opened(formats.xml_sheet([GRID]), limits).sheets


@pytest.mark.parametrize(
    "inner",
    [
        '<Row ss:Index="65000"><Cell><Data ss:Type="String">甲</Data></Cell></Row>',
        '<Row><Cell ss:Index="200"><Data ss:Type="String">甲</Data></Cell></Row>',
    ],
)
def test_content_far_out_is_too_much(inner: str, limits: Limits) -> None:
    assert fault(opened(book(sheet(inner)), limits)) is FaultKind.TOO_MANY_ROWS


def test_too_many_sheets(limits: Limits) -> None:
    assert fault(opened(book(*[sheet("")] * 65), limits)) is FaultKind.TOO_MANY_ROWS


def test_indexes_that_are_none_do_not_matter(limits: Limits) -> None:
    below = ' ss:Index="-3"'
    assert rows(limits, f'<Row ss:Index="x">{data("甲", more=below)}</Row>') == (("甲",),)


def test_a_row_that_stands_twice_is_joined(limits: Limits) -> None:
    again = '<Row ss:Index="1"><Cell ss:Index="2"><Data ss:Type="String">乙</Data></Cell></Row>'
    assert rows(limits, f"<Row>{data('甲')}</Row>{again}") == (("甲", "乙"),)


@pytest.mark.parametrize("end", [0.3, 0.7, 0.999])
def test_a_cut_file_is_unreadable(end: float, limits: Limits) -> None:
    content = formats.xml_sheet([GRID])
    assert fault(opened(content[: int(len(content) * end)], limits)) is FaultKind.UNREADABLE


def test_entities_are_refused(limits: Limits) -> None:
    content = formats.xml_sheet([GRID]).replace(b"<Workbook", b'<!DOCTYPE x [<!ENTITY e "expanded">]><Workbook', 1)
    content = content.replace(b'<Data ss:Type="String">', b'<Data ss:Type="String">&e;', 1)
    part = Part(number=1, name="a", sha256="0", size=1, type=XML_SHEET)
    assert fault(read(part, content, limits)) is FaultKind.UNREADABLE


@examples(40)
@given(st.text("<>/Row Cel:Datsx=\"'&;甲0123456789-", max_size=100), st.integers(0, 150))
def test_any_xml_is_a_document(limits: Limits, noise: str, place: int) -> None:
    content = book(sheet(f"<Row>{data('甲')}{data('1', 'Number')}</Row>")).decode()
    part = Part(number=1, name="a", sha256="0", size=1, type=XML_SHEET)
    read(part, (content[:place] + noise + content[place:]).encode(), limits).model_dump_json()
