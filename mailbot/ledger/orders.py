"""The platform's orders: dated lists come in, a newer one supersedes; the flow asks what is known of a number.

What stands in no list is not known, and what stands in one is true as of its day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from mailbot.domain.lists import Compared, ListHead, Order, compare
from mailbot.domain.outcome import ListedOrder
from mailbot.domain.records import order_key
from mailbot.ledger.codec import Columns, clean, clean_or_none
from mailbot.ledger.db import Database
from mailbot.ledger.statement import Statement, one_of
from mailbot.ledger.tables.orders import order_lists, orders

_THESE = one_of(orders.c.order_hash, "hashes")
_VALUES = (orders.c.unit, orders.c.tax_id, orders.c.codes, orders.c.paid, orders.c.as_of)
_NEWEST = select(func.max(order_lists.c.as_of).label("as_of")).subquery("newest")
_LISTED = Statement(
    select(_NEWEST.c.as_of, orders.c.order_hash, *_VALUES).select_from(_NEWEST.outerjoin(orders, _THESE))
)
"""The day of the newest list, beside what the lists say of some numbers: one row without an order where they say
nothing."""
_KNOWN = Statement(select(orders.c.order_hash, orders.c.order_no, *_VALUES).where(_THESE))
_GONE = Statement(delete(orders).where(_THESE))
_ADD, _ADD_LIST = Statement(insert(orders)), Statement(insert(order_lists))


@dataclass(frozen=True, slots=True)
class Listed:
    """What the lists say of some numbers, by hash, and the day of the newest list (`None`: there is none)."""

    orders: Mapping[str, ListedOrder] = field(default_factory=dict)
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class OrderList:
    """A list that was taken in."""

    number: int
    name: str
    as_of: date
    taken_at: datetime
    actor: str
    orders: int


def listed(conn: Connection, hashes: Sequence[str]) -> Listed:
    """What is known of these numbers. Asks nothing where there are none."""
    rows = _LISTED.rows(conn, {"hashes": hashes}) if hashes else []
    found = {order: ListedOrder(*values) for _, order, *values in rows if order is not None}
    return Listed(found, rows[0][0] if rows else None)


@dataclass(frozen=True, slots=True)
class Orders:
    """Lists of orders: compared with what is known, then taken in by a named person."""

    db: Database

    def compare(self, head: ListHead, new: Sequence[Order]) -> Compared[Order]:
        """What taking a list in would change. Writes nothing."""
        with self.db.read() as conn:
            return compare(new, self._known(conn, new), head.as_of)

    def take(self, head: ListHead, new: Sequence[Order], actor: str, now: datetime) -> Compared[Order]:
        """Take a list in: what is new or changed, in one commit with an event. The same list again changes nothing."""
        with self.db.write("orders") as unit:
            found = compare(new, self._known(unit.conn, new), head.as_of)
            if not found.writes:
                return found
            number = _ADD_LIST.add(unit.conn, _list_row(head, len(new), actor, now))
            rows = [self._row(order, head.as_of, number) for order in found.writes]
            _GONE.run(unit.conn, {"hashes": [row["order_hash"] for row in rows]})
            _ADD.run_all(unit.conn, rows)
            counts = {"new": found.new, "changed": len(found.changed), "same": found.same, "older": found.older}
            about = f"list {number}"
            unit.note("orders.imported", now, actor=clean(actor), about=about, as_of=head.as_of, counts=counts)
        return found

    def lists(self) -> list[OrderList]:
        """Every list that was taken in, the oldest first."""
        columns = (order_lists.c.number, order_lists.c.name, order_lists.c.as_of, order_lists.c.taken_at)
        query = select(*columns, order_lists.c.actor, order_lists.c.orders).order_by(order_lists.c.number)
        with self.db.read() as conn:
            return [OrderList(*row) for row in conn.execute(query)]

    def _known(self, conn: Connection, new: Sequence[Order]) -> dict[str, tuple[Order, date]]:
        """By key of the number: each order as it is known, and the day of the list that said so."""
        hashes = [self._hash(order.order_no) for order in new]
        rows = _KNOWN.maps(conn, {"hashes": hashes}) if hashes else []
        return {order_key(row["order_no"]): (_order(row), row["as_of"]) for row in rows}

    def _row(self, order: Order, as_of: date, number: int) -> Columns:
        return {
            "order_hash": self._hash(order.order_no),
            "order_no": clean(order.order_no),
            "unit": clean_or_none(order.unit),
            "tax_id": clean_or_none(order.tax_id),
            "codes": order.codes,
            "paid": order.paid,
            "as_of": as_of,
            "list_number": number,
        }

    def _hash(self, order_no: str) -> str:
        return self.db.terms.hasher.search(order_key(order_no))


def _list_row(head: ListHead, count: int, actor: str, now: datetime) -> Columns:
    row: Columns = {"name": clean(head.name), "sha256": head.sha256, "as_of": head.as_of, "taken_at": now}
    return row | {"actor": clean(actor), "orders": count}


def _order(row: Mapping[str, Any]) -> Order:
    return Order(row["order_no"], row["unit"], row["tax_id"], row["codes"], row["paid"])
