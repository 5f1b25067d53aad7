"""Letters on their way: due when all they tell of has settled, capped, stored byte for byte, sent, concluded.

The states of the outbox are those of effects: *ready* is `planned`, *sending* `doing`, *sent* `done`, *deferred*
`planned` again for later, *refused* `rejected`, *unknown* `uncertain`. A sending that was cut short before its final
dot is known not to have been taken and is due again at once; one of unknown end (RFC 5321, 4.5.4.2 warns of exactly
this) is tried once more after a wait, with the same bytes and Message-ID; a second unknown end stays with staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, exists, func, literal, select, update

from mailbot.domain.bounces import why
from mailbot.domain.effects import EffectState
from mailbot.domain.letters import Composed
from mailbot.domain.ports import About, SendResult, SendState
from mailbot.ledger import caps
from mailbot.ledger.boot import same_boot
from mailbot.ledger.bounces import UNREACHED
from mailbot.ledger.codec import Columns, clean
from mailbot.ledger.db import Unit
from mailbot.ledger.settle import owe
from mailbot.ledger.statement import Statement, among
from mailbot.ledger.stops import IN_FORCE, open_line, shut, shut_line, stop
from mailbot.ledger.tables.mail import mails
from mailbot.ledger.tables.outbox import letter_cases, letters
from mailbot.ledger.tables.stops import Scope, stops

PLANNED, DOING, DONE, REJECTED, UNCERTAIN = (
    state.value
    for state in (
        EffectState.PLANNED,
        EffectState.DOING,
        EffectState.DONE,
        EffectState.REJECTED,
        EffectState.UNCERTAIN,
    )
)
CUT_SHORT: Final = SendResult(SendState.DEFERRED, "cut short before the final dot")
CUT_BEHIND: Final = SendResult(SendState.UNKNOWN, "cut short")
_NOW = bindparam("b_now", type_=letters.c.not_before.type)
_NAMES = literal("+") + letters.c.template + literal("+")
_STOPPED_WORDS = exists().where(
    stops.c.scope == Scope.TEMPLATE.value, IN_FORCE, _NAMES.like(literal("%+") + stops.c.subject + literal("+%"))
)
_ITS_BOX = select(mails.c.account).where(mails.c.id == letters.c.mail_id).correlate(letters).scalar_subquery()
_STOPPED_BOX = exists().where(stops.c.scope == Scope.MAILBOX.value, IN_FORCE, stops.c.subject == _ITS_BOX)
_FREE = (letters.c.draft.is_(False), letters.c.not_before <= _NOW, ~_STOPPED_WORDS)
_DUE = Statement(
    select(letters)
    .where(letters.c.state == bindparam("state"), *_FREE, caps.SETTLED, ~_STOPPED_BOX)
    .order_by(letters.c.not_before)
    .limit(1)
)
_THIS = letters.c.key == bindparam("b_key")
_UPDATE = update(letters).where(_THIS)
_ONE, _CHANGE = Statement(select(letters).where(_THIS)), Statement(_UPDATE)
_STORE = Statement(_UPDATE.where(letters.c.sha256.is_(None), letters.c.state == PLANNED))
_START = Statement(
    _UPDATE.where(among(letters.c.state, (PLANNED, UNCERTAIN)), *_FREE, letters.c.sha256.is_not(None)).values(
        state=DOING,
        attempts=letters.c.attempts + 1,
        started_at=func.coalesce(letters.c.started_at, _NOW),
        dot_at=None,
    )
)
_DOT = Statement(_UPDATE.where(letters.c.state == DOING).values(dot_at=_NOW))
_CASES = Statement(select(letter_cases.c.case_id).where(letter_cases.c.letter_key == bindparam("key")))


def next_due(unit: Unit, now: datetime) -> dict[str, Any] | None:
    """The letter to send now: one that waited out an unknown end, else the oldest planned one that nothing holds up."""
    for state in (UNCERTAIN, PLANNED):
        while not shut(unit.conn, now):
            row = _DUE.map(unit.conn, {"state": state, "b_now": now})
            if row is None:
                break
            if row["started_at"] is not None or caps.may_go(unit, row, now):
                return row
    return None


def store(unit: Unit, key: str, composed: Composed, sha256: str, now: datetime) -> None:
    """Keep what was rendered; the bytes are durable already. What the address heard in the same words lately is dropped
    instead. Raises `ValueError` for a letter that has its bytes."""
    values = {"sha256": sha256, "template": composed.template, "subject": clean(composed.subject)}
    if _STORE.run(unit.conn, {"b_key": key, **values, "words": composed.words or None}) != 1:
        raise ValueError(f"letter {key} is not waiting to be rendered")
    row = _ONE.map(unit.conn, {"b_key": key})
    if row is not None and caps.said_before(unit, row, composed.words, now):
        caps.cancel(unit, key, caps.SAME_TEXT, now)
        return
    owe(unit, key)
    unit.note("letter.rendered", now, about=key, sha256=sha256, template=composed.template)


def start(unit: Unit, key: str, now: datetime) -> bool:
    """The intent to send; false where the letter is not due any more, or has no bytes."""
    return not shut(unit.conn, now) and _START.run(unit.conn, {"b_key": key, "b_now": now}) == 1


def handing_over(unit: Unit, key: str, now: datetime) -> None:
    """The final dot comes next. Raises `ValueError` for a letter that is not being sent."""
    if _DOT.run(unit.conn, {"b_key": key, "b_now": now}) != 1:
        raise ValueError(f"letter {key} is not being sent")


def conclude(unit: Unit, key: str, result: SendResult, now: datetime) -> None:
    """Write how an attempt ended, and what else it tells of: a shut way out, words taken for advertising, an address
    that nobody reads. Raises `LookupError` for an unknown letter and `ValueError` for one that is not being sent; a
    refusal may also come before the first attempt."""
    row = _ONE.map(unit.conn, {"b_key": key})
    if row is None:
        raise LookupError(f"there is no letter {key}")
    before_sending = result.state is SendState.REFUSED and row["state"] == PLANNED
    if row["state"] != DOING and not before_sending:
        raise ValueError(f"letter {key} is not being sent")
    opens_at = _spread(unit, row, result, now)
    values = _end(unit, row, result, now, opens_at) | {"detail": clean(result.detail)}
    _CHANGE.run(unit.conn, {"b_key": key, **values})
    stays = values["not_before"] is None and values["state"] != DONE
    attempt = {"state": values["state"], "attempt": row["attempts"], "said": values["detail"], "again": row["unknowns"]}
    for_staff = stays or row["unknowns"] > 0
    unit.note(f"letter.{result.state.value}", now, mail_id=row["mail_id"], about=key, for_staff=for_staff, **attempt)


def _spread(unit: Unit, row: Mapping[str, Any], result: SendResult, now: datetime) -> datetime | None:
    """What an end means for other letters and for people; until when the way out is shut, where it is."""
    if result.about in (About.LINE, About.LOGIN):
        return shut_line(unit, Scope(result.about.value), result.detail, now)
    if result.offered and result.state is not SendState.UNKNOWN:
        open_line(unit, now)
    if result.about is About.TEMPLATE and row["template"]:
        stop(unit, Scope.TEMPLATE, row["template"], result.detail, now)
    if result.about is About.ADDRESS:
        reason, to = why(None, result.detail), row["recipient"]
        for case_id in _CASES.scalars(unit.conn, {"key": row["key"]}):
            about, mail_id = row["key"], row["mail_id"]
            unit.note(UNREACHED, now, mail_id=mail_id, case_id=case_id, about=about, why=reason, sure=True, to=to)
    return None


def _end(unit: Unit, row: Mapping[str, Any], result: SendResult, now: datetime, opens_at: datetime | None) -> Columns:
    """The letter's own state. An attempt in which the server did not see it is none."""
    if result.state is SendState.SENT:
        return {"state": DONE, "not_before": None, "ended_at": now}
    if result.state is SendState.REFUSED:
        return {"state": REJECTED, "not_before": None, "ended_at": now}
    if result.state is SendState.UNKNOWN:
        again = now + unit.terms.unknown_wait if row["unknowns"] == 0 else None
        return {"state": UNCERTAIN, "not_before": again, "unknowns": row["unknowns"] + 1}
    if not result.offered:
        first = {"started_at": None} if row["attempts"] == 1 else {}
        return {"state": PLANNED, "not_before": opens_at or now, "attempts": row["attempts"] - 1, **first}
    waits = unit.terms.back_off
    if row["attempts"] > len(waits):
        return {"state": UNCERTAIN, "not_before": None, "ended_at": now}
    own = now if result is CUT_SHORT else now + waits[max(row["attempts"], 1) - 1]
    return {"state": PLANNED, "not_before": max(own, opens_at or own)}


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
    """A letter that was being sent when its owner died: without its final dot the server cannot have taken it, and it
    is due at once; behind the dot its end is unknown. Where the machine itself went down, all of them may be behind."""
    noted = same_boot(unit, now)
    found = select(letters.c.key, letters.c.dot_at).where(letters.c.state == DOING)
    for key, dot_at in unit.conn.execute(found).all():
        conclude(unit, str(key), CUT_SHORT if noted and dot_at is None else CUT_BEHIND, now)
