"""Notices to the office's own staff: written whole, then planned and sent like any other letter, once per key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mailbot.domain.effects import LetterKind, PlannedLetter
from mailbot.domain.letters import Composed
from mailbot.ledger import letter_steps
from mailbot.ledger.db import Database
from mailbot.ledger.outbox import message_id, plan_letter
from mailbot.ledger.tables.outbox import letters


@dataclass(frozen=True, slots=True)
class Notices:
    """Plans notices."""

    db: Database

    def plan(self, key: str, to: str, compose: Callable[[str], Composed], now: datetime) -> bool:
        """Plan one notice; false where one stands under its key already. `compose` is given the stable Message-ID and
        renders; its bytes are durable before the row says that they are there."""
        with self.db.read() as conn:
            if conn.execute(select(letters.c.key).where(letters.c.key == key)).first() is not None:
                return False
        composed = compose(message_id(self.db.terms.hasher, self.db.terms.domain, key))
        [sha256] = self.db.blobs.store([composed.raw])
        with self.db.write("notice") as unit:
            planned = plan_letter(unit, PlannedLetter(key, to, LetterKind.NOTICE, ()), now)
            if planned:
                letter_steps.store(unit, key, composed, sha256, now)
        return planned
