"""Workbooks as a single XML file (SpreadsheetML of Excel 2002 and 2003), which reporting programs call .xls."""

from __future__ import annotations

import io
import re
from typing import Final
from xml.etree.ElementTree import Element

from lxml.etree import XMLSyntaxError

from mailbot.domain.content import XML_SHEET, markup_text
from mailbot.domain.document import Cell, FaultKind, Sheet, Special
from mailbot.domain.limits import Limits, SheetLimits
from mailbot.readers.base import Content, ReadFault
from mailbot.readers.cells import plain_cell, quick_number, written_number
from mailbot.readers.draft import SheetDraft
from mailbot.readers.xml import elements

_SS: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
_VISIBLE: Final = "{urn:schemas-microsoft-com:office:excel}Visible"
_ROW, _COLUMN, _CELL, _SHEET, _DATA = (_SS + name for name in ("Row", "Column", "Cell", "Worksheet", "Data"))
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_TRUE: Final = ("1", "true", "True")


class XmlSheetReader:
    """Reads Excel's XML spreadsheets."""

    name = "xml_sheet"

    def claims(self, media_type: str) -> bool:
        return media_type == XML_SHEET

    def read(self, data: bytes, limits: Limits) -> Content:
        """The workbook in full. The bytes tell the charset, for programs declare another. Raises `ReadFault`."""
        text = _DECLARATION.sub("", markup_text(data).lstrip("\ufeff"), count=1)
        try:
            return Content("workbook", _sheets(text, limits.sheet))
        except (XMLSyntaxError, ValueError) as fault:
            raise ReadFault(FaultKind.UNREADABLE, f"xml: {type(fault).__name__}") from fault


def _sheets(text: str, limits: SheetLimits) -> tuple[Sheet, ...]:
    out: list[Sheet] = []
    table, visible = _Table(limits), True
    for element in elements(io.BytesIO(text.encode("utf-8", "replace")), _COLUMN, _ROW, _VISIBLE, _SHEET):
        if element.tag == _COLUMN:
            table.column(element)
        elif element.tag == _ROW:
            table.row(element)
        elif element.tag == _VISIBLE:
            visible = not (element.text or "").strip().startswith("Sheet")  # SheetHidden, SheetVeryHidden
        else:
            if len(out) >= limits.sheets:
                raise ReadFault(FaultKind.TOO_MANY_ROWS, f"more than {limits.sheets} sheets")
            out.append(table.draft.sheet(element.get(_SS + "Name", ""), len(out), visible=visible))
            table, visible = _Table(limits), True
    return tuple(out)


class _Table:
    """One table being read. A row, column or cell without an index follows the one before it."""

    def __init__(self, limits: SheetLimits) -> None:
        self.draft = SheetDraft(limits)
        self._limits = limits
        self._row = 0
        self._column = 0

    def column(self, element: Element) -> None:
        first = _number(element, "Index") or self._column + 1
        more = _number(element, "Span") or 0
        if element.get(_SS + "Hidden") in _TRUE or element.get(_SS + "Width") == "0":
            self.draft.hide_columns(first, 1 + more)
        self._column = first + more

    def row(self, element: Element) -> None:
        first = _number(element, "Index") or self._row + 1
        more = _number(element, "Span") or 0
        if element.get(_SS + "Hidden") in _TRUE or element.get(_SS + "Height") == "0":
            self.draft.hide_rows(first, 1 + more)
        self._row = first + more
        cells: dict[int, Cell] = {}
        column = 0
        for cell in element.iterfind(_CELL):
            column = _number(cell, "Index") or column + 1
            across, down = _number(cell, "MergeAcross") or 0, _number(cell, "MergeDown") or 0
            self.draft.merge(first, column, down + 1, across + 1)
            cells[column] = self._value(cell)
            column += across
        self.draft.row(first, cells)

    def _value(self, cell: Element) -> Cell:
        data = cell.find(_DATA)
        if data is None:
            return Special(kind="no_value", text="") if cell.get(_SS + "Formula") else None
        text = "".join(data.itertext())
        kind = data.get(_SS + "Type", "String")
        if kind == "Number":
            number = written_number(text)
            return plain_cell(text, self._limits.cell_characters) if number is None else quick_number(number)
        if kind == "Boolean":
            return text.strip() in _TRUE
        if kind == "Error":
            return Special(kind="error", text=text.strip()[:20])
        if kind == "DateTime":
            return Special(kind="date", text=text.strip().removesuffix(".000").removesuffix("T00:00:00")[:30])
        return plain_cell(text, self._limits.cell_characters)


def _number(element: Element, name: str) -> int | None:
    """A positive number in an attribute, `None` where there is none."""
    digits = element.get(_SS + name, "").strip()
    return int(digits) or None if digits.isascii() and digits.isdigit() and len(digits) < 8 else None


READER = XmlSheetReader()
