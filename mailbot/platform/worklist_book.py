"""The workbooks a person carries to the platform, and the overview of what waits: text cells, whole files or none.

A file is written beside its place, synced and renamed, so that nobody ever opens half of one. Import workbooks hold
whole values and are readable by their owner alone; the overview is masked.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook

from mailbot.domain.masking import mask_name, mask_phone
from mailbot.domain.ports import PortError
from mailbot.failpoints import failpoint
from mailbot.platform.worklist_data import Column

_SAME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
OVERVIEW_ROWS: Final = 5_000
"""Rows the overview shows; the import workbooks hold all of them."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a batch, with whole values."""

    position: int
    name: str
    id_number: str
    phone: str
    year: int | None
    batch: str


def import_book(columns: Sequence[Column], rows: Iterable[ListRow]) -> bytes:
    """The import workbook of one batch: headings, then one row a person, every cell text.

    The platform refuses a 工号 that is no text (notice, manual 一（二）9).
    """
    header = [column.heading for column in columns]
    body = [[_value(row, column.value) for column in columns] for row in rows]
    return list_book("导入", [header, *body])


def overview_book(waiting: Iterable[ListRow], total: int) -> bytes:
    """The list of all rows that wait for the platform, masked; one line says how many more there are."""
    header = ["批次", "行", "姓名", "手机号码", "年度"]
    body = [
        [row.batch, str(row.position + 1), mask_name(row.name), mask_phone(row.phone), str(row.year or "")]
        for row in waiting
    ]
    more = [[f"另有 {total - len(body)} 行未列出，见各批次导入表"]] if total > len(body) else []
    return list_book("待办", [header, *body, *more])


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in its place whole: temporary file, fsync, rename, fsync of the folder. Raises `PortError` (retry)."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        failpoint("worklist.before_rename")
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as fault:
        raise PortError(f"{path.name} cannot be written: {fault.strerror}", retry=True) from fault


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Only one thread of one process writes into the folder: the shell and the daemon share it. Raises `PortError`."""
    try:
        handle = os.open(folder / ".writer", os.O_WRONLY | os.O_CREAT, 0o600)
    except OSError as fault:
        raise PortError(f"{folder.name} cannot be written: {fault.strerror}", retry=True) from fault
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _value(row: ListRow, field: str) -> str:
    values = {
        "name": row.name,
        "id_number": row.id_number,
        "phone": row.phone,
        "user_name": row.phone,
        "year": str(row.year or ""),
        "batch": row.batch,
    }
    return values[field]


def list_book(sheet_name: str, rows: Sequence[Sequence[str]]) -> bytes:
    """One sheet of text cells; the same rows give the same bytes."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(target, options)
    book.set_properties({"created": _SAME_DAY.replace(tzinfo=None)})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(sheet_name)
    sheet.set_column(0, 16, 20, text)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write_string(number, column, _harmless(value), text)
    book.close()
    return target.getvalue()


def _harmless(value: str) -> str:
    """A value that no spreadsheet program takes for a formula, also after a detour over csv (CWE-1236)."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
