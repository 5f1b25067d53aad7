"""Binary workbooks of Excel and WPS: types, what is hidden, merges, faults; written by another library and by hand."""

import io
import re
import struct
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.compound import Compound
from mailbot.domain.content import XLS, media_type
from mailbot.domain.document import CORRECTED_CASE, Document, FaultKind, Merge, Special
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Part
from mailbot.readers.biff import globals_of, layout_of
from mailbot.readers.find import read
from tests.examples import examples
from tests.readers.files import part_of
from tools.stories import binaries, formats, units
from tools.stories.cells import rows as good
from tools.stories.people import people
from tools.stories.sheets import Grid, Sheet, lay

GRID = lay(Sheet(units.SURVEY, good(people(0, 5))))


def book(fill: Callable[[Any], None], name: str = "名单") -> bytes:
    made = xlwt.Workbook()
    fill(made.add_sheet(name))
    return saved(made)


def saved(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def opened(data: bytes, limits: Limits) -> Document:
    return read(part_of(data), data, limits)


def every_type(sheet: Any) -> None:
    day, clock = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm"), xlwt.easyxf(num_format_str="hh:mm")
    for column, value in enumerate(("甲", 13800000000, 12.5, 500103199003070012, True, "", -3, 0)):
        sheet.write(0, column, value)
    sheet.write(1, 0, date(2020, 7, 8), day)
    sheet.write(1, 1, datetime(2020, 7, 8, 9, 30), day)  # noqa: DTZ001 - a cell has no zone
    sheet.write(1, 2, time(8, 15), clock)
    sheet.write(1, 3, 500103199003070012, day)
    sheet.write(1, 4, -5, day)
    sheet.write(2, 2, "_x000D_")


def test_stored_types_stay(limits: Limits) -> None:
    document = opened(book(every_type), limits)
    assert (document.fault, document.reader, document.light) == (None, "xls", False)
    first, second, third = document.sheets[0].rows
    assert first == ("甲", 13800000000, 12.5, 5.0010319900307e17, True, None, -3, 0)
    assert [type(cell) for cell in first[1:4]] == [int, float, float]
    assert second[:3] == tuple(
        Special(kind="date", text=text) for text in ("2020-07-08", "2020-07-08T09:30:00", "08:15:00")
    )
    assert second[3:] == (5.0010319900307e17, -5)
    assert third == (None, None, "_x000D_")


def test_a_lost_number_is_a_number_and_no_text(limits: Limits) -> None:
    cell = opened(book(every_type), limits).sheets[0].rows[0][3]
    assert isinstance(cell, float)
    assert cell >= 1e15


def errors(data: bytes) -> bytes:
    """The workbook with its truth values turned into error values (BOOLERR, [MS-XLS] 2.4.24)."""
    for value, code in ((0, 0x2A), (1, 0x17)):
        old = struct.pack("<2H", 0x205, 8)
        start = 0
        while (start := data.find(old, start)) >= 0:
            if data[start + 10 : start + 12] == bytes([value, 0]):
                data = data[: start + 10] + bytes([code, 1]) + data[start + 12 :]
            start += 1
    return data


def test_error_values_have_their_names(limits: Limits) -> None:
    def fill(sheet: Any) -> None:
        sheet.write(0, 0, False)
        sheet.write(0, 1, True)

    rows = opened(errors(book(fill)), limits).sheets[0].rows
    assert rows == ((Special(kind="error", text="#N/A"), Special(kind="error", text="#REF!")),)


def test_cached_values_of_formulas(limits: Limits) -> None:
    def fill(sheet: Any) -> None:
        sheet.write(0, 0, "甲")
        sheet.write(1, 0, xlwt.Formula("1+2"))

    data = book(fill)
    (found,) = re.finditer(rb"\x06\x00.\x00\x01\x00\x00\x00..", data, re.DOTALL)
    place = found.end()
    calculated = data[:place] + struct.pack("<d", 3.0) + data[place + 8 :]
    assert opened(calculated, limits).sheets[0].rows == (("甲",), (3,))


def layout(sheet: Any) -> None:
    for row in range(8):
        sheet.write(row, 0, f"{row}")
        sheet.write(row, 4, "x")
    sheet.write_merge(9, 10, 0, 2, "合计")
    sheet.row(2).hidden = True
    sheet.row(3).height_mismatch = True
    sheet.row(3).height = 10
    sheet.row(5).height_mismatch = True
    sheet.row(5).height = 400
    sheet.col(1).hidden = True
    sheet.col(4).width = 0


def test_hidden_rows_and_columns_and_merges(limits: Limits) -> None:
    (sheet,) = opened(book(layout), limits).sheets
    assert sheet.hidden_rows == {3, 4}
    assert sheet.hidden_columns == {2, 5}
    assert sheet.merges == (Merge(top=10, left=1, bottom=11, right=3),)


def test_sheets_in_order_with_their_state(limits: Limits) -> None:
    made = xlwt.Workbook()
    for number, state in enumerate((0, 1, 2)):
        sheet = made.add_sheet(f"表{number}")
        sheet.visibility = state
        sheet.row(number).hidden = True
        sheet.write(number, 0, number)
    found = opened(saved(made), limits).sheets
    assert [(sheet.name, sheet.index, sheet.visible) for sheet in found] == [
        ("表0", 0, True),
        ("表1", 1, False),
        ("表2", 2, False),
    ]
    assert [sheet.hidden_rows for sheet in found] == [{1}, {2}, {3}]


def test_too_many_sheets(limits: Limits) -> None:
    made = xlwt.Workbook()
    for number in range(limits.sheet.sheets + 1):
        made.add_sheet(f"{number}")
    assert fault(opened(saved(made), limits)) is FaultKind.TOO_MANY_ROWS


def fault(document: Document) -> FaultKind | None:
    return document.fault.kind if document.fault else None


@pytest.mark.parametrize(("row", "column", "kind"), [(65_000, 0, True), (0, 100, True), (59_999, 63, False)])
def test_content_far_out(row: int, column: int, kind: bool, limits: Limits) -> None:
    document = opened(book(lambda sheet: sheet.write(row, column, "甲")), limits)
    assert fault(document) is (FaultKind.TOO_MANY_ROWS if kind else None)


def test_formats_far_out_matter_to_nobody(limits: Limits) -> None:
    def fill(sheet: Any) -> None:
        sheet.write(0, 0, "甲")
        for row in range(60_100, 60_300):
            sheet.write(row, 0, None, xlwt.easyxf("borders: left thin"))
        sheet.write(3, 200, "  ")

    assert opened(book(fill), limits).sheets[0].rows == (("甲",),)


def test_a_large_table_is_read_in_full(limits: Limits) -> None:
    def fill(sheet: Any) -> None:
        for row in range(limits.sheet.full_rows + 100):
            sheet.write(row, 0, row)

    document = opened(book(fill), limits)
    assert (fault(document), document.light, len(document.sheets[0].rows)) == (None, False, 20_100)


@pytest.mark.parametrize("name", ["Book", "WORKBOOK", "ETWorkbook", "表格"])
def test_the_stream_is_told_by_what_it_holds(name: str, limits: Limits) -> None:
    data = formats.renamed_stream(formats.xls([GRID]), name)
    assert (media_type(data), fault(opened(data, limits))) == (XLS, None)
    assert opened(data, limits).sheets == opened(formats.xls([GRID]), limits).sheets


@pytest.mark.parametrize("page", [936, None, 1252, 10000])
def test_code_pages_of_old_programs(page: int | None, limits: Limits) -> None:
    document = opened(binaries.excel5(GRID, charset="gb18030", page=page), limits)
    names = [row[1] for row in document.sheets[0].rows if len(row) > 2]
    assert (fault(document), people(0, 5)[0].name in names) == (None, page != 10000)


def test_a_page_that_is_meant(limits: Limits) -> None:
    grid = Grid("Sheet1", {(1, 1): "張三豐", (1, 2): "臺北"}, (), frozenset(), ())
    document = opened(binaries.excel5(grid, charset="big5", page=950), limits)
    assert (fault(document), document.sheets[0].rows) == (None, (("張三豐", "臺北"),))


def test_half_a_character_is_asked_for_again(limits: Limits) -> None:
    data = binaries.excel5(GRID).replace(people(0, 5)[2].name.encode("gb18030"), b"\xcc\xb7\xff\xff", 1)
    assert fault(opened(data, limits)) is FaultKind.UNREADABLE


def test_an_encrypted_workbook_needs_its_password(limits: Limits) -> None:
    data = formats.xls([GRID])
    code_page = struct.pack("<2HH", 0x42, 2, 1200)
    place = data.index(code_page)
    assert (
        fault(opened(data[:place] + struct.pack("<2HH", 0x2F, 2, 0) + data[place + 6 :], limits)) is FaultKind.PASSWORD
    )


def test_defined_names_are_kept(limits: Limits) -> None:
    name = b"mailbot_case"
    text = b"2020-000017"
    formula = b"\x17" + bytes([len(text), 0]) + text
    body = struct.pack("<HBBHHH4B", 1, 0, len(name), len(formula), 0, 0, 0, 0, 0, 0) + b"\0" + name + formula
    data = binaries.excel5(GRID)
    assert CORRECTED_CASE not in opened(data, limits).names
    stream = record_before_sheets(formats.xls([GRID]), struct.pack("<2H", 0x18, len(body)) + body)
    document = read(Part(number=1, name="a", sha256="0", size=1, type=XLS), stream, limits)
    assert (fault(document), document.names, document.is_correction) == (None, {"mailbot_case": '"2020-000017"'}, True)


def record_before_sheets(data: bytes, record: bytes) -> bytes:
    """The bare workbook stream of an xls, with one more record at the end of its globals."""
    file = Compound(data)
    stream = file.read(file.streams()[0])
    (place,) = globals_of(stream).places
    end = place - 4
    moved = stream[:end] + record + stream[end:]
    bound = moved.index(struct.pack("<I", place))
    return moved[:bound] + struct.pack("<I", place + len(record)) + moved[bound + 4 :]


def test_a_cut_file_is_unreadable_or_whole(limits: Limits) -> None:
    data = formats.xls([GRID])
    whole = opened(data, limits)
    for end in range(600, len(data), 97):
        document = read(Part(number=1, name="a", sha256="0", size=end, type=XLS), data[:end], limits)
        assert fault(document) is FaultKind.UNREADABLE or (document.sheets, document.light) == (whole.sheets, False)


@pytest.mark.parametrize(
    "data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x09\x08\x10\x00\x00\x06\x05\x00", b"PK\3\4"]
)
def test_what_is_no_workbook_is_unreadable(data: bytes, limits: Limits) -> None:
    document = read(Part(number=1, name="a", sha256="0", size=1, type=XLS), data, limits)
    assert fault(document) is FaultKind.UNREADABLE


SAMPLES = (formats.xls([GRID]), binaries.excel5(GRID), binaries.excel2(GRID))


@examples(60)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_any_damage_is_a_document(limits: Limits, data: bytes, changes: list[tuple[float, int]]) -> None:
    broken = bytearray(data)
    for share, byte in changes:
        broken[int(share * len(data))] = byte
    document = read(Part(number=1, name="a", sha256="0", size=1, type=XLS), bytes(broken), limits)
    document.model_dump_json()


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


BEGIN = record(0x809, struct.pack("<4H", 0x600, 0x10, 0, 0))
END = record(0x0A)


def test_a_chart_inside_a_sheet_hides_nothing() -> None:
    row = record(0x208, struct.pack("<8H", 6, 0, 5, 255, 0, 0, 0x20, 15))
    stream = BEGIN + BEGIN + row + END + END + row
    assert layout_of(stream, 0).hidden_rows == set()
    assert layout_of(BEGIN + BEGIN + END + row + END, 0).hidden_rows == {7}


def test_records_that_are_too_short_say_nothing() -> None:
    stream = (
        BEGIN + record(0x208, b"12") + record(0x7D, b"1") + record(0xE5, b"") + record(0xE5, b"\xff\xff12345678") + END
    )
    found = layout_of(stream, 0)
    assert (found.hidden_rows, found.hidden_columns, len(found.merges)) == (set(), set(), 1)


def test_a_range_from_below_to_above_is_no_merge() -> None:
    stream = BEGIN + record(0xE5, struct.pack("<5H", 1, 9, 3, 0, 1)) + END
    assert layout_of(stream, 0).merges == []


@given(st.binary(max_size=300), st.integers(0, 400))
def test_any_records_have_a_layout(stream: bytes, place: int) -> None:
    layout_of(BEGIN + stream, place)
    globals_of(BEGIN + stream)
