"""The quick reader, python-calamine: where content ends in a sheet with many row elements, and tables too large for
openpyxl.

It knows neither hidden rows nor formulas without a value, and gives an error value as an empty cell; what it alone
has read is marked as light, and a person looks.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from mailbot.domain.document import Cell, FaultKind, Merge, Sheet
from mailbot.domain.limits import SheetLimits
from mailbot.readers.base import Content, ReadFault
from mailbot.readers.cells import date_cell, quick_number, text_cell

_MERGES: Final = 10_000
_PANIC: Final = "PanicException"
"""What a fault of the quick reader's own arrives as; its class cannot be imported."""
_Value = int | float | str | bool | time | date | timedelta


@contextmanager
def _asked() -> Iterator[None]:
    """Whatever the quick reader says of a broken file is a `ReadFault`, its panics too: they are no `Exception`."""
    try:
        yield
    except (CalamineError, OSError, ValueError) as fault:
        raise ReadFault(FaultKind.UNREADABLE, type(fault).__name__) from fault
    except BaseException as panic:
        if type(panic).__name__ == _PANIC:
            raise ReadFault(FaultKind.UNREADABLE, _PANIC) from panic
        raise


def open_quick(data: bytes) -> CalamineWorkbook:
    """Opens a workbook of any format it knows. Raises `ReadFault`."""
    with _asked():
        return CalamineWorkbook.from_filelike(io.BytesIO(data))


def last_rows(data: bytes) -> dict[str, int]:
    """By sheet name, the last row with content. Raises `ReadFault`."""
    book = open_quick(data)
    with _asked():
        return {name: _extent(book.get_sheet_by_name(name))[0] for name in _tables(book)}


def read_quick(data: bytes, limits: SheetLimits) -> Content:
    """The whole workbook, light. Raises `ReadFault`."""
    book = open_quick(data)
    visible = {meta.name: meta.visible == SheetVisibleEnum.Visible for meta in book.sheets_metadata}
    names = _tables(book)
    if len(names) > limits.sheets:
        raise ReadFault(FaultKind.TOO_MANY_ROWS, f"more than {limits.sheets} sheets")
    with _asked():
        sheets = [_sheet(book, name, index, limits) for index, name in enumerate(names)]
    shown = tuple(sheet.model_copy(update={"visible": visible[sheet.name]}) for sheet in sheets)
    return Content("workbook", shown, light=True)


def _tables(book: CalamineWorkbook) -> list[str]:
    return [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]


def _extent(table: CalamineSheet) -> tuple[int, int]:
    """The last row and column with content, counted from 1; (0, 0) for an empty sheet."""
    return (table.end[0] + 1, table.end[1] + 1) if table.end else (0, 0)


def _sheet(book: CalamineWorkbook, name: str, index: int, limits: SheetLimits) -> Sheet:
    table = book.get_sheet_by_name(name)
    height, width = _extent(table)
    if height > limits.rows or width > limits.columns:
        raise ReadFault(FaultKind.TOO_MANY_ROWS, f"{height} rows, {width} columns")
    rows = tuple(_row(row, limits.cell_characters) for row in table.to_python(skip_empty_area=False))
    merges = tuple(
        Merge(top=top + 1, left=left + 1, bottom=bottom + 1, right=right + 1)
        for (top, left), (bottom, right) in (table.merged_cell_ranges or [])[:_MERGES]
    )
    return Sheet(name=name, index=index, rows=rows, merges=merges)


def _row(row: list[_Value], limit: int) -> tuple[Cell, ...]:
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return tuple([_cell(value, limit) for value in row[:end]])


def _cell(value: _Value, limit: int) -> Cell:
    if isinstance(value, str):
        return text_cell(value, limit)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return quick_number(value)
    return date_cell(value)
