"""One worksheet in one pass over its XML: cells with their types, hidden rows and columns, merges, uncalculated
formulas.

openpyxl's own cell parser does the work. Its Worksheet is not built: that lays out every merged cell and every row
down to the last formatted one, which a file of 4 kB can make a thousand million.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Final
from xml.etree.ElementTree import Element

from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._reader import (
    COL_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    MERGE_TAG,
    ROW_TAG,
    VALUE_TAG,
    WorkSheetParser,
)

from mailbot.domain.document import Cell, FaultKind, Merge, Special
from mailbot.domain.limits import SheetLimits
from mailbot.readers.base import ReadFault
from mailbot.readers.cells import date_cell, number_cell, text_cell
from mailbot.readers.strings import string_of
from mailbot.readers.xml import elements

_MERGES: Final = 10_000
_TRUE: Final = ("1", "true")
_VISIBLE: Final = 2.0
"""Points of the lowest row in which anything can be seen."""

Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Formats:
    """What cells mean beyond their own XML: shared strings, the first day, styles that make a number a date."""

    strings: list[str]
    epoch: datetime
    dates: frozenset[int] = frozenset()
    durations: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    """The styles of cells that are crossed out."""


class SheetParser(WorkSheetParser):
    """openpyxl's parser, asked for rows, columns and merges alone; ill-formed decorations do not matter."""

    def __init__(self, source: IO[bytes], formats: Formats, limits: SheetLimits) -> None:
        self._struck = formats.struck
        super().__init__(source, formats.strings, True, formats.epoch, formats.dates, formats.durations)  # noqa: FBT003
        self._sheet = source
        self.limits = limits
        self.grid: dict[int, dict[int, Cell]] = defaultdict(dict)
        self.hidden_rows: set[int] = set()
        self.struck_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merges: list[Merge] = []

    def run(self, last_row: int | None) -> None:
        """Reads the sheet; beyond `last_row`, where the used area is known to end, only `limits.empty_rows` more."""
        stop = None if last_row is None else last_row + self.limits.empty_rows
        for element in elements(self._sheet, ROW_TAG, COL_TAG, MERGE_TAG):
            if element.tag == ROW_TAG:
                self._row(element)
                if stop is not None and self.row_counter > max(
                    stop, max(self.grid, default=0) + self.limits.empty_rows
                ):
                    return
            elif element.tag == COL_TAG:
                self._column(element)
            else:
                self._merged(element)

    def rows(self) -> Rows:
        """The grid from row 1 to the last row with content, each row to its last cell with content."""
        out: list[tuple[Cell, ...]] = [()] * max(self.grid, default=0)
        for number, cells in self.grid.items():
            out[number - 1] = tuple(cells.get(column) for column in range(1, max(cells) + 1))
        return tuple(out)

    def _row(self, element: Element) -> None:
        number, cells = self.parse_row(element)  # type: ignore[arg-type]  # the stub's protocol is narrower than the code
        if element.get("hidden") in _TRUE or _is_flat(element):
            self.hidden_rows.add(number)
        self.row_dimensions.clear()
        for found in cells:
            value = self._cell(found["value"], str(found["data_type"]))
            if value is not None:
                self._place(found["row"], found["column"], value)
                if found["style_id"] in self._struck:
                    self.struck_rows.add(number)

    def _place(self, row: object, column: object, value: Cell) -> None:
        if not isinstance(row, int) or not isinstance(column, int):
            raise TypeError("a cell without place")
        if column > self.limits.columns or row > self.limits.rows:
            if isinstance(value, str) and not value.strip():
                return
            raise ReadFault(FaultKind.TOO_MANY_ROWS, f"content in row {row}, column {column}")
        self.grid[row][column] = value

    def _cell(self, value: object, data_type: str) -> Cell:
        if data_type == "f":
            return Special(kind="no_value", text="")
        if data_type == "e":
            return Special(kind="error", text=str(value)[:20]) if value is not None else None
        if isinstance(value, str):
            return text_cell(value, self.limits.cell_characters)
        if isinstance(value, bool | None):
            return value
        if isinstance(value, int | float):
            return number_cell(value)
        if isinstance(value, date | time | timedelta):
            return date_cell(value)
        raise TypeError(f"a cell of type {type(value).__name__}")

    def parse_cell(self, element: Element) -> dict[str, object]:
        """The reading of openpyxl. A text in the cell itself is read here; a formula without any stored value, which
        openpyxl gives as an empty cell, is told apart."""
        inline = element.find(INLINE_STRING) if element.get("t") == "inlineStr" else None
        if inline is not None:
            element.remove(inline)
        cell: dict[str, object] = super().parse_cell(element)
        if inline is not None:
            cell["data_type"], cell["value"] = "s", string_of(inline)
        if cell["value"] is None and element.find(FORMULA_TAG) is not None:
            calculated = element.get("t") == "str" and element.find(VALUE_TAG) is not None  # to the empty text
            cell["data_type"] = "s" if calculated else "f"
        return cell

    def _column(self, element: Element) -> None:
        if element.get("hidden") in _TRUE or element.get("width") == "0":
            first, last = int(element.get("min", "1")), int(element.get("max", "1"))
            self.hidden_columns.update(range(first, min(last, self.limits.columns) + 1))

    def _merged(self, element: Element) -> None:
        for merged in list(element)[:_MERGES]:
            left, top, right, bottom = range_boundaries(merged.get("ref", ""))
            if left and top and right and bottom:
                self.merges.append(Merge(top=top, left=left, bottom=bottom, right=right))


def _is_flat(row: Element) -> bool:
    """Whether somebody made a row too low to be seen."""
    with suppress(ValueError):
        return row.get("customHeight") in _TRUE and float(row.get("ht", _VISIBLE)) < _VISIBLE
    return False
