"""A mail's claim and its ends without a result: put back, set aside, recovered after a crash.

A claim is one conditional update that counts the attempt before any work; its number (`token`) only rises, and whoever
comes with an older one changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, select, update

from mailbot.domain.mail import MailState, StoredMail
from mailbot.ledger.codec import Columns, clean
from mailbot.ledger.db import Unit
from mailbot.ledger.mails import stored_mail
from mailbot.ledger.queue import next_turn
from mailbot.ledger.statement import Statement
from mailbot.ledger.tables.mail import mails

STORED, WORKING, SET_ASIDE = (s.value for s in (MailState.STORED, MailState.WORKING, MailState.SET_ASIDE))


_WAKE = Statement(
    update(mails).where(mails.c.state == STORED, mails.c.retry_at <= bindparam("now")).values(retry_at=None)
)
"""Mails whose wait is over are in the queue again: once each, so that no claim reads through those that still wait."""
# A second worker on a server database takes the next one instead of waiting for this one.
_FIRST = Statement(
    select(mails.c.id, mails.c.attempts)
    .where(mails.c.state == STORED, mails.c.retry_at.is_(None))
    .order_by(mails.c.turn, mails.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_THIS = Statement(select(mails).where(mails.c.id == bindparam("id")))
_TAKE = Statement(
    update(mails)
    .where(mails.c.id == bindparam("b_id"), mails.c.state == STORED)
    .values(state=WORKING, attempts=mails.c.attempts + 1, token=mails.c.token + 1, retry_at=None)
)


def claim(unit: Unit, now: datetime) -> StoredMail | None:
    """The mail whose turn it is, its attempt counted; those that were tried often enough are set aside on the way."""
    _WAKE.run(unit.conn, {"now": now})
    while (row := _FIRST.first(unit.conn)) is not None:
        number, attempts = int(row[0]), int(row[1])
        if attempts >= unit.terms.attempts:
            _end(unit, number, f"given up after {attempts} attempts", now)
            continue
        _TAKE.run(unit.conn, {"b_id": number})
        return stored_mail(_THIS.maps(unit.conn, {"id": number})[0])
    return None


def mine(mail: StoredMail) -> ColumnElement[bool]:
    """Whether the mail is still claimed as this record says."""
    return and_(mails.c.id == mail.id, mails.c.state == WORKING, mails.c.token == mail.token)


def put_back(unit: Unit, mail: StoredMail, reason: str, retry_at: datetime, *, counts: bool) -> None:
    """Let the mail wait again, behind the others of its lane. What was the site's fault is no attempt of the mail's."""
    of_lane = unit.conn.execute(select(mails.c.lane).where(mine(mail))).scalar_one_or_none()
    if of_lane is None:
        return
    turn = next_turn(unit.conn, of_lane)
    waits: Columns = {"state": STORED, "retry_at": retry_at, "last_error": clean(reason), "turn": turn}
    if not counts:
        waits["attempts"] = mail.attempts - 1
    unit.conn.execute(update(mails).where(mine(mail)).values(waits))


def set_aside(unit: Unit, mail: StoredMail, reason: str, now: datetime) -> None:
    """Give the mail to a person."""
    if unit.conn.execute(select(mails.c.id).where(mine(mail))).first() is not None:
        _end(unit, mail.id, reason, now)


def recover(unit: Unit, now: datetime) -> None:
    """Void the claims of a dead owner. Attempts stay counted: a mail that kills its worker ends with a person."""
    claimed = select(mails.c.id, mails.c.attempts).where(mails.c.state == WORKING)
    for number, attempts in unit.conn.execute(claimed).all():
        if attempts >= unit.terms.attempts:
            _end(unit, number, f"given up after {attempts} attempts, the last one cut short", now)
        else:
            unit.conn.execute(update(mails).where(mails.c.id == number).values(state=STORED, retry_at=None))
            unit.note("mail.recovered", now, mail_id=number, attempts=attempts)


def _end(unit: Unit, number: int, reason: str, now: datetime) -> None:
    """The earlier reason, if there is one, says more than the count."""
    before = unit.conn.execute(select(mails.c.last_error).where(mails.c.id == number)).scalar_one()
    told = clean(f"{reason}: {before}" if before and before != reason else reason)
    ended = {"state": SET_ASIDE, "last_error": told, "retry_at": None, "ended_at": now}
    unit.conn.execute(update(mails).where(mails.c.id == number).values(ended))
    unit.note("mail.set_aside", now, mail_id=number, reason=told)
