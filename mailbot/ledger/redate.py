"""Re-dates what is open: where the days or time limits in force changed, every running item gets the date that its
clock gives now, and the case's history keeps both dates.

What waits for its sender or has ended is not touched: a clock that starts again later does so by the days of then. A
batch of cases is one commit, a second run over the same changes nothing, and one that was cut short is done again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select, update

from mailbot.domain.workdays import Due, ItemClock
from mailbot.ledger.codec import Columns, clock_in, dumps
from mailbot.ledger.db import AUTO, Database, Unit
from mailbot.ledger.moves import ranges
from mailbot.ledger.settle import RUNNING, fold_case
from mailbot.ledger.statement import Statement, among, one_of
from mailbot.ledger.tables.case import case_versions, cases, items
from mailbot.ledger.tables.journal import events, settings

REDATED: Final = "case.redated"
"""The event of a case whose dates changed."""
BASIS_CHANGED: Final = "site.dates"
"""The event of a change in what all dates rest on."""
BATCH: Final = 100
DueOf = Callable[[str, str, ItemClock], Due | None]
"""By campaign code, kind of case and clock: when an item is due; `None` where no policy says."""
Stored = Mapping[str, Any]
"""A row of the ledger by the names of its columns."""
Moved = Mapping[int, tuple[datetime | None, datetime]]
"""By item number: the date before and after."""
_NAME = "dates"
_FIRST = (case_versions.c.case_id == cases.c.id) & (case_versions.c.version == 1)
_OPEN = (
    select(
        cases.c.id,
        cases.c.kind,
        cases.c.due_at,
        cases.c.provisional,
        case_versions.c.context["received_at"].as_string().label("arrived"),
        case_versions.c.context["campaign"].as_string().label("campaign"),
    )
    .select_from(cases.outerjoin(case_versions, _FIRST))
    .where(cases.c.state.in_(RUNNING), cases.c.id > bindparam("after"))
    .order_by(cases.c.id)
    .limit(BATCH)
)
_ITEMS = Statement(
    select(items.c.case_id, items.c.number, items.c.due_at, items.c.clock)
    .where(one_of(items.c.case_id, "ids"), among(items.c.state, RUNNING))
    .order_by(items.c.case_id, items.c.number)
)
_SET = Statement(update(items).where(items.c.case_id == bindparam("b_case_id"), one_of(items.c.number, "b_numbers")))


@dataclass(frozen=True, slots=True)
class Redated:
    """How much got another date."""

    cases: int = 0
    items: int = 0


@dataclass(frozen=True, slots=True)
class Dates:
    """Keeps the dates of what is open in line with what dates rest on."""

    db: Database

    def bring(self, basis: Mapping[str, str], due_of: DueOf, now: datetime) -> Redated:
        """Re-date everything open where the basis (facts by name) is not the one that dates were last brought to."""
        before = self._basis()
        if before == basis:
            return Redated()
        after, done = "", Redated()
        while True:
            with self.db.write("redate") as unit:
                found = [dict(row) for row in unit.conn.execute(_OPEN, {"after": after}).mappings()]
                moved = _redate(unit, found, due_of, now)
            done = Redated(done.cases + moved.cases, done.items + moved.items)
            if len(found) < BATCH:
                break
            after = found[-1]["id"]
        self._keep(before, basis, done, now)
        return done

    def changed_since(self, since: datetime) -> list[str]:
        """The cases that got another date since then."""
        query = select(events.c.case_id).where(events.c.kind == REDATED, events.c.at >= since)
        with self.db.read() as conn:
            return [str(case_id) for case_id in conn.execute(query.distinct().order_by(events.c.case_id)).scalars()]

    def _basis(self) -> Mapping[str, str] | None:
        with self.db.read() as conn:
            stored = conn.execute(select(settings.c.value).where(settings.c.name == _NAME)).scalar_one_or_none()
        return None if stored is None else dict(json.loads(stored))

    def _keep(self, before: Mapping[str, str] | None, basis: Mapping[str, str], done: Redated, now: datetime) -> None:
        """Only when all is brought to it: a run that was cut short begins anew."""
        with self.db.write("redated") as unit:
            unit.conn.execute(delete(settings).where(settings.c.name == _NAME))
            unit.conn.execute(insert(settings).values(name=_NAME, value=dumps(dict(basis)), actor=AUTO, at=now))
            if before is not None:
                changed = {
                    name: [before.get(name), basis.get(name)]
                    for name in sorted({*before, *basis})
                    if before.get(name) != basis.get(name)
                }
                unit.note(BASIS_CHANGED, now, changed=changed, cases=done.cases, items=done.items)


def _redate(unit: Unit, found: Sequence[Stored], due_of: DueOf, now: datetime) -> Redated:
    """One batch of open cases."""
    running: dict[str, list[Stored]] = {}
    for item in _ITEMS.maps(unit.conn, {"ids": [case["id"] for case in found]}):
        running.setdefault(item["case_id"], []).append(item)
    moved = [_redate_case(unit, case, running.get(case["id"], []), due_of, now) for case in found]
    return Redated(sum(1 for count in moved if count is not None), sum(count or 0 for count in moved))


def _redate_case(unit: Unit, case: Stored, running: Sequence[Stored], due_of: DueOf, now: datetime) -> int | None:
    """How many items of a case got another date; `None` where nothing about it changed."""
    dues = _dues(case, running, due_of)
    moves = {item["number"]: (item["due_at"], dues[item["number"]].at) for item in running if item["number"] in dues}
    moves = {number: pair for number, pair in moves.items() if pair[0] != pair[1]}
    provisional = any(due.provisional for due in dues.values()) if dues else bool(case["provisional"])
    if not moves and provisional == case["provisional"]:
        return None
    _set_dues(unit, case["id"], {number: to for number, (_, to) in moves.items()})
    unit.conn.execute(update(cases).where(cases.c.id == case["id"]).values(provisional=provisional))
    fold_case(unit, case["id"], now, due=True, moved=True)
    _note(unit, case, moves, now, provisional=provisional)
    return len(moves)


def _dues(case: Stored, running: Sequence[Stored], due_of: DueOf) -> dict[int, Due]:
    """The dates that the clocks of a case's running items give; none where nobody knows since when one runs."""
    usual = None if case["arrived"] is None else ItemClock(datetime.fromisoformat(case["arrived"]))
    given: dict[ItemClock, Due | None] = {}
    found: dict[int, Due] = {}
    for item in running:
        clock = clock_in(item["clock"]) or usual
        if clock is None:
            continue
        if clock not in given:
            given[clock] = due_of(case["campaign"] or "", case["kind"], clock)
        due = given[clock]
        if due is not None:
            found[item["number"]] = due
    return found


def _set_dues(unit: Unit, case_id: str, dues: Mapping[int, datetime]) -> None:
    """The one place that changes a date without a decision."""
    alike: dict[datetime, list[int]] = {}
    for number, at in dues.items():
        alike.setdefault(at, []).append(number)
    for at, numbers in alike.items():
        _SET.run(unit.conn, {"b_case_id": case_id, "b_numbers": numbers, "due_at": at})


def _note(unit: Unit, case: Stored, moves: Moved, now: datetime, *, provisional: bool) -> None:
    """Both dates, in the office's own time."""
    alike: dict[tuple[datetime | None, datetime], list[int]] = {}
    for number, pair in moves.items():
        alike.setdefault(pair, []).append(number)
    told: list[Columns] = [
        {"items": ranges(numbers), "from": _told(unit, old), "to": _told(unit, new)}
        for (old, new), numbers in alike.items()
    ]
    was = bool(case["provisional"])
    unit.note(REDATED, now, case_id=case["id"], dates=told, was_provisional=was, provisional=provisional)


def _told(unit: Unit, at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(unit.terms.zone):%Y-%m-%d %H:%M}"
