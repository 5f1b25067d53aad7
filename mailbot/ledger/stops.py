"""What keeps letters from leaving, and who lets them go again.

The way out shuts and opens by itself, each time for longer; what only a person can judge (a brake, words taken for
advertising, a case that staff answered by hand) waits for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from mailbot.domain.effects import EffectState
from mailbot.ledger.codec import clean
from mailbot.ledger.db import AUTO, Database, Unit
from mailbot.ledger.statement import Statement, among, one_of
from mailbot.ledger.tables.outbox import letter_cases, letters
from mailbot.ledger.tables.stops import Scope, stops

WHOLE_HOUSE: Final = (Scope.PAUSE, Scope.LINE, Scope.LOGIN, Scope.BRAKE)
"""No letter at all leaves under one of these."""
_OPENING: Final = (Scope.LINE, Scope.LOGIN)
_NOW = bindparam("b_now", type_=stops.c.at.type)
IN_FORCE: Final = or_(stops.c.until.is_(None), stops.c.until > _NOW)
_SHUT = Statement(select(stops.c.scope).where(among(stops.c.scope, WHOLE_HOUSE), IN_FORCE).limit(1))
_ONE = Statement(
    select(stops.c.count, stops.c.until).where(
        stops.c.scope == bindparam("scope"), stops.c.subject == bindparam("subject")
    )
)
_DROP = Statement(delete(stops).where(stops.c.scope == bindparam("b_scope"), stops.c.subject == bindparam("b_subject")))
_OPEN = Statement(delete(stops).where(among(stops.c.scope, _OPENING)))
_ADD = Statement(insert(stops))
_HELD = Statement(
    select(stops.c.subject).where(stops.c.scope == Scope.CASE.value, one_of(stops.c.subject, "cases")).limit(1)
)


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop in force: whom it holds up, until when (`None`: until a person says), how often it came, and why."""

    scope: Scope
    subject: str
    until: datetime | None
    count: int
    reason: str
    actor: str
    at: datetime


def shut(conn: Connection, now: datetime) -> bool:
    """Whether no letter at all may leave."""
    return _SHUT.first(conn, {"b_now": now}) is not None


def holds_case(conn: Connection, case_ids: Iterable[str]) -> bool:
    """Whether the letters of one of these cases wait for a person."""
    return _HELD.first(conn, {"cases": list(case_ids)}) is not None


def shut_line(unit: Unit, scope: Scope, why: str, now: datetime) -> datetime:
    """The way out gave no passage: nobody tries before the time that is returned, each time later."""
    count = _count(unit, scope)
    waits = unit.terms.login_waits if scope is Scope.LOGIN else unit.terms.line_waits
    until = now + waits[min(count, len(waits) - 1)]
    stop(unit, scope, "", why, now, until=until)
    return until


def open_line(unit: Unit, now: datetime) -> None:
    """A server took or judged a letter: the way out is open, and a next fault counts from one again."""
    if _OPEN.run(unit.conn):
        unit.note("letters.flow", now)


def stop(
    unit: Unit, scope: Scope, subject: str, why: str, now: datetime, *, actor: str = AUTO, until: datetime | None = None
) -> None:
    """Put a stop in force; one that stands is replaced and counted."""
    count = _count(unit, scope, subject) + 1
    _DROP.run(unit.conn, {"b_scope": scope.value, "b_subject": subject})
    row = {"scope": scope.value, "subject": subject, "until": until, "count": count}
    _ADD.run(unit.conn, {**row, "reason": clean(why), "actor": clean(actor), "at": now})
    about = f"{scope.value}:{subject}" if subject else scope.value
    ends = until.isoformat() if until else None
    unit.note("letters.stopped", now, actor=clean(actor), about=about, reason=clean(why), until=ends, count=count)


def _count(unit: Unit, scope: Scope, subject: str = "") -> int:
    found = _ONE.first(unit.conn, {"scope": scope.value, "subject": subject})
    return 0 if found is None else int(found[0])


def released_at(conn: Connection, scope: Scope, subject: str = "") -> datetime | None:
    """When a person last let a brake go; `None` where nobody did."""
    found = _ONE.first(conn, {"scope": scope.value, "subject": subject})
    return None if found is None else found[1]


_BRAKES: Final = frozenset({Scope.BRAKE, Scope.MAILBOX})


@dataclass(frozen=True, slots=True)
class Stops:
    """Puts stops in force and ends them, by named persons; says which are in force."""

    db: Database

    def active(self, now: datetime) -> list[Stop]:
        """Every stop in force, the oldest first."""
        columns = (getattr(stops.c, name) for name in Stop.__slots__)
        query = select(*columns).where(IN_FORCE).order_by(stops.c.at, stops.c.scope, stops.c.subject)
        with self.db.read() as conn:
            return [Stop(Scope(scope), *rest) for scope, *rest in conn.execute(query, {"b_now": now})]

    def pause(self, actor: str, reason: str, now: datetime) -> None:
        """Let no letter leave; one that is being sent ends. Intake, effects and drafts go on."""
        with self.db.write("pause_letters") as unit:
            stop(unit, Scope.PAUSE, "", reason, now, actor=actor)

    def resume(self, actor: str, now: datetime, template: str = "") -> list[Stop]:
        """Let letters leave again: whatever holds up the whole house or a mailbox ends, or with `template` the stop of
        these words alone. What was ended."""
        ended = [one for one in self.active(now) if _meant(one, template)]
        with self.db.write("resume_letters") as unit:
            for one in ended:
                _end(unit, one, actor, now)
        return ended

    def hold_case(self, case_id: str, actor: str, reason: str, now: datetime) -> int:
        """From now on the letters of a case wait for a person: those that have not left become drafts, and what is
        planned later by the machine is one from the start. How many waited."""
        mine = select(letter_cases.c.letter_key).where(letter_cases.c.case_id == case_id)
        waiting = (letters.c.key.in_(mine), letters.c.state == EffectState.PLANNED.value, letters.c.draft.is_(False))
        with self.db.write("hold_case") as unit:
            stop(unit, Scope.CASE, case_id, reason, now, actor=actor)
            found: int = unit.conn.execute(update(letters).where(*waiting).values(draft=True)).rowcount
        return found

    def release_case(self, case_id: str, actor: str, now: datetime) -> bool:
        """The letters of a case leave by themselves again; those that are drafts by now stay drafts. Whether they were
        held."""
        held = [one for one in self.active(now) if one.scope is Scope.CASE and one.subject == case_id]
        with self.db.write("release_case") as unit:
            for one in held:
                _end(unit, one, actor, now)
        return bool(held)


def _meant(one: Stop, template: str) -> bool:
    if template:
        return one.scope is Scope.TEMPLATE and one.subject == template
    return one.scope not in (Scope.TEMPLATE, Scope.CASE)


def _end(unit: Unit, one: Stop, actor: str, now: datetime) -> None:
    same: Mapping[str, object] = {"b_scope": one.scope.value, "b_subject": one.subject}
    if one.scope in _BRAKES:
        these = (stops.c.scope == one.scope.value, stops.c.subject == one.subject)
        unit.conn.execute(update(stops).where(*these).values(until=now))
    else:
        _DROP.run(unit.conn, same)
    about = f"{one.scope.value}:{one.subject}" if one.subject else one.scope.value
    unit.note("letters.resumed", now, actor=clean(actor), about=about)
