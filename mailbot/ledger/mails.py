"""Commit 1: raw bytes durable as blobs, then rows and the mailbox's cursor in one transaction (`ports.MailStore`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from mailbot.domain.mail import Arrival, MailState, StoredMail
from mailbot.domain.ports import Cursor, NewMail
from mailbot.ledger.codec import Columns, clean
from mailbot.ledger.db import Database, Unit
from mailbot.ledger.queue import UNKNOWN_LANE, lane, next_turn
from mailbot.ledger.statement import Statement
from mailbot.ledger.tables.mail import cursors, mails

NO_BYTES = ""
"""The digest of a mail whose bytes the server never gave."""
_STANDS = Statement(
    select(mails.c.id).where(
        *(mails.c[name] == bindparam(name) for name in ("account", "mailbox", "uidvalidity", "uid"))
    )
)
_ADD = Statement(insert(mails))


@dataclass(frozen=True, slots=True)
class Mails:
    """The intake's side of the ledger. A mail that stands already (same account, mailbox, UIDVALIDITY and UID) is
    skipped, so every call may be repeated."""

    db: Database

    def cursor(self, account: str, mailbox: str) -> Cursor | None:
        """How far a mailbox is stored, `None` before its first mail."""
        columns = (cursors.c.uidvalidity, cursors.c.high_water)
        query = select(*columns).where(cursors.c.account == account, cursors.c.mailbox == mailbox)
        with self.db.read() as conn:
            row = conn.execute(query).one_or_none()
        return None if row is None else Cursor(int(row[0]), int(row[1]))

    def known_uids(self, account: str, mailbox: str, uidvalidity: int) -> set[int]:
        """The UIDs that have a row under this UIDVALIDITY."""
        with self.db.read() as conn:
            return _known(conn, account, mailbox, uidvalidity)

    def store(self, new: Sequence[NewMail], cursor: Cursor | None) -> list[int]:
        """Keep these mails for ever; the ids of the new rows, in order. Raises `PortError` where the disk refuses, and
        `ValueError` for a cursor without a mail that names its mailbox, or with mails of several."""
        digests = self.db.blobs.store(mail.raw for mail in new)
        boxes = {(mail.arrival.account, mail.arrival.mailbox) for mail in new}
        if cursor is not None and len(boxes) != 1:
            raise ValueError("a cursor needs mails of exactly one mailbox")
        ids: list[int] = []
        with self.db.write("store") as unit:
            for mail, digest in zip(new, digests, strict=True):
                if not _stands(unit.conn, mail.arrival):
                    ids.append(_add(unit, mail, digest))
            for account, mailbox in boxes:
                _move(unit.conn, account, mailbox, cursor)
        return ids

    def store_poison(self, arrival: Arrival, address: str, size: int, detail: str, cursor: Cursor | None) -> None:
        """A mail that the server does not give: a row that is set aside for a person."""
        with self.db.write("store_poison") as unit:
            if not _stands(unit.conn, arrival):
                row = _row(arrival, address, UNKNOWN_LANE, NO_BYTES, size)
                ended = {
                    "state": MailState.SET_ASIDE.value,
                    "last_error": clean(detail),
                    "ended_at": arrival.received_at,
                }
                number = _ADD.add(unit.conn, row | ended)
                unit.note("mail.poison", arrival.received_at, mail_id=number, reason=clean(detail))
            _move(unit.conn, arrival.account, arrival.mailbox, cursor)


def _known(conn: Connection, account: str, mailbox: str, uidvalidity: int) -> set[int]:
    same = (mails.c.account == account, mails.c.mailbox == mailbox, mails.c.uidvalidity == uidvalidity)
    return {int(uid) for uid in conn.execute(select(mails.c.uid).where(*same)).scalars()}


def _stands(conn: Connection, at: Arrival) -> bool:
    key = {"account": at.account, "mailbox": at.mailbox, "uidvalidity": at.uidvalidity, "uid": at.uid}
    return _STANDS.first(conn, key) is not None


def _add(unit: Unit, mail: NewMail, digest: str) -> int:
    of_lane = lane(mail.raw)
    row = _row(mail.arrival, mail.address, of_lane, digest, len(mail.raw))
    row["turn"] = next_turn(unit.conn, of_lane)
    number = _ADD.add(unit.conn, row)
    unit.note("mail.stored", mail.arrival.received_at, mail_id=number, about=digest)
    return number


def _row(arrival: Arrival, address: str, of_lane: str, digest: str, size: int) -> Columns:
    return {
        "account": arrival.account,
        "mailbox": arrival.mailbox,
        "address": address,
        "uidvalidity": arrival.uidvalidity,
        "uid": arrival.uid,
        "sha256": digest,
        "size": size,
        "received_at": arrival.received_at,
        "lane": of_lane,
        "turn": 0,
        "state": MailState.STORED.value,
        "attempts": 0,
        "token": 0,
    }


def _move(conn: Connection, account: str, mailbox: str, cursor: Cursor | None) -> None:
    if cursor is None:
        return
    conn.execute(delete(cursors).where(cursors.c.account == account, cursors.c.mailbox == mailbox))
    values = {"uidvalidity": cursor.uidvalidity, "high_water": cursor.high_water}
    conn.execute(insert(cursors).values(account=account, mailbox=mailbox, **values))


def stored_mail(row: Mapping[str, Any]) -> StoredMail:
    """A row of `mails` as the domain's record."""
    arrival = Arrival(row["account"], row["mailbox"], row["uidvalidity"], row["uid"], row["received_at"])
    return StoredMail(
        id=row["id"],
        arrival=arrival,
        address=row["address"],
        sha256=row["sha256"],
        size=row["size"],
        state=MailState(row["state"]),
        attempts=row["attempts"],
        token=row["token"],
    )
