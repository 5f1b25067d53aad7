"""OpenDocument spreadsheets: types, repeats that stand for thousands, what is hidden, merges, faults."""

import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.content import ODS
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

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
NAMES += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
NAMES += ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
DATA = formats.ods([lay(Sheet(units.SURVEY, good(people(0, 5))))])


def packed(tables: str, styles: str = "", *, manifest: str = "<x/>", extra: str = "") -> bytes:
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES}><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{extra}{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", xml)
    return out.getvalue()


def table(*rows: str, name: str = "名单", more: str = "", columns: str = "") -> str:
    return f'<table:table table:name="{name}"{more}>{columns}{"".join(rows)}</table:table>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", kind: str = "string", more: str = "", inner: str = "") -> str:
    shown = inner or (f"<text:p>{text}</text:p>" if text else "")
    typed = f' office:value-type="{kind}"' if kind else ""
    return f"<table:table-cell{typed}{more}>{shown}</table:table-cell>"


def number(value: str, shown: str = "x", more: str = "") -> str:
    return cell(shown, "float", f' office:value="{value}"{more}')


def opened(data: bytes, limits: Limits) -> Document:
    return read(part_of(data), data, limits)


def fault(document: Document) -> FaultKind | None:
    return document.fault.kind if document.fault else None


def values(limits: Limits, *cells: str) -> tuple[Cell, ...]:
    document = opened(packed(table(row(*cells))), limits)
    assert document.fault is None
    return document.sheets[0].rows[0]


def test_stored_types_stay(limits: Limits) -> None:
    found = values(
        limits,
        cell("甲"),
        number("13800000000"),
        number("12.5"),
        number("5.00103199003070E+017"),
        number("500103199003070000"),
        cell("TRUE", "boolean", ' office:boolean-value="true"'),
        cell("2020/7/8", "date", ' office:date-value="2020-07-08T00:00:00"'),
        cell("8:30", "time", ' office:time-value="PT08H30M00S"'),
        cell("3 %", "percentage", ' office:value="0.03"'),
        cell("500103199003070012"),
    )
    assert found == (
        "甲",
        13800000000,
        12.5,
        5.0010319900307e17,
        500103199003070000,
        True,
        Special(kind="date", text="2020-07-08"),
        Special(kind="date", text="PT08H30M00S"),
        0.03,
        "500103199003070012",
    )
    assert [type(value) for value in found[1:5]] == [int, float, float, int]


def test_a_number_whose_value_is_none_is_empty(limits: Limits) -> None:
    assert values(limits, number("abc"), cell("甲")) == (None, "甲")


FORMULA = ' table:formula="of:=[.A1]"'


def test_error_values_of_several_programs(limits: Limits) -> None:
    found = values(
        limits,
        cell("#N/A", "string", f'{FORMULA} office:string-value="" calcext:value-type="error"'),
        cell("#REF!", "float", f'{FORMULA} office:value="0"'),
        cell("Err:508", "float", f'{FORMULA} office:value="0"'),
        cell("", "string", ' calcext:value-type="error"'),
        cell("#N/A", "string"),
    )
    assert found == (*(Special(kind="error", text=text) for text in ("#N/A", "#REF!", "Err:508", "#N/A")), "#N/A")


def test_formulas_with_and_without_a_value(limits: Limits) -> None:
    found = values(
        limits,
        number("7", "7", FORMULA),
        cell("", "", FORMULA),
        cell("", "string", f'{FORMULA} office:string-value=""'),
        cell("甲", "string", FORMULA),
    )
    assert found == (7, Special(kind="no_value", text=""), None, "甲")


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<text:p>甲</text:p><text:p>乙</text:p>", "甲\n乙"),
        ('<text:p>甲<text:s text:c="3"/>乙</text:p>', "甲   乙"),
        ("<text:p>甲<text:tab/>乙<text:line-break/>丙</text:p>", "甲\t乙\n丙"),
        ("<text:p><text:span>甲<text:span>乙</text:span></text:span>丙</text:p>", "甲乙丙"),
        ("<office:annotation><text:p>批注</text:p></office:annotation><text:p>甲</text:p>", "甲"),
        ("<text:p>甲<office:annotation><text:p>批注</text:p></office:annotation>乙</text:p>", "甲乙"),
        ("<text:p><text:ruby><text:ruby-base>甲</text:ruby-base><text:ruby-text>jia</text:ruby-text></text:ruby></text:p>", "甲"),
        ('<text:p>甲<text:s text:c="999999999"/></text:p>', "甲" + " " * 199),
        ("<text:p>_x000D_</text:p>", "_x000D_"),
    ],
)  # fmt: skip
def test_the_text_of_a_cell(inner: str, text: str, limits: Limits) -> None:
    assert values(limits, cell(inner=inner)) == (text,)


def test_repeated_cells(limits: Limits) -> None:
    far = ' table:number-columns-repeated="16000"'
    found = values(limits, cell("甲", more=' table:number-columns-repeated="3"'), cell("", "", far))
    assert found == ("甲", "甲", "甲")
    assert values(limits, cell("", "", ' table:number-columns-repeated="2"'), cell("乙")) == (None, None, "乙")


def test_repeated_rows(limits: Limits) -> None:
    two = row(cell("甲"), more=' table:number-rows-repeated="2"')
    gap = row(cell("", ""), more=' table:number-rows-repeated="3"')
    document = opened(packed(table(two, gap, row(cell("乙")))), limits)
    assert document.sheets[0].rows == (("甲",), ("甲",), (), (), (), ("乙",))


def test_a_million_empty_rows_cost_nothing(limits: Limits) -> None:
    tail = row(cell("", "", ' table:number-columns-repeated="16384"'), more=' table:number-rows-repeated="1048000"')
    started = time.monotonic()
    document = opened(packed(table(row(cell("甲")), *[tail] * 500)), limits)
    assert document.sheets[0].rows == (("甲",),)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "tables",
    [
        table(row(cell("甲"), more=' table:number-rows-repeated="1048576"')),
        table(row(more=' table:number-rows-repeated="99999"'), row(cell("甲"))),
        table(row(cell("甲", more=' table:number-columns-repeated="16384"'))),
        table(row(cell("", "", ' table:number-columns-repeated="80"'), cell("甲"))),
        table(row()) * 70,
    ],
)
def test_content_far_out_is_too_much(tables: str, limits: Limits) -> None:
    assert fault(opened(packed(tables), limits)) is FaultKind.TOO_MANY_ROWS


def test_blanks_far_out_matter_to_nobody(limits: Limits) -> None:
    blank = cell(" ", more=' table:number-columns-repeated="16000"')
    assert fault(opened(packed(table(row(cell("甲"), blank))), limits)) is None


def test_hidden_rows_columns_and_sheets(limits: Limits) -> None:
    columns = (
        '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        '<table:table-column-group><table:table-column table:visibility="collapse"/></table:table-column-group>'
    )
    collapsed, filtered = (f' table:visibility="{how}"' for how in ("collapse", "filter"))
    group = f"<table:table-row-group>{row(cell('丁'), more=collapsed)}</table:table-row-group>"
    heads = f"<table:table-header-rows>{row(cell('姓名'))}</table:table-header-rows>"
    first = table(heads, row(cell("甲"), more=filtered), row(cell("乙")), group, columns=columns)
    style = '<style:style style:name="ta9" style:family="table"><style:table-properties table:display="false"/></style:style>'
    data = packed(first + table(row(cell("旧")), name="旧", more=' table:style-name="ta9"'), style)
    sheets = opened(data, limits).sheets
    assert [(sheet.name, sheet.index, sheet.visible) for sheet in sheets] == [("名单", 0, True), ("旧", 1, False)]
    assert sheets[0].rows == (("姓名",), ("甲",), ("乙",), ("丁",))
    assert sheets[0].hidden_rows == {2, 4}
    assert sheets[0].hidden_columns == {2, 3, 4}


def test_merged_cells(limits: Limits) -> None:
    wide = ' table:number-columns-spanned="3" table:number-rows-spanned="2"'
    covered = '<table:covered-table-cell table:number-columns-repeated="2"/>'
    document = opened(packed(table(row(cell("甲", more=wide), covered, cell("乙")), row(cell("丙")))), limits)
    (sheet,) = document.sheets
    assert sheet.rows == (("甲", None, None, "乙"), ("丙",))
    assert sheet.merges == (Merge(top=1, left=1, bottom=2, right=3),)


def test_what_was_deleted_and_what_is_drawn_are_no_rows(limits: Limits) -> None:
    history = f"<table:tracked-changes><table:table name='x'>{row(cell('旧'))}</table:table></table:tracked-changes>"
    shapes = f"<table:shapes><draw:frame>{table(row(cell('图')))}</draw:frame></table:shapes>"
    inside = cell(inner=f"<text:p>甲</text:p><draw:frame>{table(row(cell('内')))}</draw:frame>")
    document = opened(packed(table(row(inside), columns=shapes), extra=history), limits)
    assert [sheet.rows for sheet in document.sheets] == [(("甲",),)]


def test_a_flat_file_is_the_same(limits: Limits) -> None:
    grid = lay(Sheet(units.SURVEY, good(people(0, 5))))
    assert opened(formats.flat_ods([grid]), limits).sheets == opened(DATA, limits).sheets


def test_an_encrypted_document_needs_its_password(limits: Limits) -> None:
    manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    assert fault(opened(packed("", manifest=manifest), limits)) is FaultKind.PASSWORD


def test_entities_are_refused(limits: Limits) -> None:
    flat = formats.flat_ods([lay(Sheet(units.SURVEY, good(people(0, 1))))])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    hostile = flat.replace(b"?>", b"?>" + bomb, 1).replace(b"<text:p>", b"<text:p>&b;", 1)
    part = Part(number=1, name="a", sha256="0", size=1, type="application/vnd.oasis.opendocument.spreadsheet-flat-xml")
    assert fault(read(part, hostile, limits)) is FaultKind.UNREADABLE


@pytest.mark.parametrize("end", [0.2, 0.5, 0.9, 0.99])
def test_a_cut_file_is_unreadable(end: float, limits: Limits) -> None:
    assert fault(opened(DATA[: int(len(DATA) * end)], limits)) is FaultKind.UNREADABLE


def test_a_member_of_an_unknown_kind_is_unreadable(limits: Limits) -> None:
    """Bit 5 of the flags says "compressed patched data" (APPNOTE.TXT, 4.4.4), which nobody reads."""
    place = DATA.rindex(b"PK\x01\x02", 0, DATA.rindex(b"content.xml"))
    flagged = DATA[: place + 8] + b"\x20\x00" + DATA[place + 10 :]
    assert fault(opened(flagged, limits)) is FaultKind.UNREADABLE


def test_a_package_without_content_is_unreadable(limits: Limits) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", ODS)
    assert fault(opened(out.getvalue(), limits)) is FaultKind.UNREADABLE


@examples(40)
@given(st.text("<>/table:rowcel ='\"&;甲0123456789-", max_size=120), st.integers(0, 60))
def test_any_xml_is_a_document(limits: Limits, noise: str, place: int) -> None:
    whole = table(row(cell("甲"), number("1")), row(cell("乙")))
    opened(packed(whole[:place] + noise + whole[place:]), limits).model_dump_json()
