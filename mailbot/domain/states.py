"""The states of items and cases: one table of legal moves, one setter, one fold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class ItemState(StrEnum):
    """Where an item (a roster row, a payment year, a commitment, the header of a case) stands."""

    RECEIVED = "received"
    HELD = "held"
    AWAITING_SENDER = "awaiting_sender"
    APPROVED = "approved"
    FULFILLED = "fulfilled"
    DECLINED = "declined"
    CLOSED = "closed"


CaseState = ItemState

_S = ItemState
MOVES: Final[Mapping[ItemState, frozenset[ItemState]]] = {
    _S.RECEIVED: frozenset({_S.HELD, _S.AWAITING_SENDER, _S.APPROVED, _S.CLOSED}),
    _S.HELD: frozenset({_S.APPROVED, _S.AWAITING_SENDER, _S.DECLINED, _S.CLOSED, _S.RECEIVED}),
    _S.AWAITING_SENDER: frozenset({_S.RECEIVED, _S.HELD, _S.CLOSED}),
    _S.APPROVED: frozenset({_S.FULFILLED, _S.HELD, _S.AWAITING_SENDER}),
    _S.FULFILLED: frozenset({_S.RECEIVED}),
    _S.DECLINED: frozenset({_S.RECEIVED}),
    _S.CLOSED: frozenset({_S.RECEIVED}),
}
ENDS: Final = frozenset({_S.FULFILLED, _S.DECLINED, _S.CLOSED})
REOPENABLE_BY_A_PERSON: Final = ENDS
OPEN: Final = frozenset(ItemState) - ENDS
RUNNING: Final = frozenset({_S.RECEIVED, _S.HELD, _S.APPROVED})
"""The states in which an item's clock runs: its sender waits for the house."""
UNDECIDED: Final = frozenset({_S.AWAITING_SENDER, _S.HELD})
"""Nothing is decided yet and nothing done: the sender or a person has the word, and a new version decides anew."""
GONE: Final = frozenset({_S.DECLINED, _S.CLOSED})
"""Ended without being done."""


class IllegalMove(ValueError):
    """A state change that the table does not allow."""


def move(now: ItemState, to: ItemState, *, by_person: bool) -> ItemState:
    """The one setter. Raises `IllegalMove` for a move outside the table, and for a
    reopening or refusal without a person."""
    if to not in MOVES[now]:
        raise IllegalMove(f"{now} -> {to}")
    if (now in REOPENABLE_BY_A_PERSON or to is _S.DECLINED) and not by_person:
        raise IllegalMove(f"{now} -> {to} needs a person")
    return to


_FOLD: Final = (_S.HELD, _S.APPROVED, _S.RECEIVED, _S.AWAITING_SENDER, _S.FULFILLED, _S.DECLINED, _S.CLOSED)


def fold(items: Iterable[ItemState]) -> CaseState:
    """The case's state from its items: the first of held, approved, received, awaiting_sender, fulfilled, declined,
    closed that any item is in. Raises `ValueError` for a case without items."""
    present = set(items)
    if not present:
        raise ValueError("a case has at least one item")
    return next(state for state in _FOLD if state in present)
