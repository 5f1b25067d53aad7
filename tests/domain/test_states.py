"""The table of states: closed, every state reached and left, refusals and reopenings by people only; the fold."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.states import ENDS, MOVES, IllegalMove, ItemState, fold, move

STATES = st.sampled_from(ItemState)
S = ItemState
PEOPLE_ONLY = [(S.HELD, S.DECLINED), (S.FULFILLED, S.RECEIVED), (S.DECLINED, S.RECEIVED), (S.CLOSED, S.RECEIVED)]


def test_the_table_is_closed() -> None:
    assert set(MOVES) == set(ItemState)
    assert set().union(*MOVES.values()) == set(ItemState)
    assert all(state not in MOVES[state] for state in ItemState)


def test_every_state_can_be_reached_and_left_by_somebody() -> None:
    reached, border = {S.RECEIVED}, [S.RECEIVED]
    while border:
        fresh = MOVES[border.pop()] - reached
        reached |= fresh
        border += fresh
    assert reached == set(ItemState)
    assert all(MOVES[state] for state in ItemState)


@pytest.mark.parametrize(("now", "to"), list(product(ItemState, ItemState)))
def test_a_person_may_do_all_of_the_table_and_nothing_else(now: ItemState, to: ItemState) -> None:
    if to in MOVES[now]:
        assert move(now, to, by_person=True) is to
    else:
        with pytest.raises(IllegalMove):
            move(now, to, by_person=True)


@pytest.mark.parametrize(("now", "to"), list(product(ItemState, ItemState)))
def test_the_machine_never_refuses_nor_reopens(now: ItemState, to: ItemState) -> None:
    if to in MOVES[now] and (now, to) not in PEOPLE_ONLY:
        assert move(now, to, by_person=False) is to
    else:
        with pytest.raises(IllegalMove):
            move(now, to, by_person=False)


@given(st.lists(STATES, max_size=12))
def test_without_a_person_an_end_is_final(steps: list[ItemState]) -> None:
    now = S.RECEIVED
    for to in steps:
        if now in ENDS:
            with pytest.raises(IllegalMove):
                move(now, to, by_person=False)
        elif to in MOVES[now] and to is not S.DECLINED:
            now = move(now, to, by_person=False)


@given(st.lists(STATES, min_size=1, max_size=8), st.data())
def test_the_fold_is_total_and_free_of_order(items: list[ItemState], data: st.DataObject) -> None:
    assert fold(items) in items
    assert fold(data.draw(st.permutations(items))) is fold(items)
    assert fold([*items, *items]) is fold(items)


@given(st.lists(STATES, min_size=1, max_size=6), st.lists(STATES, min_size=1, max_size=6))
def test_the_fold_of_parts_is_the_fold_of_the_whole(left: list[ItemState], right: list[ItemState]) -> None:
    assert fold([*left, *right]) is fold([fold(left), fold(right)])


@given(st.lists(STATES, min_size=1, max_size=8))
def test_a_case_has_ended_when_all_its_items_have(items: list[ItemState]) -> None:
    assert (fold(items) in ENDS) == all(item in ENDS for item in items)


@pytest.mark.parametrize(
    ("items", "case"),
    [
        ({S.HELD, S.APPROVED, S.AWAITING_SENDER, S.FULFILLED}, S.HELD),
        ({S.APPROVED, S.AWAITING_SENDER, S.FULFILLED}, S.APPROVED),
        ({S.AWAITING_SENDER, S.FULFILLED}, S.AWAITING_SENDER),
        ({S.FULFILLED, S.DECLINED, S.CLOSED}, S.FULFILLED),
        ({S.DECLINED, S.CLOSED}, S.DECLINED),
        ({S.CLOSED}, S.CLOSED),
        ({S.RECEIVED, S.FULFILLED}, S.RECEIVED),
    ],
)
def test_folds(items: set[ItemState], case: ItemState) -> None:
    assert fold(items) is case


def test_a_case_without_items_has_no_state() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        fold([])
