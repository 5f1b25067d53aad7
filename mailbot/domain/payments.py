"""Make-up years that were paid for: what a case uses an order for, and what the register of the old platforms says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from mailbot.domain.outcome import ItemResult, RegisteredPayment
from mailbot.domain.records import order_key

PAYMENT_YEAR: Final = "payment_year"
"""The kind of an item that is one make-up year of one person, with `order_id` and `year` among its values."""
STATUSES: Final = ("paid", "unpaid", "refunded", "partly_refunded", "closed")
"""What an order may have come to, as pictures and registers say it (`domain.scan.SEEN_FIELDS`)."""


@dataclass(frozen=True, slots=True)
class YearUse:
    """The make-up year that item `number` uses an order for; `order` is its key (`records.order_key`)."""

    number: int
    order: str
    year: int | None


def year_uses(items: Iterable[ItemResult]) -> Iterator[YearUse]:
    """The orders that items of a case use, of those that name one."""
    for item in items:
        order = item.values.get("order_id") if item.kind == PAYMENT_YEAR else None
        if isinstance(order, str) and order_key(order):
            year = item.values.get("year")
            yield YearUse(item.number, order_key(order), year if isinstance(year, int) else None)


_TOLD: Final = ("person", "name_hash", "year", "amount", "status", "paid_on")


@dataclass(frozen=True, slots=True)
class Payment:
    """One order of the old platforms as a register tells it; `None` is what it does not tell.

    `key` is the hash of the order number (`records.order_key`), `person` that of the ID number, `name_hash` that of the
    name: the register is kept to compare with, never to be read. `amount` is `33.00`, `status` one of `STATUSES`.
    """

    key: str
    person: str | None = None
    name_hash: str | None = None
    year: int | None = None
    amount: str | None = None
    status: str | None = None
    paid_on: date | None = None

    def upon(self, before: Payment) -> Payment:
        """The payment as this register tells it; what it does not tell stays as an earlier one told it."""
        return replace(self, **{name: getattr(before, name) for name in _TOLD if getattr(self, name) is None})

    def registered(self, as_of: date) -> RegisteredPayment:
        """What the register of that day says."""
        return RegisteredPayment(self.person, self.name_hash, self.year, self.amount, self.status, self.paid_on, as_of)
