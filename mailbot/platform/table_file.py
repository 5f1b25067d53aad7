"""A table that staff hand in, as rows of plain text: xlsx or csv, by content.

It comes from staff, yet it holds what senders wrote: it is bounded, and every cell is plain text here.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from mailbot.domain.ports import PortError

MAX_BYTES: Final = 20_000_000
MAX_ROWS: Final = 100_000
HEADING_ROWS: Final = 20
_COLUMNS: Final = 64
_CELL: Final = 500
_EXACT_BELOW: Final = 10**15
"""Spreadsheets keep fifteen digits of a number."""


def read_table(path: Path) -> list[list[str]]:
    """All rows of the first sheet. Raises `PortError` (no retry) for a file not understood."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PortError(f"{path.name} is larger than {MAX_BYTES} bytes", retry=False)
        raw = path.read_bytes()
    except OSError as fault:
        raise PortError(f"{path.name} cannot be read: {fault.strerror}", retry=False) from fault
    rows = list(islice(_xlsx(path.name, raw) if raw.startswith(b"PK") else _csv(path.name, raw), MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        raise PortError(f"{path.name} has more than {MAX_ROWS} rows", retry=False)
    return rows


def column_of(row: Sequence[str], aliases: Iterable[str]) -> int | None:
    """The column of the first alias that stands in this row: the aliases are in order of preference."""
    return next((row.index(alias) for alias in aliases if alias in row), None)


def cell_at(row: Sequence[str], column: int | None) -> str:
    """The cell of a column, empty where the row is shorter or there is no such column."""
    return "" if column is None or column >= len(row) else row[column]


def _xlsx(name: str, raw: bytes) -> Iterator[list[str]]:
    try:
        book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True, max_col=_COLUMNS):
            yield [_text(cell) for cell in row]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError) as fault:
        raise PortError(f"{name} is no readable xlsx workbook", retry=False) from fault


def _csv(name: str, raw: bytes) -> Iterator[list[str]]:
    """Text in UTF-8 or GB 18030, parted by commas, tabs or semicolons, whichever stands most often."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise PortError(f"{name} is neither xlsx nor text in UTF-8 or GB 18030 (save it as xlsx)", retry=False)
    if "\x00" in text:
        raise PortError(f"{name} is neither xlsx nor text (save it as xlsx)", retry=False)
    head = text[:2000]
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=max(",\t;", key=head.count)):
            yield [_text(cell) for cell in row[:_COLUMNS]]
    except csv.Error as fault:
        raise PortError(f"{name} is no readable csv file: {fault}", retry=False) from fault


def _text(cell: object) -> str:
    """A cell as plain text: whole numbers without decimals; wide forms and the apostrophe of text undone.

    A number of more digits than a spreadsheet keeps is nothing: its end is lost.
    """
    if cell is None or (isinstance(cell, int | float) and abs(cell) >= _EXACT_BELOW):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unicodedata.normalize("NFKC", str(cell)[:_CELL])
    kept = "".join(ch for ch in text if unicodedata.category(ch)[0] != "C")
    return kept.strip().lstrip("'").strip()
