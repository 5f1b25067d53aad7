"""Which claimed payment is which order on a picture, and what two sights of one order come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from mailbot.casetypes.payment_proof.match import matched, once_a_year
from mailbot.casetypes.payment_proof.seen import joined, numbers_of, orders_of, united
from mailbot.casetypes.payment_proof.values import Payment, Said, Side, Value
from tests.casetypes.payment_proof.support import ORDER, PAID, but, order, scan

OTHER = "2017091122001412345678904321"


def claim(**values: str) -> Payment:
    return Payment(claimed=Side({name: Value(text) for name, text in values.items()}))


def sight(**values: str) -> Side:
    return Side({name: Value(text, origin="seen", confidence=0.9) for name, text in values.items()})


def line(**values: str) -> Side:
    """One line of a page with several orders."""
    return replace(sight(**values), listed=True)


def pairs(payments: tuple[Payment, ...]) -> list[tuple[str | None, str | None]]:
    """The claimed year with the order number that shows it."""
    return [
        (
            payment.claimed.get("year") if payment.claimed else None,
            payment.shown.get("order_id") if payment.shown else None,
        )
        for payment in payments
    ]


def test_the_order_number_tells_which_is_which() -> None:
    claimed = [claim(year="2018", order_id=ORDER), claim(year="2017", order_id=OTHER)]
    found, left = matched(claimed, [sight(order_id=OTHER), sight(order_id=ORDER)])
    assert pairs(found) == [("2018", ORDER), ("2017", OTHER)]
    assert left == 0


def test_a_merchant_number_is_the_order_too() -> None:
    claimed = [claim(year="2018", order_id="GX20180001"), claim(year="2017", order_id="GX20170001")]
    shown = [
        sight(order_id=OTHER, merchant_order_id="GX20170001"),
        sight(order_id=ORDER, merchant_order_id="GX20180001"),
    ]
    found, _ = matched(claimed, shown)
    assert pairs(found) == [("2018", ORDER), ("2017", OTHER)]


def test_without_a_number_the_year_tells() -> None:
    claimed = [claim(year="2018"), claim(year="2017")]
    found, _ = matched(claimed, [sight(order_id=OTHER, year="2017"), sight(order_id=ORDER, year="2018")])
    assert pairs(found) == [("2018", ORDER), ("2017", OTHER)]


def test_without_a_year_the_day_tells() -> None:
    claimed = [claim(year="2018", paid_at="2018-10-09"), claim(year="2017", paid_at="2017-09-11")]
    shown = [
        sight(order_id=OTHER, paid_at="2017-09-11 08:00:00"),
        sight(order_id=ORDER, paid_at="2018-10-09 10:11:12"),
    ]
    found, _ = matched(claimed, shown)
    assert pairs(found) == [("2018", ORDER), ("2017", OTHER)]


def test_two_orders_of_one_year_are_given_to_nobody() -> None:
    claimed = [claim(year="2018"), claim(year="2017")]
    shown = [sight(order_id=OTHER, year="2018"), sight(order_id=ORDER, year="2018")]
    found, _ = matched(claimed, shown)
    assert pairs(found)[:2] == [("2018", None), ("2017", None)]
    assert sorted(str(number) for _, number in pairs(found)[2:]) == sorted([ORDER, OTHER])


def test_what_is_left_alone_on_both_sides_belongs_together() -> None:
    found, _ = matched([claim(year="2018", order_id=ORDER)], [sight(order_id=OTHER)])
    assert pairs(found) == [("2018", OTHER)]


def test_two_left_on_a_side_belong_to_nobody() -> None:
    found, _ = matched([claim(year="2018"), claim(year="2017")], [sight(order_id=OTHER)])
    assert pairs(found) == [("2018", None), ("2017", None), (None, OTHER)]


def test_an_order_that_nobody_claims_is_a_payment_of_its_own() -> None:
    found, left = matched([], [sight(order_id=ORDER, year="2018")])
    assert pairs(found) == [(None, ORDER)]
    assert found[0].year == 2018
    assert left == 0


def test_lines_of_a_list_that_nobody_asks_for_are_left_out_and_counted() -> None:
    shown = [line(order_id=ORDER, year="2018"), line(order_id=OTHER, year="2017")]
    found, left = matched([claim(year="2018", order_id=ORDER)], shown)
    assert pairs(found) == [("2018", ORDER)]
    assert left == 1


def test_a_list_without_any_claim_asks_for_all_of_its_lines() -> None:
    shown = [line(order_id=ORDER, year="2018"), line(order_id=OTHER, year="2017")]
    found, left = matched([], shown)
    assert [payment.year for payment in found] == [2018, 2017]
    assert left == 0


def test_an_order_is_given_once() -> None:
    claimed = [claim(year="2018", order_id=ORDER), claim(year="2017", order_id=ORDER)]
    found, _ = matched(claimed, [sight(order_id=ORDER)])
    assert sum(payment.shown is not None for payment in found) <= 2
    assert [payment.again for payment in found] == [False, False]


def test_a_second_payment_for_a_year_is_marked() -> None:
    found = once_a_year([claim(year="2018", order_id=ORDER), claim(year="2018", order_id=OTHER)])
    assert [payment.again for payment in found] == [False, True]


def test_a_claim_that_says_nothing_new_is_left_out() -> None:
    found = once_a_year([claim(year="2018", order_id=ORDER, payer="甲乙"), claim(year="2018", order_id=ORDER)])
    assert len(found) == 1


def test_years_that_nobody_knows_are_never_the_same() -> None:
    found = once_a_year([claim(order_id=ORDER), claim(order_id=OTHER)])
    assert [payment.again for payment in found] == [False, False]


@pytest.mark.parametrize(
    ("name", "one", "other", "kept"),
    [
        ("order_id", ORDER, ORDER, True),
        ("order_id", ORDER, OTHER, False),
        ("status", "paid", "paid", True),
        ("status", "paid", "refunded", False),
        ("amount", "33.00", "33.00", True),
        ("amount", "33.00", "330.00", False),
        ("year", "2018", "2017", False),
        ("paid_at", "2018-10-09", "2018-10-09 10:11:12", True),
        ("paid_at", "2018-10-09 10:11:12", "2018-10-09", True),
        ("paid_at", "2018-10-09", "2018-10-08", False),
        ("platform", "重庆公需科目网", "公需科目网", True),
        ("payer", "陈晓一", "*晓一", True),
    ],
)
def test_two_sights_of_one_order_keep_what_both_say(name: str, one: str, other: str, kept: bool) -> None:
    both = joined(sight(**{name: one}), sight(**{name: other}))
    assert (name in both.values) is kept
    assert (name in both.unreadable) is not kept


def test_pictures_of_one_order_are_one_order() -> None:
    first, second = sight(order_id=ORDER, status="paid"), sight(order_id=ORDER, amount="33.00")
    [both] = united([first, second])
    assert {name: value.text for name, value in both.values.items()} == {
        "order_id": ORDER,
        "status": "paid",
        "amount": "33.00",
    }


def test_pictures_without_a_number_in_common_are_two_orders() -> None:
    assert len(united([sight(order_id=ORDER), sight(order_id=OTHER), sight(status="paid")])) == 3


def test_a_cut_number_is_no_number() -> None:
    [found] = orders_of(scan(order(PAID, traits={"order_id": {"complete": False}})), "截图.png")
    assert found.cut
    assert numbers_of(found) == frozenset()


def test_a_place_that_nobody_can_read_is_told() -> None:
    [found] = orders_of(scan(order(but(status=None))), "截图.png")
    assert "status" in found.unreadable
    assert found.get("status") is None


@pytest.mark.parametrize(
    ("traits", "sure"),
    [
        ({}, True),
        ({"agreed": False}, False),
        ({"failed": ("length",)}, False),
        ({"complete": None}, True),
        ({"agreed": False, "confidence": 1.0}, False),
    ],
)
def test_a_number_is_sure_where_two_engines_agree_and_its_structure_holds(
    traits: Mapping[str, object], sure: bool
) -> None:
    [found] = orders_of(scan(order(PAID, traits={"order_id": traits})), "截图.png")
    assert found.sure("order_id") is sure


@pytest.mark.parametrize(("confidence", "sure"), [(0.99, True), (0.9, True), (0.89, False)])
def test_a_word_is_sure_where_one_engine_is(confidence: float, sure: bool) -> None:
    traits = {"status": {"agreed": False, "confidence": confidence}}
    [found] = orders_of(scan(order(PAID, traits=traits)), "截图.png")
    assert found.sure("status") is sure


def test_the_course_names_the_year_where_nothing_else_does() -> None:
    values = {name: value for name, value in PAID.items() if name != "year"}
    [found] = orders_of(scan(order(values)), "截图.png")
    assert found.get("year") == "2018"
    [several] = orders_of(scan(order({**values, "course": "2016-2019年公需科目"})), "截图.png")
    assert several.get("year") is None


def test_every_value_names_its_place() -> None:
    [found] = orders_of(scan(order(), page=3), "凭证.pdf")
    place = found.values["order_id"].place
    assert (place.attachment, place.page, place.field) == ("凭证.pdf", 3, "order_id")
    assert place.box == (10.0, 20.0, 200.0, 40.0)


def said(*values: tuple[str, str, bool]) -> Said:
    return Said(
        tuple(Value(text, origin="seen" if origin == "seen" else "typed", sure=sure) for origin, text, sure in values)
    )


@pytest.mark.parametrize(
    ("values", "best", "differs", "verified"),
    [
        ((), None, False, False),
        ((("typed", "甲", True),), "甲", False, False),
        ((("seen", "甲", True),), "甲", False, True),
        ((("seen", "甲", False),), "甲", False, False),
        ((("typed", "甲", True), ("seen", "甲", True)), "甲", False, True),
        ((("typed", "甲", True), ("seen", "甲", False)), "甲", False, True),
        ((("typed", "甲", True), ("seen", "乙", True)), "甲", True, False),
        ((("seen", "乙", True), ("typed", "甲", True)), "甲", True, False),
        ((("seen", "甲", True), ("seen", "乙", True)), "甲", True, False),
    ],
)
def test_typed_and_seen_alike_are_verified(
    values: tuple[tuple[str, str, bool], ...], best: str | None, differs: bool, verified: bool
) -> None:
    found = said(*values)
    assert (found.best and found.best.text) == best
    assert (found.differs, found.verified) == (differs, verified)


def test_more_of_the_same_is_the_same() -> None:
    one = said(("typed", "甲", True))
    assert one.with_(one) == one
    both = one.with_(said(("seen", "甲", True)))
    assert [value.origin for value in both.values] == ["typed", "seen"]
