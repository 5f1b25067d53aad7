"""Every way an item takes goes through the state table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.states import ENDS, MOVES, IllegalMove, ItemState
from mailbot.ledger.moves import advance, ranges, told

S = ItemState
STATES = st.sampled_from(ItemState)


@given(old=STATES | st.none(), to=STATES, by_person=st.booleans(), anew=st.booleans())
def test_no_item_gets_where_the_table_does_not_lead(
    old: ItemState | None, to: ItemState, by_person: bool, anew: bool
) -> None:
    start = old or S.RECEIVED
    one_between = {way for way in MOVES[start] if to in MOVES[way]}
    try:
        assert advance(old, to, by_person=by_person, anew=anew) is to
    except IllegalMove:
        return
    assert start is to or to in MOVES[start] or one_between
    assert by_person or to is not S.DECLINED or start is to
    assert by_person or start not in ENDS or start is to


@pytest.mark.parametrize("to", [S.HELD, S.AWAITING_SENDER, S.APPROVED, S.CLOSED, S.RECEIVED, S.FULFILLED])
def test_a_new_item_may_come_to_rest_in(to: ItemState) -> None:
    assert advance(None, to, by_person=False, anew=True) is to


def test_nobody_declines_a_new_item_by_machine() -> None:
    with pytest.raises(IllegalMove):
        advance(None, S.DECLINED, by_person=False, anew=True)


def test_what_waits_for_its_sender_is_received_again_only_with_new_content_or_by_a_person() -> None:
    with pytest.raises(IllegalMove):
        advance(S.AWAITING_SENDER, S.APPROVED, by_person=False, anew=False)
    assert advance(S.AWAITING_SENDER, S.APPROVED, by_person=False, anew=True) is S.APPROVED
    assert advance(S.AWAITING_SENDER, S.APPROVED, by_person=True, anew=False) is S.APPROVED


def test_an_end_is_left_only_by_a_person() -> None:
    for end in ENDS:
        with pytest.raises(IllegalMove):
            advance(end, S.RECEIVED, by_person=False, anew=True)
        assert advance(end, S.RECEIVED, by_person=True, anew=False) is S.RECEIVED


def test_what_a_person_approves_without_anything_to_do_is_fulfilled() -> None:
    assert advance(S.HELD, S.FULFILLED, by_person=True, anew=False) is S.FULFILLED


@given(numbers=st.sets(st.integers(0, 300)))
def test_ranges_name_every_number_once(numbers: set[int]) -> None:
    named: list[int] = []
    for span in filter(None, ranges(numbers).split(",")):
        first, _, last = span.partition("-")
        named += range(int(first), int(last or first) + 1)
    assert named == sorted(numbers)


def test_moves_are_told_in_few_words() -> None:
    held, approved = (S.RECEIVED, S.HELD), (S.RECEIVED, S.APPROVED)
    assert told({1: held, 2: held, 3: held, 7: held, 5: approved}) == {
        "received>held": "1-3,7",
        "received>approved": "5",
    }
