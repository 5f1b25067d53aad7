"""Commit 1: raw bytes durable as blobs, then rows and the mailbox's cursor in one transaction (`ports.MailStore`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from mailbot.domain.mail import Arrival, MailState, StoredMail
from mailbot.domain.ports import Cursor, FetchTry, Kept, NewMail
from mailbot.ledger.codec import Columns, clean
from mailbot.ledger.db import Database, Unit
from mailbot.ledger.queue import UNKNOWN_LANE, lane, next_turn
from mailbot.ledger.statement import Statement
from mailbot.ledger.tables.mail import cursors, fetch_tries, mails

NO_BYTES = ""
"""The digest of a mail whose bytes the server never gave."""
_STANDS = Statement(
    select(mails.c.id).where(
        *(mails.c[name] == bindparam(name) for name in ("account", "mailbox", "uidvalidity", "uid"))
    )
)
_ADD = Statement(insert(mails))
_BOX = tuple(cursors.c[name] == bindparam(f"b_{name}") for name in ("account", "mailbox"))
_MOVE = Statement(update(cursors).where(*_BOX))
_BEGIN = Statement(insert(cursors))


@dataclass(frozen=True, slots=True)
class Mails:
    """The intake's side of the ledger. A mail that stands already (same account, mailbox, UIDVALIDITY and UID) is
    skipped, so every call may be repeated."""

    db: Database

    def cursor(self, account: str, mailbox: str) -> Cursor | None:
        """How far a mailbox is stored, `None` before its first mail."""
        columns = (cursors.c.uidvalidity, cursors.c.high_water, cursors.c.stock, cursors.c.since)
        query = select(*columns).where(cursors.c.account == account, cursors.c.mailbox == mailbox)
        with self.db.read() as conn:
            row = conn.execute(query).one_or_none()
        return None if row is None else Cursor(int(row[0]), int(row[1]), int(row[2] or 0), row[3])

    def move(self, account: str, mailbox: str, cursor: Cursor) -> None:
        """Move the cursor alone."""
        with self.db.write("move") as unit:
            move_cursor(unit.conn, account, mailbox, cursor)

    def raw(self, sha256: str) -> bytes:
        """The bytes of a stored mail, verified. Raises `PortError` for what is missing or damaged."""
        return self.db.blobs.read(sha256)

    def known_uids(self, account: str, mailbox: str, uidvalidity: int) -> set[int]:
        """The UIDs that have a row under this UIDVALIDITY."""
        with self.db.read() as conn:
            return _known(conn, account, mailbox, uidvalidity)

    def newest(self, account: str, mailbox: str, uidvalidity: int, count: int) -> list[Kept]:
        """The stored mails of the highest UIDs, the highest first; without those whose bytes were never given."""
        columns = (mails.c.uid, mails.c.sha256, mails.c.size, mails.c.received_at)
        given = (*here(account, mailbox, uidvalidity), mails.c.sha256 != NO_BYTES)
        query = select(*columns).where(*given).order_by(mails.c.uid.desc()).limit(count)
        with self.db.read() as conn:
            return [Kept(*row) for row in conn.execute(query)]

    def tries(self, account: str, mailbox: str, uidvalidity: int) -> list[FetchTry]:
        """The mails that the server did not give so far, by UID."""
        of_box = _tries(account, mailbox)
        columns = (fetch_tries.c.uid, fetch_tries.c.weight, fetch_tries.c.next_at, fetch_tries.c.detail)
        query = select(*columns).where(*of_box, fetch_tries.c.uidvalidity == uidvalidity).order_by(fetch_tries.c.uid)
        with self.db.read() as conn:
            return [FetchTry(*row) for row in conn.execute(query)]

    def keep_tries(self, account: str, mailbox: str, uidvalidity: int, tries: Sequence[FetchTry]) -> None:
        """These and no others are under way in the mailbox."""
        key = {"account": account, "mailbox": mailbox, "uidvalidity": uidvalidity}
        rows = [
            {**key, "uid": one.uid, "weight": one.weight, "next_at": one.next_at, "detail": clean(one.detail)}
            for one in tries
        ]
        with self.db.write("keep_tries") as unit:
            unit.conn.execute(delete(fetch_tries).where(*_tries(account, mailbox)))
            if rows:
                unit.conn.execute(insert(fetch_tries), rows)

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
                move_cursor(unit.conn, account, mailbox, cursor)
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
            move_cursor(unit.conn, arrival.account, arrival.mailbox, cursor)


def here(account: str, mailbox: str, uidvalidity: int) -> tuple[ColumnElement[bool], ...]:
    """The rows of a mailbox under one UIDVALIDITY."""
    return (mails.c.account == account, mails.c.mailbox == mailbox, mails.c.uidvalidity == uidvalidity)


def _tries(account: str, mailbox: str) -> tuple[ColumnElement[bool], ...]:
    return (fetch_tries.c.account == account, fetch_tries.c.mailbox == mailbox)


def _known(conn: Connection, account: str, mailbox: str, uidvalidity: int) -> set[int]:
    query = select(mails.c.uid).where(*here(account, mailbox, uidvalidity))
    return {int(uid) for uid in conn.execute(query).scalars()}


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


def move_cursor(conn: Connection, account: str, mailbox: str, cursor: Cursor | None) -> None:
    """Where a mailbox is read up to; nothing where there is no cursor."""
    if cursor is None:
        return
    values: Columns = {
        "uidvalidity": cursor.uidvalidity,
        "high_water": cursor.high_water,
        "stock": cursor.stock,
        "since": cursor.since,
    }
    if not _MOVE.run(conn, {"b_account": account, "b_mailbox": mailbox, **values}):
        _BEGIN.run(conn, {"account": account, "mailbox": mailbox, **values})


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
