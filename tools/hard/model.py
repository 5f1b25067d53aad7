"""A hard mail and its truth, which its author declares and no program computes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Hard:
    """One mail: its bytes, and what a person sees in it. `words` stand in its own text, `never` do not; `files` are
    names and bytes in order, without the mails and wrappings that hold them; `marks` must be set."""

    name: str
    raw: bytes
    subject: str
    sender: str
    words: tuple[str, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()
    never: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


Shelf = Callable[[], Iterator[Hard]]
_SHELVES: Final[list[Shelf]] = []


def shelf(tell: Shelf) -> Shelf:
    """Declares a group of hard mails; they are numbered in the order in which the groups are declared."""
    _SHELVES.append(tell)
    return tell


def told() -> list[Hard]:
    """All of them, in order. Raises `ValueError` for a name that is used twice."""
    mails = [hard for tell in _SHELVES for hard in tell()]
    names = [hard.name for hard in mails]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"used twice: {', '.join(sorted(twice))}")
    return mails
