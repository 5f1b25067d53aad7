"""What flows and what stands, as `health` asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from mailbot.domain.effects import EffectState
from mailbot.ledger.db import Database
from mailbot.ledger.tables.outbox import effects, letter_follows, letters


@dataclass(frozen=True, slots=True)
class Flows:
    """Reads only."""

    db: Database

    def oldest_letter(self, now: datetime) -> datetime | None:
        """Since when the oldest letter is due that waits for nothing but its sending, counted from its planning where
        it was tried and put off."""
        under_way = (EffectState.PLANNED.value, EffectState.DOING.value)
        follows = exists().where(
            letter_follows.c.letter_key == letters.c.key,
            effects.c.key == letter_follows.c.effect_key,
            effects.c.state.in_(under_way),
        )
        due = (letters.c.state == EffectState.PLANNED.value, letters.c.draft.is_(False), ~follows)
        since = func.coalesce(letters.c.started_at, letters.c.not_before)
        with self.db.read() as conn:
            found = conn.execute(
                select(letters.c.started_at, letters.c.not_before).where(*due).order_by(since).limit(1)
            )
            row = found.first()
        at: datetime | None = None if row is None else row[0] or row[1]
        return at if at is not None and at <= now else None
