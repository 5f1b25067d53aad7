"""Text tables: comma, tab or semicolon, in whatever charset the clerk's Excel wrote. Every cell stays the text it
was, with Excel's wrapping (`="500..."`) and leading apostrophe, so that a lost digit stays recognisable.
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

_LINES_IN_A_CELL: Final = 20
"""More line ends than this in one cell: a stray quotation mark has swallowed the rows that follow."""
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


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
        rows = _rows(text, mark, limits.sheet)
        return Content("text_table", (Sheet(name="", index=0, rows=rows),), light=len(rows) > limits.sheet.full_rows)


def _rows(text: str, mark: str, limits: SheetLimits) -> tuple[tuple[Cell, ...], ...]:
    declared = _SEPARATOR_LINE.match(text)
    if declared:
        text = text[declared.end() :]
    rows = _split(text, mark, csv.QUOTE_MINIMAL, limits)
    if any(cell.count("\n") > _LINES_IN_A_CELL for row in rows for cell in row):
        rows = _split(text, mark, csv.QUOTE_NONE, limits)
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return tuple(_row(row, limits) for row in rows)


def _split(text: str, mark: str, quoting: Literal[0, 3], limits: SheetLimits) -> list[list[str]]:
    out: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, quoting=quoting):
            out.append(row)
            if len(out) > limits.rows:
                raise ReadFault(FaultKind.TOO_MANY_ROWS, f"more than {limits.rows} rows")
    except csv.Error as fault:
        raise ReadFault(FaultKind.UNREADABLE, f"csv: {fault}") from fault
    return out


def _row(row: list[str], limits: SheetLimits) -> tuple[Cell, ...]:
    if any(cell.strip() for cell in row[limits.columns :]):
        raise ReadFault(FaultKind.TOO_MANY_ROWS, f"{len(row)} columns")
    return tuple(cell[: limits.cell_characters] or None for cell in row[: limits.columns])


READER = TextTableReader()
