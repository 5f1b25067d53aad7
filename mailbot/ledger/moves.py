"""How an item gets from the state it is in to the one a pass decided: legal moves only, each through the one setter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mailbot.domain.outcome import ItemResult
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


def judged(items: Iterable[ItemResult]) -> dict[str, str]:
    """What a pass made of the items it named, in few words: `awaiting_sender ask phone.missing` to `3,9`. States are
    those decided, whatever the ends of effects then made of them."""
    numbers: dict[str, list[int]] = {}
    for item in items:
        codes = sorted({finding.code for finding in item.findings})
        numbers.setdefault(" ".join((item.state.value, item.status.value, *codes)), []).append(item.number)
    return {words: ranges(found) for words, found in numbers.items()}


def ranges(numbers: Iterable[int]) -> str:
    """Numbers in few words: `1-3,7`."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def spread(text: str) -> list[int]:
    """The numbers that `ranges` wrote. Raises `ValueError` for a text that it never writes."""
    numbers: list[int] = []
    for span in text.split(","):
        first, _, last = span.partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return numbers
