"""Our one pass over a sheet says the same as openpyxl's whole loading, on tables of every shape."""

import io
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from mailbot.domain.document import Cell, Sheet, Special
from mailbot.domain.limits import Limits
from mailbot.readers.find import read
from tests.examples import examples
from tests.readers.files import cell, data, part_of, xlsx

TEXT = st.text("甲乙丙ABC 0123456789-·（）\u3000\u200b", min_size=1, max_size=20)
NUMBER = st.integers(-(10**6), 10**6).map(lambda whole: whole + 0.5)  # openpyxl writes 15 digits of a float
VALUE = st.one_of(st.none(), TEXT, st.integers(-(10**15), 10**15), st.booleans(), NUMBER)
TABLE = st.lists(st.lists(VALUE, max_size=6), max_size=12)


def read_sheet(content: bytes, limits: Limits) -> Sheet:
    document = read(part_of(content), content, limits)
    assert document.fault is None
    return document.sheets[0]


def written(table: list[list[Cell]]) -> bytes:
    """A table written by openpyxl, cell by cell, so that empty rows leave gaps."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row, values in enumerate(table, 1):
        for column, value in enumerate(values, 1):
            if value is not None and not isinstance(value, Special):
                sheet.cell(row, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def trimmed(table: list[list[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """A table without empty cells at the end of rows and empty rows at the end."""
    rows: list[tuple[Cell, ...]] = []
    for values in table:
        kept = list(values)
        while kept and kept[-1] is None:
            kept.pop()
        rows.append(tuple(kept))
    while rows and not rows[-1]:
        rows.pop()
    return tuple(rows)


@examples(20)
@given(TABLE)
def test_gives_back_what_was_written(limits: Limits, table: list[list[Cell]]) -> None:
    found = read_sheet(written(table), limits).rows
    assert found == trimmed(table)
    assert [[type(value) for value in row] for row in found] == [
        [type(value) for value in row] for row in trimmed(table)
    ]


@examples(20)
@given(TABLE)
def test_agrees_with_openpyxl(limits: Limits, table: list[list[Cell]]) -> None:
    content = written(table)
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    theirs: list[list[Cell]] = [[entry.value for entry in row] for row in sheet.iter_rows()]  # type: ignore[misc]
    assert read_sheet(content, limits).rows == trimmed(theirs)


@examples(20)
@given(st.lists(st.booleans(), max_size=20), st.sets(st.integers(1, 12), max_size=5))
def test_sees_every_hidden_row_and_column(limits: Limits, hidden: list[bool], columns: set[int]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row, is_hidden in enumerate(hidden, 1):
        sheet.cell(row, 1).value = row
        sheet.row_dimensions[row].hidden = is_hidden
    for column in columns:
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    out = io.BytesIO()
    book.save(out)
    found = read_sheet(out.getvalue(), limits)
    assert found.hidden_rows == {row for row, is_hidden in enumerate(hidden, 1) if is_hidden}
    assert found.hidden_columns >= columns


def test_rows_hidden_by_a_filter(limits: Limits) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in range(1, 6):
        sheet.cell(row, 1).value = row
    sheet.auto_filter.ref = "A1:A5"
    sheet.auto_filter.add_filter_column(0, ["1", "2"])
    for row in (4, 5):
        sheet.row_dimensions[row].hidden = True
    out = io.BytesIO()
    book.save(out)
    assert read_sheet(out.getvalue(), limits).hidden_rows == {4, 5}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2020, 7, 8), "2020-07-08"),
        (datetime(2020, 7, 8, 13, 30), "2020-07-08T13:30:00"),  # noqa: DTZ001  # Excel knows no zones
        (time(13, 30), "13:30:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
    ],
)
def test_dates_and_times(value: date | time | timedelta, text: str, limits: Limits) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].cell(1, 1).value = value
    out = io.BytesIO()
    book.save(out)
    assert read_sheet(out.getvalue(), limits).rows == ((Special(kind="date", text=text),),)


def test_the_first_day_of_a_mac_workbook(limits: Limits) -> None:
    book = openpyxl.Workbook()
    book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001  # as openpyxl names it
    book.worksheets[0].cell(1, 1).value = date(2020, 7, 8)
    out = io.BytesIO()
    book.save(out)
    assert read_sheet(out.getvalue(), limits).rows == ((Special(kind="date", text="2020-07-08"),),)


def test_rich_text_and_its_pronunciation(limits: Limits) -> None:
    rich = '<c r="A1" t="inlineStr"><is><r><t>张</t></r><r><rPr><b/></rPr><t>三</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh></is></c>'
    assert read_sheet(xlsx(data(rich)), limits).rows == (("张三",),)


def test_rows_out_of_order_and_without_numbers(limits: Limits) -> None:
    xml = f'<sheetData><row r="3">{cell("A3", "c")}</row><row r="1">{cell("A1", "a")}</row></sheetData>'
    assert read_sheet(xlsx(xml), limits).rows == (("a",), (), ("c",))
    bare = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>"
    assert read_sheet(xlsx(bare), limits).rows == ((1, 2), (3,))


def test_a_cell_that_says_another_row_stands_where_it_says(limits: Limits) -> None:
    xml = f'<sheetData><row r="1">{cell("A1", "a")}{cell("B7", "b")}</row></sheetData>'
    found = read_sheet(xlsx(xml), limits).rows
    assert (found[0], found[6]) == (("a",), (None, "b"))


@pytest.mark.parametrize("ref", ["A1:B2", "A1", "XFD1:XFD1048576"])
def test_merges_of_any_size(ref: str, limits: Limits) -> None:
    xml = data(cell("A1", 1)) + f'<mergeCells><mergeCell ref="{ref}"/></mergeCells>'
    merge = read_sheet(xlsx(xml), limits).merges[0]
    assert merge.top <= merge.bottom
    assert merge.left <= merge.right
