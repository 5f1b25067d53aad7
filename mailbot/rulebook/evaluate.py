"""The slow, plain evaluator: yes, no or unknown for one condition over one record's facts (Kleene's strong logic).

The laws, which the compiled form keeps to the letter:
- A fact is a value, `None` (known to be empty) or `UNKNOWN`. Anything that touches an `UNKNOWN` operand is unknown;
  `and`, `or` and `not` are Kleene's, so `no and unknown` is no.
- A yes-or-no fact that is empty is no. `is None` asks for emptiness.
- `==`: empty equals empty and no value; `!=` is its opposite, always.
- `<` and its kin have no answer where a side is empty: unknown, never no.
- `in`: an empty list holds nothing; the empty value is in no list; `not in` is its opposite.
Knowing more never turns a yes into a no or a no into a yes: it can only settle what was unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.vocabulary import Facts, FactValue
from mailbot.rulebook.nodes import (
    And,
    Choice,
    Const,
    Empty,
    Equal,
    Member,
    Name,
    Node,
    Not,
    Operand,
    Or,
    Ordered,
    Truth,
    names,
)


class Answer(StrEnum):
    """What a rule says of a record."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {  # operands were type-checked at load
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_OPPOSITE: Final = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}


def answer(node: Node, facts: Facts) -> Answer:
    """The answer of a condition."""
    match node:
        case Not(part):
            return _OPPOSITE[answer(part, facts)]
        case And(parts):
            return _first((answer(part, facts) for part in parts), Answer.NO)
        case Or(parts):
            return _first((answer(part, facts) for part in parts), Answer.YES)
    return Answer.UNKNOWN if _gap(node, facts) else Answer.YES if _holds(node, facts) else Answer.NO


def gaps(node: Node, facts: Facts) -> tuple[Name, ...]:
    """The facts for want of which the answer is unknown, in the order they stand; none where there is an answer."""
    if answer(node, facts) is not Answer.UNKNOWN:
        return ()
    match node:
        case Not(part):
            return gaps(part, facts)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(name for part in parts for name in gaps(part, facts)))
    return _gap(node, facts)


def _first(answers: Iterable[Answer], deciding: Answer) -> Answer:
    """`deciding` if any part says so, else unknown if any part is, else the opposite."""
    seen = set(answers)
    return deciding if deciding in seen else Answer.UNKNOWN if Answer.UNKNOWN in seen else _OPPOSITE[deciding]


def _gap(node: Node, facts: Facts) -> tuple[Name, ...]:
    """The operands of a leaf that leave it without an answer."""
    missing = (UNKNOWN, None) if isinstance(node, Ordered) else (UNKNOWN,)
    return tuple(dict.fromkeys(name for name in names(node) if any(facts[name.index] is m for m in missing)))


def _holds(node: Node, facts: Facts) -> bool:
    """Whether a leaf without a gap is so."""
    match node:
        case Truth(operand):
            return _value(operand, facts) is True
        case Empty(name):
            return facts[name.index] is None
        case Equal(left, right):
            return _value(left, facts) == _value(right, facts)
        case Ordered(op, left, right):
            return _COMPARE[op](_value(left, facts), _value(right, facts))
        case Member(element, container):
            values = container.values if isinstance(container, Choice) else facts[container.index]
            return isinstance(values, tuple | frozenset) and _value(element, facts) in values
    raise AssertionError(node)


def _value(operand: Operand, facts: Facts) -> FactValue:
    return operand.value if isinstance(operand, Const) else facts[operand.index]
