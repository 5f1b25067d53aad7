"""How an item gets from the state it is in to the one a pass decided: legal moves only, each through the one setter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mailbot.domain.states import MOVES, IllegalMove, ItemState, move

Moves = Mapping[int, tuple[ItemState, ItemState]]
"""By item number: the state before and after."""


def advance(old: ItemState | None, to: ItemState, *, by_person: bool, anew: bool) -> ItemState:
    """The new state of an item. A new item is received first; with new content (`anew`) or by a person an item may be
    received again on the way; what needs nothing done is approved on the way to fulfilled. Raises `IllegalMove`."""
    start = ItemState.RECEIVED if old is None else old
    if start is to:
        return to
    if to in MOVES[start]:
        return move(start, to, by_person=by_person)
    ways = [ItemState.APPROVED] if to is ItemState.FULFILLED else []
    if anew or by_person:
        ways.append(ItemState.RECEIVED)
    for way in ways:
        if way in MOVES[start] and to in MOVES[way]:
            return move(move(start, way, by_person=by_person), to, by_person=by_person)
    raise IllegalMove(f"{start} -> {to}")


def told(moves: Moves) -> dict[str, str]:
    """The moves in few words, for an event: `held>approved` to `1-3,7`."""
    numbers: dict[str, list[int]] = {}
    for number, (before, after) in moves.items():
        numbers.setdefault(f"{before.value}>{after.value}", []).append(number)
    return {way: ranges(found) for way, found in numbers.items()}


def ranges(numbers: Iterable[int]) -> str:
    """Numbers in few words: `1-3,7`."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
