"""A corrected list against the items before it: nobody is dropped, nobody is taken for somebody else."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mailbot.casetypes.roster.versions import merge
from mailbot.domain.decisions import RowStatus
from mailbot.domain.kinds import Change, Item
from mailbot.domain.outcome import ItemResult
from mailbot.domain.states import ItemState


def item(
    number: int, identity: str | None, name: str = "陈", phone: str | None = None, *, row: int = 0, inert: bool = False
) -> Item:
    place = {"sheet": "Sheet1", "row": row or number + 5, "panel": 1}
    values = {"name": f"{name}{identity or number}", "id_number": identity, "phone": phone or f"138{number:08d}"}
    return Item(number, "person", identity, place, values, inert)


def before(of: Item, state: ItemState = ItemState.FULFILLED) -> ItemResult:
    return ItemResult(of.number, of.kind, of.identity, of.place, of.values, RowStatus.OK, state)


def waiting(of: Item) -> ItemResult:
    return before(replace(of, identity=None), ItemState.AWAITING_SENDER)


def test_the_same_list_again_changes_nothing() -> None:
    items = [item(n, f"id{n}") for n in (1, 2, 3)]
    merged = merge(items, [before(i) for i in items])
    assert [(m.number, m.change) for m in merged.matches] == [(n, Change.UNCHANGED) for n in (1, 2, 3)]
    assert (merged.missing, merged.unclear) == ((), False)


def test_a_correction_of_what_waited_is_found_by_name_and_phone() -> None:
    old = [before(item(1, "id1")), waiting(item(2, None, phone="13900000002"))]
    fixed = Item(
        1, "person", "id2", {"sheet": "改", "row": 2}, {"name": "陈2", "id_number": "id2", "phone": "13900000002"}
    )
    merged = merge([fixed], old)
    assert [(m.number, m.change) for m in merged.matches] == [(2, Change.CORRECTED)]
    assert (merged.missing, merged.unclear) == ((1,), False)


def test_a_correction_of_the_phone_is_found_by_name_and_row() -> None:
    old = [waiting(item(1, None, phone="023-1"))]
    new = [replace(item(1, "id1"), values={"name": "陈1", "id_number": "id1", "phone": "13800000001"})]
    assert merge(new, old).matches[0].number == 1


def test_a_correction_of_the_name_is_found_by_the_phone() -> None:
    old = [waiting(item(1, None, name="陈?", phone="13800000001"))]
    new = [item(9, "id9", phone="13800000001", row=77)]
    assert merge(new, old).matches[0].number == 1


def test_what_is_settled_is_never_taken_over_by_a_like_name() -> None:
    old = [before(item(1, "id1", name="陈", phone="13800000001"))]
    new = [replace(item(1, "id2"), values=old[0].values)]
    merged = merge(new, old)
    assert [(m.number, m.change) for m in merged.matches] == [(2, Change.ADDED)]
    assert merged.missing == (1,)


def test_an_addition_is_clear_when_nothing_waits() -> None:
    merged = merge([item(1, "id5")], [before(item(1, "id1")), before(item(2, "id2"))])
    assert [(m.number, m.change) for m in merged.matches] == [(3, Change.ADDED)]
    assert (merged.missing, merged.unclear) == ((1, 2), False)


def test_three_rows_that_may_be_either_are_unclear() -> None:
    old = [before(item(1, "id1")), waiting(item(2, None)), waiting(item(3, None))]
    assert merge([item(n, f"new{n}", phone=f"1770000000{n}", row=n + 90) for n in (1, 2, 3)], old).unclear


def test_two_that_share_name_and_phone_are_told_apart_by_nobody() -> None:
    old = [waiting(item(n, None, phone="13800000000", row=50)) for n in (1, 2)]
    old = [replace(o, values={**o.values, "name": "陈"}) for o in old]
    new = [Item(1, "person", "x", {"row": 1}, {"name": "陈", "id_number": "x", "phone": "13800000000"})]
    merged = merge(new, old)
    assert merged.matches[0].change is Change.ADDED
    assert merged.unclear


def test_a_duplicate_row_takes_no_number_of_another_person() -> None:
    new = [item(1, "id1"), item(2, "id1", inert=True), item(3, "id3")]
    merged = merge(new, [before(item(1, "id1")), before(item(2, "id3"))])
    assert [m.number for m in merged.matches] == [1, 3, 2]
    assert not merged.unclear


def test_the_cases_own_item_takes_no_part() -> None:
    own = ItemResult(0, "case", None, {}, {}, RowStatus.ASK, ItemState.AWAITING_SENDER)
    merged = merge([item(1, "id1")], [own])
    assert [m.number for m in merged.matches] == [1]
    assert (merged.missing, merged.unclear) == ((), False)


IDS = st.integers(0, 9)
NEW = st.lists(st.tuples(st.none() | IDS, IDS, IDS), max_size=12)
OLD = st.lists(st.tuples(st.none() | IDS, IDS, IDS, st.booleans()), max_size=12)


def build(number: int, identity: int | None, name: int, phone: int) -> Item:
    known = None if identity is None else f"id{identity}"
    values = {"name": f"陈{name}", "id_number": known, "phone": f"1380000000{phone}"}
    return Item(number, "person", known, {"sheet": "S", "row": number, "panel": 1}, values)


@given(NEW, OLD)
def test_numbers_are_never_shared_and_nothing_is_dropped(
    new: list[tuple[int | None, int, int]], old: list[tuple[int | None, int, int, bool]]
) -> None:
    rows = [build(n, *row) for n, row in enumerate(new, start=1)]
    items = [
        before(build(n, *row[:3]), ItemState.AWAITING_SENDER if row[3] else ItemState.FULFILLED)
        for n, row in enumerate(old, start=1)
    ]
    merged = merge(rows, items)
    numbers = [match.number for match in merged.matches]
    assert [match.item for match in merged.matches] == rows
    assert len(set(numbers)) == len(numbers)
    matched = {n for n in numbers if n <= len(items)}
    assert matched | set(merged.missing) == {i.number for i in items}
    assert matched.isdisjoint(merged.missing)
    for match in merged.matches:
        if match.change is not Change.ADDED:
            was = items[match.number - 1]
            assert was.identity == match.item.identity or was.state is ItemState.AWAITING_SENDER
        else:
            assert match.number > len(items)


@given(st.permutations(range(8)), st.sets(st.integers(0, 7)))
def test_order_and_length_of_the_new_list_do_not_matter(order: list[int], left_out: set[int]) -> None:
    items = [item(n + 1, f"id{n}") for n in range(8)]
    rows = [items[n] for n in order if n not in left_out]
    merged = merge(rows, [before(i) for i in items])
    assert all(match.number == match.item.number and match.change is Change.UNCHANGED for match in merged.matches)
    assert merged.missing == tuple(sorted(n + 1 for n in left_out))
