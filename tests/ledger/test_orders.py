"""Dated lists of orders: new, changed, the same again, overtaken; and what the flow is told of a number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from mailbot.domain.lists import ListHead, Order
from mailbot.domain.outcome import ListedOrder, Lookups, Wanted
from mailbot.domain.records import order_key
from mailbot.ledger.ledger import Ledger
from tests.examples import examples
from tests.ledger.test_plans import scans
from tests.ledger.world import HASHER, NOW, S, case, finished, watched

FIRST, LATER = date(2020, 7, 1), date(2020, 7, 10)
ONE = Order("2020-0701-0001", "某某公司", "91500000MA5U000000", 3, paid=True)
TWO = Order("D20200702", None, None, None, None)


def head(day: date = FIRST, name: str = "orders.xlsx") -> ListHead:
    return ListHead(name, "0" * 64, day)


def asked(ledger: Ledger, *numbers: str) -> Lookups:
    orders = tuple(HASHER.search(order_key(number)) for number in numbers)
    return ledger.cases.lookups(Wanted(99, "0" * 64, None, orders=orders))


def test_without_a_list_nothing_is_known(ledger: Ledger) -> None:
    found = asked(ledger, ONE.order_no)
    assert (found.listed, found.orders_as_of) == ({}, None)


def test_what_a_list_tells_is_known_as_of_its_day(ledger: Ledger) -> None:
    took = ledger.orders.take(head(), [ONE, TWO], "张工", NOW)
    assert (took.new, took.same, took.older, took.changed) == (2, 0, 0, ())
    found = asked(ledger, "2020 0701 0001", "unheard", "d2020_0702")
    key, other = (HASHER.search(order_key(order.order_no)) for order in (ONE, TWO))
    assert found.listed[key] == ListedOrder(ONE.unit, ONE.tax_id, 3, paid=True, as_of=FIRST)
    assert found.listed[other] == ListedOrder(None, None, None, None, FIRST)
    assert (len(found.listed), found.orders_as_of) == (2, FIRST)


def test_a_mail_without_an_order_asks_no_list(ledger: Ledger) -> None:
    ledger.orders.take(head(), [ONE], "张工", NOW)
    with watched(ledger) as statements:
        found = asked(ledger)
    assert found.orders_as_of is None
    assert not [text for text in statements if "order_lists" in text]


def test_orders_cost_one_statement_and_no_scan(ledger: Ledger) -> None:
    ledger.orders.take(head(), [ONE, TWO], "张工", NOW)
    with watched(ledger) as statements:
        asked(ledger, ONE.order_no, TWO.order_no)
    assert len([text for text in statements if "order_lists" in text]) == 1
    assert scans(ledger, statements) == []


def test_the_same_list_again_changes_nothing_and_leaves_no_trace(ledger: Ledger) -> None:
    ledger.orders.take(head(), [ONE, TWO], "张工", NOW)
    events = len(ledger.queries.events_of())
    again = ledger.orders.take(head(name="again.xlsx"), [TWO, ONE], "张工", NOW)
    assert (again.new, again.same, again.writes) == (0, 2, ())
    assert (len(ledger.orders.lists()), len(ledger.queries.events_of())) == (1, events)


def test_a_newer_list_supersedes_what_it_tells_and_says_what_changed(ledger: Ledger) -> None:
    ledger.orders.take(head(), [ONE, TWO], "张工", NOW)
    took = ledger.orders.take(head(LATER), [replace(ONE, codes=5, unit=None)], "李工", NOW)
    assert (took.new, took.changed) == (0, ((ONE, replace(ONE, codes=5)),))
    found = asked(ledger, ONE.order_no, TWO.order_no).listed
    assert found[HASHER.search(ONE.key)] == ListedOrder(ONE.unit, ONE.tax_id, 5, paid=True, as_of=LATER)
    assert found[HASHER.search(TWO.key)].as_of == FIRST


def test_an_older_list_overwrites_nothing(ledger: Ledger) -> None:
    ledger.orders.take(head(LATER), [ONE], "张工", NOW)
    took = ledger.orders.take(head(FIRST), [replace(ONE, codes=1), TWO], "张工", NOW)
    assert (took.new, took.older, took.changed) == (1, 1, ())
    found = asked(ledger, ONE.order_no)
    assert found.listed[HASHER.search(ONE.key)].codes == 3
    assert found.orders_as_of == LATER


def test_a_newer_list_that_says_the_same_moves_the_day(ledger: Ledger) -> None:
    ledger.orders.take(head(FIRST), [ONE], "张工", NOW)
    took = ledger.orders.take(head(LATER), [ONE], "张工", NOW)
    assert (took.same, len(took.writes)) == (1, 1)
    assert asked(ledger, ONE.order_no).listed[HASHER.search(ONE.key)].as_of == LATER


def test_comparing_writes_nothing(ledger: Ledger) -> None:
    assert ledger.orders.compare(head(), [ONE]).new == 1
    assert asked(ledger, ONE.order_no).orders_as_of is None
    assert ledger.orders.lists() == []


def test_who_took_a_list_in_is_recorded_in_the_chain(ledger: Ledger) -> None:
    ledger.orders.take(head(), [ONE], "张工", NOW)
    [one] = ledger.orders.lists()
    assert (one.number, one.name, one.as_of, one.actor, one.orders) == (1, "orders.xlsx", FIRST, "张工", 1)
    event = ledger.queries.events_of()[-1]
    assert (event.kind, event.actor, event.about) == ("orders.imported", "张工", "list 1")
    assert ledger.audit.verify().intact


def test_the_people_and_the_opener_of_a_case_stand_beside_its_order(ledger: Ledger) -> None:
    finished(ledger, case("2020-000001", [S.APPROVED, S.HELD, S.AWAITING_SENDER, S.CLOSED]))
    [told] = asked(ledger, "D20200701").order_units.values()
    assert told == {"unit": "某某公司", "tax_id": None, "rows": 3, "sender": "hr@unit.example"}


def test_who_sent_a_roster_of_which_nothing_was_done_speaks_for_nobody(ledger: Ledger) -> None:
    finished(ledger, case("2020-000001", [S.HELD, S.AWAITING_SENDER]))
    finished(ledger, case("2020-000002", [S.APPROVED], people=[3]), uid=2)
    units = asked(ledger, "D20200701").order_units
    assert [(one["rows"], one["sender"]) for one in units.values()] == [(2, None), (1, "hr@unit.example")]


def test_a_person_who_stands_there_twice_counts_once(ledger: Ledger) -> None:
    finished(ledger, case("2020-000001", [S.HELD, S.HELD, S.HELD], people=[1, 2, 2]))
    [told] = asked(ledger, "D20200701").order_units.values()
    assert told["rows"] == 2


def test_senders_who_are_confirmed_for_a_unit_are_told_whoever_writes(ledger: Ledger) -> None:
    ledger.switches.bind("hr@unit.example", "tax:1", "张工", NOW)
    ledger.switches.bind("@unit.example", "unit:某", "张工", NOW)
    wanted = Wanted(99, "0" * 64, None, sender="other@else.example", units=("tax:1", "unit:某", "unit:none"))
    found = ledger.cases.lookups(wanted)
    assert found.unit_senders == {"tax:1": ("hr@unit.example",), "unit:某": ("@unit.example",)}
    assert found.bindings == ()
    mine = ledger.cases.lookups(replace(wanted, sender="HR@unit.example"))
    assert mine.bindings == ("tax:1", "unit:某")


@pytest.mark.parametrize("written", ["20200701-0001", "２０２００７０１０００１", "2020 0701 0001", "20200701_0001"])
def test_an_order_is_the_same_however_it_is_written(written: str) -> None:
    assert order_key(written) == ONE.key


DAYS = st.dates(date(2020, 7, 1), date(2020, 7, 5))
LISTS = st.lists(st.tuples(DAYS, st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), max_size=4)), max_size=6)


@examples(20, unless=[HealthCheck.function_scoped_fixture])
@given(LISTS)
def test_whatever_comes_in_the_newest_list_that_names_an_order_counts(
    ledger: Ledger, lists: list[tuple[date, list[tuple[int, int]]]]
) -> None:
    known: dict[int, tuple[date, int]] = {}
    for number in range(4):
        day = max((one.as_of for one in asked(ledger, f"ORDER{number}").listed.values()), default=None)
        if day is not None:
            known[number] = (day, -1)
    for day, said in lists:
        orders = dict(said)
        ledger.orders.take(head(day), [Order(f"ORDER{n}", codes=c) for n, c in orders.items()], "张工", NOW)
        for number, codes in orders.items():
            if number not in known or known[number][0] <= day:
                known[number] = (day, codes)
    for number, (day, codes) in known.items():
        [found] = asked(ledger, f"ORDER{number}").listed.values()
        assert found.as_of == day
        assert codes in (-1, found.codes)
