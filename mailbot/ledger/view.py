"""What a letter may say: the cases as they stand when it is rendered, as the domain's frozen view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from mailbot.domain.effects import TRUE_OF_THE_WORLD, EffectState, LetterKind, Verb, answer_key
from mailbot.domain.findings import Finding
from mailbot.domain.letters import CaseView, Delta, FindingView, LetterView, RowView
from mailbot.domain.outcome import LISTED, Json
from mailbot.domain.states import ItemState
from mailbot.ledger.codec import findings_in
from mailbot.ledger.db import AUTO
from mailbot.ledger.statement import Statement
from mailbot.ledger.tables.case import case_versions, cases, items
from mailbot.ledger.tables.mail import mails
from mailbot.ledger.tables.outbox import effect_items, effects, letter_cases, letters

_LETTER = Statement(
    select(
        letters,
        mails.c.subject.label("re_subject"),
        mails.c.message_id.label("re_id"),
        mails.c.thread.label("re_thread"),
        mails.c.findings.label("re_findings"),
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
    select(
        items.c.number,
        items.c.place,
        items.c.data,
        items.c.status,
        items.c.state,
        items.c.findings,
        items.c.decided_by,
    )
    .where(items.c.case_id == bindparam("case_id"), items.c.number > 0)
    .order_by(items.c.number)
)
_CHANGED = Statement(
    select(case_versions.c.context).where(
        case_versions.c.case_id == bindparam("case_id"),
        case_versions.c.version == bindparam("version"),
        case_versions.c.mail_id == bindparam("mail_id"),
    )
)
_WISHES = Statement(
    select(effect_items.c.number, effects.c.verb, effects.c.state, effects.c.ended_at)
    .join(effects, effects.c.key == effect_items.c.effect_key)
    .where(effect_items.c.case_id == bindparam("case_id"))
    .order_by(effect_items.c.number, effects.c.key)
)
_TEMPLATES = Statement(
    select(letters.c.template)
    .join(letter_cases, letter_cases.c.letter_key == letters.c.key)
    .where(
        letter_cases.c.case_id == bindparam("case_id"),
        letters.c.key != bindparam("key"),
        letters.c.state == bindparam("state"),
    )
)
ASKED_TWICE: Final = frozenset({"payment_proof"})
"""Kinds of cases whose second question is another one than the first."""
_ASKS: Final = "/ask"
"""The section of a letter that does nothing but ask."""


def letter_view(conn: Connection, key: str, now: datetime, zone: ZoneInfo) -> LetterView:
    """The view that a letter is rendered from. Raises `LookupError` for an unknown letter."""
    row = _LETTER.map(conn, {"key": key})
    if row is None:
        raise LookupError(f"there is no letter {key}")
    sections = _SECTIONS.maps(conn, {"key": key})
    answered = row["mail_id"] if key == answer_key(row["mail_id"]) else None
    return LetterView(
        key=key,
        kind=LetterKind(row["kind"]),
        to=row["recipient"],
        letter_id=row["message_id"],
        at=now,
        subject=row["re_subject"] or "",
        message_id=row["re_id"],
        references=tuple(row["re_thread"] or ()),
        cases=tuple(_case(conn, case, zone, answered, key) for case in sections),
        trusted=row["trusted"],
        bound=row["bound"],
        mail_id=row["mail_id"],
        about=_findings(findings_in(row["re_findings"])),
    )


def _case(conn: Connection, case: Mapping[str, Any], zone: ZoneInfo, mail_id: int | None, key: str) -> CaseView:
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
        delta=_delta(conn, case, mail_id),
        asked_before=case["kind"] in ASKED_TWICE and _asked_before(conn, case["id"], key),
    )


def _asked_before(conn: Connection, case_id: str, key: str) -> bool:
    """Whether another letter about the case, which left the house, asked for something."""
    used = _TEMPLATES.scalars(conn, {"case_id": case_id, "key": key, "state": EffectState.DONE.value})
    return any(name.endswith(_ASKS) for template in used for name in (template or "").split("+"))


def _delta(conn: Connection, case: Mapping[str, Any], mail_id: int | None) -> Delta | None:
    """What a mail changed, where its version is the one that stands."""
    if case["version"] == 1 or mail_id is None:
        return None
    found = _CHANGED.first(conn, {"case_id": case["id"], "version": case["version"], "mail_id": mail_id})
    told = found[0].get("delta") if found else None
    if not isinstance(told, Mapping):
        return None
    numbers = {key: tuple(told.get(key, ())) for key in ("corrected", "added", "closed", "settled", "withdrawn")}
    return Delta(**numbers, unchanged=int(told.get("unchanged", 0)), withdrawal=told.get("manner") == "withdrawal")


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
        number=item["number"],
        listed=_day(place.get(LISTED)),
        year=year if isinstance(year := data.get("year"), int) else None,
        by_person=item["decided_by"] not in (None, AUTO),
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _findings(found: Sequence[Finding]) -> tuple[FindingView, ...]:
    return tuple(FindingView(f.code, f.severity.word, f.message, f.where.field) for f in found)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object, default: int) -> int:
    return value if isinstance(value, int) else default
