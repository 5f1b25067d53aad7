"""Paid years: what cases use orders for, and the register of the old platforms' payments as dated lists told it.

What stands in no register is not known. People stand in it as hashes only: it is compared with, never read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from mailbot.domain.lists import Compared, ListHead, compare
from mailbot.domain.outcome import CaseResult, OrderUse, RegisteredPayment
from mailbot.domain.payments import PAYMENT_YEAR, Payment, year_uses
from mailbot.domain.states import GONE
from mailbot.ledger.codec import Columns, clean
from mailbot.ledger.db import Database, Unit
from mailbot.ledger.statement import Statement, among, one_of
from mailbot.ledger.tables.case import items
from mailbot.ledger.tables.proof import order_uses, payment_lists, payments

_GONE: Final = tuple(sorted(state.value for state in GONE))
_USES = Statement(
    select(order_uses.c.order_hash, order_uses.c.case_id, items.c.identity, order_uses.c.year, items.c.state)
    .join(items, (items.c.case_id == order_uses.c.case_id) & (items.c.number == order_uses.c.number))
    .where(one_of(order_uses.c.order_hash, "hashes"), ~among(items.c.state, _GONE))
    .order_by(order_uses.c.case_id, order_uses.c.number)
)
_OLD_USES = Statement(
    delete(order_uses).where(order_uses.c.case_id == bindparam("b_case_id"), one_of(order_uses.c.number, "b_numbers"))
)
_ADD_USES = Statement(insert(order_uses))

_THESE = one_of(payments.c.order_hash, "hashes")
_VALUES = (
    payments.c.person,
    payments.c.name_hash,
    payments.c.year,
    payments.c.amount,
    payments.c.status,
    payments.c.paid_on,
)
_NEWEST = select(func.max(payment_lists.c.as_of).label("as_of")).subquery("newest")
_REGISTERED = Statement(
    select(_NEWEST.c.as_of, payments.c.order_hash, *_VALUES, payments.c.as_of.label("told")).select_from(
        _NEWEST.outerjoin(payments, _THESE)
    )
)
"""The day of the newest register, beside what it says of some orders: one row without an order where it says none."""
_KNOWN = Statement(select(payments.c.order_hash, *_VALUES, payments.c.as_of).where(_THESE))
_FORGET = Statement(delete(payments).where(_THESE))
_ADD, _ADD_LIST = Statement(insert(payments)), Statement(insert(payment_lists))


def uses_of(conn: Connection, hashes: Sequence[str]) -> dict[str, tuple[OrderUse, ...]]:
    """By order hash: the make-up years that cases use these orders for; nothing that was declined or closed."""
    found: dict[str, tuple[OrderUse, ...]] = {}
    for order, *use in _USES.rows(conn, {"hashes": hashes}) if hashes else ():
        found[order] = (*found.get(order, ()), OrderUse(*use))
    return found


def write_uses(unit: Unit, case: CaseResult, *, fresh: bool) -> None:
    """Keep which years the items of this version use orders for, in place of what they used before."""
    numbers = [item.number for item in case.items if item.kind == PAYMENT_YEAR]
    if not numbers:
        return
    if not fresh:
        _OLD_USES.run(unit.conn, {"b_case_id": case.case_id, "b_numbers": numbers})
    search = unit.terms.hasher.search
    rows = [
        {"case_id": case.case_id, "number": use.number, "order_hash": search(use.order), "year": use.year}
        for use in year_uses(case.items)
    ]
    _ADD_USES.run_all(unit.conn, rows)


@dataclass(frozen=True, slots=True)
class Registered:
    """What the registers say of some orders, by hash, and the day of the newest one (`None`: there is none)."""

    payments: Mapping[str, RegisteredPayment] = field(default_factory=dict)
    as_of: date | None = None


def registered(conn: Connection, hashes: Sequence[str]) -> Registered:
    """What is known of these orders. Asks nothing where there are none."""
    rows = _REGISTERED.rows(conn, {"hashes": hashes}) if hashes else []
    found = {order: RegisteredPayment(*values) for _, order, *values in rows if order is not None}
    return Registered(found, rows[0][0] if rows else None)


@dataclass(frozen=True, slots=True)
class PaymentList:
    """A register that was taken in."""

    number: int
    name: str
    as_of: date
    taken_at: datetime
    actor: str
    payments: int


@dataclass(frozen=True, slots=True)
class Payments:
    """Registers of payments: compared with what is known, then taken in by a named person."""

    db: Database

    def compare(self, head: ListHead, new: Sequence[Payment]) -> Compared[Payment]:
        """What taking a register in would change. Writes nothing."""
        with self.db.read() as conn:
            return compare(new, _known(conn, new), head.as_of)

    def take(self, head: ListHead, new: Sequence[Payment], actor: str, now: datetime) -> Compared[Payment]:
        """Take a register in: what is new or changed, in one commit with an event. The same again changes nothing."""
        with self.db.write("payments") as unit:
            found = compare(new, _known(unit.conn, new), head.as_of)
            if not found.writes:
                return found
            number = _ADD_LIST.add(unit.conn, _list_row(head, len(new), actor, now))
            rows = [_row(payment, head.as_of, number) for payment in found.writes]
            _FORGET.run(unit.conn, {"hashes": [row["order_hash"] for row in rows]})
            _ADD.run_all(unit.conn, rows)
            counts = {"new": found.new, "changed": len(found.changed), "same": found.same, "older": found.older}
            about = f"register {number}"
            unit.note("payments.imported", now, actor=clean(actor), about=about, as_of=head.as_of, counts=counts)
        return found

    def lists(self) -> list[PaymentList]:
        """Every register that was taken in, the oldest first."""
        columns = (payment_lists.c.number, payment_lists.c.name, payment_lists.c.as_of, payment_lists.c.taken_at)
        query = select(*columns, payment_lists.c.actor, payment_lists.c.payments).order_by(payment_lists.c.number)
        with self.db.read() as conn:
            return [PaymentList(*row) for row in conn.execute(query)]


def _known(conn: Connection, new: Sequence[Payment]) -> dict[str, tuple[Payment, date]]:
    """By order hash: each payment as it is known, and the day of the register that said so."""
    hashes = [payment.key for payment in new]
    rows = _KNOWN.rows(conn, {"hashes": hashes}) if hashes else []
    return {order: (Payment(order, *values), as_of) for order, *values, as_of in rows}


def _row(payment: Payment, as_of: date, number: int) -> Columns:
    return {
        "order_hash": payment.key,
        "person": payment.person,
        "name_hash": payment.name_hash,
        "year": payment.year,
        "amount": payment.amount,
        "status": payment.status,
        "paid_on": payment.paid_on,
        "as_of": as_of,
        "list_number": number,
    }


def _list_row(head: ListHead, count: int, actor: str, now: datetime) -> Columns:
    row: Columns = {"name": clean(head.name), "sha256": head.sha256, "as_of": head.as_of, "taken_at": now}
    return row | {"actor": clean(actor), "payments": count}
