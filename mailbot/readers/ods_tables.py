"""The tables of an OpenDocument spreadsheet in one pass over its XML. Rows and cells that stand for thousands by their
repeat count cost nothing while they are empty."""

from __future__ import annotations

from typing import IO, Final
from xml.etree.ElementTree import Element

from mailbot.domain.document import Cell, FaultKind, Sheet, Special
from mailbot.domain.limits import SheetLimits
from mailbot.readers.base import ReadFault
from mailbot.readers.cells import error_cell, plain_cell, quick_number, written_number
from mailbot.readers.draft import SheetDraft
from mailbot.readers.xml import elements

_SPACE: Final = "urn:oasis:names:tc:opendocument:xmlns:%s:1.0"
_TABLE, _TEXT, _OFFICE, _STYLE = (f"{{{_SPACE % name}}}" for name in ("table", "text", "office", "style"))
_ERROR_TYPE: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_SHEET: Final = _TABLE + "table"
_ROW: Final = _TABLE + "table-row"
_COLUMN: Final = _TABLE + "table-column"
_STYLES: Final = _STYLE + "style"
_HISTORY: Final = _TABLE + "tracked-changes"
_CELLS: Final = frozenset((_TABLE + "table-cell", _TABLE + "covered-table-cell"))
_INSIDE: Final = frozenset((_TABLE + "shapes", _OFFICE + "annotation"))
_FORMULA: Final = _TABLE + "formula"
_TYPE: Final = _OFFICE + "value-type"
_NUMBERS: Final = frozenset(("float", "percentage", "currency"))
_HIDDEN: Final = frozenset(("collapse", "filter"))


def read_tables(source: IO[bytes], limits: SheetLimits) -> tuple[Sheet, ...]:
    """The sheets in order. Raises `ReadFault` for what is beyond the limits, and as `elements` does."""
    hidden_styles: set[str] = set()
    sheets: list[Sheet] = []
    table = _Table(limits)
    for element in elements(source, _STYLES, _HISTORY, _COLUMN, _ROW, _SHEET):
        if element.tag == _STYLES:
            if _hides(element):
                hidden_styles.add(element.get(_STYLE + "name", ""))
        elif element.tag == _HISTORY or _is_inside(element):
            continue
        elif element.tag == _COLUMN:
            table.column(element)
        elif element.tag == _ROW:
            table.row(element)
        else:
            if len(sheets) >= limits.sheets:
                raise ReadFault(FaultKind.TOO_MANY_ROWS, f"more than {limits.sheets} sheets")
            hidden = element.get(_TABLE + "style-name") in hidden_styles
            sheets.append(table.sheet(element.get(_TABLE + "name", ""), len(sheets), visible=not hidden))
            table = _Table(limits)
    return tuple(sheets)


def _hides(style: Element) -> bool:
    properties = style.find(_STYLE + "table-properties")
    return properties is not None and properties.get(_TABLE + "display") == "false"


class _Table:
    """One table being read; `_row` and `_column` are the last ones described."""

    def __init__(self, limits: SheetLimits) -> None:
        self._limits = limits
        self._draft = SheetDraft(limits)
        self._row = 0
        self._column = 0

    def column(self, element: Element) -> None:
        """A column description, for so many columns."""
        count = _count(element, _TABLE + "number-columns-repeated")
        if element.get(_TABLE + "visibility") in _HIDDEN:
            self._draft.hide_columns(self._column + 1, count)
        self._column += count

    def row(self, element: Element) -> None:
        """A row, or so many of the same."""
        count = _count(element, _TABLE + "number-rows-repeated")
        first = self._row + 1
        if element.get(_TABLE + "visibility") in _HIDDEN:
            self._draft.hide_rows(first, count)
        self._draft.row(first, self._cells(element, first), count)
        self._row += count

    def sheet(self, name: str, index: int, *, visible: bool) -> Sheet:
        """The table as read so far."""
        return self._draft.sheet(name, index, visible=visible)

    def _cells(self, row: Element, number: int) -> dict[int, Cell]:
        out: dict[int, Cell] = {}
        column = 1
        for element in row:
            if element.tag in _CELLS:
                count = _count(element, _TABLE + "number-columns-repeated")
                high, wide = (_count(element, f"{_TABLE}number-{what}-spanned") for what in ("rows", "columns"))
                self._draft.merge(number, column, high, wide)
                value = self._value(element)
                if value is not None:
                    last = min(column + count - 1, max(column, self._limits.columns + 1))
                    out.update(dict.fromkeys(range(column, last + 1), value))
                column += count
        return out

    def _value(self, cell: Element) -> Cell:
        """A cell as stored. An error value is told by LibreOffice's own attribute or, by other programs, as a text or a
        number 0 that is shown as the error's name."""
        kind, calculated = cell.get(_TYPE), bool(cell.get(_FORMULA))
        text = cell.get(_OFFICE + "string-value") or _shown(cell)
        if cell.get(_ERROR_TYPE) == "error":
            return error_cell(_shown(cell)) or Special(kind="error", text="#N/A")
        if calculated and error_cell(text):
            return error_cell(text)
        if kind in _NUMBERS:
            number = written_number(cell.get(_OFFICE + "value", ""))
            return None if number is None else quick_number(number)
        if kind == "boolean":
            return cell.get(_OFFICE + "boolean-value") == "true"
        if kind in ("date", "time"):
            return Special(kind="date", text=_day(cell.get(f"{_OFFICE}{kind}-value", ""))[:30])
        if kind is None and not text and calculated:
            return Special(kind="no_value", text="")
        return plain_cell(text, self._limits.cell_characters)


def _day(moment: str) -> str:
    """A date or a duration as ISO 8601 writes it, midnight left out."""
    return moment.removesuffix("T00:00:00")


def _shown(cell: Element) -> str:
    """The text of a cell: its paragraphs as lines, comments left out."""
    return "\n".join(_words(child) for child in cell if child.tag == _TEXT + "p")


def _words(paragraph: Element) -> str:
    """A paragraph's characters. Runs of blanks are elements, and so are tabs and line ends (ODF 1.3, part 3, 6.1)."""
    out: list[str] = []
    waiting: list[Element | str] = [paragraph]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            out.append(found)
            continue
        if found.tag == _TEXT + "s":
            out.append(" " * min(_count(found, _TEXT + "c"), 200))
        elif found.tag in (_TEXT + "tab", _TEXT + "line-break"):
            out.append("\t" if found.tag == _TEXT + "tab" else "\n")
        elif found.tag in (_OFFICE + "annotation", _TEXT + "ruby-text", _TEXT + "note"):
            continue
        out.append(found.text or "")
        for child in reversed(found):
            waiting += [child.tail or "", child]
    return "".join(out)


def _is_inside(element: Element) -> bool:
    """Whether a row or table belongs to a drawing, a comment or a table in a cell, not to the sheet."""
    parent = element.getparent()  # type: ignore[attr-defined]  # the elements are lxml's
    while parent is not None:
        if parent.tag in _INSIDE or parent.tag in _CELLS or parent.tag == _HISTORY:
            return True
        parent = parent.getparent()
    return False


def _count(element: Element, name: str) -> int:
    """A repeat count or a span; what is no positive number is 1."""
    digits = element.get(name, "1").strip()[:10]
    return max(1, int(digits)) if digits.isascii() and digits.isdigit() else 1
