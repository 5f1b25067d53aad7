"""What the register of the old platforms' payments says of an order, where one was imported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.casetypes.payment_proof.items import id_hash
from mailbot.casetypes.payment_proof.seen import numbers_of
from mailbot.casetypes.payment_proof.values import Payment, ProofRecord
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.kinds import Situation
from mailbot.domain.outcome import RegisteredPayment


@dataclass(frozen=True, slots=True)
class Register:
    """Which parts of a payment the register bears out: the order number, that it is paid, and the year; whether it
    bears out everything, and whether it says otherwise."""

    order: bool = False
    paid: bool = False
    year: bool = False
    confirms: bool = False
    contradicts: FactValue = UNKNOWN


def register_of(payment: Payment, record: ProofRecord, situation: Situation) -> Register:
    """What the register says; a payment that it does not know is neither confirmed nor contradicted."""
    lookups, hasher = situation.lookups, situation.hasher
    numbers = sorted({number for side in (payment.claimed, payment.shown) if side for number in numbers_of(side)})
    found = [one for one in (lookups.payments.get(hasher.search(number)) for number in numbers) if one]
    if not found:
        return Register()
    against = any(_contradicts(one, payment, record, situation) for one in found)
    person = any(_is_person(one, record, situation) for one in found)
    paid = not against and all(one.status == "paid" for one in found)
    year = not against and all(one.year is not None and one.year == payment.year for one in found)
    return Register(
        order=not against and person,
        paid=paid and person,
        year=year and person,
        confirms=paid and year and person,
        contradicts=against,
    )


def _contradicts(one: RegisteredPayment, payment: Payment, record: ProofRecord, situation: Situation) -> bool:
    return any(_against(one, payment, record, situation))


def _against(one: RegisteredPayment, payment: Payment, record: ProofRecord, situation: Situation) -> Iterator[bool]:
    """Every fact that both tell, and whether they differ."""
    me = id_hash(record, situation.hasher)
    name = record.known("name")
    yield one.person is not None and me is not None and one.person != me
    yield (
        one.person is None
        and one.name_hash is not None
        and name is not None
        and (one.name_hash != situation.hasher.search(name))
    )
    yield one.year is not None and payment.year is not None and one.year != payment.year
    yield one.status is not None and one.status != "paid"
    for side in filter(None, (payment.shown, payment.claimed)):
        amount, paid = side.get("amount"), side.get("paid_at")
        yield one.amount is not None and amount is not None and one.amount != amount
        yield one.paid_on is not None and paid is not None and one.paid_on.isoformat() != paid[:10]


def _is_person(one: RegisteredPayment, record: ProofRecord, situation: Situation) -> bool:
    """Whether the register names this person by the ID number."""
    me = id_hash(record, situation.hasher)
    return me is not None and one.person == me
