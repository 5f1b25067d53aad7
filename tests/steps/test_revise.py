"""A new version of a case: nothing is dropped, what is settled stays settled, only the difference is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.kinds import Change, Following, Manner, Merged
from mailbot.domain.outcome import LISTED, CaseResult, ItemResult, Lookups, PriorPerson, StoredCase
from mailbot.domain.states import RUNNING, UNDECIDED, ItemState
from mailbot.domain.workdays import Due, ItemClock
from mailbot.steps.clocks import Timed
from mailbot.steps.follow import continues
from mailbot.steps.judge import judge
from mailbot.steps.revise import CHANGED_SETTLED, DELTA, LATEST, Revision, others_only, revised
from tests.casetypes.support import HASHER
from tests.steps.fakes import DUE, FRAME, Kind, Line, Rules, Sheet, finding, sheet, situation

DAY = date(2020, 7, 15)

KIND = Kind()
S = ItemState
LATER = DUE + timedelta(days=4)


def person(number: int, *, changed: bool = False) -> Line:
    return Line(f"人{number}", phone=f"{'x' if changed else 't'}{number}")


def version(*lines: Line, found: dict[int, tuple[Finding, ...]] | None = None) -> CaseResult:
    return judge(KIND, sheet(*lines), situation(), Rules(found or {}), replace(FRAME, version=2, seen=5))


def before(*states: ItemState, head: ItemState | None = None) -> StoredCase:
    """A case with a row a state, of persons 1, 2, ..."""
    first = version(*(person(n) for n in range(1, len(states) + 1)))
    items = [
        replace(item, state=state, due_at=DUE if state is S.HELD else None)
        for item, state in zip(first.items, states, strict=True)
    ]
    own = [ItemResult(0, "case", None, {}, {}, items[0].status, head)] if head else []
    return StoredCase(replace(first, items=(*own, *items)), S.HELD, {}, {}, (1,), to="hr@unit.example")


def next_of(
    old: StoredCase,
    *lines: Line,
    found: dict[int, tuple[Finding, ...]] | None = None,
    due: dict[int, Due] | None = None,
    manner: Manner = Manner.UNSAID,
) -> CaseResult:
    """The next version; `due` are limits other than `DUE`, which the clocks of all items are said to give."""
    judged = version(*lines, found=found)
    following = follow(old.result, *lines, manner=manner)
    usual = Due(DUE, provisional=False)
    named = {0, *(item.number for item in old.result.items), *(match.number for match in following.merged.matches)}
    timed = {number: Timed(clock_of(number), (due or {}).get(number, usual)) for number in named}
    return revised(judged, Revision(old, following, manner, timed, DAY))


def follow(old: CaseResult, *lines: Line, manner: Manner = Manner.UNSAID) -> Following[Sheet]:
    return KIND.following(sheet(*lines), old, manner, HASHER)


def clock_of(number: int) -> ItemClock:
    """A clock that nobody else has."""
    return ItemClock(DUE - timedelta(days=20 + number))


def numbers(case: CaseResult) -> list[int]:
    return [item.number for item in case.items]


def test_an_open_row_is_decided_anew_under_its_old_number() -> None:
    new = next_of(before(S.FULFILLED, S.AWAITING_SENDER), person(2))
    assert [(item.number, item.state) for item in new.items] == [(2, S.APPROVED)]
    assert [(effect.items, effect.person.name) for effect in new.effects] == [((2,), "人2")]
    assert [(claim.item, claim.key) for claim in new.claims] == [(2, "account:hash-人2")]


def test_a_settled_row_that_comes_back_as_it_was_changes_nothing() -> None:
    for state in (S.FULFILLED, S.APPROVED, S.DECLINED, S.CLOSED, S.RECEIVED):
        new = next_of(before(state, S.AWAITING_SENDER), person(1), person(2))
        assert numbers(new) == [2], state
        assert [effect.items for effect in new.effects] == [(2,)]


def test_new_people_stand_behind_all_old_numbers() -> None:
    new = next_of(before(S.FULFILLED, S.FULFILLED), person(2), person(8), person(9))
    assert numbers(new) == [3, 4]
    assert [(effect.items, effect.person.name) for effect in new.effects] == [((3,), "人8"), ((4,), "人9")]


def test_a_shorter_list_drops_nobody_and_his_limit_stands() -> None:
    old = before(S.HELD, S.AWAITING_SENDER, S.HELD)
    new = next_of(old, person(2), found={1: (finding(Severity.ASK),)})
    assert numbers(new) == [2]
    assert new.items[0].state is S.AWAITING_SENDER
    assert new.due_at == DUE, "rows 1 and 3 still wait for the house"


def matter(case: CaseResult) -> ItemResult | None:
    """The case's own item."""
    return next((item for item in case.items if item.number == 0), None)


def test_a_changed_value_of_what_was_done_is_for_a_person_and_changes_nothing() -> None:
    old = before(S.FULFILLED, S.APPROVED, S.AWAITING_SENDER)
    new = next_of(old, person(1, changed=True), person(2, changed=True), person(3, changed=True))
    assert numbers(new) == [0, 3]
    assert [effect.items for effect in new.effects] == [(3,)]
    own = matter(new)
    assert own is not None
    assert (own.state, own.clock, own.due_at) == (S.HELD, clock_of(0), DUE)
    assert [(one.code, one.message) for one in own.findings] == [
        (CHANGED_SETTLED, "来信更改了已办理的第1行、第2行，系统未作改动，由审核人员核对。")
    ]


def test_many_rows_are_named_by_the_first_ten() -> None:
    new = next_of(before(*[S.FULFILLED] * 12), *(person(n, changed=True) for n in range(1, 13)))
    own = matter(new)
    assert own is not None
    assert "第10行等12行" in own.findings[0].message


def test_the_difference_is_told_by_numbers() -> None:
    old = before(S.FULFILLED, S.AWAITING_SENDER, S.AWAITING_SENDER, S.FULFILLED)
    new = next_of(old, person(1, changed=True), person(2, changed=True), person(3))
    assert new.context[DELTA] == {
        "manner": "unsaid",
        "corrected": [2],
        "added": [],
        "closed": [],
        "settled": [1],
        "unchanged": 2,
    }


def test_the_latest_list_closes_what_it_leaves_out_and_was_not_done() -> None:
    old = before(S.AWAITING_SENDER, S.HELD, S.APPROVED, S.FULFILLED, S.DECLINED, S.CLOSED, S.AWAITING_SENDER)
    new = next_of(old, person(7), person(9), manner=Manner.LATEST)
    states = {item.number: item.state for item in new.items}
    assert states == {0: S.HELD, 1: S.CLOSED, 2: S.CLOSED, 3: S.HELD, 7: S.APPROVED, 8: S.APPROVED}
    assert [item.decided_by for item in new.items if item.number in (1, 2)] == ["auto", "auto"]
    own = matter(new)
    assert own is not None
    assert [(one.code, one.facts["items"]) for one in own.findings] == [(LATEST, [3, 4])]
    assert new.context[DELTA]["closed"] == [1, 2]  # type: ignore[index]  # a mapping, as stored


def test_the_latest_list_of_a_case_in_which_nothing_is_done_needs_nobody() -> None:
    new = next_of(before(S.AWAITING_SENDER, S.AWAITING_SENDER), person(8), person(9), manner=Manner.LATEST)
    assert matter(new) is None
    assert [(item.number, item.state) for item in new.items] == [
        (3, S.APPROVED),
        (4, S.APPROVED),
        (1, S.CLOSED),
        (2, S.CLOSED),
    ]


def test_a_whole_list_names_every_row_by_its_own_rows() -> None:
    """Also the rows that are done: one letter must not name rows by the numbers of two files."""
    old = before(S.FULFILLED, S.AWAITING_SENDER)
    new = next_of(old, person(9), person(1), person(2, changed=True), manner=Manner.ADDITION)
    assert [(item.number, item.place["row"], item.place[LISTED]) for item in new.items] == [
        (3, 1, "2020-07-15"),
        (2, 3, "2020-07-15"),
    ]
    assert {number: (place["row"], place[LISTED]) for number, place in new.places.items()} == {1: (2, "2020-07-15")}


def test_a_list_of_some_rows_moves_none_that_stood_before() -> None:
    new = next_of(before(S.FULFILLED, S.AWAITING_SENDER, S.FULFILLED), person(2, changed=True), person(1))
    assert new.places == {}
    assert LISTED not in new.items[0].place


def test_where_only_the_newest_list_counts_its_rows_name_everybody_in_it() -> None:
    new = next_of(before(S.FULFILLED, S.AWAITING_SENDER, S.FULFILLED), person(2), person(1), manner=Manner.LATEST)
    assert {number: place["row"] for number, place in new.places.items()} == {1: 2}


def test_single_rows_put_right_keep_their_place_in_the_list() -> None:
    old = before(S.AWAITING_SENDER)
    place = {**old.result.items[0].place, "row": 77}
    old = replace(old, result=replace(old.result, items=(replace(old.result.items[0], place=place),)))
    judged = version(person(1, changed=True))
    following = replace(follow(old.result, person(1, changed=True)), rejudged=frozenset[str]())
    timed = {number: Timed(clock_of(number), Due(DUE, provisional=False)) for number in (0, 1)}
    new = revised(judged, Revision(old, following, Manner.UNSAID, timed, DAY))
    assert new.items[0].place["row"] == 77


def test_a_changed_value_of_an_open_row_is_its_correction() -> None:
    new = next_of(before(S.AWAITING_SENDER, S.HELD), person(1, changed=True), person(2, changed=True))
    assert [(item.number, item.values["phone"]) for item in new.items] == [(1, "x1"), (2, "x2")]


def test_a_row_that_waited_has_the_limit_that_its_wait_gave_it() -> None:
    due = {1: Due(LATER, provisional=False), 2: Due(LATER, provisional=False)}
    new = next_of(before(S.AWAITING_SENDER, S.AWAITING_SENDER), person(1), person(2), found={2: (finding(Severity.ASK),)}, due=due)  # fmt: skip
    assert [item.due_at for item in new.items] == [LATER, None]
    assert [item.clock for item in new.items] == [clock_of(1), clock_of(2)], "also of the one that waits on"
    assert (new.due_at, new.provisional) == (LATER, False)


def test_the_limit_of_the_case_is_the_earliest_of_what_still_runs() -> None:
    old = before(S.FULFILLED, S.AWAITING_SENDER, S.HELD)
    early = tuple(
        replace(item, due_at=DUE - timedelta(days=9)) if item.number == 1 else item for item in old.result.items
    )
    old = replace(old, result=replace(old.result, items=early))
    new = next_of(old, person(2), due={2: Due(LATER, provisional=False)})
    assert new.due_at == DUE, "row 3; row 1 is done, and what is done is not due"
    assert next_of(old, person(2), person(3), due=dict.fromkeys((2, 3), Due(LATER, provisional=False))).due_at == LATER


def test_a_held_row_that_comes_back_keeps_its_own_limit() -> None:
    new = next_of(before(S.HELD, S.AWAITING_SENDER), person(1), person(2), due={2: Due(LATER, provisional=False)})
    assert [item.due_at for item in new.items] == [DUE, LATER]
    assert new.due_at == DUE


@pytest.mark.parametrize("which", [1, 2, 3])
def test_a_limit_on_a_day_that_nobody_knows_makes_the_case_provisional(which: int) -> None:
    old = before(S.AWAITING_SENDER, S.AWAITING_SENDER)
    guess = Due(LATER, provisional=True)
    new = next_of(old, person(1), person(2), found={2: (finding(Severity.ASK),)}, due={which: guess})
    assert new.provisional is (which == 1), "row 2 has no limit while it waits, and there is no row 3"


def test_a_provisional_limit_of_a_row_that_is_not_named_stays_so() -> None:
    old = before(S.HELD, S.AWAITING_SENDER)
    old = replace(old, result=replace(old.result, provisional=True))
    assert next_of(old, person(2)).provisional
    assert not next_of(old, person(1), person(2)).provisional


@pytest.mark.parametrize(
    ("head", "against", "own"),
    [
        (S.AWAITING_SENDER, (), [S.CLOSED]),
        (S.HELD, (), [S.CLOSED]),
        (S.CLOSED, (), []),
        (None, (), []),
        (S.AWAITING_SENDER, (finding(Severity.ASK, Stops.NONE),), [S.AWAITING_SENDER]),
        (None, (finding(Severity.HOLD, Stops.NONE),), [S.HELD]),
    ],
)
def test_the_cases_own_matter_is_as_the_new_version_has_it(
    head: ItemState | None, against: tuple[Finding, ...], own: list[ItemState]
) -> None:
    new = next_of(before(S.AWAITING_SENDER, head=head), person(1), found={0: against})
    assert [item.state for item in new.items if item.number == 0] == own


def test_only_a_record_with_a_row_of_the_case_continues_it() -> None:
    old = before(S.AWAITING_SENDER, S.FULFILLED).result
    assert continues(follow(old, person(2), person(9)).merged)
    assert not continues(follow(old, person(8)).merged)
    assert not continues(Merged((), (1, 2), unclear=False))


def test_the_other_cases_stay_in_sight() -> None:
    def prior(case: str) -> PriorPerson:
        return PriorPerson(case, 1, "i", "p", "k", "done")

    seen = Lookups(
        people={"a": prior("mine"), "b": prior("other")},
        phones={"c": prior("mine"), "d": prior("other")},
        orders={"o": ("mine", "other"), "q": ("mine",)},
        bindings=("unit:某单位",),
    )
    left = others_only(seen, "mine")
    assert (set(left.people), set(left.phones)) == ({"b"}, {"d"})
    assert left.orders == {"o": ("other",), "q": ()}
    assert left.bindings == seen.bindings


STATES = st.sampled_from(ItemState)
ROWS = st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=7, unique_by=lambda row: row[0])
ASKS = st.frozensets(st.integers(0, 7), max_size=3)


@given(st.lists(STATES, min_size=1, max_size=6), ROWS, ASKS)
def test_whatever_comes_back(states: list[ItemState], rows: list[tuple[int, bool]], asks: frozenset[int]) -> None:
    """Nothing is dropped, what is settled stays settled, unclear goes to a person, effects only for what changed."""
    old = before(*states)
    was = {item.number: item for item in old.result.items}
    lines = [person(number, changed=changed) for number, changed in rows]
    found: dict[int, tuple[Finding, ...]] = {
        number: (finding(Severity.ASK),) for number in asks if number <= len(lines)
    }
    merged = follow(old.result, *lines).merged
    settled_change = any(m.change is Change.CORRECTED and was[m.number].state not in UNDECIDED for m in merged.matches)
    new = next_of(old, *lines, found=found)
    assert (0 in numbers(new)) is (settled_change or matter(version(*lines, found=found)) is not None)
    assert all((item.due_at is not None) is (item.state in RUNNING) for item in new.items)
    touched = set(numbers(new)) - {0}
    assert len(numbers(new)) == len(set(numbers(new)))
    assert all(number > len(states) or was[number].state in UNDECIDED for number in touched)
    decided = touched | {number for number, item in was.items() if item.state not in UNDECIDED}
    assert {match.number for match in merged.matches} <= decided, "every row of the new list has its place"
    by_number = {item.number: item for item in new.items}
    for effect in new.effects:
        assert len(effect.items) == 1
        assert by_number[effect.items[0]].state is S.APPROVED
        assert by_number[effect.items[0]].values["name"] == effect.person.name
    assert {claim.item for claim in new.claims} <= {number for effect in new.effects for number in effect.items}
    assert all(claim.key == f"account:hash-{by_number[claim.item].values['name']}" for claim in new.claims)


@given(st.lists(STATES, min_size=1, max_size=6))
def test_the_same_list_again_touches_open_rows_only(states: list[ItemState]) -> None:
    assume(any(state in UNDECIDED for state in states))
    new = next_of(before(*states), *(person(n) for n in range(1, len(states) + 1)))
    assert numbers(new) == [n for n, state in enumerate(states, start=1) if state in UNDECIDED]
