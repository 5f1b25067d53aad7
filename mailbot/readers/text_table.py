"""Text tables: comma, tab, semicolon, full-width comma or bar, in whatever charset the clerk's Excel wrote. A cell
stays the text it was, so that a lost digit stays recognisable; only Excel's wrapping (`="500..."`) goes.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Final, Literal

from mailbot.domain.content import CSV, TSV, delimiter, plain_text
from mailbot.domain.document import Cell, FaultKind, Sheet
from mailbot.domain.limits import Limits, SheetLimits
from mailbot.readers.base import Content, ReadFault
from mailbot.readers.cells import shown_cell

_LINES_IN_A_CELL: Final = 20
"""More line ends than this in one cell: a stray quotation mark has swallowed the rows that follow."""
_SEPARATOR_LINE: Final = re.compile(r"sep=.\r?\n", re.IGNORECASE)
_RULE_CELL: Final = re.compile(r"\s*:?-{2,}:?\s*")


class TextTableReader:
    """Reads csv and tab-separated text."""

    name = "text_table"

    def claims(self, media_type: str) -> bool:
        return media_type in (CSV, TSV)

    def read(self, data: bytes, limits: Limits) -> Content:
        """The table as one sheet without a name; light where it is very large. Raises `ReadFault`."""
        text = plain_text(data)
        mark = delimiter(text) if text is not None else None
        if text is None or mark is None:
            raise ReadFault(FaultKind.UNREADABLE, "no text table")
        rows = _rows(_SEPARATOR_LINE.sub("", text, count=1) if text[:4].lower() == "sep=" else text, mark, limits.sheet)
        return Content("text_table", (Sheet(name="", index=0, rows=rows),), light=len(rows) > limits.sheet.full_rows)


def _rows(text: str, mark: str, limits: SheetLimits) -> tuple[tuple[Cell, ...], ...]:
    rows = _split(text, mark, csv.QUOTE_MINIMAL, limits)
    if rows is None or _swallowed(rows, mark):
        rows = _split(text, mark, csv.QUOTE_NONE, limits)
    if rows is None:
        raise ReadFault(FaultKind.UNREADABLE, "a cell without end")
    rows = [row for row in rows if not _is_rule(row, mark)]
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return tuple(_row(row, limits) for row in rows)


def _split(text: str, mark: str, quoting: Literal[0, 3], limits: SheetLimits) -> list[list[str]] | None:
    """The rows, `None` where a cell is longer than any."""
    out: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, quoting=quoting):
            out.append(row)
            if len(out) > limits.rows:
                raise ReadFault(FaultKind.TOO_MANY_ROWS, f"more than {limits.rows} rows")
    except csv.Error:
        return None
    return out


def _swallowed(rows: list[list[str]], mark: str) -> bool:
    """Whether a stray quotation mark has made a cell of whole rows: of many lines, or of lines that are rows."""
    width = max(map(len, rows), default=0)
    for row in rows:
        for cell in row:
            lines = cell.splitlines() if "\n" in cell or "\r" in cell else ()
            if len(lines) > _LINES_IN_A_CELL or (
                width > 2 and any(line.count(mark) >= width - 1 for line in lines[1:])
            ):
                return True
    return False


def _is_rule(row: list[str], mark: str) -> bool:
    """Whether a row is the line that some programs draw below a heading (`|---|---|`)."""
    return mark == "|" and any(map(str.strip, row)) and all(not c.strip() or _RULE_CELL.fullmatch(c) for c in row)


def _row(row: list[str], limits: SheetLimits) -> tuple[Cell, ...]:
    if any(cell.strip() for cell in row[limits.columns :]):
        raise ReadFault(FaultKind.TOO_MANY_ROWS, f"{len(row)} columns")
    return tuple([shown_cell(cell, limits.cell_characters) for cell in row[: limits.columns]])


READER = TextTableReader()
