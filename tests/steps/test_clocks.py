"""An item's clock: it stands while that item waits for its sender, for as long as that lasts, and at no other time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.decisions import Outcome, RowStatus
from mailbot.domain.outcome import CaseResult, ItemResult, StoredCase
from mailbot.domain.states import ItemState
from mailbot.domain.workdays import Due, ItemClock, due_at, due_by
from mailbot.steps.clocks import clock_at, timed
from tests.casetypes.support import NOW, rulebook

S = ItemState
DAY = timedelta(days=1)
RULES = rulebook()
ROSTER = RULES.campaign.kinds["roster"].days
STEPS = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 20_000)), max_size=5)
"""How many minutes the house had an item, and how many its sender then took to answer; again and again."""


def due(clock: ItemClock) -> Due:
    return due_by(clock, ROSTER, RULES.campaign.office, RULES.calendar)


def case(*items: ItemResult, waits: dict[int, datetime] | None = None, arrived: datetime | None = NOW) -> StoredCase:
    result = CaseResult(
        "2020-000007", "roster", 1, 3, Outcome.PARTIAL, {}, {}, items, (), (), (), None, provisional=False, rulebook="x"
    )
    return StoredCase(result, S.AWAITING_SENDER, {}, waits or {}, (1,), arrived_at=arrived)


def item(number: int, state: ItemState = S.AWAITING_SENDER, clock: ItemClock | None = None) -> ItemResult:
    return ItemResult(number, "person", None, {}, {}, RowStatus.OK, state, clock=clock)


def lived(start: datetime, steps: Sequence[tuple[int, int]]) -> ItemClock:
    """The clock of an item that was asked about and answered so often, as the steps make it version by version."""
    clock, now = ItemClock(start), start
    for ours, theirs in steps:
        asked = now + timedelta(minutes=ours)
        now = asked + timedelta(minutes=theirs)
        clock = clock_at(case(item(1, clock=clock), waits={1: asked}), item(1, clock=clock), now)
    return clock


def test_an_item_that_never_waited_runs_since_its_case_arrived() -> None:
    row = item(1, S.HELD)
    assert clock_at(case(row), row, NOW + 9 * DAY) == ItemClock(NOW)
    assert due(ItemClock(NOW)) == due_at(NOW, ROSTER, RULES.campaign.office, RULES.calendar)


def test_an_item_that_came_later_runs_since_its_own_mail() -> None:
    later = ItemClock(NOW + 3 * DAY)
    row = item(4, S.HELD, later)
    assert clock_at(case(row), row, NOW + 9 * DAY) == later


def test_a_wait_ends_when_the_answer_arrives_and_waits_add_up() -> None:
    first = clock_at(case(item(1), waits={1: NOW + DAY}), item(1), NOW + 2 * DAY)
    assert first == ItemClock(NOW, ((NOW + DAY, NOW + 2 * DAY),))
    again = item(1, clock=first)
    second = clock_at(case(again, waits={1: NOW + 3 * DAY}), again, NOW + 5 * DAY)
    assert second.waits == ((NOW + DAY, NOW + 2 * DAY), (NOW + 3 * DAY, NOW + 5 * DAY))


def test_a_mail_that_crossed_our_question_ended_no_wait() -> None:
    assert clock_at(case(item(1), waits={1: NOW + DAY}), item(1), NOW) == ItemClock(NOW)


def test_only_the_item_that_waits_has_its_clock_stopped() -> None:
    asked, held = item(1), item(2, S.HELD)
    stored = case(asked, held, waits={1: NOW})
    found = timed(stored, (0, 1, 2, 3), NOW + 7 * DAY, RULES)
    assert found[2].due == due(ItemClock(NOW))
    assert found[1].due.at == found[2].due.at + 7 * DAY, "a week holds five working days and two more"
    assert found[0].clock == found[3].clock == ItemClock(NOW + 7 * DAY), "what is new begins with the new mail"


def test_the_arrival_of_a_case_is_known_from_its_context_too() -> None:
    row = item(1)
    bare = case(row, arrived=None)
    told = replace(bare, result=replace(bare.result, context={"received_at": NOW.isoformat()}))
    assert clock_at(told, row, NOW) == ItemClock(NOW)
    with pytest.raises(ValueError, match="2020-000007"):
        clock_at(bare, row, NOW)


@given(STEPS)
def test_no_wait_ever_makes_an_item_due_earlier(steps: list[tuple[int, int]]) -> None:
    dues = [due(lived(NOW, steps[:count])).at for count in range(len(steps) + 1)]
    assert dues == sorted(dues)
    assert dues[0] == due(ItemClock(NOW)).at


@given(STEPS)
def test_the_sender_gains_nothing_by_asking_and_answering_often(steps: list[tuple[int, int]]) -> None:
    """The house never has more time than had it been asked once, for the whole time, nor less than without a wait."""
    clock = lived(NOW, steps)
    if not clock.waits:
        return
    once = ItemClock(NOW, ((clock.waits[0][0], clock.waits[-1][1]),))
    assert due(ItemClock(NOW)).at <= due(clock).at <= due(once).at


@given(STEPS, st.integers(0, 20_000))
def test_time_in_the_house_counts_whatever_the_waits(steps: list[tuple[int, int]], ours: int) -> None:
    """An item that comes back is due as many working days later as its waits lasted: time that the house spent on it in
    between is never given back."""
    slow = lived(NOW, [(first + ours, second) for first, second in steps])
    waits = sum((until - since for since, until in slow.waits), timedelta(0))
    assert waits == sum((timedelta(minutes=theirs) for _, theirs in steps), timedelta(0))


@given(STEPS)
def test_waits_that_lasted_no_time_leave_no_trace(steps: list[tuple[int, int]]) -> None:
    assert lived(NOW, [(ours, 0) for ours, _ in steps]) == ItemClock(NOW)
