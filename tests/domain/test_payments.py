"""Which orders a case uses for which year, and how one register follows another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mailbot.domain.decisions import RowStatus
from mailbot.domain.outcome import ItemResult
from mailbot.domain.payments import PAYMENT_YEAR, STATUSES, Payment, YearUse, year_uses
from mailbot.domain.states import ItemState


def item(number: int = 1, kind: str = PAYMENT_YEAR, **values: object) -> ItemResult:
    return ItemResult(
        number=number,
        kind=kind,
        identity="h",
        place={},
        values=values,
        status=RowStatus.OK,
        state=ItemState.HELD,
    )


@pytest.mark.parametrize(
    ("one", "uses"),
    [
        (item(order_id="GX2018", year=2018), [YearUse(1, "GX2018", 2018)]),
        (item(number=3, order_id="gx 20-18", year=2018), [YearUse(3, "GX2018", 2018)]),
        (item(order_id="ＧＸ２０１８", year=2018), [YearUse(1, "GX2018", 2018)]),
        (item(order_id="GX2018", year=None), [YearUse(1, "GX2018", None)]),
        (item(order_id="GX2018"), [YearUse(1, "GX2018", None)]),
        (item(order_id="GX2018", year="2018"), [YearUse(1, "GX2018", None)]),
        (item(order_id=None, year=2018), []),
        (item(order_id="", year=2018), []),
        (item(order_id=" - ", year=2018), []),
        (item(order_id=2018, year=2018), []),
        (item(year=2018), []),
        (item(kind="person", order_id="GX2018", year=2018), []),
        (item(kind="case", order_id="GX2018", year=2018), []),
    ],
)
def test_an_item_uses_the_order_that_it_names(one: ItemResult, uses: list[YearUse]) -> None:
    assert list(year_uses([one])) == uses


def test_every_item_is_told() -> None:
    found = year_uses([item(1, order_id="A1", year=2016), item(2, year=2017), item(3, order_id="A1", year=2018)])
    assert list(found) == [YearUse(1, "A1", 2016), YearUse(3, "A1", 2018)]


FULL = Payment(
    key="k",
    person="p",
    name_hash="n",
    year=2018,
    amount="33.00",
    status="paid",
    paid_on=date(2018, 10, 9),
)


@pytest.mark.parametrize("name", ["person", "name_hash", "year", "amount", "status", "paid_on"])
def test_what_a_newer_register_does_not_tell_stays(name: str) -> None:
    gap: dict[str, Any] = {name: None}
    newer = replace(FULL, **gap)
    assert newer.upon(FULL) == FULL


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("person", "q"),
        ("name_hash", "m"),
        ("year", 2017),
        ("amount", "66.00"),
        ("status", "refunded"),
        ("paid_on", date(2018, 10, 10)),
    ],
)
def test_what_a_newer_register_tells_counts(name: str, value: object) -> None:
    told: dict[str, Any] = {name: value}
    newer = Payment(key="k", **told)
    both = newer.upon(FULL)
    assert getattr(both, name) == value
    before: dict[str, Any] = {name: getattr(FULL, name)}
    assert replace(both, **before) == FULL


def test_a_register_says_its_day() -> None:
    told = FULL.registered(date(2020, 8, 1))
    assert (told.as_of, told.person, told.year, told.status) == (date(2020, 8, 1), "p", 2018, "paid")


def test_an_order_comes_to_one_of_five_ends() -> None:
    assert len(set(STATUSES)) == 5
    assert STATUSES[0] == "paid"
