"""Grids as files: xlsx by XlsxWriter, csv in a given charset. The same grids always give the same bytes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import xlsxwriter

from tools.stories.cells import Cell, Formula
from tools.stories.sheets import Grid

CREATED: Final = datetime(2020, 7, 8, 9, 0, 0, tzinfo=UTC)
WPS_APP: Final = b"<Application>WPS \xe8\xa1\xa8\xe6\xa0\xbc</Application>"
_UNCALCULATED: Final = re.compile(rb"(<c [^>]*?)(?: t=\"str\")?(><f>[^<]*</f>)<v></v>")


def xlsx(grids: Sequence[Grid], *, wps: bool = False) -> bytes:
    """A workbook. Text stays text: nothing is turned into a formula, link or number on the way."""
    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(out, {"in_memory": True})  # Any: the library ships no types
    book.set_properties({"created": CREATED, "author": "WPS" if wps else "Administrator"})
    text = book.add_format({"num_format": "@"})
    for grid in grids:
        sheet = book.add_worksheet(grid.name)
        for (row, column), value in sorted(grid.cells.items()):
            _write(sheet, row - 1, column - 1, value, text)
        for top, left, bottom, right in grid.merges:
            _merge(sheet, grid, (top, left, bottom, right), text)
        for row in sorted(grid.hidden):
            sheet.set_row(row - 1, None, None, {"hidden": True})
        for column in sorted(grid.hidden_columns):
            sheet.set_column(column - 1, column - 1, None, None, {"hidden": True})
        if not grid.visible:
            sheet.hide()
    book.close()
    return patched(out.getvalue(), _as_left_by_clerks(wps=wps))


def _write(sheet: Any, row: int, column: int, value: Cell, text: Any) -> None:  # noqa: ANN401 - as above
    if isinstance(value, Formula):
        sheet.write_formula(row, column, value.text, None, "" if value.value is None else value.value)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, text)
    elif value is not None:
        sheet.write_number(row, column, value)


def _merge(sheet: Any, grid: Grid, box: tuple[int, int, int, int], text: Any) -> None:  # noqa: ANN401 - as above
    top, left, bottom, right = box
    value = grid.cells.get((top, left))
    if (top, left) != (bottom, right):
        sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "" if value is None else str(value), text)


def _as_left_by_clerks(*, wps: bool) -> Callable[[str, bytes], bytes]:
    """Formulas that nobody calculated hold no value; a WPS workbook says so in its properties."""

    def mend(member: str, data: bytes) -> bytes:
        if member.startswith("xl/worksheets/"):
            return _UNCALCULATED.sub(rb"\1\2", data)
        if wps and member == "docProps/app.xml":
            return data.replace(b"<Application>Microsoft Excel</Application>", WPS_APP)
        return data

    return mend


def patched(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same zip file with each member changed; times are fixed, so equal input gives equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            member = zipfile.ZipInfo(info.filename, (2020, 7, 8, 9, 0, 0))
            target.writestr(member, change(info.filename, source.read(info)), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def table(grid: Grid, charset: str) -> bytes:
    """The grid as csv as a spreadsheet saves it: CRLF, and a byte order mark only where the charset says so."""
    height = max(row for row, _ in grid.cells)
    width = max(column for _, column in grid.cells)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in range(1, height + 1):
        writer.writerow(_csv_text(grid.cells.get((row, column))) for column in range(1, width + 1))
    return out.getvalue().encode(charset)


def _csv_text(value: Cell) -> str:
    if isinstance(value, Formula):
        return "" if value.value is None else str(value.value)
    return "" if value is None else str(value)
