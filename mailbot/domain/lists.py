"""Dated lists that staff hand in: what one says, against what earlier ones said. A newer list supersedes, an older one
changes nothing, and the same one again changes nothing either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Generic, Protocol, Self, TypeVar

from mailbot.domain.records import order_key


@dataclass(frozen=True, slots=True)
class ListHead:
    """A list as a whole: its file's name, SHA-256 and the day it speaks of."""

    name: str
    sha256: str
    as_of: date


_TOLD: Final = ("unit", "tax_id", "codes", "paid")


@dataclass(frozen=True, slots=True)
class Order:
    """One order as a list tells it; `None` is what the list does not tell. `codes` counts the activation codes."""

    order_no: str
    unit: str | None = None
    tax_id: str | None = None
    codes: int | None = None
    paid: bool | None = None

    @property
    def key(self) -> str:
        """What makes it the same order, however it is written."""
        return order_key(self.order_no)

    def upon(self, before: Order) -> Order:
        """The order as this list tells it; what it does not tell stays as an earlier one told it."""
        untold = [name for name in _TOLD if getattr(self, name) is None]
        return replace(self, **{name: getattr(before, name) for name in untold})


class Keyed(Protocol):
    """An entry of a list: equal entries say the same, entries with one key speak of the same thing."""

    @property
    def key(self) -> str: ...

    def upon(self, before: Self) -> Self:
        """The entry with what it does not tell as an earlier list told it."""
        ...


E = TypeVar("E", bound=Keyed)


@dataclass(frozen=True, slots=True)
class Compared(Generic[E]):
    """A list against what is known: entries that are new, that say the same, that a newer list has overtaken (`older`),
    and that say something else (as it was, as it is now). `writes` are those to be stored."""

    new: int
    same: int
    older: int
    changed: tuple[tuple[E, E], ...]
    writes: tuple[E, ...]


def compare(new: Sequence[E], known: Mapping[str, tuple[E, date]], as_of: date) -> Compared[E]:
    """The entries of a list of that day against what earlier lists said on theirs. Of two lists of one day the one that
    comes later counts. What an entry does not tell is no news: an export with fewer columns makes nothing unknown."""
    fresh, same, older = 0, 0, 0
    changed: list[tuple[E, E]] = []
    writes: list[E] = []
    for said in new:
        before, day = known.get(said.key, (None, as_of))
        entry = said if before is None else said.upon(before)
        if before is None:
            fresh += 1
        elif day > as_of:
            older += 1
            continue
        elif before != entry:
            changed.append((before, entry))
        else:
            same += 1
            if day == as_of:
                continue
        writes.append(entry)
    return Compared(fresh, same, older, tuple(changed), tuple(writes))
