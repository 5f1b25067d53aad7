"""The shipped rules over payment proofs: each fault is found, nothing doubtful is ever approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import Opened
from mailbot.domain.effects import Verb
from mailbot.domain.kinds import SenderView
from mailbot.domain.outcome import Lookups, OrderUse, PictureUse, RegisteredPayment
from mailbot.domain.ports import Presence, Registration
from mailbot.domain.scan import PictureRef
from mailbot.domain.states import ItemState
from tests.casetypes.payment_proof.support import (
    ID,
    ORDER,
    PAID,
    REGISTERED,
    TEXT,
    but,
    codes,
    form,
    judge,
    known,
    mail,
    order,
    picture,
    record_of,
    scan,
    with_order,
    without,
)
from tests.casetypes.support import HASHER

ME, OTHER, USED = HASHER.search(ID), HASHER.search("another"), HASHER.search(ORDER)


def test_a_whole_proof_of_a_registered_person_grants_its_year() -> None:
    case = judge(record_of(with_order()))
    assert codes(case) == set()
    assert [item.state for item in case.items] == [ItemState.APPROVED]
    (effect,) = case.effects
    assert (effect.verb, effect.year, effect.person.id_number) == (Verb.GRANT, 2018, ID)
    assert len(case.claims) == 2


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (but(status="unpaid"), "payment.unpaid"),
        (but(status="refunded"), "payment.refunded"),
        (but(status="partly_refunded"), "payment.partly_refunded"),
        (but(refund="33.00"), "payment.partly_refunded"),
        (but(status="closed"), "payment.closed"),
        (without(PAID, "status"), "payment.status_unknown"),
        (but(status=None), "payment.status_unknown"),
        (but(amount="3300.00"), "payment.amount"),
        (but(amount="0.01"), "payment.amount"),
        (but(paid_at="2021-01-01"), "payment.time"),
        (but(paid_at="2017-10-09"), "payment.time"),
        (but(created_at="2018-10-10 00:00:00"), "payment.time"),
        (but(course="2018年度专业科目培训"), "payment.other_course"),
        (but(course="驾校培训"), "payment.other_course"),
        (without(PAID, "course"), "payment.other_course"),
        (but(platform="某某学习网"), "payment.site_unknown"),
        (but(year="2015", course="公需科目"), "payment.year_outside"),
        ({**without(PAID, "year"), "course": "公需科目"}, "payment.year_missing"),
        (without(PAID, "order_id"), "payment.order_missing"),
        (but(order_id=None), "payment.unreadable"),
    ],
)
def test_each_fault_of_an_order_is_found_and_nothing_granted(values: dict[str, str | None], code: str) -> None:
    case = judge(record_of(with_order(values)))
    assert code in codes(case)
    assert not case.effects


def test_a_cut_order_number_is_asked_for() -> None:
    case = judge(record_of(with_order(order_id={"complete": False})))
    assert "payment.order_cut" in codes(case)
    assert not case.effects


@pytest.mark.parametrize("field", ["order_id", "status", "year"])
def test_what_one_engine_alone_doubtfully_read_is_not_verified(field: str) -> None:
    case = judge(record_of(with_order(**{field: {"agreed": False, "confidence": 0.6}})))
    assert codes(case) == {"payment.unverified"}
    assert not case.effects


@pytest.mark.parametrize("row", [("2019", ORDER), ("2018", ORDER[:-1] + "9"), ("2018", ORDER, None, "2018-10-10")])
def test_an_edited_typed_value_is_held_with_both_in_the_facts(row: tuple[str | None, ...]) -> None:
    opened = Opened(mail=mail("", picture(2)), documents=(form(row),), scans=(scan(order(), number=2),))
    case = judge(record_of(opened))
    (found,) = [one for item in case.items for one in item.findings if one.code == "payment.typed_differs"]
    assert {"payment.typed", "payment.shown"} <= found.facts.keys()
    assert not case.effects


def test_typed_and_seen_alike_need_no_second_reading_of_the_number() -> None:
    doubtful: dict[str, dict[str, object]] = {
        "order_id": {"agreed": False, "confidence": 0.7},
        "year": {"agreed": False},
    }
    scans = (scan(order(traits=doubtful), number=2),)
    case = judge(record_of(Opened(mail=mail("", picture(2)), documents=(form(("2018", ORDER)),), scans=scans)))
    assert codes(case) == set()
    assert len(case.effects) == 1


@pytest.mark.parametrize(
    ("lookups", "code"),
    [
        (Lookups(order_uses={USED: (OrderUse("c", OTHER, 2018, "fulfilled"),)}), "order.reused"),
        (Lookups(order_uses={USED: (OrderUse("c", ME, 2017, "fulfilled"),)}), "order.reused"),
        (Lookups(order_uses={USED: (OrderUse("c", ME, 2018, "held"),)}), "payment.asked_before"),
        (Lookups(pictures={"p1-1": (PictureUse("c", 0, (), (OTHER,)),)}), "proof.image_reused"),
        (Lookups(pictures={"p1-1": (PictureUse("c", 3, (OTHER,), (OTHER,)),)}), "proof.image_similar"),
        (
            Lookups(payments={USED: RegisteredPayment(OTHER, None, 2018, "33.00", "paid", None, date(2020, 1, 1))}),
            "payment.register_contradicts",
        ),
    ],
)
def test_what_came_before_is_for_a_person_and_told_to_no_sender(lookups: Lookups, code: str) -> None:
    case = judge(record_of(with_order()), known(lookups))
    assert code in codes(case)
    assert not case.effects
    messages = [one.message for one in (*case.findings, *case.items[0].findings) if one.code == code]
    assert messages
    assert not any(word in message for message in messages for word in ("他人", "重复", "伪造", "相同"))


def test_a_look_alike_of_the_same_order_is_not_told_by_its_looks() -> None:
    lookups = Lookups(pictures={"p1-1": (PictureUse("c", 3, (USED,), (OTHER,)),)})
    assert codes(judge(record_of(with_order()), known(lookups))) == set()


def test_an_order_that_the_register_confirms_needs_no_picture() -> None:
    paid = RegisteredPayment(ME, None, 2018, "33.00", "paid", date(2018, 10, 9), date(2020, 1, 1))
    record = record_of(Opened(mail=mail("", subject=""), documents=(form(("2018", ORDER)),)))
    assert codes(judge(record)) == {"payment.proof_missing"}
    case = judge(record, known(Lookups(payments={USED: paid}, payments_as_of=date(2020, 1, 1))))
    assert codes(case) == set()
    assert len(case.effects) == 1


@pytest.mark.parametrize(
    ("registration", "code"),
    [
        (Registration(Presence.ABSENT), "person.not_registered"),
        (Registration(Presence.UNKNOWN), "person.registration_unknown"),
        (None, "person.registration_unknown"),
        (replace(REGISTERED, phone="13900000000"), "person.registration_differs"),
        (replace(REGISTERED, completed=(2018,)), "person.year_completed"),
        (replace(REGISTERED, bought=(2018,)), "person.already_paid"),
    ],
)
def test_the_registration_decides(registration: Registration | None, code: str) -> None:
    case = judge(record_of(with_order()), known(registration=registration))
    assert codes(case) == {code}
    assert not case.effects
    if registration is None or registration.presence is Presence.UNKNOWN:
        assert not any("注册账号" in f.message or "没有" in f.message for f in case.findings)


def test_everything_missing_is_asked_at_once() -> None:
    case = judge(record_of(Opened(mail=mail("", picture(), subject=""), scans=(scan(order()),))))
    assert {"name.missing", "id.missing", "phone.missing"} <= codes(case)
    assert {item.state for item in case.items} == {ItemState.AWAITING_SENDER}


def test_pictures_that_nobody_looked_at_are_never_asked_for() -> None:
    ref = PictureRef(number=1, sha256="b" * 64, size=50_000, type="image/png", name="截图.png")
    case = judge(record_of(Opened(mail=mail("补学凭证见附件", picture()), pictures=(ref,))))
    assert "proof.unread" in codes(case)
    assert not any(one.severity.word == "ask" for item in case.items for one in (*item.findings, *case.findings))


@pytest.mark.parametrize("shown", ["other", "identity_card"])
def test_a_picture_that_is_no_proof(shown: str) -> None:
    case = judge(record_of(Opened(mail=mail(TEXT, picture()), scans=(scan(kind=shown),))))  # type: ignore[arg-type] # a literal
    assert "proof.not_a_proof" in codes(case)
    beside = Opened(mail=mail(TEXT, picture(), picture(2)), scans=(scan(order()), scan(kind=shown, number=2)))  # type: ignore[arg-type] # a literal
    assert codes(judge(record_of(beside))) == set()


def test_a_picture_that_cannot_be_read_is_asked_for_anew() -> None:
    case = judge(record_of(Opened(mail=mail(TEXT, picture()), scans=(scan(kind="other", fault="unreadable"),))))
    assert "proof.unreadable" in codes(case)


@pytest.mark.parametrize("trait", ["ambiguous", "lookalike", "posing", "reply_elsewhere"])
def test_a_doubtful_sender_gets_nothing(trait: str) -> None:
    sender = SenderView("a@example.com", verified=True, ambiguous=False, lookalike=False)
    traits: dict[str, Any] = {trait: True}
    doubted = replace(known(), sender=replace(sender, **traits))
    assert not judge(record_of(with_order()), doubted).effects
    assert not judge(record_of(with_order()), replace(known(), sender=replace(sender, verified=None))).effects


_BAD = {
    "status": st.sampled_from([None, "unpaid", "refunded", "closed", "partly_refunded"]),
    "course": st.sampled_from(["执业药师继续教育", "驾校", ""]),
    "year": st.sampled_from(["2015", "2021"]),
    "order_id": st.none(),
    "amount": st.sampled_from(["0.00", "999.00"]),
}


@given(faults=st.fixed_dictionaries({}, optional=_BAD).filter(bool))
def test_no_set_of_faults_is_ever_approved_and_more_faults_are_never_milder(faults: dict[str, str | None]) -> None:
    whole = judge(record_of(with_order({**PAID, **faults})))
    assert not whole.effects
    for name in faults:
        fewer = {key: value for key, value in faults.items() if key != name}
        assert judge(record_of(with_order({**PAID, **fewer}))).outcome <= whole.outcome
