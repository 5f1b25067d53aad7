"""The examples beside a rule: read into typed facts, and run at load, so that a rule says what its author meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from mailbot.domain.facts.vocabulary import Fact, FactValue, Vocabulary
from mailbot.domain.toml_lines import suggest
from mailbot.rulebook.evaluate import Answer, answer
from mailbot.rulebook.nodes import Node, names
from mailbot.rulebook.parse import TYPE_WORDS, unknown_fact
from mailbot.rulebook.rules import Example
from mailbot.rulebook.show import shown

KEYS: Final = ("given", "empty", "is")
WORDS: Final = {Answer.YES: "true", Answer.NO: "false", Answer.UNKNOWN: '"unknown"'}


class ExampleError(ValueError):
    """An example that cannot be used or does not hold; the message is a Chinese sentence."""


def read_example(table: object, vocabulary: Vocabulary) -> Example:
    """One example: `given` values, facts known to be `empty`, and what the answer `is`. Facts not listed are unknown.

    Raises `ExampleError`.
    """
    if not isinstance(table, Mapping):
        raise ExampleError("应写成 { given = { … }, is = true }")
    for key in table:
        if key not in KEYS:
            near = suggest(str(key), KEYS)
            raise ExampleError(f"不认识的键 {key}" + (f"，是不是 {near}？" if near else ""))
    given: dict[str, FactValue] = {}
    for name, value in _flat(table.get("given", {})):
        given[name] = _typed(_fact(name, vocabulary), value)
    for name in _list(table.get("empty", [])):
        if name in given:
            raise ExampleError(f"{name} 同时写在 given 和 empty 里")
        given[_fact(name, vocabulary).name] = None
    return Example(given, _expected(table.get("is")))


def run_example(example: Example, node: Node, vocabulary: Vocabulary, campaign: Mapping[str, FactValue]) -> None:
    """Raises `ExampleError` where the condition answers otherwise. `campaign.*` facts not given are the campaign's."""
    facts = vocabulary.row({**campaign, **example.given})
    found = answer(node, facts)
    if found != example.answer:
        used = dict.fromkeys(names(node))
        said = "，".join(f"{name.fact.name}={shown(name.fact, facts[name.index], 60)}" for name in used)
        raise ExampleError(f"应为 {WORDS[Answer(example.answer)]}，算得 {WORDS[found]}（{said}）")


def _expected(value: object) -> str:
    if isinstance(value, bool):
        return Answer.YES if value else Answer.NO
    if value == "unknown":
        return Answer.UNKNOWN
    raise ExampleError('is 只能是 true、false 或 "unknown"')


def _flat(given: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    """`{ payment = { year = 2015 } }`, as TOML reads `payment.year = 2015`, under the facts' own names."""
    if not isinstance(given, Mapping):
        raise ExampleError("given 应写成 { 事实 = 值 }")
    for key, value in given.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _list(value: object) -> list[str]:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return value
    raise ExampleError('empty 应写成事实名的列表，如 ["name.clean"]')


def _fact(name: str, vocabulary: Vocabulary) -> Fact:
    if name not in vocabulary.index:
        raise ExampleError(unknown_fact(name, vocabulary))
    return vocabulary.facts[vocabulary.index[name]]


def _typed(fact: Fact, value: object) -> FactValue:
    """The value as the kind of case would give it; what no kind could give is refused."""
    found = _converted(fact.type, value)
    if found is None:
        raise ExampleError(f"{fact.name} 是{TYPE_WORDS[fact.type]}，例子里写的是 {_written(value)}")
    return found


def _written(value: object) -> str:
    return repr(value) if isinstance(value, str | list) else str(value)


def _converted(kind: str, value: object) -> FactValue:
    match kind, value:
        case ("bool", bool()):
            return value
        case ("int", int()) if not isinstance(value, bool):
            return value
        case ("text", str()):
            return value
        case ("date", date() | str()) if not isinstance(value, datetime):
            return value if isinstance(value, date) else _date(value)
        case ("money", int() | str()) if not isinstance(value, bool):
            return _money(value)
        case ("ints", list()) if all(isinstance(part, int) and not isinstance(part, bool) for part in value):
            return tuple(value)
        case ("texts", list()) if all(isinstance(part, str) for part in value):
            return tuple(value)
    return None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _money(value: int | str) -> Decimal | None:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
