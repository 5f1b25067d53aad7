"""What a fact is: a name, a type, a Chinese label, where it comes from, and how it is masked when shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from mailbot.domain.evidence import UNKNOWN, Unknown

FactType = Literal["bool", "int", "text", "date", "money", "ints", "texts"]
Mask = Literal["none", "id_number", "phone", "person", "text"]
"""How a value is shown: as it is, as an ID number, as a phone, as another person's name, or as free text in which every
number that may be one of the first two is masked."""
FactValue = bool | int | str | date | Decimal | tuple[int, ...] | tuple[str, ...] | None | Unknown
"""A value, `None` for known to be empty, or `UNKNOWN`."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One named fact. `source` says in Chinese where it comes from; `mask` how a sentence or a finding shows it."""

    name: str
    type: FactType
    label: str
    source: str
    mask: Mask = "none"


@dataclass(frozen=True)
class Vocabulary:
    """The facts that rules about one record may name, in a fixed order;
    `Facts` of that record follow the same order."""

    about: str
    label: str
    facts: tuple[Fact, ...]
    index: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        index = {fact.name: n for n, fact in enumerate(self.facts)}
        if len(index) != len(self.facts):
            raise ValueError(f"a fact stands twice in the vocabulary {self.about}")
        object.__setattr__(self, "index", index)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def row(self, values: Mapping[str, FactValue]) -> list[FactValue]:
        """The values in the vocabulary's order, `UNKNOWN` for what is not
        given. Raises `KeyError` for a foreign name."""
        out: list[FactValue] = [UNKNOWN] * len(self.facts)
        for name, value in values.items():
            out[self.index[name]] = value
        return out


Facts = Sequence[FactValue]
"""Fact values of one record in the order of its vocabulary."""
