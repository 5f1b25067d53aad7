"""Effects on their way: claimed with their attempt counted, concluded with evidence, a batch in one commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update

from mailbot.domain.effects import SETTLED, EffectState, Verb
from mailbot.domain.ports import EffectEnd, EffectJob
from mailbot.ledger.codec import Columns, clean, person_in
from mailbot.ledger.db import Unit
from mailbot.ledger.moves import told
from mailbot.ledger.settings import paused
from mailbot.ledger.settle import fold_case, settle_items, tell_result
from mailbot.ledger.statement import Statement, one_of
from mailbot.ledger.tables.outbox import effect_items, effects

PLANNED, DOING = EffectState.PLANNED.value, EffectState.DOING.value
_OPEN = frozenset({EffectState.DOING, EffectState.PENDING, EffectState.UNCERTAIN})
"""States in which the world's word about an effect is awaited, or still welcome."""
_DUE = Statement(
    select(effects.c.key, effects.c.verb, effects.c.person, effects.c.year, effects.c.attempts)
    .where(effects.c.state == PLANNED, effects.c.draft.is_(False), effects.c.not_before <= bindparam("now"))
    .order_by(effects.c.not_before)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_THESE = one_of(effects.c.key, "b_keys")
_CLAIM = Statement(
    update(effects).where(_THESE, effects.c.state == PLANNED).values(state=DOING, attempts=effects.c.attempts + 1)
)
_STATES = Statement(select(effects.c.key, effects.c.state).where(_THESE))
_END = Statement(update(effects).where(_THESE))
_SERVED = Statement(
    select(effect_items.c.case_id, effect_items.c.number, effect_items.c.effect_key).where(
        one_of(effect_items.c.effect_key, "keys")
    )
)


def claim(unit: Unit, limit: int, now: datetime) -> list[EffectJob]:
    """The effects that are due, their intent committed with this unit. None while effects are paused."""
    if limit < 1 or paused(unit.conn):
        return []
    rows = _DUE.rows(unit.conn, {"now": now, "limit": limit})
    if rows:
        _CLAIM.run(unit.conn, {"b_keys": [row[0] for row in rows]})
    return [EffectJob(key, Verb(verb), person_in(who), year, tried + 1) for key, verb, who, year, tried in rows]


def conclude(unit: Unit, ends: Sequence[EffectEnd], now: datetime) -> set[str]:
    """Write how effects ended or go on waiting, and all that follows from it; the keys that name no effect. What
    was settled before is not changed any more: a second word that differs from the first is noted for staff."""
    latest = {end.key: end for end in ends}
    before = _states(unit, latest)
    taken = [end for end in latest.values() if end.key in before and _may_end(unit, before[end.key], end, now)]
    if taken:
        _write_ends(unit, taken, now)
        for case_id, numbers in _served(unit, [end.key for end in taken]).items():
            _follow(unit, case_id, numbers, latest, now)
    return set(latest) - set(before)


def _states(unit: Unit, keys: Iterable[str]) -> dict[str, EffectState]:
    return {key: EffectState(word) for key, word in _STATES.rows(unit.conn, {"b_keys": list(keys)})}


def _may_end(unit: Unit, state: EffectState, end: EffectEnd, now: datetime) -> bool:
    if state in _OPEN:
        return True
    if end.state is not state:
        unit.note("effect.contradicted", now, about=end.key, stands=state.value, said=end.state.value)
    return False


def _write_ends(unit: Unit, ends: Sequence[EffectEnd], now: datetime) -> None:
    """One statement for all that ended alike."""
    alike: dict[tuple[EffectState, str, datetime | None], list[str]] = {}
    for end in ends:
        alike.setdefault((end.state, clean(end.detail), end.retry_at), []).append(end.key)
    for (state, detail, retry_at), keys in alike.items():
        values: Columns = {
            "state": state.value,
            "evidence": detail or None,
            "ended_at": now if state in SETTLED else None,
        }
        if retry_at is not None:
            values["not_before"] = retry_at
        _END.run(unit.conn, {"b_keys": keys, **values})


def _served(unit: Unit, keys: Sequence[str]) -> dict[str, dict[int, str]]:
    """By case: the items that these effects serve, each with the effect's key."""
    served: dict[str, dict[int, str]] = {}
    for case_id, number, key in _SERVED.rows(unit.conn, {"keys": keys}):
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


def recover(unit: Unit, now: datetime) -> None:
    """Intents of a dead owner are due again; the attempt stays counted, so the world is asked before a second act."""
    again = update(effects).where(effects.c.state == DOING).values(state=PLANNED)
    found = unit.conn.execute(again).rowcount
    if found:
        unit.note("effects.recovered", now, count=found)
