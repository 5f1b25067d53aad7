"""The ledger's side of the daily comparison with servers (`server_ports.SweepStore`), and what the last came to."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete, insert, select, update

from mailbot.domain.mail import MailState
from mailbot.domain.ports import Cursor, NewMail
from mailbot.domain.server_ports import Swept
from mailbot.ledger.codec import chunks, dumps
from mailbot.ledger.db import AUTO, Database
from mailbot.ledger.mails import NO_BYTES, Mails, here
from mailbot.ledger.queue import lane, next_turn
from mailbot.ledger.tables.journal import settings
from mailbot.ledger.tables.mail import mails

GAP: Final = "mails.missing"
"""The event of mails that a server held and the ledger did not."""
_NAME: Final = "sweep:"


@dataclass(frozen=True, slots=True)
class LastSweep:
    """When an account was last compared, and what its folders came to."""

    at: datetime
    folders: tuple[Swept, ...]

    @property
    def taken(self) -> int:
        """The mails that were missing."""
        return sum(one.taken for one in self.folders)


@dataclass(frozen=True, slots=True)
class Sweeps:
    """Compares by UID, by arrival and size, or by bytes; what is missing is stored as any mail is."""

    db: Database

    def cursor(self, account: str, mailbox: str) -> Cursor | None:
        """How far a mailbox is stored."""
        return Mails(self.db).cursor(account, mailbox)

    def known_uids(self, account: str, mailbox: str, uidvalidity: int) -> set[int]:
        """The UIDs that have a row."""
        return Mails(self.db).known_uids(account, mailbox, uidvalidity)

    def store(self, new: Sequence[NewMail], cursor: Cursor | None) -> list[int]:
        """Keep these mails, as `Mails.store`."""
        return Mails(self.db).store(new, cursor)

    def not_given(self, account: str, mailbox: str, uidvalidity: int) -> set[int]:
        """The UIDs of the mails whose bytes the server never gave."""
        query = select(mails.c.uid).where(*here(account, mailbox, uidvalidity), mails.c.sha256 == NO_BYTES)
        with self.db.read() as conn:
            return {int(uid) for uid in conn.execute(query).scalars()}

    def give(self, mail: NewMail) -> bool:
        """Bytes at last: the row that was set aside without them waits for its turn."""
        [digest] = self.db.blobs.store([mail.raw])
        at, of_lane = mail.arrival, lane(mail.raw)
        with self.db.write("give") as unit:
            empty = (*here(at.account, at.mailbox, at.uidvalidity), mails.c.uid == at.uid, mails.c.sha256 == NO_BYTES)
            number = unit.conn.execute(select(mails.c.id).where(*empty)).scalar_one_or_none()
            if number is None:
                return False
            values = {"sha256": digest, "size": len(mail.raw), "lane": of_lane, "turn": next_turn(unit.conn, of_lane)}
            anew = {"state": MailState.STORED.value, "attempts": 0, "last_error": None, "ended_at": None}
            unit.conn.execute(update(mails).where(mails.c.id == number).values(**values, **anew))
            unit.note("mail.given", at.received_at, mail_id=int(number), about=digest)
        return True

    def alike(self, account: str, marks: Collection[tuple[datetime, int]]) -> set[tuple[datetime, int]]:
        """Which of these (arrival, size) are those of a stored mail of the account, in whatever folder."""
        if not marks:
            return set()
        times = [at for at, _ in marks]
        query = select(mails.c.received_at, mails.c.size).where(
            mails.c.account == account, mails.c.received_at.between(min(times), max(times)), mails.c.sha256 != NO_BYTES
        )
        with self.db.read() as conn:
            stored = {(at.astimezone(UTC), int(size)) for at, size in conn.execute(query)}
        return {(at, size) for at, size in marks if (at.astimezone(UTC), size) in stored}

    def have(self, digests: Collection[str]) -> set[str]:
        """Which of these bytes are stored."""
        found: set[str] = set()
        with self.db.read() as conn:
            for some in chunks(digests):
                found.update(conn.execute(select(mails.c.sha256).where(mails.c.sha256.in_(some))).scalars())
        return found

    def note(self, account: str, swept: Sequence[Swept], now: datetime) -> None:
        """Keep what the comparison came to; mails that were missing are an event."""
        name, value = f"{_NAME}{account}", dumps([asdict(one) for one in swept])
        with self.db.write("swept") as unit:
            unit.conn.execute(delete(settings).where(settings.c.name == name))
            unit.conn.execute(insert(settings).values(name=name, value=value, actor=AUTO, at=now))
            for one in swept:
                if one.taken:
                    unit.note(GAP, now, about=f"{one.account}/{one.folder}", taken=one.taken, listed=one.listed)

    def begin(self, account: str, now: datetime) -> datetime:
        """When an account was last compared; for a new one the days are counted from now."""
        last = self.last(account)
        if last is None:
            self.note(account, (), now)
        return now if last is None else last.at

    def last(self, account: str) -> LastSweep | None:
        """The last comparison of an account, `None` before the first."""
        query = select(settings.c.value, settings.c.at).where(settings.c.name == f"{_NAME}{account}")
        with self.db.read() as conn:
            row = conn.execute(query).one_or_none()
        return None if row is None else LastSweep(row[1], tuple(Swept(**one) for one in json.loads(row[0])))
