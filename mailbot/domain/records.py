"""What a roster says, as read: header and rows with their places, before any rule has judged them.

A row keeps the cells as they were stored beside the cleaned values, so that a rule can tell a lost digit from a typed
one and a letter can name the cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from mailbot.domain.document import Cell, Family, FaultKind
from mailbot.domain.evidence import Where

_ORDER_GAPS: Final = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Source:
    """The part, sheet and block that a case was read from. `block` counts several tables of one sheet from 1;
    `attachment` is `None` for the mail's own body, which has the number 0."""

    attachment: str | None
    member: str | None = None
    sheet: str | None = None
    block: int = 1
    number: int = 1
    """The part's number in the mail."""


class Elsewhere(StrEnum):
    """Whether another roster of the same mail names this person too: no, with the same values, or with others."""

    NO = "no"
    SAME = "same"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person's row. `name`, `id_number`, `phone` are the values to register, `None` where they cannot be known.

    `row` is the sheet's row, `serial` the clerk's own 序号 as it stands there, `panel` counts tables side by
    side from 1.
    """

    row: int
    panel: int
    serial: str | None
    hidden: bool
    raw_name: Cell
    raw_id: Cell
    raw_phone: Cell
    raw_remark: Cell
    name: str | None
    id_number: str | None
    phone: str | None
    remark: str | None
    raw_sex: Cell = None
    raw_birth: Cell = None
    sheet: str | None = None
    table: int = 1
    """Which of the record's `columns` this row was read by, from 1."""
    elsewhere: Elsewhere = Elsewhere.NO
    page: int | None = None
    cells: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Row and column of every field, where the list lies on its side and its people stand in columns."""


def order_key(order: str) -> str:
    """An order number as it is compared: in NFKC capitals, without the blanks and dashes that people put in."""
    return _ORDER_GAPS.sub("", unicodedata.normalize("NFKC", order)).upper()


def orders_named(header: Mapping[str, object]) -> tuple[str, ...]:
    """The order numbers that a header names as the process contract prints it: one, several in a list, or none."""
    named = header.get("order_no")
    if isinstance(named, str):
        return (named,)
    return tuple(str(order) for order in named) if isinstance(named, Sequence) else ()


@dataclass(frozen=True, slots=True)
class RosterHeader:
    """The label block of Annex 1. `order_no` holds every order number that stands there."""

    unit: str | None = None
    contact: str | None = None
    contact_phone: str | None = None
    tax_id: str | None = None
    order_no: tuple[str, ...] = ()
    raw: Mapping[str, Cell] = field(default_factory=dict)
    where: Mapping[str, Where] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a sender says anew of one row of a list sent before, or of its header where nothing names a row.

    `values` holds what was filled in, by field, as written. The row is named by its item's number, where our own
    workbook hides it: rows move from list to list, items do not. Else by as much as stands there: the sheet's row,
    panel and sheet, the clerk's own 序号. The name, whole or as we masked it, must always be the row's.
    """

    values: Mapping[str, Cell]
    row: int | None = None
    serial: str | None = None
    name: str | None = None
    panel: int | None = None
    sheet: str | None = None
    item: int | None = None

    @property
    def of_header(self) -> bool:
        """Whether it speaks of the header: of its fields, and of no row."""
        of_person = {"name", "id_number", "phone"} & self.values.keys()
        unnamed = self.row is None and self.serial is None and self.name is None and self.item is None
        return not of_person and unnamed


@dataclass(frozen=True, slots=True)
class RosterRecord:
    """One roster as read from one block. `columns` maps name, id_number, phone, remark, serial to
    sheet columns per panel (`columns[panel - 1]`). `declared_count` is what a total line claims.
    `inferred` says that no heading was found."""

    source: Source
    header: RosterHeader
    rows: tuple[RosterRow, ...]
    columns: tuple[Mapping[str, int], ...] = ()
    declared_count: int | None = None
    inferred: bool = False
    form_year: int | None = None
    hidden_sheet: bool = False
    light: bool = False
    fault: FaultKind | None = None
    """Why the part could not be read at all; such a record has no rows, and its counts are unknown."""
    correction: bool = False
    """Whether it is no list but corrects one: the workbook of rows to correct that came with one of our own letters,
    filled in, or a sentence that says as much."""
    amendments: tuple[Amendment, ...] = ()
    """What a correction corrects."""
    of_case: str | None = None
    """The case number that a correction names; it proves nothing about who sent it."""
    wrong_form: str | None = None
    """The title of what came instead of a roster."""
    ignored: tuple[str, ...] = ()
    """Sheets and parts that were left out: no roster, or a copy of what was read."""
    unread_people: int = 0
    """Cells with an ID number that no row of any roster of this part took in."""
    digest: str = ""
    """SHA-256 of the part."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """What stands outside the list and may belong into a gap of its header, by header key; staff see it."""
    hidden_columns: tuple[str, ...] = ()
    """The columns among name, ID number and phone that are hidden in the sheet."""
    text_table: bool = False
    """Whether the part is a text table (CSV), where a lost digit shows as a typed zero."""
    family: Family = "workbook"
    files: tuple[str, ...] = ()
    """The names of all parts that such a record without rows speaks of, where they are several."""
    file_type: str = ""
    """The media type of the part, told by content."""
