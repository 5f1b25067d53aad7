"""What orders were used for, and the register of the old platforms: new, changed, overtaken, and what the flow is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mailbot.domain.lists import ListHead
from mailbot.domain.outcome import Lookups, OrderUse, RegisteredPayment, Wanted
from mailbot.domain.payments import Payment
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.tables.proof import payments
from tests.ledger.proofs import proof, year_item
from tests.ledger.test_plans import scans
from tests.ledger.world import HASHER, NOW, S, case, finished, person, watched

FIRST, LATER = date(2020, 7, 1), date(2020, 7, 10)
KEY = HASHER.search("T0000001")
WHO = HASHER.search(person(1).id_number)
PAID = Payment(KEY, WHO, HASHER.search("测试1"), 2018, "33.00", "paid", date(2018, 6, 5))


def head(day: date = FIRST) -> ListHead:
    return ListHead("register.xlsx", "0" * 64, day)


def asked(ledger: Ledger, *orders: str) -> Lookups:
    return ledger.cases.lookups(Wanted(99, "0" * 64, None, orders=orders or (KEY,)))


def test_an_order_is_known_with_the_year_person_and_state_it_was_used_in(ledger: Ledger) -> None:
    finished(ledger, proof("2020-000001", [2018, 2019]), uid=1)
    assert asked(ledger).order_uses[KEY] == (
        OrderUse("2020-000001", WHO, 2018, "approved"),
        OrderUse("2020-000001", WHO, 2019, "approved"),
    )


def test_an_order_is_the_same_however_it_is_written(ledger: Ledger) -> None:
    finished(ledger, proof("2020-000001", order="t-000 0001"), uid=1)
    assert len(asked(ledger).order_uses[KEY]) == 1


def test_what_was_declined_or_closed_used_nothing(ledger: Ledger) -> None:
    finished(ledger, proof("2020-000001", state=S.CLOSED), uid=1)
    finished(ledger, proof("2020-000002", state=S.HELD, who=2), uid=2)
    assert [use.case_id for use in asked(ledger).order_uses[KEY]] == ["2020-000002"]


def test_an_item_without_an_order_and_a_roster_use_none(ledger: Ledger) -> None:
    finished(ledger, proof("2020-000001", order=None), uid=1)
    finished(ledger, case("2020-000002", [S.HELD], people=[7]), uid=2)
    assert asked(ledger, KEY, HASHER.search("")).order_uses == {}


def test_a_corrected_order_number_takes_the_place_of_the_wrong_one(ledger: Ledger) -> None:
    finished(ledger, proof("2020-000001", [2017, 2018], state=S.HELD), uid=1)
    seen = ledger.cases.load_case("2020-000001").result
    right = year_item(2, 2018, "T0000002", state=S.HELD)
    finished(ledger, replace(seen, version=2, items=(right,)), uid=2)
    new = HASHER.search("T0000002")
    found = asked(ledger, KEY, new).order_uses
    assert {order: [use.year for use in uses] for order, uses in found.items()} == {KEY: [2017], new: [2018]}


def test_a_decision_of_a_person_changes_the_state_that_is_told(ledger: Ledger) -> None:
    finished(ledger, proof("2020-000001", state=S.HELD), uid=1)
    seen = ledger.cases.load_case("2020-000001").result
    again = replace(seen, version=2, items=(year_item(1, 2018, "T0000001", state=S.AWAITING_SENDER),))
    finished(ledger, again, uid=2)
    assert [use.state for use in asked(ledger).order_uses[KEY]] == ["awaiting_sender"]


def test_without_a_register_nothing_is_known(ledger: Ledger) -> None:
    found = asked(ledger)
    assert (found.payments, found.payments_as_of) == ({}, None)


def test_what_a_register_tells_is_known_as_of_its_day(ledger: Ledger) -> None:
    took = ledger.payments.take(head(), [PAID], "张工", NOW)
    assert (took.new, took.same, took.older, took.changed) == (1, 0, 0, ())
    found = asked(ledger, KEY, "unheard")
    told = RegisteredPayment(WHO, HASHER.search("测试1"), 2018, "33.00", "paid", date(2018, 6, 5), FIRST)
    assert (found.payments, found.payments_as_of) == ({KEY: told}, FIRST)
    assert asked(ledger, "unheard").payments_as_of == FIRST


def test_a_newer_register_supersedes_and_an_older_one_changes_nothing(ledger: Ledger) -> None:
    ledger.payments.take(head(), [PAID], "张工", NOW)
    refunded = replace(PAID, status="refunded", amount=None)
    took = ledger.payments.take(head(LATER), [refunded], "张工", NOW)
    assert took.changed == ((PAID, replace(PAID, status="refunded")),)
    assert ledger.payments.take(head(), [PAID], "张工", NOW).older == 1
    told = asked(ledger).payments[KEY]
    assert (told.status, told.amount, told.as_of) == ("refunded", "33.00", LATER)


def test_the_same_register_again_changes_nothing_and_leaves_no_event(ledger: Ledger) -> None:
    ledger.payments.take(head(), [PAID], "张工", NOW)
    assert ledger.payments.take(head(), [PAID], "李工", NOW).writes == ()
    assert [(one.name, one.as_of, one.payments, one.actor) for one in ledger.payments.lists()] == [
        ("register.xlsx", FIRST, 1, "张工")
    ]


def test_what_would_change_can_be_seen_before(ledger: Ledger) -> None:
    ledger.payments.take(head(), [PAID], "张工", NOW)
    seen = ledger.payments.compare(head(LATER), [replace(PAID, year=2019), Payment("other")])
    assert (seen.new, len(seen.changed), len(seen.writes)) == (1, 1, 2)
    assert asked(ledger).payments[KEY].year == 2018


def test_the_register_holds_no_name_and_no_number_of_a_person(ledger: Ledger) -> None:
    ledger.payments.take(head(), [PAID], "张工", NOW)
    with ledger.db.read() as conn:
        [row] = conn.execute(payments.select()).all()
    text = " ".join(str(value) for value in row)
    assert person(1).id_number not in text
    assert "测试1" not in text


def test_orders_are_asked_by_index_alone(ledger: Ledger) -> None:
    finished(ledger, proof("2020-000001"), uid=1)
    ledger.payments.take(head(), [PAID], "张工", NOW)
    with watched(ledger) as statements:
        asked(ledger)
    assert scans(ledger, statements) == []


def test_a_mail_without_an_order_asks_no_register(ledger: Ledger) -> None:
    with watched(ledger) as statements:
        ledger.cases.lookups(Wanted(99, "0" * 64, None))
    assert not [text for text in statements if "payment" in text or "order_uses" in text]
