"""News in between: a case whose time limit came while the platform confirmed only some of its rows.

A result waits until nothing of its case is under way at the platform. Beyond the promised day its sender would wait for
people whose accounts stand, so what is true by then is told once; the result still follows when the rest has settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, bindparam, cast, exists, func, literal, select

from mailbot.domain.effects import TRUE_OF_THE_WORLD, LetterKind, PlannedLetter
from mailbot.domain.states import ItemState
from mailbot.ledger.db import Database, Unit
from mailbot.ledger.outbox import plan_letter
from mailbot.ledger.settle import last_letter, letter_to_come
from mailbot.ledger.tables.case import cases, items
from mailbot.ledger.tables.outbox import effect_items, effects, letter_cases, letters

AT_ONCE = 50
_KEY = literal("interim:") + cases.c.id + literal(":") + cast(cases.c.results, String)
_TOLD_LAST = (
    select(func.max(func.coalesce(letters.c.started_at, letters.c.planned_at)))
    .select_from(letter_cases.join(letters, letters.c.key == letter_cases.c.letter_key))
    .where(letter_cases.c.case_id == cases.c.id)
    .scalar_subquery()
)
_UNDER_WAY = exists().where(items.c.case_id == cases.c.id, items.c.state == ItemState.APPROVED.value)
_NEWS = exists().where(
    effect_items.c.case_id == cases.c.id,
    effects.c.key == effect_items.c.effect_key,
    effects.c.state.in_([state.value for state in sorted(TRUE_OF_THE_WORLD)]),
    effects.c.ended_at > _TOLD_LAST,
)
_LATE = (
    select(cases.c.id, _KEY.label("key"))
    .where(cases.c.state.in_((ItemState.HELD.value, ItemState.APPROVED.value)))
    .where(cases.c.due_at <= bindparam("now"), cases.c.waits.is_(True))
    .where(_UNDER_WAY, _NEWS, ~exists().where(letters.c.key == _KEY))
    .order_by(cases.c.due_at, cases.c.id)
    .limit(AT_ONCE)
)


@dataclass(frozen=True, slots=True)
class Interims:
    """Plans letters about cases that are only partly confirmed when their time limit comes."""

    db: Database

    def plan(self, now: datetime) -> int:
        """Plan them, one a case and pass; how many. Nothing is written where none is due."""
        with self.db.read() as conn:
            if conn.execute(_LATE, {"now": now}).first() is None:
                return 0
        with self.db.write("interim") as unit:
            late = unit.conn.execute(_LATE, {"now": now}).all()
            return sum(_plan(unit, str(case_id), str(key), now) for case_id, key in late)


def _plan(unit: Unit, case_id: str, key: str, now: datetime) -> bool:
    last = last_letter(unit, case_id)
    if last is None or letter_to_come(unit, case_id):
        return False
    recipient, mail_id, trusted, bound = last
    told = PlannedLetter(key, recipient, LetterKind.RESULT, (case_id,), (), mail_id, trusted, bound)
    return plan_letter(unit, told, now)
