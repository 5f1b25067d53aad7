"""A corrected roster against the items of the version before: who is who, what is new, and what nobody can tell.

Nothing is dropped because a shorter list came back: an old item that the new list does not name stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

from mailbot.casetypes.roster.folding import fold
from mailbot.casetypes.roster.raws import RAW
from mailbot.domain.kinds import Change, Item, Manner, Match, Merged
from mailbot.domain.outcome import ItemResult, Json
from mailbot.domain.states import UNDECIDED, ItemState

V = TypeVar("V")
_VALUES: Final = ("name", "id_number", "phone")
_WAITING: Final = frozenset({ItemState.AWAITING_SENDER})
_SETTLED: Final = frozenset(ItemState) - UNDECIDED
"""A row of which nobody can know whose it is, is the old state of one that is settled, and nobody new."""


def merge(new: Sequence[Item], old: Sequence[ItemResult], manner: Manner = Manner.UNSAID) -> Merged:
    """Match by identity first; what is open also by name with phone or name with row, and what waits for the sender by
    phone, where both sides have it once. The case's own item (number 0) takes no part.

    Where the sender calls the list a correction, a row that is nobody yet takes the place of the one that waits in its
    line, or the only one that waits; called an addition, or the list that alone counts, such a row is a new one.
    """
    people = [item for item in old if item.number > 0]
    taken: dict[int, ItemResult] = {}
    _by_identity(new, people, taken)
    for key in (_name_and_phone, _name_and_row):
        _by_key(new, people, taken, key, UNDECIDED)
    _by_key(new, people, taken, _phone, _WAITING)
    nobody = [row.identity is None for row in new]
    for key in (_name_and_phone, _name_and_row):
        _by_key(new, people, taken, key, _SETTLED, nobody)
    if manner is Manner.CORRECTION:
        _by_key(new, people, taken, _line, _WAITING)
        _by_key(new, people, taken, _alone, _WAITING)
    used = {item.number for item in taken.values()}
    missing = tuple(item.number for item in people if item.number not in used)
    matches = tuple(_numbered(new, taken, max((item.number for item in people), default=0)))
    told = manner in (Manner.ADDITION, Manner.LATEST)
    return Merged(matches, missing, not told and _unclear(matches, people, used))


def same_values(one: Json, other: Json) -> bool:
    """Whether two rows say the same of their person, however it is written."""
    return all(_said(one, key) == _said(other, key) for key in _VALUES)


def _by_identity(new: Sequence[Item], old: Sequence[ItemResult], taken: dict[int, ItemResult]) -> None:
    """The first row of an identity takes its first item, the second (a duplicate) the second."""
    free: dict[str, list[ItemResult]] = {}
    for item in old:
        if item.identity:
            free.setdefault(item.identity, []).append(item)
    for place, row in enumerate(new):
        if row.identity and free.get(row.identity):
            taken[place] = free[row.identity].pop(0)


def _by_key(
    new: Sequence[Item],
    old: Iterable[ItemResult],
    taken: dict[int, ItemResult],
    key: Callable[[Json, Json], Hashable],
    states: frozenset[ItemState],
    among: Sequence[bool] | None = None,
) -> None:
    """Match what both sides have once: rows (those `among` them) and items in these states."""
    used = {item.number for item in taken.values()}
    theirs = _once(
        (key(item.values, item.place), item) for item in old if item.number not in used and item.state in states
    )
    ours = _once(
        (key(row.values, row.place), place)
        for place, row in enumerate(new)
        if place not in taken and not row.inert and (among is None or among[place])
    )
    taken.update({place: theirs[shared] for shared, place in ours.items() if shared in theirs})


def _once(pairs: Iterable[tuple[Hashable, V]]) -> dict[Hashable, V]:
    """The values whose key stands there once; `None` is no key."""
    listed = [(key, value) for key, value in pairs if key is not None]
    count = Counter(key for key, _ in listed)
    return {key: value for key, value in listed if count[key] == 1}


def _name_and_phone(values: Json, _: Json) -> Hashable:
    name, phone = values.get("name"), values.get("phone")
    return (name, phone) if name and phone else None


def _name_and_row(values: Json, place: Json) -> Hashable:
    name = values.get("name")
    return (name, place.get("sheet"), place.get("row"), place.get("panel")) if name else None


def _phone(values: Json, _: Json) -> Hashable:
    phone = values.get("phone")
    return phone if isinstance(phone, str) else None


def _line(_: Json, place: Json) -> Hashable:
    return (place.get("sheet"), place.get("row"), place.get("panel"))


def _alone(_: Json, __: Json) -> Hashable:
    """The same for all: only where each side has one left."""
    return True


def _numbered(new: Sequence[Item], taken: dict[int, ItemResult], last: int) -> Iterable[Match]:
    for place, row in enumerate(new):
        found = taken.get(place)
        if found is None:
            last += 1
            yield Match(row, last, Change.ADDED)
        else:
            same = same_values(row.values, found.values)
            yield Match(row, found.number, Change.UNCHANGED if same else Change.CORRECTED)


def _said(values: Json, key: str) -> str:
    """What stands there: the value, or the cell that gave none."""
    kept = values.get(RAW)
    raw = kept.get(key) if isinstance(kept, Mapping) else None
    return fold(str(values.get(key) or raw or ""))


def _unclear(matches: Sequence[Match], old: Sequence[ItemResult], used: set[int]) -> bool:
    added = any(match.change is Change.ADDED and not match.item.inert for match in matches)
    open_ends = any(item.state is ItemState.AWAITING_SENDER and item.number not in used for item in old)
    return added and open_ends
