"""A generated roster: its pages as cells, and the truth of every case and every row on them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.roster_people import Person, Value

Box = tuple[int, int, int, int]
"""A merged range: top, left, bottom, right, from 1."""


@dataclass(frozen=True)
class Row:
    """One row of people as planted. `code` is the finding that has to come, `None` for a row without fault; `registers`
    says whether the person is to get an account."""

    sheet: str
    row: int
    panel: int
    person: Person
    code: str | None
    registers: bool


@dataclass
class Case:
    """One unit's list as it has to come out. `codes` are the findings of the case above a note that have to come, all
    of them; its header is judged where `unit` and `orders` are given."""

    unit: str | None
    orders: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)


@dataclass
class Page:
    """One sheet: its cells, merged ranges, hidden rows and columns."""

    name: str
    rows: list[list[Value]] = field(default_factory=list)
    merges: list[Box] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    visible: bool = True

    @property
    def next_row(self) -> int:
        """The number of the row that is written next."""
        return len(self.rows) + 1


@dataclass
class Roster:
    """A workbook with its truth. `plan` names the arrangement."""

    plan: str
    pages: list[Page]
    cases: list[Case]

    @property
    def truth(self) -> list[Row]:
        """The rows of all cases."""
        return [row for case in self.cases for row in case.rows]

    @property
    def flat(self) -> bool:
        """Whether a single table of texts, without merged ranges and hidden rows, holds all of it."""
        cells = [cell for page in self.pages for row in page.rows for cell in row]
        if len(self.pages) > 1 or self.plan == "as_texts" or any(isinstance(cell, float) for cell in cells):
            return False
        (page,) = self.pages
        return not (page.merges or page.hidden or page.hidden_columns)
