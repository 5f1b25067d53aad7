"""The nodes of a `when`, typed and small: what `parse` builds, and what `evaluate` and `compile` walk.

`!=`, `not in` and `is not None` are a `Not` around their opposite, a chained comparison is an `And` of its pairs; so
each law is written once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from mailbot.domain.facts.vocabulary import Fact

Order = Literal["<", "<=", ">", ">="]
Scalar = bool | int | str | date | Decimal


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, by its place in the vocabulary."""

    index: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class Const:
    """A constant; a text that stood beside a date or an amount is one already."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Choice:
    """A list of constants behind `in`."""

    values: frozenset[Scalar]


Operand = Name | Const


@dataclass(frozen=True, slots=True)
class Truth:
    """A yes-or-no fact by itself, or a bare True or False."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class Empty:
    """`fact is None`."""

    name: Name


@dataclass(frozen=True, slots=True)
class Equal:
    """`left == right`; empty equals empty and nothing else."""

    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Ordered:
    """`left < right` and its kin; unknown where one side is empty."""

    op: Order
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Member:
    """`element in container`; an empty list holds nothing, and nothing holds the empty value."""

    element: Operand
    container: Name | Choice


@dataclass(frozen=True, slots=True)
class Not:
    """`not part`; unknown stays unknown."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """`a and b`; one no decides, then unknown."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """`a or b`; one yes decides, then unknown."""

    parts: tuple[Node, ...]


Node = Truth | Empty | Equal | Ordered | Member | Not | And | Or


def names(node: Node) -> Iterator[Name]:
    """The facts of a condition in the order they stand, with repetitions."""
    match node:
        case Not(part):
            yield from names(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from names(part)
        case Truth(operand):
            yield from _named(operand)
        case Empty(name):
            yield name
        case Equal(left, right) | Ordered(_, left, right) | Member(left, right):
            yield from _named(left)
            yield from _named(right)


def _named(operand: Operand | Choice) -> Iterator[Name]:
    if isinstance(operand, Name):
        yield operand
