"""What the templates see: finished, masked, bounded words and counts. No whole name, number or phone gets past here.

To a sender who is not verified no word of the roster is shown back, only row numbers and the names of columns; what the
platform knows (an account was there already) is told to a bound sender only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from mailbot.domain.campaign import Campaign
from mailbot.domain.letters import CaseView, LetterView, RowView
from mailbot.domain.masking import mask_name
from mailbot.domain.states import ItemState
from mailbot.outbound import standing as rules
from mailbot.outbound.delta import DeltaText, delta_text
from mailbot.outbound.plain import clean
from mailbot.outbound.proof_text import ProofText, proof_text
from mailbot.outbound.standing import Standing
from mailbot.outbound.wording import day, field_labels, harmless, naming, place, places, sentences

ROWS_SHOWN: Final = 30
"""Rows one list of a letter names; the attached workbook holds all that are to correct."""
FIXES_SHOWN: Final = 20
_REASON_CHARACTERS: Final = 1000
_NAME_CHARACTERS: Final = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One row in a list: where it stands, whose it is (masked, empty to the unverified), what is to be done."""

    place: str
    who: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows that stand alike: how many, the first of them, and how many are not listed."""

    count: int
    lines: tuple[Line, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Fix:
    """One kind of repair and the rows it was made in."""

    text: str
    places: str
    more: int


@dataclass(frozen=True, slots=True)
class Books:
    """The names of the workbooks that go with a case; `filled`: the import table of the second holds whole values."""

    correct: str | None = None
    assign: str | None = None
    filled: bool = False


@dataclass(frozen=True, slots=True)
class CaseText:
    """One case as its section tells it. `due` and `usable_from` are written out, or `None` where nothing is promised.

    `in_review` says that a person looks at the case, `book` is the name of the attached workbook of rows to correct.
    `assign_book` is the name of the attached workbook for assigning codes, `filled` says that its import table holds
    the people already; `where` names the rows of `done` and `pending` in runs, each group the rows of one standing.
    """

    id: str
    unit: str
    file: str
    total: int
    done: Group
    already: Group
    pending: Group
    waiting: Group
    held: Group
    conflict: Group
    declined: Group
    closed: Group
    settled: Group
    registered: int
    correct: Group
    asks: tuple[str, ...]
    fixes: tuple[Fix, ...]
    fixes_count: int
    days: int | None
    due: str | None
    overdue: bool
    usable_from: str | None
    reason: str
    in_review: bool
    book: str | None
    where: Mapping[str, str]
    assign_book: str | None = None
    filled: bool = False
    delta: DeltaText | None = None
    """What the answered mail changed in the case."""
    proof: ProofText | None = None
    """What a payment proof tells besides; `None` for a case of another kind."""


def case_text(case: CaseView, view: LetterView, campaign: Campaign, books: Books) -> CaseText:
    """The case in finished words, as far as the letter's address may be told."""
    policy = campaign.kinds.get(case.kind)
    teller = _Teller(view, case)
    rows = teller.rows()
    groups = {name: teller.group(found, faults=False) for name, found in rows.items()}
    del groups[Standing.ASKED]  # told by `correct`, which also has those that a person looks at
    overdue = case.due_at is not None and case.due_at < view.at
    return CaseText(
        id=clean(case.id, _NAME_CHARACTERS),
        unit=teller.own_words(case.header.get("unit")),
        file=teller.own_words(case.attachment),
        total=len(case.rows) - groups[Standing.CLOSED].count,
        **{name.value: group for name, group in groups.items()},
        registered=groups[Standing.DONE].count + groups[Standing.ALREADY].count,
        correct=teller.correct(),
        asks=sentences(rules.case_asks(case)),
        fixes=teller.fixes()[:FIXES_SHOWN],
        fixes_count=sum(1 for row in case.rows if rules.fixes(row.findings)),
        days=policy.days if policy else None,
        due=None if overdue or case.provisional or case.due_at is None else day(_local(case.due_at, campaign)),
        overdue=overdue,
        usable_from=day(case.usable_from) if case.usable_from else None,
        reason=harmless(case.reason or "", _REASON_CHARACTERS),
        in_review=case.state is ItemState.HELD,
        book=books.correct,
        where={name.value: teller.where(rows[name]) for name in (Standing.DONE, Standing.PENDING)},
        assign_book=books.assign,
        filled=books.filled,
        delta=delta_text(case, teller.where) if view.trusted else None,
        proof=proof_text(case, view, campaign) if case.kind in rules.PERSONAL else None,
    )


def closing_day(view: LetterView, campaign: Campaign) -> tuple[str, bool] | None:
    """The day on which study ends and whether it lies behind, for letters from the campaign's day of warning on."""
    today = _local(view.at, campaign)
    ends = campaign.study_closes.value
    return (day(ends), today > ends) if today >= campaign.warn_from.value else None


class _Teller:
    """Names rows as far as this letter's address may be told."""

    def __init__(self, view: LetterView, case: CaseView) -> None:
        self._case = case
        self._open = view.trusted
        self._bound = view.trusted and view.bound
        by = naming(case.rows)
        self._by = by if self._open else replace(by, sheets=False)

    def own_words(self, value: object) -> str:
        """What the sender wrote, shown back to the verified only."""
        return harmless(value, _NAME_CHARACTERS) if self._open and isinstance(value, str) else ""

    def rows(self) -> dict[Standing, list[RowView]]:
        """All rows by their standing as this sender may know it."""
        rows: dict[Standing, list[RowView]] = {name: [] for name in Standing}
        for row in self._case.rows:
            rows[rules.told(row, bound=self._bound)].append(row)
        return rows

    def where(self, rows: Sequence[RowView]) -> str:
        """Where rows stand, those that follow one another as one run."""
        named, more = places(rows, ROWS_SHOWN, self._by)
        return f"{named}等" if more else named

    def correct(self) -> Group:
        """The rows to correct, with what is wrong."""
        return self.group(rules.to_correct(self._case), faults=True)

    def fixes(self) -> tuple[Fix, ...]:
        """Repairs, one line for those that read alike; none to the unverified, who get a count."""
        rows: dict[str, list[RowView]] = {}
        for row in self._case.rows if self._open else ():
            for text in sentences(rules.fixes(row.findings)):
                rows.setdefault(text, []).append(row)
        found = (Fix(text, self._places(same), max(0, len(same) - ROWS_SHOWN)) for text, same in rows.items())
        whole = (Fix(text, "", 0) for text in sentences(rules.fixes(self._case.findings)) if self._open)
        return (*whole, *found)

    def group(self, rows: Sequence[RowView], *, faults: bool) -> Group:
        """The first of the rows line by line, with what is wrong where faults are told."""
        lines = tuple(self._line(row, faults=faults) for row in rows[:ROWS_SHOWN])
        return Group(len(rows), lines, len(rows) - len(lines))

    def _line(self, row: RowView, *, faults: bool) -> Line:
        asked = rules.asks(row.findings) if faults else ()
        told = sentences(asked)
        who = mask_name(clean(row.name, _NAME_CHARACTERS)) if self._open and row.name else ""
        return Line(self._place(row), who, told if self._open or not asked else (f"{field_labels(asked)}需要更正",))

    def _places(self, rows: Iterable[RowView]) -> str:
        return "、".join(self._place(row) for row in list(rows)[:ROWS_SHOWN])

    def _place(self, row: RowView) -> str:
        return place(row, self._by)


def _local(moment: datetime, campaign: Campaign) -> date:
    return moment.astimezone(ZoneInfo(campaign.office.zone)).date()
