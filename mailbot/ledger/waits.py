"""Whose time runs while the platform has not spoken: by effect, the case that waits for it and until when it is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mailbot.ledger.db import Database
from mailbot.ledger.settle import RUNNING
from mailbot.ledger.statement import Statement, among, one_of
from mailbot.ledger.tables.case import cases, items
from mailbot.ledger.tables.outbox import effect_items

_SERVED = Statement(
    select(effect_items.c.effect_key, items.c.due_at, cases.c.id, cases.c.header, cases.c.opened_at)
    .join(items, (items.c.case_id == effect_items.c.case_id) & (items.c.number == effect_items.c.number))
    .join(cases, cases.c.id == effect_items.c.case_id)
    .where(one_of(effect_items.c.effect_key, "keys"), among(items.c.state, RUNNING))
    .order_by(items.c.due_at.is_(None), items.c.due_at, cases.c.id)
)


@dataclass(frozen=True, slots=True)
class WaitLine:
    """The most urgent item that an effect serves: its case, the case's unit, its time limit."""

    case_id: str
    unit: str | None
    due_at: datetime | None
    opened_at: datetime


def waits_of(db: Database, keys: Iterable[str]) -> dict[str, WaitLine]:
    """By effect key, for those that serve an item whose clock runs."""
    found: dict[str, WaitLine] = {}
    with db.read() as conn:
        served = _SERVED.rows(conn, {"keys": list(keys)})
    for key, due_at, case_id, header, opened_at in served:
        unit = header.get("unit")
        found.setdefault(str(key), WaitLine(case_id, None if unit is None else str(unit), due_at, opened_at))
    return found
