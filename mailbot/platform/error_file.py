"""The platform's error file as it comes back: who each line speaks of, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mailbot.domain import identity, phone
from mailbot.domain.ports import PortError
from mailbot.platform.table_file import HEADING_ROWS, cell_at, column_of, read_table
from mailbot.platform.worklist_data import ErrorFile


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One line of the file, counted from 1 with the headings: a user name (the phone) or an ID number, the platform's
    message, and our batch where the file gives our columns back. `who` is empty where the line names nobody: somebody
    failed, and nobody knows who."""

    line: int
    who: str
    message: str
    batch: str = ""


def read_errors(path: Path, headings: ErrorFile) -> list[ErrorRow]:
    """The lines with a message. Raises `PortError` (no retry) for a file not understood."""
    rows = read_table(path)
    top, who, message = _headings(path.name, rows, headings)
    batch = column_of(rows[top - 1], headings.batch)
    lines = enumerate(rows[top:], start=top + 1)
    found = (ErrorRow(n, _number(cell_at(row, who)), cell_at(row, message), cell_at(row, batch)) for n, row in lines)
    return [error for error in found if error.message]


def _number(who: str) -> str:
    """The phone or ID number as it stands in our rows, however it is written here; any other user name as it is."""
    mobile, number = phone.normalise(who).text, identity.normalise(who).text
    if phone.is_mobile(mobile):
        return mobile
    return who if identity.inspect(number, date.max) else number


def _headings(name: str, rows: Sequence[Sequence[str]], headings: ErrorFile) -> tuple[int, int, int]:
    """The number of rows down to the headings, and the columns of person and message."""
    for number, row in enumerate(rows[:HEADING_ROWS], start=1):
        who, message = column_of(row, headings.who), column_of(row, headings.message)
        if who is not None and message is not None:
            return number, who, message
    wanted = f"{'/'.join(headings.who)} and {'/'.join(headings.message)}"
    raise PortError(f"{name} has no row with the headings {wanted}", retry=False)
