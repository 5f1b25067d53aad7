"""Binary workbooks: Excel 2 to 2003, and the .et of WPS, which is the same inside a compound file of its own."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final

import xlrd
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XL_CELL_NUMBER, XL_CELL_TEXT

from mailbot.domain.compound import MAGIC, Broken, Compound
from mailbot.domain.content import XLS, workbook_stream
from mailbot.domain.document import Cell, FaultKind, Sheet, Special
from mailbot.domain.limits import Limits, SheetLimits
from mailbot.readers.base import Content, ReadFault
from mailbot.readers.biff import Layout, globals_of, layout_of
from mailbot.readers.cells import date_cell, number_cell, plain_cell, quick_number
from mailbot.readers.draft import SheetDraft

_FAULTS: Final = (
    xlrd.XLRDError,
    AssertionError,
    AttributeError,
    LookupError,
    OverflowError,
    TypeError,
    ValueError,  # those of charsets derive from it
    ZeroDivisionError,
    struct.error,
)
"""What xlrd really raises on broken files."""
_UNICODE: Final = 80
"""From this version on, Excel 97, texts are UTF-16."""
_MAYBE_CHINESE: Final = (None, 0, 367, 437, 936, 1252, 32768, 32769)
"""The Chinese code page, and those that old reporting programs declare, or leave out, whatever they write."""
_CHINESE: Final = "gb18030"
_BOF: Final = b"\x09"
"""The first byte of the first record, of any version."""
_LAST_DAY: Final = 2_958_466
"""The serial number behind 31 December 9999."""
_NAMES: Final = 200


class _Nowhere:
    """A log that keeps nothing: what xlrd tells there is of hostile length."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None: ...


class XlsReader:
    """Reads xls and et."""

    name = "xls"

    def claims(self, media_type: str) -> bool:
        return media_type == XLS

    def read(self, data: bytes, limits: Limits) -> Content:
        """The workbook in full. One that xlrd cannot read is asked for again, for what a more lenient reader makes of a
        broken file may lack people. Raises `ReadFault`."""
        stream = _stream(data)
        if not stream.startswith(_BOF):
            raise ReadFault(FaultKind.UNREADABLE, "the stream does not begin as a workbook")
        found = globals_of(stream)
        if found.encrypted:
            raise ReadFault(FaultKind.PASSWORD, "encrypted workbook")
        try:
            return _read(stream, [layout_of(stream, place) for place in found.places], limits.sheet)
        except _FAULTS as fault:
            raise ReadFault(FaultKind.UNREADABLE, f"xlrd: {type(fault).__name__}") from fault


def _stream(data: bytes) -> bytes:
    """The workbook's own bytes, out of the compound file if there is one."""
    if not data.startswith(MAGIC):
        return data
    try:
        file = Compound(data)
        entry = workbook_stream(file)
        if entry is not None:
            return file.read(entry)
    except Broken as fault:
        raise ReadFault(FaultKind.UNREADABLE, f"compound file: {fault}") from fault
    raise ReadFault(FaultKind.UNREADABLE, "a compound file without a workbook")


def _open(stream: bytes, charset: str | None) -> Any:  # noqa: ANN401  # the library ships no types
    return xlrd.open_workbook(
        file_contents=stream, logfile=_Nowhere(), on_demand=True, ragged_rows=True, encoding_override=charset
    )


def _read(stream: bytes, layouts: Sequence[Layout], limits: SheetLimits) -> Content:
    """The workbook. One from before Unicode that names no charset, or the one programs name by habit, is Chinese if
    its bytes are."""
    book = _open(stream, None)
    if book.biff_version < _UNICODE and book.codepage in _MAYBE_CHINESE:
        try:
            return _content(_open(stream, _CHINESE), layouts, limits)
        except UnicodeError:
            book = _open(stream, None)
    return _content(book, layouts, limits)


def _content(book: Any, layouts: Sequence[Layout], limits: SheetLimits) -> Content:  # noqa: ANN401  # as above
    if book.nsheets > limits.sheets:
        raise ReadFault(FaultKind.TOO_MANY_ROWS, f"{book.nsheets} sheets")
    sheets = []
    for index in range(book.nsheets):
        layout = layouts[index] if len(layouts) == book.nsheets else Layout()
        sheets.append(_sheet(book, index, layout, limits))
        book.unload_sheet(index)
    names = {str(name.name)[: limits.cell_characters]: _meaning(name, limits) for name in book.name_obj_list[:_NAMES]}
    return Content("workbook", tuple(sheets), names)


def _meaning(name: Any, limits: SheetLimits) -> str:  # noqa: ANN401  # as above
    """What a defined name stands for, as a formula would write it."""
    text = getattr(name.result, "text", None)
    return str(text)[: limits.cell_characters] if text else ""


def _sheet(book: Any, index: int, layout: Layout, limits: SheetLimits) -> Sheet:  # noqa: ANN401  # as above
    table = book.sheet_by_index(index)
    draft = SheetDraft(limits)
    for number in range(table.nrows):
        pairs = zip(table.row_types(number), table.row_values(number), strict=True)
        draft.row(number + 1, {n: _cell(*pair, book.datemode, limits) for n, pair in enumerate(pairs, 1)})
    for row in layout.hidden_rows:
        draft.hide_rows(row)
    for column in layout.hidden_columns:
        draft.hide_columns(column)
    for merge in layout.merges:
        draft.merge(merge.top, merge.left, merge.bottom - merge.top + 1, merge.right - merge.left + 1)
    return draft.sheet(str(table.name), index, visible=table.visibility == 0)


def _cell(kind: int, value: object, datemode: int, limits: SheetLimits) -> Cell:
    if kind == XL_CELL_TEXT:
        return plain_cell(str(value), limits.cell_characters)
    if kind == XL_CELL_BOOLEAN:
        return bool(value)
    if kind == XL_CELL_ERROR:
        return Special(kind="error", text=xlrd.error_text_from_code.get(value, "#ERROR"))
    if isinstance(value, float | int):
        if kind == XL_CELL_NUMBER:
            return quick_number(value)
        if kind == XL_CELL_DATE:
            return _date(value, datemode)
    return None


def _date(serial: float, datemode: int) -> Cell:
    """A number under the format of a date; one that is no day of any calendar stays the number."""
    if not 0 <= serial < _LAST_DAY:
        return number_cell(serial)
    moment: datetime = xlrd.xldate.xldate_as_datetime(serial, datemode)
    return date_cell(moment.time() if serial < 1 and moment.time() != time.min else moment)


READER = XlsReader()
