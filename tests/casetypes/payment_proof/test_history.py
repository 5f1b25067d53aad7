"""What speaks against a payment besides the mail itself: its time, earlier cases, the register, the platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from mailbot.casetypes.payment_proof.history import history_facts
from mailbot.casetypes.payment_proof.items import claims_of, effect_of, id_hash, items_of, order_hashes, wants_of
from mailbot.casetypes.payment_proof.personfacts import differing_from
from mailbot.casetypes.payment_proof.prooffacts import proof_subject
from mailbot.casetypes.payment_proof.register import register_of
from mailbot.casetypes.payment_proof.times import time_fault
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.proof import PROOF
from mailbot.domain.outcome import Lookups, OrderUse, PictureUse, RegisteredPayment
from mailbot.domain.ports import Presence, Registration
from tests.casetypes.payment_proof.support import (
    ID,
    NAME,
    ORDER,
    PHONE,
    REGISTERED,
    but,
    known,
    record_of,
    with_order,
)
from tests.casetypes.support import HASHER, NOW, person_id, rulebook

ME, OTHER = HASHER.search(ID), HASHER.search(person_id(2))
RECORD = record_of(with_order())
[PAYMENT] = RECORD.payments


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({}, None),
        ({"paid_at": None}, None),
        ({"paid_at": "2018-10-09"}, None),
        ({"paid_at": "2019-01-05 10:00:00"}, None),
        ({"created_at": "2018-10-09 10:11:00"}, None),
        ({"created_at": "2018-10-09 10:11:12"}, None),
        ({"created_at": "2018-10-09 10:11:13"}, "付款时间早于下单时间"),
        ({"created_at": "2018-10-10"}, "付款时间早于下单时间"),
        ({"created_at": "2018-10-09"}, None),
        ({"paid_at": "2017-12-31 23:59:59"}, "付款时间早于缴费年度"),
        ({"paid_at": "2099-01-01 00:00:00"}, "付款时间晚于来信"),
    ],
)
def test_a_payment_has_a_time_at_which_it_can_have_been(values: Mapping[str, str | None], fault: str | None) -> None:
    record = record_of(with_order(but(**values)))
    assert time_fault(record.payments[0], known()) == fault


def uses(*found: OrderUse) -> Lookups:
    return Lookups(order_uses={HASHER.search(ORDER): found})


@pytest.mark.parametrize(
    ("found", "reused", "before"),
    [
        ((), False, False),
        ((OrderUse("2020-000009", OTHER, 2018, "fulfilled"),), True, False),
        ((OrderUse("2020-000009", OTHER, 2017, "held"),), True, False),
        ((OrderUse("2020-000009", ME, 2018, "fulfilled"),), False, True),
        ((OrderUse("2020-000009", ME, 2017, "fulfilled"),), True, False),
        ((OrderUse("2020-000009", None, 2018, "held"),), True, False),
        ((OrderUse("2020-000009", ME, 2018, "held"), OrderUse("2020-000010", OTHER, 2018, "held")), True, True),
    ],
)
def test_an_order_is_used_once_for_one_person_and_year(found: tuple[OrderUse, ...], reused: bool, before: bool) -> None:
    facts = history_facts(PAYMENT, RECORD, known(uses(*found)))
    assert (facts["order.reused"], facts["payment.asked_before"]) == (reused, before)


@pytest.mark.parametrize(
    ("registration", "completed", "bought"),
    [
        (REGISTERED, False, False),
        (replace(REGISTERED, completed=(2018,)), True, False),
        (replace(REGISTERED, completed=(2017,)), False, False),
        (replace(REGISTERED, bought=(2018, 2019)), False, True),
        (replace(REGISTERED, completed=None, bought=None), UNKNOWN, UNKNOWN),
        (replace(REGISTERED, name="李明二"), UNKNOWN, UNKNOWN),
        (Registration(Presence.UNKNOWN), UNKNOWN, UNKNOWN),
        (Registration(Presence.ABSENT), UNKNOWN, UNKNOWN),
        (None, UNKNOWN, UNKNOWN),
    ],
)
def test_the_platform_tells_only_of_who_is_surely_this_person(
    registration: Registration | None, completed: object, bought: object
) -> None:
    facts = history_facts(PAYMENT, RECORD, known(registration=registration))
    assert facts["person.completed"] is completed
    assert facts["person.bought"] is bought


@pytest.mark.parametrize(
    ("registration", "unlike"),
    [
        (REGISTERED, ""),
        (replace(REGISTERED, name="李明二"), "姓名"),
        (replace(REGISTERED, name=None), ""),
        (replace(REGISTERED, phone="13900000009"), "手机号码"),
    ],
)
def test_the_registration_is_compared_field_by_field(registration: Registration, unlike: str) -> None:
    assert differing_from(registration, RECORD) == unlike


LISTED = RegisteredPayment(
    person=ME,
    name_hash=HASHER.search(NAME),
    year=2018,
    amount="33.00",
    status="paid",
    paid_on=date(2018, 10, 9),
    as_of=date(2020, 8, 1),
)


def register(one: RegisteredPayment) -> Lookups:
    return Lookups(payments={HASHER.search(ORDER): one}, payments_as_of=one.as_of)


@pytest.mark.parametrize(
    ("listed", "confirms", "contradicts"),
    [
        (LISTED, True, False),
        (replace(LISTED, amount=None, paid_on=None), True, False),
        (replace(LISTED, year=None), False, False),
        (replace(LISTED, status=None), False, False),
        (replace(LISTED, person=None), False, False),
        (replace(LISTED, person=OTHER), False, True),
        (replace(LISTED, person=None, name_hash=HASHER.search("李明二")), False, True),
        (replace(LISTED, year=2017), False, True),
        (replace(LISTED, status="refunded"), False, True),
        (replace(LISTED, amount="66.00"), False, True),
        (replace(LISTED, paid_on=date(2018, 10, 8)), False, True),
    ],
)
def test_the_register_bears_out_what_it_tells_of_this_person(
    listed: RegisteredPayment, confirms: bool, contradicts: bool
) -> None:
    found = register_of(PAYMENT, RECORD, known(register(listed)))
    assert (found.confirms, found.contradicts) == (confirms, contradicts)


def test_an_order_that_the_register_does_not_know_is_neither() -> None:
    found = register_of(PAYMENT, RECORD, known(Lookups(payments_as_of=date(2020, 8, 1))))
    assert not found.confirms
    assert found.contradicts is UNKNOWN


SHOWN = RECORD.pictures.shown[0][0]
OTHER_ORDER = HASHER.search("2017091122001412345678904321")


def seen_before(*found: PictureUse) -> Lookups:
    return Lookups(pictures={SHOWN: found})


@pytest.mark.parametrize(
    ("use", "reused", "again", "similar"),
    [
        (PictureUse("2020-000009", 0, (), (OTHER,)), True, False, False),
        (PictureUse("2020-000009", 0, (), ()), True, False, False),
        (PictureUse("2020-000009", 0, (), (ME,)), False, True, False),
        (PictureUse("2020-000009", 0, (), (ME, OTHER)), True, False, False),
        (PictureUse("2020-000009", 3, (OTHER_ORDER,), (OTHER,)), False, False, True),
        (PictureUse("2020-000009", 3, (HASHER.search(ORDER),), (OTHER,)), False, False, False),
        (PictureUse("2020-000009", 3, (), (OTHER,)), False, False, False),
        (PictureUse("2020-000009", 3, (OTHER_ORDER,), (ME,)), False, False, False),
    ],
)
def test_a_picture_that_came_before_is_told_by_whose_it_was(
    use: PictureUse, reused: bool, again: bool, similar: bool
) -> None:
    facts = proof_subject(RECORD, known(seen_before(use))).facts
    told = {name: facts[PROOF.index[f"proof.{name}"]] for name in ("image_reused", "image_again", "image_similar")}
    assert told == {"image_reused": reused, "image_again": again, "image_similar": similar}


def test_an_item_grants_its_year_to_its_person_once() -> None:
    campaign = rulebook().campaign
    [item] = items_of(RECORD, HASHER)
    effect = effect_of(item, campaign)
    assert effect is not None
    assert (effect.year, effect.person.id_number, effect.person.phone, effect.items) == (2018, ID, PHONE, (1,))
    assert ID not in effect.key
    assert effect.key == f"grant:2020:{ME}:2018"
    person_year, order_year = claims_of(item, campaign, HASHER)
    assert person_year.key == f"year:2020:{ME}:2018"
    assert ORDER not in order_year.key


def test_the_same_order_for_another_person_makes_the_same_claim() -> None:
    campaign = rulebook().campaign
    [item] = items_of(RECORD, HASHER)
    other = replace(item, identity=OTHER, values={**item.values, "id_number": person_id(2)})
    mine, theirs = claims_of(item, campaign, HASHER), claims_of(other, campaign, HASHER)
    assert mine[0].key != theirs[0].key
    assert mine[1].key == theirs[1].key


@pytest.mark.parametrize("missing", ["name", "id_number", "phone", "year"])
def test_without_a_value_nothing_is_granted(missing: str) -> None:
    [item] = items_of(RECORD, HASHER)
    assert effect_of(replace(item, values={**item.values, missing: None}), rulebook().campaign) is None


def test_a_second_payment_for_a_year_grants_nothing() -> None:
    [item] = items_of(RECORD, HASHER)
    again = replace(item, inert=True)
    assert effect_of(again, rulebook().campaign) is None
    assert claims_of(again, rulebook().campaign, HASHER) == ()


def test_nothing_that_is_looked_up_shows_a_number() -> None:
    wants = wants_of(RECORD, HASHER)
    assert wants.orders == order_hashes(RECORD, HASHER) == (HASHER.search(ORDER),)
    assert len(wants.pictures) == len(wants.looks) == 1
    assert id_hash(RECORD, HASHER) == ME
    assert not any(ORDER in text or ID in text for text in (*wants.orders, wants.fingerprint))


def test_the_same_proof_in_other_words_is_the_same() -> None:
    again = record_of(with_order())
    assert wants_of(again, HASHER).fingerprint == wants_of(RECORD, HASHER).fingerprint
    other = record_of(with_order(but(order_id="2018100922001412345678909999")))
    assert wants_of(other, HASHER).fingerprint != wants_of(RECORD, HASHER).fingerprint


def test_the_clock_of_these_tests_lies_in_the_campaign() -> None:
    assert NOW.year == 2020
