"""What a named person does to the ledger besides a verdict: hands a mail back to the engine, looks at whole values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from mailbot.domain.mail import MailState
from mailbot.ledger.codec import clean
from mailbot.ledger.db import Database
from mailbot.ledger.mails import NO_BYTES
from mailbot.ledger.queue import next_turn
from mailbot.ledger.tables.mail import mails

REVEALED = "values.revealed"
"""The event of a look at whole values."""
RETRIED = "mail.retried"


@dataclass(frozen=True, slots=True)
class ByHand:
    """Acts of named persons, each one an event."""

    db: Database

    def retry(self, mail_id: int, actor: str, now: datetime) -> bool:
        """Let a mail that was set aside be taken in again, its attempts counted anew; false for one that is not set
        aside, or whose bytes the server never gave. Raises `LookupError` for a mail that does not exist."""
        with self.db.write("retry") as unit:
            query = select(mails.c.state, mails.c.sha256, mails.c.lane, mails.c.last_error).where(mails.c.id == mail_id)
            row = unit.conn.execute(query).one_or_none()
            if row is None:
                raise LookupError(f"there is no mail {mail_id}")
            if row[0] != MailState.SET_ASIDE.value or row[1] == NO_BYTES:
                return False
            anew = {"state": MailState.STORED.value, "attempts": 0, "retry_at": None, "last_error": None}
            turn = next_turn(unit.conn, row[2])
            unit.conn.execute(update(mails).where(mails.c.id == mail_id).values(**anew, ended_at=None, turn=turn))
            unit.note(RETRIED, now, actor=clean(actor), mail_id=mail_id, before=row[3])
        return True

    def revealed(
        self, actor: str, reason: str, now: datetime, *, case_id: str | None = None, mail_id: int | None = None
    ) -> None:
        """Record that a person looked at the whole values of a case or a mail. To be called before they are shown."""
        with self.db.write("revealed") as unit:
            unit.note(REVEALED, now, actor=clean(actor), case_id=case_id, mail_id=mail_id, reason=clean(reason))
