"""A table that staff hand in, as rows of plain text: a workbook (xlsx, xls, xlsb, ods), csv or tab text, by content.

It comes from staff, yet it holds what senders wrote: it is bounded, and every cell is plain text here.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from mailbot.domain.content import FLAT_ODS, HTML, XML_SHEET, media_type
from mailbot.domain.ports import PortError

MAX_BYTES: Final = 100_000_000
MAX_ROWS: Final = 1_048_576
"""Rows of one sheet: what a workbook can hold. The whole city's accounts fit."""
HEADING_ROWS: Final = 20
LOST: Final = "\x00"
"""Stands for a number of more digits than a spreadsheet keeps: its end is lost. No cell can hold this character."""
_SHEETS: Final = 16
_COLUMNS: Final = 64
_CELL: Final = 500
_EXACT_BELOW: Final = 10**15
"""Spreadsheets keep fifteen digits of a number."""
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x09\x08\x10\x00", b"\x09\x08\x08\x00")
_MARKUP: Final = (HTML, XML_SHEET, FLAT_ODS)

Rows = list[list[str]]
Markup = Callable[[bytes], Iterable[Iterable[Iterable[object]]]]
"""Reads the tables of a page or an XML workbook, which many a site calls .xls. Raises `PortError`."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file's sheets by name, each with all its rows; `text` says that it is a text table, where a rounded number
    shows as zeros."""

    name: str
    sha256: str
    sheets: tuple[tuple[str, Rows], ...]
    text: bool


def read_table(path: Path) -> Rows:
    """All rows of the first sheet. Raises `PortError` (no retry) for a file not understood."""
    return read_file(path).sheets[0][1]


def read_file(path: Path, markup: Markup | None = None) -> TableFile:
    """All sheets of a file; `markup` reads pages and XML, refused without it. Raises `PortError` (no retry)."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PortError(f"{path.name} is larger than {MAX_BYTES} bytes", retry=False)
        raw = path.read_bytes()
    except OSError as fault:
        raise PortError(f"{path.name} cannot be read: {fault.strerror}", retry=False) from fault
    digest = sha256(raw).hexdigest()
    if raw.startswith(_WORKBOOKS):
        return TableFile(path.name, digest, tuple(_workbook(path.name, raw)), text=False)
    if markup is not None and media_type(raw) in _MARKUP:
        tables = ([[_text(cell) for cell in islice(row, _COLUMNS)] for row in table] for table in markup(raw))
        found = tuple(("", _bounded(path.name, table)) for table in islice(tables, _SHEETS))
        return TableFile(path.name, digest, found or (("", []),), text=True)
    return TableFile(path.name, digest, (("", _bounded(path.name, _csv(path.name, raw))),), text=True)


def column_of(row: Sequence[str], aliases: Iterable[str]) -> int | None:
    """The column of the first alias that stands in this row: the aliases are in order of preference."""
    return next((row.index(alias) for alias in aliases if alias in row), None)


def cell_at(row: Sequence[str], column: int | None) -> str:
    """The cell of a column, empty where the row is shorter or there is no such column."""
    return "" if column is None or column >= len(row) else row[column]


def _bounded(name: str, rows: Iterable[list[str]]) -> Rows:
    found = list(islice(rows, MAX_ROWS + 1))
    if len(found) > MAX_ROWS:
        raise PortError(f"{name} has more than {MAX_ROWS} rows", retry=False)
    return found


def _workbook(name: str, raw: bytes) -> Iterator[tuple[str, Rows]]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(raw))
        titles = [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        for title in titles[:_SHEETS]:
            sheet = book.get_sheet_by_name(title)
            if sheet.end is not None and sheet.end[0] >= MAX_ROWS:
                raise PortError(f"{name} has more than {MAX_ROWS} rows", retry=False)
            rows = sheet.to_python(skip_empty_area=False)
            yield title, [[_text(cell) for cell in row[:_COLUMNS]] for row in rows]
    except (CalamineError, OSError, ValueError) as fault:
        raise PortError(f"{name} is no readable workbook (has it a password?)", retry=False) from fault
    if not titles:
        raise PortError(f"{name} is a workbook without a sheet", retry=False)


def _csv(name: str, raw: bytes) -> Iterator[list[str]]:
    """Text in UTF-8, UTF-16 or GB 18030, parted by commas, tabs or semicolons, whichever stands most often."""
    text = _decoded(raw)
    if text is None or "\x00" in text:
        raise PortError(f"{name} is neither a workbook nor text in UTF-8 or GB 18030 (save it as xlsx)", retry=False)
    head = text[:2000]
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=max(",\t;", key=head.count)):
            yield [_text(cell) for cell in row[:_COLUMNS]]
    except csv.Error as fault:
        raise PortError(f"{name} is no readable csv file: {fault}", retry=False) from fault


def _decoded(raw: bytes) -> str | None:
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _text(cell: object) -> str:
    """A cell as plain text: whole numbers without decimals, days as 2020-09-01; wide forms and the apostrophe of text
    undone, `="…"` unwrapped."""
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell)
    if isinstance(cell, int | float):
        if abs(cell) >= _EXACT_BELOW:
            return LOST
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    text = unicodedata.normalize("NFKC", str(cell)[:_CELL])
    kept = "".join(ch for ch in text if unicodedata.category(ch)[0] != "C" or ch in "\n\t").strip()
    if kept.startswith('="') and kept.endswith('"') and len(kept) > 2:
        kept = kept[2:-1]
    return " ".join(kept.lstrip("'").split())
