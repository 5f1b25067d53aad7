"""Which claimed payment is which order on a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from mailbot.casetypes.payment_proof.seen import numbers_of
from mailbot.casetypes.payment_proof.values import Payment, Side

Key = Callable[[Side], Hashable]


def matched(claimed: Sequence[Payment], shown: Sequence[Side]) -> tuple[tuple[Payment, ...], int]:
    """The payments with the orders that show them: by order number, year, day, and what is left alone on both sides.

    An order that nobody claims is a payment of its own; one of a page with several is left out where others of the
    mail are claimed, and counted.
    """
    found: dict[int, Side] = {}
    free = list(shown)
    for number, payment in enumerate(claimed):
        order = payment.claimed.get("order_id") if payment.claimed else None
        same = next((side for side in shown if order and order in numbers_of(side)), None)
        if same:
            found[number] = same
            free = [side for side in free if side is not same]
    for key in (_year, _day):
        free = _by_key(claimed, free, found, key)
    left = [number for number in range(len(claimed)) if number not in found]
    if len(left) == 1 and len(free) == 1:
        found[left[0]] = free.pop()
    out = tuple(len(claimed) and side.listed for side in free)
    alone = [Payment(shown=side) for side, dropped in zip(free, out, strict=True) if not dropped]
    pairs = [replace(payment, shown=found.get(number)) for number, payment in enumerate(claimed)]
    return once_a_year((*pairs, *alone)), sum(map(bool, out))


def _by_key(claimed: Sequence[Payment], free: list[Side], found: dict[int, Side], key: Key) -> list[Side]:
    """Match what both sides have once; what is left free."""
    ours = {n: key(payment.claimed) for n, payment in enumerate(claimed) if n not in found and payment.claimed}
    theirs = [key(side) for side in free]
    count, other = Counter(ours.values()), Counter(theirs)
    taken: set[int] = set()
    for number, value in ours.items():
        if value is not None and count[value] == 1 and other[value] == 1:
            taken.add(theirs.index(value))
            found[number] = free[theirs.index(value)]
    return [side for place, side in enumerate(free) if place not in taken]


def _year(side: Side) -> Hashable:
    return side.get("year")


def _day(side: Side) -> Hashable:
    moment = side.get("paid_at")
    return moment[:10] if moment else None


def once_a_year(payments: Sequence[Payment]) -> tuple[Payment, ...]:
    """The payments with every further one for the same year marked; one that says nothing new is left out."""
    kept: list[Payment] = []
    for payment in payments:
        same = [one for one in kept if one.year is not None and one.year == payment.year]
        if any(_says_no_more(payment, one) for one in same):
            continue
        kept.append(replace(payment, again=bool(same)))
    return tuple(kept)


def _says_no_more(one: Payment, other: Payment) -> bool:
    """Whether a payment claims what another one claims already, and no picture shows it."""
    if one.shown or not one.claimed or not other.claimed:
        return False
    return all(other.claimed.get(name) in (value.text, None) for name, value in one.claimed.values.items()) and all(
        name in other.claimed.values for name in one.claimed.values
    )
