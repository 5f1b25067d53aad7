"""Reading a case back: the domain's values, as the desk, the console and the process contract show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from mailbot.domain.decisions import Outcome, RowStatus
from mailbot.domain.effects import PlannedEffect, Verb
from mailbot.domain.outcome import CaseResult, Claim, ItemResult, StoredCase
from mailbot.domain.states import ItemState
from mailbot.ledger.codec import clock_in, findings_in, person_in
from mailbot.ledger.conversation import ANSWERED
from mailbot.ledger.tables.case import case_mails, case_versions, cases, claims, items
from mailbot.ledger.tables.outbox import effect_items, effects, letter_cases, letters


def load_case(conn: Connection, case_id: str) -> StoredCase:
    """A case as it stands. Raises `LookupError` for one that does not exist."""
    row = conn.execute(select(cases).where(cases.c.id == case_id)).mappings().one_or_none()
    if row is None:
        raise LookupError(f"there is no case {case_id}")
    own = conn.execute(select(items).where(items.c.case_id == case_id).order_by(items.c.number)).mappings().all()
    planned, states = _effects(conn, case_id)
    letter = _last_letter(conn, case_id)
    joined = select(case_mails.c.mail_id).where(case_mails.c.case_id == case_id).distinct()
    return StoredCase(
        result=_result(conn, row, own, planned),
        state=ItemState(row["state"]),
        effect_states=states,
        waiting_since={item["number"]: item["waiting_since"] for item in own if item["waiting_since"]},
        mail_ids=tuple(conn.execute(joined.order_by(case_mails.c.mail_id)).scalars()),
        to=letter["recipient"] if letter else None,
        mail_id=letter["mail_id"] if letter else None,
        trusted=bool(letter and letter["trusted"]),
        bound=bool(letter and letter["bound"]),
        arrived_at=_arrived(conn, case_id),
    )


def _arrived(conn: Connection, case_id: str) -> datetime | None:
    """The arrival of the mail that opened the case, out of what its first version was judged by."""
    first = case_versions.c.context["received_at"].as_string()
    query = select(first).where(case_versions.c.case_id == case_id).order_by(case_versions.c.version).limit(1)
    known = conn.execute(query).scalar()
    return None if known is None else datetime.fromisoformat(known)


def _result(
    conn: Connection,
    row: RowMapping,
    own: Sequence[RowMapping],
    planned: tuple[PlannedEffect, ...],
) -> CaseResult:
    case_id = row["id"]
    held = select(claims.c.key, claims.c.number).where(claims.c.case_id == case_id).order_by(claims.c.key)
    frozen = select(case_versions.c.context).where(
        case_versions.c.case_id == case_id, case_versions.c.version == row["version"]
    )
    return CaseResult(
        case_id=case_id,
        kind=row["kind"],
        version=row["version"],
        seen=row["row_version"],
        outcome=Outcome[row["outcome"].upper()],
        source=row["source"],
        header=row["header"],
        items=tuple(item_in(item) for item in own),
        findings=findings_in(row["findings"]),
        effects=planned,
        claims=tuple(Claim(key, number) for key, number in conn.execute(held)),
        due_at=row["due_at"],
        provisional=row["provisional"],
        rulebook=row["rulebook"],
        context=conn.execute(frozen).scalar_one(),
        fingerprint=row["fingerprint"],
    )


def item_in(row: RowMapping) -> ItemResult:
    """A row of `items` as the domain's record."""
    return ItemResult(
        number=row["number"],
        kind=row["kind"],
        identity=row["identity"],
        place=row["place"],
        values=row["data"],
        status=RowStatus(row["status"]),
        state=ItemState(row["state"]),
        findings=findings_in(row["findings"]),
        proposed=row["proposed"],
        decided_by=row["decided_by"],
        due_at=row["due_at"],
        clock=clock_in(row["clock"]),
    )


def _effects(conn: Connection, case_id: str) -> tuple[tuple[PlannedEffect, ...], Mapping[str, str]]:
    columns = (effects.c.key, effects.c.verb, effects.c.person, effects.c.year, effects.c.state)
    query = (
        select(effect_items.c.number, *columns)
        .join(effects, effects.c.key == effect_items.c.effect_key)
        .where(effect_items.c.case_id == case_id)
        .order_by(effect_items.c.number, effects.c.key)
    )
    numbers: dict[str, list[int]] = {}
    rows: dict[str, RowMapping] = {}
    for row in conn.execute(query).mappings():
        numbers.setdefault(row["key"], []).append(row["number"])
        rows[row["key"]] = row
    planned = tuple(
        PlannedEffect(key, Verb(row["verb"]), person_in(row["person"]), tuple(numbers[key]), row["year"])
        for key, row in rows.items()
    )
    return planned, {key: str(row["state"]) for key, row in rows.items()}


def _last_letter(conn: Connection, case_id: str) -> RowMapping | None:
    query = select(letters).join(letter_cases, letter_cases.c.letter_key == letters.c.key)
    about = query.where(letter_cases.c.case_id == case_id, letters.c.kind.in_(ANSWERED))
    newest = about.order_by(letters.c.planned_at.desc(), letters.c.key.desc())
    return conn.execute(newest.limit(1)).mappings().one_or_none()
