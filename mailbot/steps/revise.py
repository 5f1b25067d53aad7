"""A mail that continues a case: its record becomes the case's next version, and only the difference is decided.

What is settled stays settled, and nothing is dropped because a shorter list came back. Where something would change
that is done already, a person looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from mailbot.domain.decisions import RowStatus
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.kinds import Change, Following, Item, Manner
from mailbot.domain.outcome import LISTED, CaseResult, Claim, ItemResult, Json, Lookups, StoredCase
from mailbot.domain.states import GONE, RUNNING, UNDECIDED, ItemState
from mailbot.steps.clocks import Timed

CHANGED_SETTLED: Final = "mail.changes_settled"
LATEST: Final = "mail.latest_counts"
_ROWS_NAMED: Final = 10
DELTA: Final = "delta"
"""The key in a version's context under which its difference to the one before stands, for its letter."""


class Unclear(Exception):
    """The new record cannot be merged by a machine; `why` is a Chinese sentence for staff."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Revision:
    """What a new version is made against: the case as it stands, who is who, how the sender means it, and the clocks of
    all items that either side has."""

    stored: StoredCase
    following: Following[Any]
    manner: Manner
    timed: Mapping[int, Timed]
    day: date
    """The office's day on which the mail of the record arrived."""

    @property
    def old(self) -> dict[int, ItemResult]:
        return {item.number: item for item in self.stored.result.items}

    @property
    def in_part(self) -> bool:
        """Whether the record speaks of some rows only: a row that stood before then keeps its place in the list that
        its clerk knows it by."""
        part = bool(self.following.merged.missing) and self.manner is not Manner.LATEST
        return self.following.rejudged is not None or part

    def place(self, item: Item | ItemResult, before: ItemResult | None) -> Json:
        """Where an item stands for its clerk, with the day of the list that says so."""
        if before is not None and self.in_part:
            return before.place
        return {**item.place, LISTED: self.day.isoformat()}

    def numbers(self, change: Change) -> tuple[int, ...]:
        """The items that the record changes in this way."""
        return tuple(match.number for match in self.following.merged.matches if match.change is change)

    def left_out(self) -> list[ItemResult]:
        """The old rows that a list does not name which alone counts; of any other list they simply stay."""
        if self.manner is not Manner.LATEST:
            return []
        return [self.old[number] for number in self.following.merged.missing]


def others_only(lookups: Lookups, case_id: str) -> Lookups:
    """The look-ups without what this very case asked for before."""
    return replace(
        lookups,
        people={key: prior for key, prior in lookups.people.items() if prior.case_id != case_id},
        phones={key: prior for key, prior in lookups.phones.items() if prior.case_id != case_id},
        orders={key: tuple(c for c in cases if c != case_id) for key, cases in lookups.orders.items()},
        pictures={key: tuple(u for u in uses if u.case_id != case_id) for key, uses in lookups.pictures.items()},
        order_uses={key: tuple(u for u in uses if u.case_id != case_id) for key, uses in lookups.order_uses.items()},
    )


def revised(judged: CaseResult, revision: Revision) -> CaseResult:
    """The next version of a case. `judged` is the new record judged as if it stood alone, its items in the order of the
    matches."""
    old, timed = revision.old, revision.timed
    numbers, items = _decided(judged, revision)
    items += _closed(revision)
    settled = [n for n in revision.numbers(Change.CORRECTED) if n in old and old[n].state not in UNDECIDED]
    head = _own_matter(judged, old, _for_a_person(revision, settled))
    everything = (*(_numbered(item, 0, timed[0]) for item in head), *items)
    decided = {item.number for item in everything}
    still = [item for number, item in old.items() if number not in decided and item.state in RUNNING]
    running = [item for item in everything if item.state in RUNNING]
    return replace(
        judged,
        items=everything,
        effects=tuple(
            replace(effect, items=tuple(numbers[n] for n in effect.items if n in numbers))
            for effect in judged.effects
            if any(n in numbers for n in effect.items)
        ),
        claims=tuple(Claim(claim.key, numbers[claim.item]) for claim in judged.claims if claim.item in numbers),
        due_at=min((item.due_at for item in (*still, *running) if item.due_at), default=None),
        provisional=any(timed[item.number].due.provisional for item in running)
        or (bool(still) and revision.stored.result.provisional),
        context={**judged.context, DELTA: delta(revision, settled)},
        places=_moved(revision, decided),
    )


def _decided(judged: CaseResult, revision: Revision) -> tuple[dict[int, int], list[ItemResult]]:
    """The rows that the new version decides: the new ones, and those that waited. With the number of each in the case
    by that in the record."""
    old = revision.old
    numbers: dict[int, int] = {}
    items: list[ItemResult] = []
    rows = (item for item in judged.items if item.number)
    for item, match in zip(rows, revision.following.merged.matches, strict=True):
        before = old.get(match.number)
        if before is None or before.state in UNDECIDED:
            numbers[item.number] = match.number
            placed = replace(item, place=revision.place(item, before))
            items.append(_numbered(placed, match.number, revision.timed[match.number]))
    return numbers, items


def _moved(revision: Revision, decided: Iterable[int]) -> dict[int, Json]:
    """The new places of rows that stand in the record and are not decided anew."""
    old, done = revision.old, set(decided)
    known = [match for match in revision.following.merged.matches if match.number in old and match.number not in done]
    places = {match.number: revision.place(match.item, old[match.number]) for match in known}
    return {number: place for number, place in places.items() if place != old[number].place}


def _closed(revision: Revision) -> list[ItemResult]:
    """What a list that alone counts leaves out: closed where nothing was done yet, for a person where something may be
    under way."""
    closed = [
        replace(item, state=ItemState.CLOSED, decided_by="auto", proposed=False, due_at=None)
        for item in revision.left_out()
        if item.state in UNDECIDED
    ]
    stopped = [
        _numbered(replace(item, state=ItemState.HELD, decided_by=None), item.number, revision.timed[item.number])
        for item in revision.left_out()
        if item.state is ItemState.APPROVED
    ]
    return closed + stopped


def _for_a_person(revision: Revision, settled: Sequence[int]) -> tuple[Finding, ...]:
    """What of a new version only a person can settle: what it says of rows that are done."""
    found: list[Finding] = []
    if settled:
        message = f"来信更改了已办理的{_rows(revision, settled)}，系统未作改动，由审核人员核对。"
        found.append(Finding(CHANGED_SETTLED, Severity.HOLD, message, facts={"items": list(settled)}))
    done = [item.number for item in revision.left_out() if item.state not in UNDECIDED | GONE]
    if done:
        message = f"来信声明以本次名单为准，已办理的{_rows(revision, done)}不在本次名单内，由审核人员核对。"
        found.append(Finding(LATEST, Severity.HOLD, message, facts={"items": list(done)}))
    return tuple(found)


def _rows(revision: Revision, numbers: Sequence[int]) -> str:
    """Rows by their line in the list, as staff find them."""
    moved = _moved(revision, ())
    places = (moved.get(number, revision.old[number].place) for number in numbers[:_ROWS_NAMED])
    named = "、".join(f"第{place.get('row')}行" for place in places)
    return named + (f"等{len(numbers)}行" if len(numbers) > _ROWS_NAMED else "")


def delta(revision: Revision, settled: Iterable[int]) -> Json:
    """The difference to the version before by item numbers, and how many other rows stay as they were."""
    untouched = set(settled)
    corrected = [number for number in revision.numbers(Change.CORRECTED) if number not in untouched]
    closed = [item.number for item in revision.left_out() if item.state in UNDECIDED]
    people = [number for number in revision.old if number]
    return {
        "manner": revision.manner.value,
        "corrected": corrected,
        "added": list(revision.numbers(Change.ADDED)),
        "closed": closed,
        "settled": sorted(untouched),
        "unchanged": len(people) - len(corrected) - len(closed) - len(untouched),
    }


def _numbered(item: ItemResult, number: int, timed: Timed) -> ItemResult:
    """The item under its number in the case, with the time limit that its own clock gives it."""
    return replace(item, number=number, clock=timed.clock, due_at=timed.due.at if item.state in RUNNING else None)


def _own_matter(judged: CaseResult, old: Mapping[int, ItemResult], doubts: tuple[Finding, ...]) -> Sequence[ItemResult]:
    """The case's own item: as the new version has it, and for a person where there are doubts; closed where the new
    version has nothing against the case."""
    now = [item for item in judged.items if item.number == 0]
    before = old.get(0)
    if doubts:
        return [held_matter((*(now[0].findings if now else ()), *doubts))]
    if now or before is None or before.state not in UNDECIDED:
        return now
    return [replace(before, state=ItemState.CLOSED, decided_by="auto", due_at=None, findings=())]


def held_matter(findings: tuple[Finding, ...]) -> ItemResult:
    """The case's own item, waiting for a person for these reasons."""
    return ItemResult(0, "case", None, {}, {}, RowStatus.HOLD, ItemState.HELD, findings)
