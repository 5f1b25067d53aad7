"""What a letter may say: the cases as they stand when it is rendered, as the domain's frozen view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, func, select

from mailbot.domain.effects import TRUE_OF_THE_WORLD, EffectState, LetterKind, Verb
from mailbot.domain.findings import Finding
from mailbot.domain.letters import CaseView, FindingView, LetterView, RowView
from mailbot.domain.outcome import Json
from mailbot.domain.states import ItemState
from mailbot.ledger.codec import findings_in
from mailbot.ledger.tables.case import cases, items
from mailbot.ledger.tables.mail import mails
from mailbot.ledger.tables.outbox import effect_items, effects, letter_cases, letters

_TRUE = tuple(state.value for state in TRUE_OF_THE_WORLD)
_OPEN = (EffectState.PLANNED.value, EffectState.DOING.value, EffectState.PENDING.value)


def letter_view(conn: Connection, key: str, now: datetime, zone: ZoneInfo) -> LetterView:
    """The view that a letter is rendered from. Raises `LookupError` for an unknown letter."""
    joined = letters.outerjoin(mails, mails.c.id == letters.c.mail_id)
    answered = (
        mails.c.subject.label("re_subject"),
        mails.c.message_id.label("re_id"),
        mails.c.thread.label("re_thread"),
    )
    query = select(letters, *answered).select_from(joined).where(letters.c.key == key)
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        raise LookupError(f"there is no letter {key}")
    sections = select(cases).join(letter_cases, letter_cases.c.case_id == cases.c.id)
    ordered = sections.where(letter_cases.c.letter_key == key).order_by(letter_cases.c.position)
    return LetterView(
        key=key,
        kind=LetterKind(row["kind"]),
        to=row["recipient"],
        letter_id=row["message_id"],
        at=now,
        subject=row["re_subject"] or "",
        message_id=row["re_id"],
        references=tuple(row["re_thread"] or ()),
        cases=tuple(_case(conn, case, zone) for case in conn.execute(ordered).mappings().all()),
        trusted=row["trusted"],
        bound=row["bound"],
        mail_id=row["mail_id"],
    )


def _case(conn: Connection, case: RowMapping, zone: ZoneInfo) -> CaseView:
    attachment = case["source"].get("attachment")
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
        rows=_rows(conn, case["id"]),
        usable_from=usable_from(conn, case["id"], zone),
        reason=case["reason"],
    )


def usable_from(conn: Connection, case_id: str, zone: ZoneInfo) -> date | None:
    """The day after the platform confirmed the last account of a case (the notice's 第二天), `None` before."""
    linked = select(effect_items.c.effect_key).where(effect_items.c.case_id == case_id)
    accounts = (effects.c.key.in_(linked), effects.c.verb == Verb.OPEN_ACCOUNT.value)
    still = select(effects.c.key).where(*accounts, effects.c.state.in_(_OPEN)).limit(1)
    if conn.execute(still).first() is not None:
        return None
    last = conn.execute(select(func.max(effects.c.ended_at)).where(*accounts, effects.c.state.in_(_TRUE))).scalar()
    return None if last is None else last.astimezone(zone).date() + timedelta(days=1)


def _rows(conn: Connection, case_id: str) -> tuple[RowView, ...]:
    """The rows of a case in order; its own matter (item 0) is no row."""
    states = _effects(conn, case_id)
    own = (items.c.case_id == case_id, items.c.number > 0)
    found = conn.execute(select(items).where(*own).order_by(items.c.number)).mappings()
    return tuple(_row(item, states.get(item["number"])) for item in found)


def _effects(conn: Connection, case_id: str) -> Mapping[int, EffectState]:
    """By item: the state of its effect; of several, one that is not true of the world."""
    query = (
        select(effect_items.c.number, effects.c.state)
        .join(effects, effects.c.key == effect_items.c.effect_key)
        .where(effect_items.c.case_id == case_id)
        .order_by(effect_items.c.number, effects.c.key)
    )
    states: dict[int, EffectState] = {}
    for number, word in conn.execute(query):
        state = EffectState(word)
        if number not in states or states[number] in TRUE_OF_THE_WORLD:
            states[number] = state
    return states


def _row(item: RowMapping, effect: EffectState | None) -> RowView:
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
