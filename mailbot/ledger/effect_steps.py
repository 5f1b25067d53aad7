"""Effects on their way: claimed with their attempt counted, concluded with evidence, a batch in one commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from mailbot.domain.effects import SETTLED, EffectState, Verb
from mailbot.domain.ports import EffectEnd, EffectJob
from mailbot.ledger.codec import Columns, chunks, clean, person_in
from mailbot.ledger.db import Unit
from mailbot.ledger.moves import told
from mailbot.ledger.settings import paused
from mailbot.ledger.settle import fold_case, settle_items, tell_result
from mailbot.ledger.tables.outbox import effect_items, effects

PLANNED, DOING, PENDING = (s.value for s in (EffectState.PLANNED, EffectState.DOING, EffectState.PENDING))
_OPEN = frozenset({EffectState.DOING, EffectState.PENDING, EffectState.UNCERTAIN})
"""States in which the world's word about an effect is awaited, or still welcome."""
_BY_KEY = effects.c.key == bindparam("b_key")
_CLAIM = update(effects).where(_BY_KEY, effects.c.state == PLANNED).values(state=DOING, attempts=effects.c.attempts + 1)
_END = (
    update(effects)
    .where(_BY_KEY)
    .values(
        state=bindparam("b_state"),
        evidence=bindparam("b_evidence"),
        ended_at=bindparam("b_ended_at", type_=effects.c.ended_at.type),
        not_before=bindparam("b_not_before", type_=effects.c.not_before.type),
    )
)


def claim(unit: Unit, limit: int, now: datetime) -> list[EffectJob]:
    """The effects that are due, their intent committed with this unit. None while effects are paused."""
    if limit < 1 or paused(unit.conn):
        return []
    due = (effects.c.state == PLANNED, effects.c.draft.is_(False), effects.c.not_before <= now)
    query = select(effects).where(*due).order_by(effects.c.not_before).limit(limit)
    rows = unit.conn.execute(query.with_for_update(skip_locked=True)).mappings().all()
    if rows:
        unit.conn.execute(_CLAIM, [{"b_key": row["key"]} for row in rows])
    return [
        EffectJob(row["key"], Verb(row["verb"]), person_in(row["person"]), row["year"], row["attempts"] + 1)
        for row in rows
    ]


def conclude(unit: Unit, ends: Sequence[EffectEnd], now: datetime) -> set[str]:
    """Write how effects ended or go on waiting, and all that follows from it; the keys that name no effect. What
    was settled before is not changed any more: a second word that differs from the first is noted for staff."""
    latest = {end.key: end for end in ends}
    before = _rows(unit, latest)
    taken = [end for end in latest.values() if end.key in before and _may_end(unit, before[end.key], end, now)]
    if taken:
        unit.conn.execute(_END, [_row(before[end.key], end, now) for end in taken])
        for case_id, numbers in _served(unit, [end.key for end in taken]).items():
            _follow(unit, case_id, numbers, latest, now)
    return set(latest) - set(before)


def _rows(unit: Unit, keys: Iterable[str]) -> dict[str, Columns]:
    rows: dict[str, Columns] = {}
    for some in chunks(keys):
        query = select(effects.c.key, effects.c.state, effects.c.not_before).where(effects.c.key.in_(some))
        rows.update((row["key"], dict(row)) for row in unit.conn.execute(query).mappings())
    return rows


def _may_end(unit: Unit, row: Columns, end: EffectEnd, now: datetime) -> bool:
    state = EffectState(str(row["state"]))
    if state in _OPEN:
        return True
    if end.state is not state:
        unit.note("effect.contradicted", now, about=end.key, stands=state.value, said=end.state.value)
    return False


def _row(before: Columns, end: EffectEnd, now: datetime) -> Columns:
    return {
        "b_key": end.key,
        "b_state": end.state.value,
        "b_evidence": clean(end.detail) or None,
        "b_ended_at": now if end.state in SETTLED else None,
        "b_not_before": end.retry_at or before["not_before"],
    }


def _served(unit: Unit, keys: Sequence[str]) -> dict[str, dict[int, str]]:
    """By case: the items that these effects serve, each with the effect's key."""
    served: dict[str, dict[int, str]] = {}
    for some in chunks(keys):
        columns = (effect_items.c.case_id, effect_items.c.number, effect_items.c.effect_key)
        query = select(*columns).where(effect_items.c.effect_key.in_(some))
        for case_id, number, key in unit.conn.execute(query):
            served.setdefault(case_id, {})[number] = key
    return served


def _follow(unit: Unit, case_id: str, numbers: dict[int, str], ends: dict[str, EffectEnd], now: datetime) -> None:
    """What the ends of effects make of one case."""
    moves = settle_items(unit, case_id, numbers)
    state = fold_case(unit, case_id, now, due=bool(moves), moved=bool(moves))
    counted = Counter(ends[key].state.value for key in set(numbers.values()))
    unit.note("effects.ended", now, case_id=case_id, ends=dict(counted), moves=told(moves), state=state.value)
    if moves:
        tell_result(unit, case_id, sorted(set(numbers.values())), now)


def pending(conn: Connection, limit: int) -> list[str]:
    """The keys that wait for the platform's word."""
    query = select(effects.c.key).where(effects.c.state == PENDING).order_by(effects.c.not_before).limit(limit)
    return list(conn.execute(query).scalars())


def recover(unit: Unit, now: datetime) -> None:
    """Intents of a dead owner are due again; the attempt stays counted, so the world is asked before a second act."""
    again = update(effects).where(effects.c.state == DOING).values(state=PLANNED)
    found = unit.conn.execute(again).rowcount
    if found:
        unit.note("effects.recovered", now, count=found)
