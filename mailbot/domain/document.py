"""What a reader says about one part: tables of typed cells, text, and the faults it met.

A cell keeps its stored type: text stays `str`, a number stays `int` or `float`, an empty cell is `None`; what is
neither (an error value, a formula nobody calculated, a date) is a `Special`. Nothing is ever turned into text on the
way, since a number that lost digits must stay recognisable as one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal

from pydantic import Field

from mailbot.domain.mail import Mail, Part, Record
from mailbot.domain.scan import PictureRef, Scan

CORRECTED_CASE: Final = "mailbot_case"
"""The hidden defined name that holds the case number in a workbook of rows to correct."""
CORRECTED_ID: Final = "正确身份证号码"
"""The heading in that workbook's first row by which it is known when a program has dropped the name."""


class Special(Record):
    """A cell that is neither text, number, truth value nor empty."""

    kind: Literal["error", "no_value", "date"]
    text: str


Cell = str | int | float | bool | None | Special


class Merge(Record):
    """A merged range, 1-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class TableRow(Record):
    """A row of a table inside a document: the table's number in it, its own row, and the page; all count from 1."""

    table: int
    row: int
    page: int | None = None


class Sheet(Record):
    """One table: `rows[r - 1][c - 1]` is the cell in row r, column c of the sheet. Rows may be of different length.

    A document is one sheet from top to bottom, lines of text and tables as they stand. There `lines[r - 1]` tells which
    table's row a row is (`None`: a line of text); in a real sheet `lines` is empty, for its rows are its own.
    """

    name: str
    index: int
    visible: bool = True
    rows: tuple[tuple[Cell, ...], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    struck_rows: frozenset[int] = frozenset()
    """Rows in which something is crossed out, in formats that tell."""
    hidden_columns: frozenset[int] = frozenset()
    merges: tuple[Merge, ...] = ()
    lines: tuple[TableRow | None, ...] = ()


class FaultKind(StrEnum):
    """Why a part could not be read, named like the file codes of the rules."""

    UNREADABLE = "unreadable"
    PASSWORD = "password_needed"  # noqa: S105 - the name of a fault
    BOMB = "bomb"
    TOO_MANY_ROWS = "too_many_rows"
    UNSUPPORTED = "unsupported"
    OCR_ONLY = "ocr_only"


class Fault(Record):
    """One reader's failure on one part; `detail` is for staff and the log, never for a sender."""

    kind: FaultKind
    detail: str = ""


BODY: Final = 0
"""The number of the document that is the mail's own body; parts count from 1."""
Family = Literal["workbook", "text_table", "document", "body", "unread"]


class Document(Record):
    """One part as its reader understood it. `number` is the part's number in the mail, `BODY` for the mail's own text.

    `family` is what the content is, `type` its media type told by content, `reader` who read it. `light` says that a
    quick reader without error values and hidden rows was used, for the table is very large or in a rare format. `names`
    are defined names of a workbook.
    """

    number: int
    name: str
    member: str | None = None
    sha256: str
    family: Family
    type: str = ""
    reader: str = ""
    light: bool = False
    sheets: tuple[Sheet, ...] = ()
    names: dict[str, str] = Field(default_factory=dict)
    fault: Fault | None = None

    @property
    def is_correction(self) -> bool:
        """Whether it is a workbook of rows to correct that we sent: its values are the masked ones, and beside them."""
        return CORRECTED_CASE in self.names or any(
            CORRECTED_ID in row for sheet in self.sheets for row in sheet.rows[:1]
        )


def unread(part: Part, kind: FaultKind, detail: str, reader: str = "") -> Document:
    """A part that was not read, and why."""
    return Document(
        number=part.number,
        name=part.name,
        member=part.member,
        sha256=part.sha256,
        family="unread",
        type=part.type,
        reader=reader,
        fault=Fault(kind=kind, detail=detail[:200]),
    )


class Opened(Record):
    """One mail opened: its readable side and a document for every part that is not a mere picture or text."""

    mail: Mail
    documents: tuple[Document, ...] = ()
    left_out: tuple[str, ...] = ()
    """Members of archives that nobody read: links, empty files, and what is of no readable kind."""
    pictures: tuple[PictureRef, ...] = ()
    """Every picture that could be read: parts of the mail, pictures inside its documents, pages without text."""
    scans: tuple[Scan, ...] = ()
    """What was read of them, once somebody looked; empty before."""
