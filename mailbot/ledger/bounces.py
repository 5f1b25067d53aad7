"""Letters that came back: which letter a notice speaks of, and whom we therefore cannot reach by mail.

A case cannot be reached while the newest letter about it came back or was refused; the next one that goes out ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, insert, select

from mailbot.domain.bounces import Returned, Traced, in_our_name, why
from mailbot.domain.effects import EffectState
from mailbot.domain.mail import Notice
from mailbot.domain.outcome import Json
from mailbot.domain.states import OPEN, ItemState
from mailbot.ledger.codec import clean, clean_or_none
from mailbot.ledger.db import Database, Unit
from mailbot.ledger.statement import Row, Statement, among, one_of
from mailbot.ledger.tables.case import cases
from mailbot.ledger.tables.outbox import letter_cases, letters
from mailbot.ledger.tables.reach import bounces

RETURNED: Final = "letter.returned"
UNREACHED: Final = "case.unreached"
"""The events of a letter that came back, and of each case that it told of."""
LATEST: Final = timedelta(days=14)
"""How old a letter may be that a notice without its Message-ID is taken to speak of: servers give up within five days
(RFC 5321, 4.5.4.1), and some are slow to say so."""
SHOWN_FOR: Final = timedelta(days=7)
"""How long a case that has ended is shown as one that cannot be reached."""
MOST: Final = 200
_LETTER = (letters.c.key, letters.c.recipient)
_BY_ID = Statement(select(*_LETTER).where(one_of(letters.c.message_id, "ids")))
_BY_KEY = Statement(
    select(*_LETTER).where(
        letters.c.key == bindparam("key"), one_of(letters.c.lane, "lanes"), letters.c.started_at.is_not(None)
    )
)
_NEWEST = Statement(
    select(*_LETTER)
    .where(
        one_of(letters.c.lane, "lanes"),
        letters.c.started_at > bindparam("since"),
        letters.c.started_at <= bindparam("at"),
    )
    .order_by(letters.c.started_at.desc())
    .limit(1)
)
_ABOUT = select(letter_cases.c.case_id).where(letter_cases.c.letter_key == bindparam("key"))
_SECTIONS = Statement(_ABOUT.order_by(letter_cases.c.position))
_STANDS = Statement(select(bounces.c.mail_id).where(bounces.c.mail_id == bindparam("mail_id")))
_ADD = Statement(insert(bounces))


@dataclass(frozen=True, slots=True)
class Unreached:
    """A case whose sender our mail does not reach. `why` is a few Chinese words, `sure` whether the notice was beyond
    doubt; `contact` and `phone` stand in the header of its list."""

    case_id: str
    state: ItemState
    letter: str
    to: str
    why: str
    sure: bool
    at: datetime
    unit: str | None
    contact: str | None
    phone: str | None


def trace(conn: Connection, domain: str, notice: Notice, at: datetime) -> Traced:
    """The letter that a notice speaks of: by its Message-ID, by the mark that the envelope carried, or the newest one
    to the address that it names. Nothing is guessed where it shows the id of another mail."""
    found = _BY_ID.first(conn, {"ids": list(notice.returned)}) if notice.returned else None
    if found is not None:
        return Traced(_returned(conn, found, notice, sure=True))
    if in_our_name(notice, domain):
        return Traced(None, forged=True)
    lanes = [clean(address).casefold() for address in notice.recipients]
    if notice.envelope and lanes:
        found = _BY_KEY.first(conn, {"key": clean(notice.envelope), "lanes": lanes})
    if found is None and lanes and not notice.returned:
        found = _NEWEST.first(conn, {"lanes": lanes, "since": at - LATEST, "at": at})
    return Traced(None if found is None else _returned(conn, found, notice, sure=False))


def _returned(conn: Connection, found: Row, notice: Notice, *, sure: bool) -> Returned:
    key, to = str(found[0]), str(found[1])
    about = tuple(str(case) for case in _SECTIONS.scalars(conn, {"key": key}))
    return Returned(key, to, about, sure, notice.status, notice.said)


def keep(unit: Unit, mail_id: int, returned: Returned, at: datetime) -> None:
    """The letter is marked, and each case it told of says so. A mail speaks of one letter, once."""
    if _STANDS.first(unit.conn, {"mail_id": mail_id}) is not None:
        return
    row = {"mail_id": mail_id, "letter_key": returned.letter, "sure": returned.sure, "at": at}
    row |= {"status": clean_or_none(returned.status), "said": clean(returned.said)}
    _ADD.run(unit.conn, row)
    told, sure, to = why(returned.status, returned.said), returned.sure, clean(returned.to)
    unit.note(RETURNED, at, mail_id=mail_id, about=returned.letter, why=told, sure=sure, to=to, said=row["said"])
    for case_id in returned.cases:
        unit.note(UNREACHED, at, mail_id=mail_id, case_id=case_id, about=returned.letter, why=told, sure=sure, to=to)


_later = letters.alias("later")
_of_later = letter_cases.alias("of_later")
_NO_LATER_ONE: ColumnElement[bool] = ~(
    select(_later.c.key)
    .join(_of_later, _of_later.c.letter_key == _later.c.key)
    .where(_of_later.c.case_id == letter_cases.c.case_id, _later.c.started_at > letters.c.started_at)
    .exists()
)


def _unreached(*columns: ColumnElement[Any]) -> Select[Any]:
    about = (cases.c.id, cases.c.state, cases.c.header, letters.c.key, letters.c.recipient)
    return (
        select(*about, *columns)
        .select_from(letters)
        .join(letter_cases, letter_cases.c.letter_key == letters.c.key)
        .join(cases, cases.c.id == letter_cases.c.case_id)
    )


_BACK = (
    _unreached(bounces.c.status, bounces.c.said, bounces.c.sure, bounces.c.at)
    .join(bounces, bounces.c.letter_key == letters.c.key)
    .where(_NO_LATER_ONE)
)
_REFUSED = _unreached(letters.c.detail, func.coalesce(letters.c.ended_at, letters.c.planned_at)).where(
    letters.c.state == EffectState.REJECTED.value, letters.c.started_at.is_not(None), _NO_LATER_ONE
)
_OPEN = tuple(sorted(state.value for state in OPEN))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom our letters do not reach."""

    db: Database

    def trace(self, notice: Notice, at: datetime) -> Traced:
        """The letter that a notice which came then speaks of."""
        with self.db.read() as conn:
            return trace(conn, self.db.terms.domain, notice, at)

    def unreached(self, now: datetime) -> list[Unreached]:
        """The cases that cannot be reached, the latest first: those that are open, and for some days those that have
        ended."""
        is_open = among(cases.c.state, _OPEN)
        since = now - SHOWN_FOR
        return self._found(is_open | (bounces.c.at > since), is_open | (letters.c.ended_at > since))

    def of_case(self, case_id: str) -> Unreached | None:
        """Why this case cannot be reached, whenever it ended; `None` where it can."""
        this = cases.c.id == case_id
        return next(iter(self._found(this, this)), None)

    def _found(self, back: ColumnElement[bool], refused: ColumnElement[bool]) -> list[Unreached]:
        found: dict[str, Unreached] = {}
        with self.db.read() as conn:
            for row in conn.execute(_BACK.where(back).order_by(bounces.c.sure.desc(), bounces.c.at.desc()).limit(MOST)):
                found.setdefault(row[0], _line(row[:5], why(row[5], row[6] or ""), row[8], sure=row[7]))
            for row in conn.execute(_REFUSED.where(refused).order_by(letters.c.ended_at.desc()).limit(MOST)):
                found.setdefault(row[0], _line(row[:5], why(None, row[5] or ""), row[6], sure=True))
        return sorted(found.values(), key=lambda one: one.at, reverse=True)


def _line(row: Sequence[Any], words: str, at: datetime, *, sure: bool) -> Unreached:
    case_id, state, header, letter, to = row
    named: Json = header or {}
    unit, contact, phone = (named.get(key) for key in ("unit", "contact", "contact_phone"))
    return Unreached(
        case_id=case_id,
        state=ItemState(state),
        letter=letter,
        to=to,
        why=words,
        sure=sure,
        at=at,
        unit=None if unit is None else str(unit),
        contact=None if contact is None else str(contact),
        phone=None if phone is None else str(phone),
    )
