"""What a letter may say: the cases as they stand when it is rendered, as the domain's frozen view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from mailbot.domain.effects import TRUE_OF_THE_WORLD, EffectState, LetterKind, Verb
from mailbot.domain.findings import Finding
from mailbot.domain.letters import CaseView, FindingView, LetterView, RowView
from mailbot.domain.outcome import Json
from mailbot.domain.states import ItemState
from mailbot.ledger.codec import findings_in
from mailbot.ledger.statement import Statement
from mailbot.ledger.tables.case import cases, items
from mailbot.ledger.tables.mail import mails
from mailbot.ledger.tables.outbox import effect_items, effects, letter_cases, letters

_LETTER = Statement(
    select(
        letters,
        mails.c.subject.label("re_subject"),
        mails.c.message_id.label("re_id"),
        mails.c.thread.label("re_thread"),
    )
    .select_from(letters.outerjoin(mails, mails.c.id == letters.c.mail_id))
    .where(letters.c.key == bindparam("key"))
)
_SECTIONS = Statement(
    select(cases)
    .join(letter_cases, letter_cases.c.case_id == cases.c.id)
    .where(letter_cases.c.letter_key == bindparam("key"))
    .order_by(letter_cases.c.position)
)
_ROWS = Statement(
    select(items.c.number, items.c.place, items.c.data, items.c.status, items.c.state, items.c.findings)
    .where(items.c.case_id == bindparam("case_id"), items.c.number > 0)
    .order_by(items.c.number)
)
_WISHES = Statement(
    select(effect_items.c.number, effects.c.verb, effects.c.state, effects.c.ended_at)
    .join(effects, effects.c.key == effect_items.c.effect_key)
    .where(effect_items.c.case_id == bindparam("case_id"))
    .order_by(effect_items.c.number, effects.c.key)
)


def letter_view(conn: Connection, key: str, now: datetime, zone: ZoneInfo) -> LetterView:
    """The view that a letter is rendered from. Raises `LookupError` for an unknown letter."""
    row = _LETTER.map(conn, {"key": key})
    if row is None:
        raise LookupError(f"there is no letter {key}")
    sections = _SECTIONS.maps(conn, {"key": key})
    return LetterView(
        key=key,
        kind=LetterKind(row["kind"]),
        to=row["recipient"],
        letter_id=row["message_id"],
        at=now,
        subject=row["re_subject"] or "",
        message_id=row["re_id"],
        references=tuple(row["re_thread"] or ()),
        cases=tuple(_case(conn, case, zone) for case in sections),
        trusted=row["trusted"],
        bound=row["bound"],
        mail_id=row["mail_id"],
    )


def _case(conn: Connection, case: Mapping[str, Any], zone: ZoneInfo) -> CaseView:
    attachment = case["source"].get("attachment")
    wishes = _wishes(conn, case["id"])
    return CaseView(
        id=case["id"],
        kind=case["kind"],
        version=case["version"],
        outcome=case["outcome"],
        state=ItemState(case["state"]),
        header=case["header"],
        attachment=None if attachment is None else str(attachment),
        due_at=case["due_at"],
        provisional=case["provisional"],
        findings=_findings(findings_in(case["findings"])),
        rows=_rows(conn, case["id"], wishes),
        usable_from=usable_from(wishes, zone),
        reason=case["reason"],
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """One effect of one item, as far as a letter tells of it."""

    number: int
    verb: Verb
    state: EffectState
    ended_at: datetime | None


def _wishes(conn: Connection, case_id: str) -> list[Wish]:
    found = _WISHES.rows(conn, {"case_id": case_id})
    return [Wish(number, Verb(verb), EffectState(state), ended_at) for number, verb, state, ended_at in found]


def usable_from(wishes: Sequence[Wish], zone: ZoneInfo) -> date | None:
    """From when on codes can be assigned to all who are registered by now: the day after the platform confirmed the
    last of them (the notice's 第二天). `None` where nobody is."""
    accounts = [wish for wish in wishes if wish.verb is Verb.OPEN_ACCOUNT]
    ends = (wish.ended_at for wish in accounts if wish.state in TRUE_OF_THE_WORLD and wish.ended_at is not None)
    last = max(ends, default=None)
    return None if last is None else last.astimezone(zone).date() + timedelta(days=1)


def _rows(conn: Connection, case_id: str, wishes: Sequence[Wish]) -> tuple[RowView, ...]:
    """The rows of a case in order, each with the state of its effect: of several, one that is not true of the world.
    The case's own matter (item 0) is no row."""
    states: dict[int, EffectState] = {}
    for wish in wishes:
        if states.get(wish.number, EffectState.DONE) in TRUE_OF_THE_WORLD:
            states[wish.number] = wish.state
    return tuple(_row(item, states.get(item["number"])) for item in _ROWS.maps(conn, {"case_id": case_id}))


def _row(item: Mapping[str, Any], effect: EffectState | None) -> RowView:
    place: Json = item["place"]
    data: Json = item["data"]
    return RowView(
        row=_number(place.get("row"), item["number"]),
        serial=_text(place.get("serial")),
        sheet=_text(place.get("sheet")),
        panel=_number(place.get("panel"), 1),
        name=_text(data.get("name")),
        id_number=_text(data.get("id_number")),
        phone=_text(data.get("phone")),
        status=item["status"],
        state=ItemState(item["state"]),
        effect=effect,
        findings=_findings(findings_in(item["findings"])),
    )


def _findings(found: Sequence[Finding]) -> tuple[FindingView, ...]:
    return tuple(FindingView(f.code, f.severity.word, f.message, f.where.field) for f in found)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object, default: int) -> int:
    return value if isinstance(value, int) else default
