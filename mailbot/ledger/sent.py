"""What staff wrote by hand: kept from Sent folders (`server_ports.SentStore`), noted on the cases that it answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, func, insert, or_, select, update

from mailbot.domain.effects import EffectState
from mailbot.domain.mail import Arrival
from mailbot.domain.ports import Cursor, NewMail
from mailbot.domain.sent import SentFacts, SentMail, SentState
from mailbot.ledger.codec import Columns, chunks, clean, clean_or_none
from mailbot.ledger.db import Database, Unit
from mailbot.ledger.mails import Mails, move_cursor
from mailbot.ledger.tables.case import case_mails
from mailbot.ledger.tables.mail import mails
from mailbot.ledger.tables.outbox import letter_cases, letters
from mailbot.ledger.tables.sent import sent_mails

ANSWERED: Final = "case.answered_by_hand"
MAIL_ANSWERED: Final = "mail.answered_by_hand"
_ATTEMPTS: Final = 3
_STORED = SentState.STORED.value
_THIS = update(sent_mails).where(sent_mails.c.id == bindparam("b_id"))


@dataclass(frozen=True, slots=True)
class Answers:
    """What a mail by hand answers: cases, and mails (which may have no case)."""

    cases: tuple[str, ...] = ()
    mails: tuple[int, ...] = ()

    @property
    def found(self) -> bool:
        """Whether it answers anything."""
        return bool(self.cases or self.mails)


@dataclass(frozen=True, slots=True)
class SentLine:
    """One mail of a Sent folder in a list."""

    id: int
    account: str
    mailbox: str
    sent_at: datetime
    state: SentState
    size: int
    sha256: str
    recipients: tuple[str, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """Keeps these mails apart from those that came in: they open no case and get no letter."""

    db: Database

    def cursor(self, account: str, mailbox: str) -> Cursor | None:
        """How far a Sent folder is read."""
        return Mails(self.db).cursor(account, mailbox)

    def move(self, account: str, mailbox: str, cursor: Cursor) -> None:
        """Move that alone."""
        Mails(self.db).move(account, mailbox, cursor)

    def ours(self, message_ids: Collection[str]) -> set[str]:
        """Which of these Message-IDs are those of letters of ours."""
        found: set[str] = set()
        with self.db.read() as conn:
            for some in chunks(message_ids):
                query = select(letters.c.message_id).where(letters.c.message_id.in_(some))
                found.update(conn.execute(query).scalars())
        return found

    def keep(self, new: Sequence[NewMail], cursor: Cursor) -> int:
        """The bytes, and how far the folder is read, in one transaction; how many were new. The same bytes of the same
        account are one mail, whatever UID they have by now. Raises `ValueError` without a mail."""
        digests = self.db.blobs.store(mail.raw for mail in new)
        [(account, mailbox)] = {(mail.arrival.account, mail.arrival.mailbox) for mail in new}
        added = 0
        with self.db.write("keep_sent") as unit:
            for mail, digest in zip(new, digests, strict=True):
                if not _stands(unit.conn, mail.arrival, digest):
                    unit.conn.execute(insert(sent_mails).values(_row(mail, digest)))
                    added += 1
            move_cursor(unit.conn, account, mailbox, cursor)
        return added

    def claim(self, now: datetime) -> SentMail | None:
        """The next one to look at, its attempt counted; one that broke the reader too often is left unread."""
        first = select(sent_mails).where(sent_mails.c.state == _STORED).order_by(sent_mails.c.id).limit(1)
        with self.db.read() as conn:
            if conn.execute(first).first() is None:
                return None
        with self.db.write("claim_sent") as unit:
            while (row := unit.conn.execute(first).mappings().first()) is not None:
                if row["attempts"] < _ATTEMPTS:
                    unit.conn.execute(_THIS.values(attempts=row["attempts"] + 1), {"b_id": row["id"]})
                    return _mail(row)
                _give_up(unit, int(row["id"]), str(row["sha256"]), f"given up after {_ATTEMPTS} attempts", now)
        return None

    def unreadable(self, sent: SentMail, why: str, now: datetime) -> None:
        """It cannot be opened: kept, and that is all."""
        with self.db.write("unreadable_sent") as unit:
            _give_up(unit, sent.id, sent.sha256, why, now)

    def answered(self, facts: SentFacts) -> Answers:
        """The cases of the mails and letters that it answers, and those whose number it names to their own sender."""
        with self.db.read() as conn:
            theirs = _mails_of(conn, facts.replies)
            found = {*_cases_of_mails(conn, theirs), *_cases_of_letters(conn, facts.replies)}
            found.update(case for case in facts.numbers if set(facts.recipients) & _correspondents(conn, case))
        return Answers(tuple(sorted(found)), tuple(theirs))

    def settle(self, sent: SentMail, facts: SentFacts, answers: Answers, now: datetime) -> int:
        """Note what it answers. Letters about a mail of no case that were not sent yet wait for a person; how many."""
        state = SentState.ANSWERS if answers.found else SentState.OTHER
        values: Columns = {
            "state": state.value,
            "message_id": clean_or_none(facts.message_id),
            "replies": [clean(one) for one in facts.replies],
            "recipients": [clean(one) for one in facts.recipients],
            "numbers": list(facts.numbers),
            "cases": list(answers.cases),
        }
        where, to, at = sent.arrival.account, list(facts.recipients), sent.arrival.received_at.isoformat()
        with self.db.write("settle_sent") as unit:
            unit.conn.execute(_THIS.values(values), {"b_id": sent.id})
            for case_id in answers.cases:
                unit.note(ANSWERED, now, case_id=case_id, about=sent.sha256, account=where, to=to, sent_at=at)
            for mail_id in answers.mails:
                unit.note(MAIL_ANSWERED, now, mail_id=mail_id, about=sent.sha256, account=where, to=to, sent_at=at)
            return _hold(unit, answers.mails)

    def unmatched(self, since: datetime) -> list[tuple[SentMail, SentFacts]]:
        """Those sent since then that answered nothing when they were looked at: the mail may be known by now."""
        mine = (sent_mails.c.state == SentState.OTHER.value, sent_mails.c.sent_at >= since)
        with self.db.read() as conn:
            rows = conn.execute(select(sent_mails).where(*mine).order_by(sent_mails.c.id)).mappings().all()
        return [(_mail(row), _facts(row)) for row in rows]

    def lines(self, limit: int) -> list[SentLine]:
        """The latest of them."""
        with self.db.read() as conn:
            rows = conn.execute(select(sent_mails).order_by(sent_mails.c.id.desc()).limit(limit)).mappings().all()
        return [_line(row) for row in rows]


def _row(mail: NewMail, digest: str) -> Columns:
    at = mail.arrival
    key: Columns = {"account": at.account, "mailbox": at.mailbox, "uidvalidity": at.uidvalidity, "uid": at.uid}
    return key | {
        "sha256": digest,
        "size": len(mail.raw),
        "sent_at": at.received_at,
        "state": _STORED,
        "attempts": 0,
    }


def _stands(conn: Connection, at: Arrival, digest: str) -> bool:
    c = sent_mails.c
    same_place: ColumnElement[bool] = (c.mailbox == at.mailbox) & (c.uidvalidity == at.uidvalidity) & (c.uid == at.uid)
    query = select(c.id).where(c.account == at.account, or_(same_place, c.sha256 == digest)).limit(1)
    return conn.execute(query).first() is not None


def _give_up(unit: Unit, number: int, digest: str, why: str, now: datetime) -> None:
    unit.conn.execute(_THIS.values(state=SentState.UNREADABLE.value), {"b_id": number})
    unit.note("sent.unreadable", now, about=digest, reason=clean(why))


def _mails_of(conn: Connection, replies: Sequence[str]) -> list[int]:
    query = select(mails.c.id).where(mails.c.message_id.in_(replies)).order_by(mails.c.id)
    return [int(number) for number in conn.execute(query).scalars()] if replies else []


def _cases_of_mails(conn: Connection, numbers: Sequence[int]) -> set[str]:
    query = select(case_mails.c.case_id).where(case_mails.c.mail_id.in_(numbers))
    return set(conn.execute(query).scalars()) if numbers else set()


def _cases_of_letters(conn: Connection, replies: Sequence[str]) -> set[str]:
    joined = select(letter_cases.c.case_id).join(letters, letters.c.key == letter_cases.c.letter_key)
    return set(conn.execute(joined.where(letters.c.message_id.in_(replies))).scalars()) if replies else set()


def _correspondents(conn: Connection, case_id: str) -> set[str]:
    """Who wrote the mails of a case, and whom its letters go to."""
    wrote = select(func.lower(mails.c.sender)).join(case_mails, case_mails.c.mail_id == mails.c.id)
    got = select(letters.c.lane).join(letter_cases, letter_cases.c.letter_key == letters.c.key)
    senders = conn.execute(wrote.where(case_mails.c.case_id == case_id)).scalars().all()
    recipients = conn.execute(got.where(letter_cases.c.case_id == case_id)).scalars().all()
    return {one for one in (*senders, *recipients) if one}


def _hold(unit: Unit, numbers: Sequence[int]) -> int:
    if not numbers:
        return 0
    waiting = (letters.c.mail_id.in_(numbers), letters.c.state == EffectState.PLANNED.value, letters.c.draft.is_(False))
    held: int = unit.conn.execute(update(letters).where(*waiting).values(draft=True)).rowcount
    return held


def _mail(row: RowMapping) -> SentMail:
    at = Arrival(row["account"], row["mailbox"], row["uidvalidity"], row["uid"], row["sent_at"])
    return SentMail(row["id"], at, row["sha256"], row["attempts"])


def _facts(row: RowMapping) -> SentFacts:
    return SentFacts(row["message_id"], *(_texts(row[name]) for name in ("replies", "recipients", "numbers")))


def _line(row: RowMapping) -> SentLine:
    return SentLine(
        row["id"],
        row["account"],
        row["mailbox"],
        row["sent_at"],
        SentState(row["state"]),
        row["size"],
        row["sha256"],
        _texts(row["recipients"]),
        _texts(row["cases"]),
    )


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401  # a JSON column
    return tuple(str(one) for one in value or ())
