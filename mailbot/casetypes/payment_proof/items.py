"""The items of a proof, one for each year that was paid for, and what approving one causes: the right to study that
year, once for one person."""

from __future__ import annotations

from mailbot.casetypes.payment_proof.clean import valid_id, valid_phone
from mailbot.casetypes.payment_proof.seen import numbers_of
from mailbot.casetypes.payment_proof.values import PERSON_FIELDS, Payment, ProofRecord
from mailbot.domain.campaign import Campaign
from mailbot.domain.effects import Person, PlannedEffect, Verb
from mailbot.domain.kinds import Item, Wants
from mailbot.domain.outcome import Claim
from mailbot.domain.payments import PAYMENT_YEAR
from mailbot.domain.ports import Hasher
from mailbot.domain.records import order_key

_FIELD, _ROW = "\x1f", "\x1e"


def id_hash(record: ProofRecord, hasher: Hasher) -> str | None:
    """The search hash of the person, `None` where the ID number cannot be known."""
    number = valid_id(record.known("id_number"))
    return hasher.search(number) if number else None


def order_hashes(record: ProofRecord, hasher: Hasher) -> tuple[str, ...]:
    """The hashes of all order numbers of a record, claimed and shown."""
    sides = (side for payment in record.payments for side in (payment.claimed, payment.shown) if side)
    numbers = (number for side in sides for number in sorted(numbers_of(side)))
    return tuple(dict.fromkeys(hasher.search(number) for number in numbers))


def person_of(record: ProofRecord) -> Person | None:
    """The person, `None` where a value cannot be known."""
    name = record.known("name")
    number, phone = valid_id(record.known("id_number")), valid_phone(record.known("phone"))
    return Person(name, number, phone) if name and number and phone else None


def items_of(record: ProofRecord, hasher: Hasher) -> tuple[Item, ...]:
    """One item a payment, numbered from 1. A second payment for the same year causes nothing."""
    person, identity = person_of(record), id_hash(record, hasher)
    values = {
        "name": record.known("name"),
        "id_number": person.id_number if person else valid_id(record.known("id_number")),
        "phone": person.phone if person else valid_phone(record.known("phone")),
    }
    return tuple(
        Item(
            number,
            PAYMENT_YEAR,
            identity,
            {
                "attachment": payment.place.attachment,
                "member": payment.place.member,
                "row": payment.place.row,
                "page": payment.place.page,
            },
            {**values, "year": payment.year, "order_id": order_of(payment)},
            inert=payment.again,
        )
        for number, payment in enumerate(record.payments, start=1)
    )


def order_of(payment: Payment) -> str | None:
    """The order number to go by."""
    value = payment.told("order_id") or payment.told("merchant_order_id")
    return value.text if value else None


def effect_of(item: Item, campaign: Campaign) -> PlannedEffect | None:
    """The year that approving an item grants; `None` where the person or year is not known, and for a second payment
    for a year that is granted by another item."""
    name, number, phone, year = (item.values.get(key) for key in ("name", "id_number", "phone", "year"))
    if item.inert or item.identity is None or not isinstance(year, int):
        return None
    if not (isinstance(name, str) and isinstance(number, str) and isinstance(phone, str)):
        return None
    key = f"{Verb.GRANT}:{campaign.code}:{item.identity}:{year}"
    return PlannedEffect(key, Verb.GRANT, Person(name, number, phone), (item.number,), year)


def claims_of(item: Item, campaign: Campaign, hasher: Hasher) -> tuple[Claim, ...]:
    """One grant a person and year, and one use an order: whoever comes second with either is looked at by a person."""
    effect = effect_of(item, campaign)
    if effect is None:
        return ()
    claims = [Claim(f"year:{campaign.code}:{item.identity}:{effect.year}", item.number)]
    order = item.values.get("order_id")
    if isinstance(order, str) and order:
        used = hasher.search(_FIELD.join((order_key(order), str(effect.year))))
        claims.append(Claim(f"order:{campaign.code}:{used}", item.number))
    return tuple(claims)


def wants_of(record: ProofRecord, hasher: Hasher) -> Wants:
    """What must be looked up for a proof. Nobody's account is asked for, so that no wish for one is looked for."""
    shown = record.pictures.shown
    return Wants(
        people=(),
        phones=(),
        orders=order_hashes(record, hasher),
        fingerprint=_fingerprint(record, hasher),
        pictures=tuple(pixels for pixels, _ in shown),
        looks=tuple(looks for _, looks in shown),
    )


def _fingerprint(record: ProofRecord, hasher: Hasher) -> str:
    """The same for the same person, payments and pictures, whatever file or words they came in. A record that holds
    nothing that could be compared is told by its mail."""
    person = [record.known(name) or "" for name in PERSON_FIELDS]
    payments = sorted(_FIELD.join(_said(payment)) for payment in record.payments)
    pictures = sorted(pixels for pixels, _ in record.pictures.shown)
    told = any(person) and payments and not record.pictures.unread
    whole = [_FIELD.join(person), *payments, *pictures] if told else [record.digest, str(record.source.number)]
    return hasher.search(_ROW.join(["payment_proof", *whole]))


def _said(payment: Payment) -> list[str]:
    sides = (payment.claimed, payment.shown)
    return [f"{name}={value.text}" for side in sides if side for name, value in sorted(side.values.items())]
