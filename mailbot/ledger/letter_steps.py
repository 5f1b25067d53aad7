"""Letters on their way: due when all they tell of has settled, capped, stored byte for byte, sent, concluded.

A sending of unknown end (RFC 5321, 4.5.4.2 warns of exactly this) is tried once more after a wait, with the same bytes
and Message-ID; a second unknown end stays with staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, select, update

from mailbot.domain.effects import EffectState, LetterKind
from mailbot.domain.letters import Composed
from mailbot.domain.ports import SendResult, SendState
from mailbot.ledger.codec import Columns, clean
from mailbot.ledger.db import Unit
from mailbot.ledger.settle import RUNNING, owe
from mailbot.ledger.statement import Statement, among
from mailbot.ledger.tables.case import items
from mailbot.ledger.tables.outbox import effects, letter_cases, letter_follows, letters

PLANNED, DOING, DONE, REJECTED, UNCERTAIN, CANCELLED = (
    state.value
    for state in (
        EffectState.PLANNED,
        EffectState.DOING,
        EffectState.DONE,
        EffectState.REJECTED,
        EffectState.UNCERTAIN,
        EffectState.CANCELLED,
    )
)
_CAPPED = (LetterKind.RECEIPT.value, LetterKind.ANSWER.value)
_NOW = bindparam("b_now", type_=letters.c.not_before.type)
_DUE = Statement(
    select(letters)
    .where(letters.c.state == bindparam("state"), letters.c.draft.is_(False), letters.c.not_before <= _NOW)
    .where(
        ~exists().where(
            letter_follows.c.letter_key == letters.c.key,
            effects.c.key == letter_follows.c.effect_key,
            among(effects.c.state, (PLANNED, DOING)),
        )
    )
    .order_by(letters.c.not_before)
    .limit(1)
)
_SENT = Statement(
    select(func.count())
    .select_from(letters)
    .where(letters.c.lane == bindparam("lane"), among(letters.c.kind, _CAPPED))
    .where(letters.c.started_at.is_not(None), letters.c.started_at > bindparam("since"))
)
_OPEN_END = Statement(
    select(items.c.number)
    .select_from(letter_cases.join(items, items.c.case_id == letter_cases.c.case_id))
    .where(letter_cases.c.letter_key == bindparam("key"), among(items.c.state, RUNNING))
    .limit(1)
)
_THIS = letters.c.key == bindparam("b_key")
_UPDATE = update(letters).where(_THIS)
_ONE, _CHANGE = Statement(select(letters).where(_THIS)), Statement(_UPDATE)
_STORE = Statement(_UPDATE.where(letters.c.sha256.is_(None), letters.c.state == PLANNED))
_START = Statement(
    _UPDATE.where(
        among(letters.c.state, (PLANNED, UNCERTAIN)), letters.c.draft.is_(False), letters.c.not_before <= _NOW
    )
    .where(letters.c.sha256.is_not(None))
    .values(state=DOING, attempts=letters.c.attempts + 1, started_at=func.coalesce(letters.c.started_at, _NOW))
)


def next_due(unit: Unit, now: datetime) -> dict[str, Any] | None:
    """The letter to send now: one that waited out an unknown end, else the oldest planned one that nothing holds up."""
    for state in (UNCERTAIN, PLANNED):
        while (row := _DUE.map(unit.conn, {"state": state, "b_now": now})) is not None:
            if not _over_cap(unit, row, now):
                return row
            _cancel(unit, row["key"], "capped", now)
    return None


def _over_cap(unit: Unit, row: Mapping[str, Any], now: datetime) -> bool:
    """A receipt or answer above the cap, before its first sending. A receipt that has a result to tell by now (nothing
    of its cases is open any more) is none."""
    caps = unit.terms.caps
    if caps is None or row["kind"] not in _CAPPED or row["started_at"] is not None:
        return False
    if row["kind"] == LetterKind.RECEIPT and not _has_open_end(unit, row["key"]):
        return False
    for limit, span in ((caps.an_hour, timedelta(hours=1)), (caps.a_day, timedelta(days=1))):
        if _SENT.scalar(unit.conn, {"lane": row["lane"], "since": now - span}) >= limit:
            return True
    return False


def _has_open_end(unit: Unit, key: str) -> bool:
    return _OPEN_END.first(unit.conn, {"key": key}) is not None


def _cancel(unit: Unit, key: str, why: str, now: datetime) -> None:
    values = {"state": CANCELLED, "detail": why, "not_before": None, "ended_at": now}
    _CHANGE.run(unit.conn, {"b_key": key, **values})
    owe(unit, key)
    unit.note(f"letter.{why}", now, about=key)


def store(unit: Unit, key: str, composed: Composed, sha256: str, now: datetime) -> None:
    """Keep what was rendered; the bytes are durable already. Raises `ValueError` for a letter that has its bytes."""
    values = {"sha256": sha256, "template": composed.template, "subject": clean(composed.subject)}
    if _STORE.run(unit.conn, {"b_key": key, **values}) != 1:
        raise ValueError(f"letter {key} is not waiting to be rendered")
    owe(unit, key)
    unit.note("letter.rendered", now, about=key, sha256=sha256, template=composed.template)


def start(unit: Unit, key: str, now: datetime) -> bool:
    """The intent to send; false where the letter is not due any more, or has no bytes."""
    return _START.run(unit.conn, {"b_key": key, "b_now": now}) == 1


def conclude(unit: Unit, key: str, result: SendResult, now: datetime) -> None:
    """Write how an attempt ended. Raises `LookupError` for an unknown letter and `ValueError` for one that is not being
    sent; a refusal may also come before the first attempt."""
    row = _ONE.map(unit.conn, {"b_key": key})
    if row is None:
        raise LookupError(f"there is no letter {key}")
    before_sending = result.state is SendState.REFUSED and row["state"] == PLANNED
    if row["state"] != DOING and not before_sending:
        raise ValueError(f"letter {key} is not being sent")
    values = _end(unit, row, result, now) | {"detail": clean(result.detail)}
    _CHANGE.run(unit.conn, {"b_key": key, **values})
    stays = values["not_before"] is None and values["state"] != DONE
    attempt = {"state": values["state"], "attempt": row["attempts"], "said": values["detail"]}
    unit.note(f"letter.{result.state.value}", now, mail_id=row["mail_id"], about=key, for_staff=stays, **attempt)


def _end(unit: Unit, row: Mapping[str, Any], result: SendResult, now: datetime) -> Columns:
    if result.state is SendState.SENT:
        return {"state": DONE, "not_before": None, "ended_at": now}
    if result.state is SendState.REFUSED:
        return {"state": REJECTED, "not_before": None, "ended_at": now}
    if result.state is SendState.DEFERRED:
        waits = unit.terms.back_off
        if row["attempts"] <= len(waits):
            return {"state": PLANNED, "not_before": now + waits[max(row["attempts"], 1) - 1]}
        return {"state": UNCERTAIN, "not_before": None, "ended_at": now}
    again = now + unit.terms.unknown_wait if row["unknowns"] == 0 else None
    return {"state": UNCERTAIN, "not_before": again, "unknowns": row["unknowns"] + 1}


def give_up(unit: Unit, key: str, why: str, now: datetime) -> bool:
    """A letter that cannot be written: it stays with staff. Whether there is such a letter."""
    values = {"state": UNCERTAIN, "not_before": None, "detail": clean(why), "ended_at": now}
    waiting = (letters.c.key == key, among(letters.c.state, (PLANNED, DOING)))
    found = unit.conn.execute(update(letters).where(*waiting).values(values)).rowcount == 1
    if found:
        owe(unit, key)
        unit.note("letter.given_up", now, about=key, reason=clean(why))
    return found


def recover(unit: Unit, now: datetime) -> None:
    """A letter that was being sent when its owner died has an unknown end."""
    for key in unit.conn.execute(select(letters.c.key).where(letters.c.state == DOING)).scalars().all():
        conclude(unit, key, SendResult(SendState.UNKNOWN, "cut short"), now)
