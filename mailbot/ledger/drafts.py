"""Drafts: what a rehearsing site planned and a named person lets go, or cancels before it starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Executable, select, update

from mailbot.domain.effects import EffectState
from mailbot.ledger.codec import chunks, clean
from mailbot.ledger.db import Database, Unit
from mailbot.ledger.moves import told
from mailbot.ledger.outbox import cancel_effects
from mailbot.ledger.settle import fold_case, owe, settle_items
from mailbot.ledger.tables.outbox import effect_items, effects, letters

PLANNED = EffectState.PLANNED.value


@dataclass(frozen=True, slots=True)
class Drafts:
    """Releases and cancels by a named person. Keys are those of effects and letters; a key whose state does not allow
    it is passed over, and the number of the others is returned."""

    db: Database

    def release(self, keys: Sequence[str], actor: str, now: datetime) -> int:
        """Let drafts go: they are due from now on (an effect after the undo window)."""
        done: list[str] = []
        with self.db.write("release") as unit:
            for some in chunks(dict.fromkeys(keys)):
                waiting = (effects.c.key.in_(some), effects.c.state == PLANNED, effects.c.draft.is_(True))
                due = {"draft": False, "not_before": now + self.db.terms.undo}
                done += _keys(unit, update(effects).where(*waiting).values(due).returning(effects.c.key))
                unsent = (letters.c.key.in_(some), letters.c.state == PLANNED, letters.c.draft.is_(True))
                sent = update(letters).where(*unsent).values(draft=False, not_before=now)
                done += _keys(unit, sent.returning(letters.c.key))
            if done:
                unit.note("drafts.released", now, actor=clean(actor), keys=sorted(done))
        return len(done)

    def cancel(self, keys: Sequence[str], actor: str, reason: str, now: datetime) -> int:
        """Cancel what was never attempted. Items that waited for such an effect become a matter for a person."""
        done: list[str] = []
        with self.db.write("cancel") as unit:
            for some in chunks(dict.fromkeys(keys)):
                waiting = (effects.c.key.in_(some), effects.c.state == PLANNED, effects.c.attempts == 0)
                found = _keys(unit, select(effects.c.key).where(*waiting))
                cancel_effects(unit, found, "cancelled by a person", now)
                _give_back(unit, found, now)
                done += found + _cancel_letters(unit, some, now)
            if done:
                unit.note("drafts.cancelled", now, actor=clean(actor), keys=sorted(done), reason=clean(reason))
        return len(done)


def _keys(unit: Unit, statement: Executable) -> list[str]:
    return [str(key) for key in unit.conn.execute(statement).scalars()]


def _cancel_letters(unit: Unit, keys: Sequence[str], now: datetime) -> list[str]:
    waiting = (letters.c.key.in_(keys), letters.c.state == PLANNED, letters.c.attempts == 0)
    values = {"state": EffectState.CANCELLED.value, "detail": "cancelled by a person", "ended_at": now}
    ended = update(letters).where(*waiting).values(values).returning(letters.c.key)
    found = _keys(unit, ended)
    for key in found:
        owe(unit, key)
    return found


def _give_back(unit: Unit, keys: Sequence[str], now: datetime) -> None:
    """Items whose effect was cancelled are held, and their cases folded anew."""
    served = select(effect_items.c.case_id, effect_items.c.number).where(effect_items.c.effect_key.in_(keys))
    numbers: dict[str, list[int]] = {}
    for case_id, number in unit.conn.execute(served):
        numbers.setdefault(case_id, []).append(number)
    for case_id, of_case in numbers.items():
        moves = settle_items(unit, case_id, of_case)
        fold_case(unit, case_id, now, due=True, moved=True)
        unit.note("case.given_back", now, case_id=case_id, moves=told(moves))
