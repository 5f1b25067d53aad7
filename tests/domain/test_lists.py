"""A dated list against what is known: every entry has exactly one fate, and the same list twice changes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.lists import Compared, Order, compare

DAYS = st.dates(date(2020, 7, 1), date(2020, 7, 4))
ORDERS = st.builds(Order, st.sampled_from(["AA1", "BB2", "CC3"]), codes=st.integers(1, 2))
KNOWN = st.lists(st.tuples(ORDERS, DAYS), max_size=3).map(lambda found: {o.key: (o, day) for o, day in found})
LIST = st.lists(ORDERS, max_size=3, unique_by=lambda order: order.key)


@given(LIST, KNOWN, DAYS)
def test_every_entry_has_one_fate(new: list[Order], known: dict[str, tuple[Order, date]], day: date) -> None:
    found = compare(new, known, day)
    assert found.new + found.same + found.older + len(found.changed) == len(new)
    assert found.new == sum(order.key not in known for order in new)
    assert all(known[after.key][0] == before for before, after in found.changed)


@given(LIST, KNOWN, DAYS)
def test_taken_in_twice_it_writes_once(new: list[Order], known: dict[str, tuple[Order, date]], day: date) -> None:
    first = compare(new, known, day)
    after = {**known, **{order.key: (order, day) for order in first.writes}}
    again = compare(new, after, day)
    assert (again.new, again.changed, again.writes) == (0, (), ())


@given(LIST, KNOWN, DAYS)
def test_nothing_that_a_newer_list_said_is_written_over(
    new: list[Order], known: dict[str, tuple[Order, date]], day: date
) -> None:
    written = {order.key for order in compare(new, known, day).writes}
    assert not [key for key, (_, told) in known.items() if told > day and key in written]


def test_of_two_lists_of_one_day_the_later_counts() -> None:
    day, before, after = date(2020, 7, 1), Order("AA1", codes=1), Order("AA1", codes=2)
    assert compare([after], {"AA1": (before, day)}, day) == Compared(0, 0, 0, ((before, after),), (after,))


JULY = date(2020, 7, 1)


@pytest.mark.parametrize(
    ("day", "codes", "fate"),
    [
        (date(2020, 6, 30), 1, "older"),
        (date(2020, 6, 30), 2, "older"),
        (JULY, 1, "same"),
        (JULY, 2, "changed"),
        (date(2020, 7, 2), 1, "same"),
        (date(2020, 7, 2), 2, "changed"),
    ],
)
def test_an_entry_against_what_an_earlier_list_said(day: date, codes: int, fate: str) -> None:
    known, entry = Order("AA1", codes=1), Order("AA1", codes=codes)
    found = compare([entry], {"AA1": (known, JULY)}, day)
    assert (found.same, found.older, bool(found.changed)) == (fate == "same", fate == "older", fate == "changed")
    assert found.new == 0


def test_a_newer_list_that_says_the_same_makes_it_newer() -> None:
    """Else a list between the two, handed in late, would count as the latest word."""
    known, other = Order("AA1", codes=1), Order("AA1", codes=9)
    again = compare([known], {"AA1": (known, JULY)}, date(2020, 7, 20))
    assert again.writes == (known,)
    assert compare([other], {"AA1": (known, date(2020, 7, 20))}, date(2020, 7, 10)).writes == ()


def test_what_a_list_does_not_name_is_left_alone() -> None:
    assert compare([], {"AA1": (Order("AA1"), JULY)}, date(2020, 8, 1)) == Compared(0, 0, 0, (), ())


def test_an_export_with_fewer_columns_makes_nothing_unknown() -> None:
    """Else it would switch off what is checked against the order's unit and payment."""
    full = Order("AA1", "甲公司", "91500103MA5U000000", 5, paid=True)
    fewer = compare([Order("AA1", codes=6)], {"AA1": (full, JULY)}, date(2020, 7, 2))
    assert fewer.changed == ((full, Order("AA1", "甲公司", "91500103MA5U000000", 6, paid=True)),)
    assert fewer.writes == (fewer.changed[0][1],)
    assert compare([Order("AA1")], {"AA1": (full, JULY)}, JULY) == Compared(0, 1, 0, (), ())


def test_what_a_list_tells_counts_also_where_it_is_no_or_none() -> None:
    full = Order("AA1", "甲公司", codes=5, paid=True)
    found = compare([Order("AA1", codes=0, paid=False)], {"AA1": (full, JULY)}, JULY)
    assert found.writes == (Order("AA1", "甲公司", codes=0, paid=False),)
