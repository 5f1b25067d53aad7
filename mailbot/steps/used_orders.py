"""What an earlier case of the same mail is to the later ones: as if it stood in the ledger already."""

from __future__ import annotations

from dataclasses import replace

from mailbot.domain.outcome import CaseResult, Lookups, OrderUse
from mailbot.domain.payments import year_uses
from mailbot.domain.ports import Hasher
from mailbot.domain.records import order_key, orders_named
from mailbot.domain.states import GONE


def with_orders(lookups: Lookups, case: CaseResult, sender: str | None, hasher: Hasher) -> Lookups:
    """The look-ups as if this case's order numbers had been used before."""
    lookups = _with_years(lookups, case, hasher)
    used = {hasher.search(order_key(order)) for order in orders_named(case.header)}
    if not used:
        return lookups
    orders = {**lookups.orders, **{order: (*lookups.orders.get(order, ()), case.case_id) for order in used}}
    people = {item.identity or str(item.number) for item in case.items if item.number and item.state not in GONE}
    unit = {key: case.header.get(key) for key in ("unit", "tax_id")}
    units = {**lookups.order_units, case.case_id: {**unit, "rows": len(people), "sender": sender}}
    return replace(lookups, orders=orders, order_units=units)


def _with_years(lookups: Lookups, case: CaseResult, hasher: Hasher) -> Lookups:
    """The look-ups as if the make-up years of this case had been asked for before."""
    items = {item.number: item for item in case.items if item.state not in GONE}
    years = list(year_uses(items.values()))
    if not years:
        return lookups
    uses = dict(lookups.order_uses)
    for use in years:
        item, order = items[use.number], hasher.search(use.order)
        uses[order] = (*uses.get(order, ()), OrderUse(case.case_id, item.identity, use.year, item.state.value))
    return replace(lookups, order_uses=uses)
