"""What is known of an order and a year besides this mail: earlier cases, and the platform's own records."""

from __future__ import annotations

from mailbot.casetypes.payment_proof.items import id_hash
from mailbot.casetypes.payment_proof.personfacts import differing_from
from mailbot.casetypes.payment_proof.seen import numbers_of
from mailbot.casetypes.payment_proof.values import Payment, ProofRecord
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.kinds import Situation
from mailbot.domain.outcome import OrderUse
from mailbot.domain.ports import Presence


def history_facts(payment: Payment, record: ProofRecord, situation: Situation) -> dict[str, FactValue]:
    """Whether the order was used, the year asked for, studied or bought before."""
    me = id_hash(record, situation.hasher)
    uses = list(_uses(payment, situation))
    mine = [use for use in uses if me is not None and use.person == me and use.year == payment.year]
    return {
        "order.reused": len(mine) < len(uses),
        "payment.asked_before": bool(mine),
        **_platform(payment, record, situation, me),
    }


def _uses(payment: Payment, situation: Situation) -> list[OrderUse]:
    numbers = {number for side in (payment.claimed, payment.shown) if side for number in numbers_of(side)}
    hashes = [situation.hasher.search(number) for number in sorted(numbers)]
    return [use for one in hashes for use in situation.lookups.order_uses.get(one, ())]


def _platform(payment: Payment, record: ProofRecord, situation: Situation, me: str | None) -> dict[str, FactValue]:
    """What the platform holds of the year, where the registration is surely this person's."""
    found = situation.registrations.get(me) if me else None
    if found is None or found.presence is not Presence.FOUND or differing_from(found, record) or payment.year is None:
        return {"person.completed": UNKNOWN, "person.bought": UNKNOWN}
    return {
        "person.completed": UNKNOWN if found.completed is None else payment.year in found.completed,
        "person.bought": UNKNOWN if found.bought is None else payment.year in found.bought,
    }
