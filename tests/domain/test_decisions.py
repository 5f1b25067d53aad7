"""Decisions: total, free of order, and monotone: one more finding never makes the outcome milder."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.decisions import (
    VERDICT_STATE,
    Automation,
    Outcome,
    RowStatus,
    Verdict,
    decide,
    may_go,
    state_after,
    status_of,
    worst,
)
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.states import MOVES, ItemState, move

FINDINGS = st.builds(
    lambda severity, stops: Finding(f"x.{severity.word}", severity, "说明", stops),
    st.sampled_from(Severity),
    st.sampled_from(Stops),
)
ROWS = st.lists(st.lists(FINDINGS, max_size=4), max_size=6)
CASE = st.lists(FINDINGS, max_size=4)
WEIGHT = {RowStatus.OK: 0, RowStatus.FIXED: 1, RowStatus.ASK: 2, RowStatus.HOLD: 3}


def finding(severity: Severity, stops: Stops = Stops.NONE) -> Finding:
    return Finding("x.y", severity, "说明", stops)


def outcome(rows: list[list[Finding]], case: list[Finding], partial: bool) -> Outcome:
    return decide([status_of(row) for row in rows], case, partial=partial)


@given(ROWS, CASE, st.booleans(), FINDINGS)
def test_one_more_finding_of_the_case_never_makes_it_milder(
    rows: list[list[Finding]], case: list[Finding], partial: bool, more: Finding
) -> None:
    assert outcome(rows, [*case, more], partial) >= outcome(rows, case, partial)


@given(ROWS.filter(bool), CASE, st.booleans(), FINDINGS, st.data())
def test_one_more_finding_of_a_row_never_makes_it_milder(
    rows: list[list[Finding]], case: list[Finding], partial: bool, more: Finding, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    worse = [[*row, more] if number == place else row for number, row in enumerate(rows)]
    assert outcome(worse, case, partial) >= outcome(rows, case, partial)


@given(ROWS, CASE, st.booleans(), st.data())
def test_order_makes_no_difference(
    rows: list[list[Finding]], case: list[Finding], partial: bool, data: st.DataObject
) -> None:
    before = outcome(rows, case, partial)
    shuffled = [data.draw(st.permutations(row)) for row in data.draw(st.permutations(rows))]
    assert outcome(shuffled, data.draw(st.permutations(case)), partial) is before
    assert outcome(rows, [*case, *case], partial) is before


@given(ROWS, CASE)
def test_strictness_never_makes_it_milder(rows: list[list[Finding]], case: list[Finding]) -> None:
    assert outcome(rows, case, partial=False) >= outcome(rows, case, partial=True)


@given(st.lists(FINDINGS, max_size=6))
def test_the_worst_finding_makes_the_row(findings: list[Finding]) -> None:
    status = status_of(findings)
    assert WEIGHT[status] == max((WEIGHT[status_of([one])] for one in findings), default=0)
    assert worst(findings) == max((one.severity for one in findings), default=None)


@given(ROWS, CASE, st.booleans())
def test_nothing_is_accepted_that_asks_or_holds(rows: list[list[Finding]], case: list[Finding], partial: bool) -> None:
    every = [*case, *(one for row in rows for one in row)]
    accepted = outcome(rows, case, partial) <= Outcome.ACCEPT_WITH_FIXES
    assert accepted == (bool(rows) and all(one.severity <= Severity.FIX for one in every))


OK, FIXED, ASK, HOLD = RowStatus
NONE_, ITEM, WHOLE = Stops


@pytest.mark.parametrize(
    ("rows", "case", "partial", "expected"),
    [
        ([OK], [], True, Outcome.ACCEPT),
        ([OK, FIXED], [], True, Outcome.ACCEPT_WITH_FIXES),
        ([OK], [finding(Severity.NOTE)], True, Outcome.ACCEPT),
        ([OK], [finding(Severity.FIX)], True, Outcome.ACCEPT_WITH_FIXES),
        ([OK, ASK], [], True, Outcome.PARTIAL),
        ([OK, HOLD], [], True, Outcome.PARTIAL),
        ([OK, ASK], [], False, Outcome.ASK),
        ([OK, HOLD], [], False, Outcome.HOLD),
        ([ASK, HOLD], [], True, Outcome.HOLD),
        ([ASK, ASK], [], True, Outcome.ASK),
        ([OK], [finding(Severity.ASK)], True, Outcome.PARTIAL),
        ([OK], [finding(Severity.HOLD)], True, Outcome.PARTIAL),
        ([OK], [finding(Severity.ASK, WHOLE)], True, Outcome.ASK),
        ([OK], [finding(Severity.HOLD, WHOLE)], True, Outcome.HOLD),
        ([OK], [finding(Severity.NOTE, WHOLE)], True, Outcome.ACCEPT),
        ([], [], True, Outcome.ASK),
        ([], [finding(Severity.HOLD)], True, Outcome.HOLD),
    ],
)
def test_outcomes(rows: list[RowStatus], case: list[Finding], partial: bool, expected: Outcome) -> None:
    assert decide(rows, case, partial=partial) is expected


def test_words_are_those_of_the_contract() -> None:
    assert [one.word for one in Outcome] == ["accept", "accept_with_fixes", "partial", "ask", "hold"]
    assert [one.word for one in Severity] == ["note", "fix", "ask", "hold"]


@pytest.mark.parametrize(
    ("level", "trusted", "goes"),
    [
        (Automation.OFF, True, False),
        (Automation.CONFIRM, True, False),
        (Automation.TRUSTED, False, False),
        (Automation.TRUSTED, True, True),
        (Automation.CLEAN, False, True),
    ],
)
def test_how_far_a_level_goes(level: Automation, trusted: bool, goes: bool) -> None:
    assert may_go(level, trusted=trusted) is goes


@pytest.mark.parametrize(
    ("status", "result", "stopped", "goes"), list(product(RowStatus, Outcome, [True, False], [True, False]))
)
def test_every_state_after_is_reachable_and_safe(status: RowStatus, result: Outcome, stopped: bool, goes: bool) -> None:
    state = state_after(status, result, stopped_by_person=stopped, goes=goes)
    assert move(ItemState.RECEIVED, state, by_person=False) is state
    if state is ItemState.APPROVED:
        assert goes
        assert status in {OK, FIXED}
        assert result <= Outcome.PARTIAL


def test_what_waits_for_whom() -> None:
    def state(status: RowStatus, result: Outcome, stopped: bool = False, goes: bool = True) -> ItemState:
        return state_after(status, result, stopped_by_person=stopped, goes=goes)

    assert state(ASK, Outcome.PARTIAL) is ItemState.AWAITING_SENDER
    assert state(HOLD, Outcome.PARTIAL) is ItemState.HELD
    assert state(OK, Outcome.PARTIAL) is ItemState.APPROVED
    assert state(OK, Outcome.ACCEPT, goes=False) is ItemState.HELD
    assert state(OK, Outcome.ASK) is ItemState.AWAITING_SENDER
    assert state(OK, Outcome.HOLD, stopped=True) is ItemState.HELD


def test_a_person_can_say_every_verdict_of_a_held_item() -> None:
    assert set(VERDICT_STATE) == set(Verdict)
    assert set(VERDICT_STATE.values()) <= MOVES[ItemState.HELD]
