"""The worklist's tables as data: columns of the import workbook, headings of the error file, what a message means."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final, Literal

from mailbot.domain.mail import Record
from mailbot.domain.ports import PortError, RowResult

SHIPPED: Final = Path(__file__).with_name("worklist.toml")
ListVerb = Literal["open_account", "grant", "revoke"]


class Column(Record):
    """One column of the import workbook. `only` names the verbs that have it; empty: all."""

    heading: str
    value: Literal["name", "id_number", "phone", "user_name", "year", "batch"]
    only: tuple[ListVerb, ...] = ()


class ErrorFile(Record):
    """The headings an error file goes by: who a row speaks of (user name, phone, or ID number), what it says, and our
    batch where the file gives it back."""

    who: tuple[str, ...]
    message: tuple[str, ...]
    batch: tuple[str, ...] = ()


class Text(Record):
    """What the platform's message means, where it contains `text`; `source` says how that is known."""

    text: str
    result: Literal[RowResult.ALREADY, RowResult.CONFLICT, RowResult.REJECTED]
    source: str


class WorklistData(Record):
    """The whole file."""

    column: tuple[Column, ...]
    error_file: ErrorFile
    text: tuple[Text, ...]

    def columns(self, verb: ListVerb) -> tuple[Column, ...]:
        """The columns of one verb's workbook, in order."""
        return tuple(column for column in self.column if not column.only or verb in column.only)

    def meaning(self, message: str) -> RowResult:
        """The first text that the message contains; `UNKNOWN` for a message nobody has ruled on: a person decides."""
        return next((known.result for known in self.text if known.text in message), RowResult.UNKNOWN)


def read_data(path: Path | None) -> WorklistData:
    """The tables out of a site's own file, or the shipped ones. Raises `PortError` (no retry) for a bad file."""
    path = path or SHIPPED
    try:
        data = WorklistData.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as fault:
        raise PortError(f"the worklist's tables cannot be used ({path.name}): {fault}", retry=False) from fault
    if any(column.value in {"phone", "user_name"} for column in data.column):
        return data
    raise PortError(f"{path.name}: no column holds the phone or user name, so no answer could be matched", retry=False)
