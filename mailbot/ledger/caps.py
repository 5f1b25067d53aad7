"""Caps and brakes: how many letters one address, one mailbox and the whole site get in an hour and a day.

A cap drops nothing that somebody is owed: what is too much waits, its sender is told so once, and it goes out gathered
into few letters. A brake means that something runs wild: it stops letters until a person lets them go.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, exists, insert, select, update

from mailbot.domain.effects import EffectState, LetterKind, PlannedLetter, answer_key
from mailbot.domain.letters import MORE
from mailbot.domain.states import ItemState
from mailbot.ledger.db import Unit
from mailbot.ledger.outbox import OVER_CAP, plan_letter
from mailbot.ledger.settle import RUNNING, owe
from mailbot.ledger.statement import Statement, among
from mailbot.ledger.stops import released_at, stop
from mailbot.ledger.tables.case import items
from mailbot.ledger.tables.mail import mails
from mailbot.ledger.tables.outbox import effects, letter_cases, letter_follows, letters
from mailbot.ledger.tables.stops import Scope
from mailbot.ledger.terms import Caps

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
CAPPED: Final = "capped"
GATHERED: Final = "gathered"
SAME_TEXT: Final = "same_text"
_PLANNED, _CANCELLED = EffectState.PLANNED.value, EffectState.CANCELLED.value
_OF_CASES = (LetterKind.RECEIPT.value, LetterKind.RESULT.value)
_SINCE = bindparam("since", type_=letters.c.started_at.type)
_LATEST = letters.c.started_at > _SINCE
_NEWEST = select(letters.c.started_at).order_by(letters.c.started_at.desc()).limit(1).offset(bindparam("beyond"))
_OF_HOUSE = Statement(_NEWEST.where(_LATEST))
_OF_MAILBOX = Statement(
    _NEWEST.join(mails, mails.c.id == letters.c.mail_id).where(_LATEST, mails.c.account == bindparam("account"))
)
_LANE = letters.c.lane == bindparam("lane")
_OF_LANE = Statement(_NEWEST.where(_LANE, _LATEST, letters.c.counted.is_(True)))
_ACCOUNT = Statement(select(mails.c.account).where(mails.c.id == bindparam("mail_id")))
_ITEMS = letter_cases.join(items, items.c.case_id == letter_cases.c.case_id)
_WITH_ITEMS = select(items.c.number).select_from(_ITEMS).where(letter_cases.c.letter_key == bindparam("key")).limit(1)
_OPEN_END = Statement(_WITH_ITEMS.where(among(items.c.state, RUNNING)))
_DECIDED = Statement(
    _WITH_ITEMS.where(
        ~among(items.c.state, (ItemState.AWAITING_SENDER.value, ItemState.HELD.value, ItemState.RECEIVED.value))
    )
)
_SECTIONS = Statement(
    select(letter_cases.c.case_id)
    .where(letter_cases.c.letter_key == bindparam("key"))
    .order_by(letter_cases.c.position)
)
_TOLD_MORE = Statement(
    select(letters.c.key).where(_LANE, letters.c.key.startswith(MORE), letters.c.planned_at > _SINCE).limit(1)
)
_SAID = Statement(
    select(letters.c.key)
    .where(_LANE, _LATEST, letters.c.words == bindparam("words"), letters.c.key != bindparam("key"))
    .limit(1)
)
_THIS = update(letters).where(letters.c.key == bindparam("b_key"))
_CHANGE = Statement(_THIS)
_UNSENT = (letters.c.state == _PLANNED, letters.c.draft.is_(False), letters.c.started_at.is_(None))
_POSTPONE = Statement(
    update(letters)
    .where(
        letters.c.lane == bindparam("b_lane"),
        letters.c.not_before <= bindparam("b_now", type_=letters.c.not_before.type),
    )
    .where(*_UNSENT, among(letters.c.kind, (LetterKind.RECEIPT.value, LetterKind.ANSWER.value)))
    .where(exists().where(letter_cases.c.letter_key == letters.c.key))
    .values(detail=OVER_CAP)
)
SETTLED: Final = ~exists().where(
    letter_follows.c.letter_key == letters.c.key,
    effects.c.key == letter_follows.c.effect_key,
    among(effects.c.state, (_PLANNED, EffectState.DOING.value)),
)
"""Whether all that a letter tells of has settled, or waits for the platform."""
_WAITING = Statement(
    select(letters.c.key, letters.c.mail_id, letters.c.trusted, letters.c.bound)
    .where(_LANE, *_UNSENT, letters.c.detail == OVER_CAP, letters.c.sha256.is_(None), SETTLED)
    .where(among(letters.c.kind, _OF_CASES), letters.c.key != bindparam("key"))
    .order_by(letters.c.planned_at, letters.c.key)
    .limit(bindparam("most"))
)
_ADD_SECTIONS = Statement(insert(letter_cases))


def may_go(unit: Unit, row: Mapping[str, Any], now: datetime) -> bool:
    """Whether a due letter may go now, before its first sending. Where not, it was put off or cancelled, or a stop is
    in force. One that waited takes along what waited with it."""
    caps = unit.terms.caps
    if caps is None:
        return True
    if _braked(unit, caps, row, now):
        return False
    if not _is_counted(unit, row):
        if row["detail"] == OVER_CAP:
            _gather(unit, caps, row, now)
        return True
    frees = _frees_at(unit, caps, row["lane"], now)
    if frees is not None:
        _put_off(unit, row, frees, now)
        return False
    _CHANGE.run(unit.conn, {"b_key": row["key"], "counted": True})
    if row["detail"] == OVER_CAP:
        _gather(unit, caps, row, now)
    return True


def _braked(unit: Unit, caps: Caps, row: Mapping[str, Any], now: datetime) -> bool:
    """Whether this letter would be one too many for the site or its mailbox; the stop is in force then."""
    if _full(unit, _OF_HOUSE, Scope.BRAKE, "", caps.house, now):
        stop(unit, Scope.BRAKE, "", f"{caps.house} letters within an hour", now)
        return True
    if row["mail_id"] is None or not _full(unit, _OF_HOUSE, Scope.MAILBOX, "", caps.mailbox, now):
        return False
    account = str(_ACCOUNT.scalar(unit.conn, {"mail_id": row["mail_id"]}))
    if not _full(unit, _OF_MAILBOX, Scope.MAILBOX, account, caps.mailbox, now, account=account):
        return False
    stop(unit, Scope.MAILBOX, account, f"{caps.mailbox} letters within an hour in answer to this mailbox", now)
    return True


def _full(unit: Unit, query: Statement, scope: Scope, subject: str, most: int, now: datetime, **of: str) -> bool:
    """Whether so many letters were begun within the last hour, counted from when a person last let the brake go."""
    since = max(now - HOUR, released_at(unit.conn, scope, subject) or now - HOUR)
    return query.first(unit.conn, {"since": since, "beyond": most - 1, **of}) is not None


def _is_counted(unit: Unit, row: Mapping[str, Any]) -> bool:
    """Whether the caps count it: receipts and answers, and what only asks. A letter that has something decided to tell
    by now is a result."""
    key, kind = row["key"], row["kind"]
    if kind == LetterKind.ANSWER:
        return True
    if kind == LetterKind.RECEIPT:
        return _OPEN_END.first(unit.conn, {"key": key}) is not None
    of_a_mail = kind == LetterKind.RESULT and key == answer_key(row["mail_id"])
    return of_a_mail and _SECTIONS.first(unit.conn, {"key": key}) is not None and not _tells_a_decision(unit, key)


def _tells_a_decision(unit: Unit, key: str) -> bool:
    return _DECIDED.first(unit.conn, {"key": key}) is not None


def _frees_at(unit: Unit, caps: Caps, lane: str, now: datetime) -> datetime | None:
    """When the address may get the next letter that is counted; `None` for now."""
    waits = []
    for most, span in ((caps.an_hour, HOUR), (caps.a_day, DAY)):
        if most == 0:
            return now + DAY
        first = _OF_LANE.scalar(unit.conn, {"lane": lane, "since": now - span, "beyond": most - 1})
        waits += [first + span] if first is not None else []
    return max(waits, default=None)


def _put_off(unit: Unit, row: Mapping[str, Any], frees: datetime, now: datetime) -> None:
    """The address got enough: what has a case waits with all that waits for it, what has none is dropped, and once a
    day the sender is told that more comes in one letter."""
    if _TOLD_MORE.first(unit.conn, {"lane": row["lane"], "since": now - DAY}) is None:
        note = PlannedLetter(f"{MORE}{row['key']}", row["recipient"], LetterKind.NOTICE, (), mail_id=row["mail_id"])
        plan_letter(unit, note, now)
    if _SECTIONS.first(unit.conn, {"key": row["key"]}) is None:
        cancel(unit, row["key"], CAPPED, now)
        return
    _CHANGE.run(unit.conn, {"b_key": row["key"], "not_before": frees, "detail": OVER_CAP})
    _POSTPONE.run(unit.conn, {"b_lane": row["lane"], "b_now": now, "not_before": frees})
    unit.note("letter.put_off", now, mail_id=row["mail_id"], about=row["key"], until=frees.isoformat())


def _gather(unit: Unit, caps: Caps, row: Mapping[str, Any], now: datetime) -> None:
    """What waited for the same address goes into this letter, as far as its sections reach; the letter answers the
    latest of the mails, and tells no more than the least trusted of them may be told."""
    if row["sha256"] is not None or row["kind"] not in _OF_CASES:
        return
    key, told = row["key"], list(_SECTIONS.scalars(unit.conn, {"key": row["key"]}))
    taken = [(row["mail_id"], row["trusted"], row["bound"])]
    for other, *about in _WAITING.rows(unit.conn, {"lane": row["lane"], "key": key, "most": caps.gathered}):
        new = [case for case in _SECTIONS.scalars(unit.conn, {"key": other}) if case not in told]
        if len(told) + len(new) > caps.gathered:
            break
        told += new
        taken.append((about[0], about[1], about[2]))
        cancel(unit, other, GATHERED, now, into=key)
    if len(taken) == 1:
        return
    known = set(_SECTIONS.scalars(unit.conn, {"key": key}))
    rows = [
        {"letter_key": key, "case_id": case, "position": at} for at, case in enumerate(told, 1) if case not in known
    ]
    _ADD_SECTIONS.run_all(unit.conn, rows)
    latest = max((mail for mail, _, _ in taken if mail is not None), default=None)
    mild = {"trusted": all(one[1] for one in taken), "bound": all(one[2] for one in taken)}
    _CHANGE.run(unit.conn, {"b_key": key, "kind": LetterKind.RESULT.value, "mail_id": latest, **mild})


def said_before(unit: Unit, row: Mapping[str, Any], words: str, now: datetime) -> bool:
    """Whether an address got the same words lately, in a letter that the caps count: two machines that answer each
    other say the same for ever."""
    caps = unit.terms.caps
    if caps is None or not words or row["kind"] not in (LetterKind.RECEIPT, LetterKind.ANSWER):
        return False
    of = {"lane": row["lane"], "since": now - caps.same_text, "words": words, "key": row["key"]}
    return _SAID.first(unit.conn, of) is not None


def cancel(unit: Unit, key: str, why: str, now: datetime, into: str | None = None) -> None:
    """A letter that will not be written; its case is owed what it would have told."""
    values = {"state": _CANCELLED, "detail": why, "not_before": None, "ended_at": now}
    _CHANGE.run(unit.conn, {"b_key": key, **values})
    owe(unit, key)
    unit.note(f"letter.{why}", now, about=key, into=into)
