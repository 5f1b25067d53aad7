"""A dated list against what is known: every entry has exactly one fate, and the same list twice changes nothing."""

from __future__ import annotations

from datetime import date

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
