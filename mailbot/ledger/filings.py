"""Which mails may be moved to the server's folders for staff, and which were (`server_ports.FilingStore`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, insert, or_, select

from mailbot.domain.mail import MailState
from mailbot.domain.server_ports import Decided
from mailbot.domain.states import ItemState
from mailbot.ledger.db import Database
from mailbot.ledger.mails import NO_BYTES
from mailbot.ledger.tables.case import case_mails, cases
from mailbot.ledger.tables.filing import filings
from mailbot.ledger.tables.mail import cursors, mails

_ENDED = (MailState.DONE.value, MailState.IGNORED.value)
_HELD = exists().where(
    case_mails.c.mail_id == mails.c.id, case_mails.c.case_id == cases.c.id, cases.c.state == ItemState.HELD.value
)
_WAITS = or_(mails.c.state == MailState.SET_ASIDE.value, and_(mails.c.state.in_(_ENDED), _HELD))
_RESTS = and_(mails.c.state.in_(_ENDED), ~_HELD)
_NOT_MOVED = and_(mails.c.sha256 != NO_BYTES, ~exists().where(filings.c.mail_id == mails.c.id))
"""Whose bytes we have: what the server has not given yet stays where it is asked for."""


@dataclass(frozen=True, slots=True)
class Filings:
    """The courtesy's memory. A row that is missing costs a second look at the server, nothing else."""

    db: Database

    def decided(self, account: str, mailbox: str, limit: int, *, person: bool) -> list[Decided]:
        """Mails to move, the lowest UID first; none before the mailbox has a cursor."""
        query = (
            select(mails.c.id, mails.c.uidvalidity, mails.c.uid, mails.c.received_at)
            .join(
                cursors,
                and_(
                    cursors.c.account == mails.c.account,
                    cursors.c.mailbox == mails.c.mailbox,
                    cursors.c.uidvalidity == mails.c.uidvalidity,
                ),
            )
            .where(mails.c.account == account, mails.c.mailbox == mailbox, _WAITS if person else _RESTS, _NOT_MOVED)
            .order_by(mails.c.uid)
            .limit(limit)
        )
        with self.db.read() as conn:
            return [Decided(int(row[0]), int(row[1]), int(row[2]), row[3]) for row in conn.execute(query)]

    def note_filed(self, mail_ids: Sequence[int], folder: str, at: datetime) -> None:
        """Keep that they are moved no more. A mail that stands here already keeps its first folder."""
        with self.db.write("note_filed") as unit:
            known = set(unit.conn.execute(select(filings.c.mail_id).where(filings.c.mail_id.in_(mail_ids))).scalars())
            rows = [{"mail_id": mail, "folder": folder, "at": at} for mail in mail_ids if mail not in known]
            if rows:
                unit.conn.execute(insert(filings), rows)
