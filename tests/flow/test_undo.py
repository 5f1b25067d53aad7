"""The undo window: what was decided starts only when it has passed, and can be taken back until then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailbot.domain.decisions import Automation, Verdict
from mailbot.domain.effects import EffectState
from mailbot.ledger.settings import Mode
from tests.flow.conftest import Make
from tests.flow.office import STAFF, Office, roster
from tools.stories.people import people

A, B = people(935, 2)
CASE = "2020-000001"
MINUTE = timedelta(minutes=1)
WINDOW = 30 * MINUTE


@pytest.fixture
def office(make: Make) -> Office:
    """An office that lets half an hour pass before it acts."""
    return make(undo=WINDOW)


def test_nothing_starts_and_nothing_is_told_before_the_window_has_passed(office: Office) -> None:
    office.process(roster(A))
    office.drain(later=WINDOW - MINUTE)
    assert (office.accounts(A), office.post.letters) == ([False], [])
    office.drain(later=MINUTE)
    assert office.accounts(A) == [True]
    assert len(office.post.letters) == 1


def test_an_office_without_a_window_acts_at_once(make: Make) -> None:
    office = make()
    office.process(roster(A))
    office.drain()
    assert office.accounts(A) == [True]


def test_what_is_cancelled_in_time_never_starts(office: Office) -> None:
    office.process(roster(A, B))
    first = office.effects()[0]
    office.clock.advance(WINDOW - MINUTE)
    assert office.ledger.drafts.cancel([first.key], STAFF, "电话撤回", office.clock.now()) == 1
    office.drain(later=2 * MINUTE)
    assert sorted(office.accounts(A, B)) == [False, True]
    assert sorted(office.states(CASE)) == ["fulfilled", "held"]


def test_a_row_that_is_asked_about_in_time_never_starts(office: Office) -> None:
    office.process(roster(A))
    office.decide(CASE, {1: Verdict.ASK}, reason="请先确认")
    office.drain(later=WINDOW)
    assert office.accounts(A) == [False]
    assert [effect.state for effect in office.effects()] == [EffectState.CANCELLED]


def test_the_window_of_a_verdict_begins_with_the_verdict(make: Make) -> None:
    office = make(undo=WINDOW, automation=Automation.CONFIRM)
    office.process(roster(A))
    office.clock.advance(timedelta(hours=5))
    office.decide(CASE, {1: Verdict.APPROVE})
    office.drain()
    assert office.accounts(A) == [False]
    office.drain(later=WINDOW)
    assert office.accounts(A) == [True]


def test_the_window_of_a_draft_begins_when_it_is_released(make: Make) -> None:
    office = make(undo=WINDOW, mode=Mode.REHEARSAL)
    office.process(roster(A))
    office.clock.advance(timedelta(hours=5))
    office.ledger.drafts.release([office.effects()[0].key], STAFF, office.clock.now())
    office.drain()
    assert office.accounts(A) == [False]
    office.drain(later=WINDOW)
    assert office.accounts(A) == [True]
