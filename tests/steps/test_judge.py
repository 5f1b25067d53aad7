"""From findings to a case: every outcome, level and row status; item 0; effects and claims of what is approved only."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.decisions import Automation, Outcome, RowStatus
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.outcome import CaseResult, ItemResult, Lookups, PriorPerson
from mailbot.domain.states import RUNNING, ItemState
from mailbot.steps.context import situation_of
from mailbot.steps.judge import find, judge, trusted
from tests.steps.fakes import DUE, FRAME, UNIT, UNVERIFIED, VERIFIED, Kind, Line, Rules, finding, sheet, situation

KIND = Kind()
S, A = ItemState, Automation
BOUND = Lookups(bindings=(UNIT,))
OK: tuple[Finding, ...] = ()
FIX = (finding(Severity.FIX),)
ASK = (finding(Severity.ASK),)
HOLD = (finding(Severity.HOLD),)
CASE_ASK = (finding(Severity.ASK, Stops.CASE),)
CASE_HOLD = (finding(Severity.HOLD, Stops.CASE),)


def judged(
    *rows: tuple[Finding, ...],
    case: tuple[Finding, ...] = (),
    level: Automation = A.CLEAN,
    lookups: Lookups | None = None,
    partial: bool = True,
    of_mail: tuple[Finding, ...] = (),
) -> CaseResult:
    """A record with one person a row, and these findings."""
    record = sheet(*(f"人{number}" for number in range(1, len(rows) + 1)))
    found = dict(enumerate((case, *rows)))
    at = situation(level, lookups=lookups, partial=partial)
    return judge(KIND, record, at, Rules(found), FRAME, of_mail)


def states(case: CaseResult) -> list[ItemState]:
    return [item.state for item in case.items if item.number]


def own(case: CaseResult) -> ItemResult | None:
    return next((item for item in case.items if item.number == 0), None)


@pytest.mark.parametrize(
    ("rows", "case", "outcome", "after"),
    [
        ((OK, OK), (), Outcome.ACCEPT, [S.APPROVED, S.APPROVED]),
        ((OK, FIX), (), Outcome.ACCEPT_WITH_FIXES, [S.APPROVED, S.APPROVED]),
        ((OK, ASK), (), Outcome.PARTIAL, [S.APPROVED, S.AWAITING_SENDER]),
        ((FIX, HOLD), (), Outcome.PARTIAL, [S.APPROVED, S.HELD]),
        ((ASK, ASK), (), Outcome.ASK, [S.AWAITING_SENDER] * 2),
        ((ASK, HOLD), (), Outcome.HOLD, [S.AWAITING_SENDER, S.HELD]),
        ((OK, OK), CASE_ASK, Outcome.ASK, [S.AWAITING_SENDER] * 2),
        ((OK, ASK), CASE_HOLD, Outcome.HOLD, [S.HELD, S.AWAITING_SENDER]),
        ((OK, OK), (finding(Severity.HOLD, Stops.NONE),), Outcome.PARTIAL, [S.APPROVED] * 2),
        ((OK,), (finding(Severity.NOTE, Stops.CASE),), Outcome.ACCEPT, [S.APPROVED]),
        ((), ASK, Outcome.ASK, []),
        ((), (), Outcome.ASK, []),
    ],
)
def test_every_outcome_has_its_states(
    rows: tuple[tuple[Finding, ...], ...],
    case: tuple[Finding, ...],
    outcome: Outcome,
    after: list[ItemState],
) -> None:
    result = judged(*rows, case=case)
    assert (result.outcome, states(result)) == (outcome, after)


@pytest.mark.parametrize(
    ("level", "bound", "goes"),
    [
        (A.OFF, True, False),
        (A.CONFIRM, True, False),
        (A.TRUSTED, False, False),
        (A.TRUSTED, True, True),
        (A.CLEAN, False, True),
    ],
)
@pytest.mark.parametrize("other", [OK, FIX, ASK, HOLD])
def test_the_level_says_what_goes_by_itself(
    level: Automation, bound: bool, goes: bool, other: tuple[Finding, ...]
) -> None:
    result = judged(OK, other, level=level, lookups=BOUND if bound else None)
    first = result.items[0]
    assert first.state is (S.APPROVED if goes else S.HELD)
    assert first.proposed is not goes
    assert first.decided_by == ("auto" if goes else None)
    assert bool(result.effects) is goes
    assert result.outcome is judged(OK, other).outcome, "the outcome is the rules' alone"


def test_nothing_is_proposed_where_the_rules_would_not_let_it_go() -> None:
    assert not any(item.proposed for item in judged(OK, HOLD, case=CASE_HOLD, level=A.CONFIRM).items)
    assert [item.proposed for item in judged(OK, HOLD, level=A.CONFIRM).items] == [True, False]


def test_without_partial_good_rows_wait_for_the_others() -> None:
    assert states(judged(OK, ASK, partial=False)) == [S.AWAITING_SENDER, S.AWAITING_SENDER]
    assert states(judged(OK, HOLD, partial=False)) == [S.HELD, S.HELD]
    assert states(judged(OK, FIX, partial=False)) == [S.APPROVED, S.APPROVED]


def test_a_verified_sender_and_a_binding_make_trust_and_nothing_else_does() -> None:
    for sender, bindings, unit in product((VERIFIED, UNVERIFIED), ((), (UNIT,), ("unit:其他",)), (UNIT, None)):
        at = situation(A.TRUSTED, sender=sender, lookups=Lookups(bindings=bindings))
        expected = sender is VERIFIED and bindings == (UNIT,) and unit == UNIT
        assert trusted(KIND, sheet("甲", unit=unit), at) is expected


def test_the_cases_own_matter_stands_first_when_something_is_asked_or_held() -> None:
    assert own(judged(OK)) is None
    assert own(judged(OK, case=(finding(Severity.FIX, Stops.NONE),))) is None
    asked = own(judged(OK, case=(finding(Severity.ASK, Stops.NONE),)))
    assert asked is not None
    assert (asked.state, asked.status, asked.due_at) == (S.AWAITING_SENDER, RowStatus.ASK, None)
    held = own(judged(OK, case=(*ASK, *HOLD)))
    assert held is not None
    assert (held.state, held.status, held.due_at) == (S.HELD, RowStatus.HOLD, DUE)


def test_a_case_without_rows_is_somebodys_matter_whatever_was_found() -> None:
    empty = judged()
    assert [item.number for item in empty.items] == [0]
    assert empty.items[0].state is S.HELD
    assert judged(case=CASE_ASK).items[0].state is S.AWAITING_SENDER


def test_what_stops_the_mail_stops_its_case_but_is_not_told_twice() -> None:
    result = judged(OK, of_mail=CASE_HOLD)
    assert (result.outcome, states(result), result.findings) == (Outcome.HOLD, [S.HELD], ())
    assert own(result) is not None
    assert result.effects == ()


def test_an_inert_row_is_closed_and_causes_nothing() -> None:
    record = sheet("甲", Line("甲", inert=True))
    result = judge(KIND, record, situation(), Rules(), FRAME)
    assert states(result) == [S.APPROVED, S.CLOSED]
    assert [effect.items for effect in result.effects] == [(1,)]
    held = judge(KIND, record, situation(A.OFF), Rules(), FRAME)
    assert states(held) == [S.HELD, S.HELD], "while the case waits, its copies wait with it"


def test_an_approved_row_that_causes_nothing_is_closed_at_once() -> None:
    result = judge(KIND, sheet(Line("甲", causes=False)), situation(), Rules(), FRAME)
    [item] = result.items
    assert (item.state, item.due_at, item.decided_by) == (S.CLOSED, None, "auto")
    assert (result.effects, result.claims, result.due_at) == ((), (), None)


def test_what_somebody_asked_for_before_is_wanted_again_and_not_claimed_again() -> None:
    prior = PriorPerson("2020-000001", 1, "hash-人1", "t", "open:hash-人1", "done")
    result = judged(OK, OK, lookups=Lookups(people={"hash-人1": prior}))
    assert [effect.key for effect in result.effects] == ["open:hash-人1", "open:hash-人2"]
    assert [claim.key for claim in result.claims] == ["account:hash-人2"]


def test_the_clock_runs_for_what_waits_for_the_house_only() -> None:
    result = judged(OK, ASK, HOLD)
    assert [item.due_at for item in result.items] == [DUE, None, DUE]
    assert result.due_at == DUE
    assert judged(ASK, ASK).due_at is None


def test_the_case_keeps_what_it_was_judged_by() -> None:
    at = situation(lookups=BOUND)
    record = sheet("甲")
    result = judge(KIND, record, at, Rules({1: FIX}), replace(FRAME, fingerprint="print"))
    assert situation_of(result.context, at.campaign, at.hasher) == at
    assert (result.rulebook, result.version, result.seen) == ("rules-1", 1, None)
    assert result.fingerprint == "print"
    assert result.source["attachment"] == "名单.xlsx"
    assert result.header == {"unit": UNIT}


def test_every_finding_says_where() -> None:
    found = find(KIND, sheet("甲", "乙"), situation(), Rules({0: ASK, 2: (*FIX, *ASK)}))
    assert {number: [one.where.row for one in hits] for number, hits in found.items()} == {0: [0], 2: [2, 2]}


ROWS = st.lists(st.sampled_from([OK, FIX, ASK, HOLD, (*ASK, *HOLD), (*FIX, *ASK)]), max_size=6)
CASES = st.sampled_from([OK, FIX, ASK, HOLD, CASE_ASK, CASE_HOLD, (finding(Severity.ASK, Stops.NONE),)])


@given(ROWS, CASES, st.sampled_from(Automation), st.booleans(), st.booleans())
def test_nothing_happens_that_no_good_approved_row_asks_for(
    rows: list[tuple[Finding, ...]], case: tuple[Finding, ...], level: Automation, bound: bool, partial: bool
) -> None:
    result = judged(*rows, case=case, level=level, lookups=BOUND if bound else None, partial=partial)
    by_number = {item.number: item for item in result.items}
    approved = {number for number, item in by_number.items() if item.state is S.APPROVED}
    assert {number for effect in result.effects for number in effect.items} == approved
    assert {claim.item for claim in result.claims} == approved
    assert all(by_number[number].status in (RowStatus.OK, RowStatus.FIXED) for number in approved)
    if result.outcome >= Outcome.ASK or level in (A.OFF, A.CONFIRM):
        assert not approved
    assert result.items, "a case is always somebody's"
    assert all((item.due_at is not None) is (item.state in RUNNING) for item in result.items)
    weighs = any(one.severity >= Severity.ASK for one in case)
    assert (0 in by_number) is (weighs or not rows)
    assert not {S.FULFILLED, S.DECLINED} & {item.state for item in result.items}, "judging fulfils and declines nothing"
