"""The platform's error file as it comes back: who each line speaks of, and what it says. xlsx or csv, by content.

The file is handed in by staff, yet it holds what senders wrote: it is bounded, and every cell is plain text here.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from mailbot.domain.ports import PortError
from mailbot.platform.worklist_data import ErrorFile

MAX_BYTES: Final = 20_000_000
MAX_ROWS: Final = 100_000
HEADING_ROWS: Final = 20
_COLUMNS: Final = 64
_CELL: Final = 500


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One line of the file, counted from 1 with the headings: a user name (the phone) and the platform's message."""

    line: int
    who: str
    message: str


def read_errors(path: Path, headings: ErrorFile) -> list[ErrorRow]:
    """The lines that say something about somebody. Raises `PortError` (no retry) for a file not understood."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PortError(f"{path.name} is larger than {MAX_BYTES} bytes", retry=False)
        raw = path.read_bytes()
    except OSError as fault:
        raise PortError(f"{path.name} cannot be read: {fault.strerror}", retry=False) from fault
    rows = list(islice(_xlsx(path.name, raw) if raw.startswith(b"PK") else _csv(path.name, raw), MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        raise PortError(f"{path.name} has more than {MAX_ROWS} rows", retry=False)
    top, who, message = _headings(path.name, rows, headings)
    found = (ErrorRow(n, _at(row, who), _at(row, message)) for n, row in enumerate(rows[top:], start=top + 1))
    return [error for error in found if error.who and error.message]


def _headings(name: str, rows: Sequence[Sequence[str]], headings: ErrorFile) -> tuple[int, int, int]:
    """The number of rows down to the headings, and the columns of person and message."""
    for number, row in enumerate(rows[:HEADING_ROWS], start=1):
        who, message = _column(row, headings.who), _column(row, headings.message)
        if who is not None and message is not None:
            return number, who, message
    wanted = f"{'/'.join(headings.who)} and {'/'.join(headings.message)}"
    raise PortError(f"{name} has no row with the headings {wanted}", retry=False)


def _column(row: Sequence[str], aliases: Iterable[str]) -> int | None:
    """The column of the first alias that stands in this row: the aliases are in order of preference."""
    return next((row.index(alias) for alias in aliases if alias in row), None)


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


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
    """A cell as plain text: whole numbers without decimals; wide forms and the apostrophe of text undone."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unicodedata.normalize("NFKC", str(cell)[:_CELL])
    kept = "".join(ch for ch in text if unicodedata.category(ch)[0] != "C")
    return kept.strip().lstrip("'").strip()
