"""An HTML page as the rows of one sheet, the way a spreadsheet program opens it: tables below one another in the order
they stand, texts between them as rows of one cell.

A table inside a table's cell is laid out below the row that it stands in. The parser is libxml2's; this is what it
reports to, so that no tree of hostile depth is ever built.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from mailbot.domain.document import Cell, FaultKind, Merge, Sheet, Special, TableRow
from mailbot.domain.limits import SheetLimits
from mailbot.readers.base import ReadFault
from mailbot.readers.cells import filled, number_cell, shown_cell, written_number
from mailbot.readers.html_styles import PLAIN, Look, class_looks, look

_MUTE: Final = frozenset({"script", "title", "xml", "select", "textarea", "template", "object", "noscript"})
_BLOCKS: Final = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "center", "form", "hr", "pre",
    "blockquote", "section", "article", "header", "footer", "caption", "address", "fieldset", "body", "thead", "tbody",
    "tfoot",
})  # fmt: skip
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_EDGES: Final = " \t\r\n\f"
_MERGES: Final = 10_000
_DEPTH: Final = 64
"""So many tables inside one another are no page: the parser looks through all of them at every tag."""


@dataclass(slots=True)
class _Row:
    """A row that is open. `number` is its number in the sheet."""

    number: int
    hidden: bool = False
    cells: dict[int, Cell] = field(default_factory=dict)
    next: int = 1


@dataclass(slots=True)
class _Open:
    """A table that is open. `covered` maps a column to the last row that a cell above reaches down to; `row` is the
    open row, `cell` the attributes of the open cell; `number` is 0 before the first row ends, which is `height` 1."""

    number: int = 0
    height: int = 0
    row: _Row | None = None
    cell: Mapping[str, str] | None = None
    covered: dict[int, int] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)


class Page:
    """The target of an HTML parser. `close` gives the sheet, `None` for a page without any table."""

    def __init__(self, limits: SheetLimits) -> None:
        self._limits = limits
        self._rows: list[tuple[Cell, ...]] = []
        self._lines: list[TableRow | None] = []
        self._counted = 0
        self._hidden_rows: set[int] = set()
        self._hidden_cells: set[int] = set()
        self._shown_cells: set[int] = set()
        self._merges: list[Merge] = []
        self._tables: list[_Open] = []
        self._words: list[str] = []
        self._muted = 0
        self._styling = False
        self._sheets: list[str] = []
        self._looks: dict[str, Look] = {}
        self._any_table = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        table = self._tables[-1] if self._tables else None
        if tag in _MUTE:
            self._muted += 1
        elif tag == "style":
            self._styling = True
        elif tag == "table":
            self._start_table(table)
        elif tag == "tr" and table:
            self._end_row(table)
            self._start_row(table, look(attributes, self._looks))
        elif tag in ("td", "th") and table:
            self._end_cell(table)
            self._start_cell(table, attributes)
        elif tag == "br" or tag in _BLOCKS:
            self._words.append("\n")

    def end(self, tag: str) -> None:
        """An element ends."""
        table = self._tables[-1] if self._tables else None
        if tag in _MUTE:
            self._muted = max(0, self._muted - 1)
        elif tag == "style":
            self._styling = False
            self._looks |= class_looks("".join(self._sheets))
            self._sheets.clear()
        elif tag == "table" and table:
            self._end_table(table)
        elif tag == "tr" and table:
            self._end_row(table)
        elif tag in ("td", "th") and table:
            self._end_cell(table)
        elif tag in _BLOCKS:
            self._words.append("\n")

    def data(self, text: str) -> None:
        """Characters. Those of a style sheet are kept apart, those of scripts are none."""
        if self._styling:
            self._sheets.append(text)
        elif not self._muted:
            self._words.append(_SPACES.sub(" ", text))

    def close(self) -> Sheet | None:
        """The page ends; tables that were cut off end with it."""
        while self._tables:
            self._end_table(self._tables[-1])
        self._loose()
        while self._rows and not any(map(filled, self._rows[-1])):
            self._rows.pop()
        if not self._any_table:
            return None
        return Sheet(
            name="",
            index=0,
            rows=tuple(self._rows),
            hidden_rows=frozenset(self._hidden_rows),
            hidden_columns=frozenset(self._hidden_cells - self._shown_cells),
            merges=tuple(self._merges),
            lines=tuple(self._lines[: len(self._rows)]),
        )

    def _start_table(self, outer: _Open | None) -> None:
        if len(self._tables) >= _DEPTH:
            raise ReadFault(FaultKind.BOMB, f"more than {_DEPTH} tables inside one another")
        if outer:
            self._end_cell(outer)
            if outer.row and not outer.row.cells:
                outer.row = None  # nothing stands there but the table inside
            self._end_row(outer)
            outer.covered.clear()
        self._loose()
        self._tables.append(_Open())

    def _end_table(self, table: _Open) -> None:
        self._end_row(table)
        last = len(self._rows)
        for merge in table.merges[: max(0, _MERGES - len(self._merges))]:
            clipped = merge if merge.bottom <= last else merge.model_copy(update={"bottom": last})
            if clipped.bottom > clipped.top or (clipped.bottom == clipped.top and clipped.right > clipped.left):
                self._merges.append(clipped)
        self._tables.pop()

    def _start_row(self, table: _Open, seen: Look) -> _Row:
        self._loose()
        table.row = _Row(len(self._rows) + 1, hidden=seen.hidden)
        return table.row

    def _end_row(self, table: _Open) -> None:
        self._end_cell(table)
        row, table.row = table.row, None
        if row is None:
            return
        if row.hidden:
            self._hidden_rows.add(row.number)
        width = max((column for column, value in row.cells.items() if value is not None), default=0)
        if not table.number:
            self._counted += 1
            table.number = self._counted
        table.height += 1
        place = TableRow(table=table.number, row=table.height)
        self._add(tuple([row.cells.get(column) for column in range(1, width + 1)]), place)

    def _start_cell(self, table: _Open, attributes: Mapping[str, str]) -> None:
        if table.row is None:
            self._start_row(table, PLAIN)
        self._words.clear()
        table.cell = attributes
        self._any_table = True

    def _end_cell(self, table: _Open) -> None:
        attributes, table.cell = table.cell, None
        row = table.row
        if attributes is None or row is None:
            return
        text = _tidy("".join(self._words))
        self._words.clear()
        while table.covered.get(row.next, 0) >= row.number:
            row.next += 1
        seen = look(attributes, self._looks)
        self._place(row, self._value(text, attributes, seen), seen)
        wide = min(_span(attributes, "colspan"), self._limits.columns)
        high = min(_span(attributes, "rowspan"), self._limits.rows)
        if (wide > 1 or high > 1) and row.next <= self._limits.columns:
            self._merge(table, row, wide, high)
        row.next += wide

    def _place(self, row: _Row, value: Cell, seen: Look) -> None:
        if not filled(value):
            return
        if row.next > self._limits.columns:
            raise ReadFault(FaultKind.TOO_MANY_ROWS, f"content in column {row.next}")
        row.cells[row.next] = value
        (self._hidden_cells if seen.hidden else self._shown_cells).add(row.next)

    def _merge(self, table: _Open, row: _Row, wide: int, high: int) -> None:
        if len(table.merges) < _MERGES:
            bottom, right = row.number + high - 1, row.next + wide - 1
            table.merges.append(Merge(top=row.number, left=row.next, bottom=bottom, right=right))
        if high > 1:
            table.covered.update(dict.fromkeys(range(row.next, row.next + wide), row.number + high - 1))

    def _value(self, text: str, attributes: Mapping[str, str], seen: Look) -> Cell:
        """The cell as its type was kept: `x:num` and `x:err` of Excel's own pages, or the number format."""
        if "x:err" in attributes:
            return Special(kind="error", text=text[:20])
        if "x:num" in attributes or seen.format == "number":
            number = written_number(attributes.get("x:num") or text)
            if number is not None:
                return number_cell(number)
        return shown_cell(text, self._limits.cell_characters)

    def _loose(self) -> None:
        """What stands outside of cells: a row of one cell for each line."""
        text = _tidy("".join(self._words))
        self._words.clear()
        for line in text.split("\n") if text else ():
            if filled(line):
                self._add((shown_cell(line, self._limits.cell_characters),), None)

    def _add(self, row: tuple[Cell, ...], place: TableRow | None) -> None:
        if len(self._rows) >= self._limits.rows:
            raise ReadFault(FaultKind.TOO_MANY_ROWS, f"more than {self._limits.rows} rows")
        self._rows.append(row)
        self._lines.append(place)


def _tidy(text: str) -> str:
    """Lines without the spaces at their edges, without empty lines at both ends and between."""
    lines = (_SPACES.sub(" ", line).strip(_EDGES) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _span(attributes: Mapping[str, str], name: str) -> int:
    """How many columns or rows a cell takes; what is no such number is 1 (HTML, 4.9.11)."""
    digits = attributes.get(name, "").strip()[:5]
    return max(1, int(digits)) if digits.isdecimal() and digits.isascii() else 1
