"""What a walk down a sheet finds: runs of people under their headings, and what stands around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailbot.casetypes.roster.heads import Columns
from mailbot.casetypes.roster.labels import LabelHit
from mailbot.casetypes.roster.rows import Raw
from mailbot.domain.forms import Question


@dataclass(frozen=True, slots=True)
class Asked:
    """A column whose cells say something against the person of a panel: it asks a question, or stands a second time
    beside the `twin` that the panel is read by."""

    column: int
    panel: int
    heading: str
    question: Question | None = None
    twin: int | None = None


@dataclass(slots=True)
class Table:
    """One run of people under one heading, with the labels that stand above it and the year and unit of its title.
    `first` is where its columns begin in the sheet's list of column sets, from 0; `headed` are the columns that have a
    heading, `remarks` those among them that hold further remarks, `asked` those that may speak against people,
    `headings` the texts of those that are none of the panels'."""

    panels: tuple[Columns, ...]
    first: int
    inferred: bool
    headed: frozenset[int] = frozenset()
    remarks: frozenset[int] = frozenset()
    asked: tuple[Asked, ...] = ()
    labels: list[LabelHit] = field(default_factory=list)
    year: int | None = None
    titled: str | None = None
    people: list[Raw] = field(default_factory=list)
    declared: list[int] = field(default_factory=list)
    headings: Mapping[int, str] = field(default_factory=dict)
    width: int = field(init=False)
    """The last column of the table; what stands right of it is beside the list."""
    loose: tuple[int, ...] = field(init=False)
    """The columns in which a remark may stand besides that of the remarks: further ones, and those without a
    heading."""

    def __post_init__(self) -> None:
        self.width = max(self.headed, default=0)
        self.loose = tuple(sorted(self.remarks | (frozenset(range(1, self.width + 1)) - self.headed)))


@dataclass(slots=True)
class Reading:
    """What a walk found. `tail` are the labels below the last person, `year` the title's where no table took it,
    `strays` valid ID numbers that no person took in; `filled` says that the sheet holds anything, `title` that a title
    of this form stands there."""

    tables: list[Table] = field(default_factory=list)
    columns: list[Columns] = field(default_factory=list)
    tail: list[LabelHit] = field(default_factory=list)
    strays: set[str] = field(default_factory=set)
    year: int | None = None
    other_form: str | None = None
    title: bool = False
    filled: bool = False
    turned: bool = False
    """Whether the list lies on its side: the rows of people are columns of the sheet, and the columns are rows."""
    loose: bool = False
    """Whether people were taken out of texts, so that the columns are none of the sheet's."""
