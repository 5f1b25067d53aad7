"""One `[[rule]]` table to a `Rule`: every key checked, every fault noted with its line, the examples run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

from mailbot.domain.campaign import Campaign
from mailbot.domain.facts.campaign import campaign_facts
from mailbot.domain.facts.vocabulary import Vocabulary
from mailbot.domain.findings import Severity, Stops
from mailbot.domain.toml_lines import suggest
from mailbot.rulebook.examples import ExampleError, read_example, run_example
from mailbot.rulebook.nodes import Node, names
from mailbot.rulebook.parse import WhenError, parse
from mailbot.rulebook.problems import Problem
from mailbot.rulebook.rules import Example, Rule
from mailbot.rulebook.say import SayError, Sentence, parse_say
from mailbot.rulebook.sources import Source

REQUIRED: Final = ("code", "about", "when", "then", "say", "source")
OPTIONAL: Final = ("stops", "unknown", "field", "examples")
SEVERITIES: Final[Mapping[str, Severity]] = {severity.word: severity for severity in Severity}
STOPS: Final[Mapping[str, Stops]] = {stops.value: stops for stops in Stops}
UNKNOWNS: Final[Mapping[str, Severity | None]] = {"pass": None, "note": Severity.NOTE, "hold": Severity.HOLD}
_CODE: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
W = TypeVar("W", bound=Enum | None)


@dataclass(frozen=True, slots=True)
class Frame:
    """What rules are read against: the vocabularies by record, the campaign in force (without one the examples are not
    run), and the fields that a rule may point at (none: any)."""

    vocabularies: Mapping[str, Vocabulary]
    campaign: Campaign | None
    fields: frozenset[str]


def read_rule(source: Source, index: int, table: object, frame: Frame, problems: list[Problem]) -> Rule | None:
    """The rule, or its faults among the problems."""
    return _Reader(source, index, table if isinstance(table, Mapping) else {}, frame, problems).rule()


class _Reader:
    def __init__(
        self, source: Source, index: int, table: Mapping[str, object], frame: Frame, problems: list[Problem]
    ) -> None:
        self.source, self.index, self.table, self.frame = source, index, table, frame
        self.problems = problems
        code = table.get("code")
        self.code = code if isinstance(code, str) else f"第 {index + 1} 条"

    def fault(self, message: str, *path: str | int) -> None:
        self.problems.append(self.source.problem(message, "rule", self.index, *path, rule=self.code))

    def rule(self) -> Rule | None:
        before = len(self.problems)
        self._keys()
        then = self._word("then", SEVERITIES, Severity.NOTE)
        vocabulary = self._vocabulary()
        if vocabulary is None:
            return None
        node, say = self._when(vocabulary), self._say(vocabulary)
        if node is None or say is None:
            return None
        rule = Rule(
            code=self.code,
            about=vocabulary.about,
            when=self._text("when"),
            then=then,
            stops=self._stops(then),
            unknown=self._unknown(then),
            say=say,
            source=self._text("source"),
            field=self._field(),
            examples=self._examples(vocabulary, node),
            node=node,
            uses=tuple(dict.fromkeys(names(node))),
            place=f"{self.source.name}:{self.source.problem('', 'rule', self.index).line}",
        )
        return rule if len(self.problems) == before else None

    def _keys(self) -> None:
        for key in self.table:
            if key not in REQUIRED + OPTIONAL:
                self.fault(f"不认识的键 {key}{_meant(key, REQUIRED + OPTIONAL)}", key)
        for key in REQUIRED:
            value = self.table.get(key)
            if value is None:
                self.fault(f"缺少 {key}")
            elif not isinstance(value, str) or not value.strip():
                self.fault(f"{key} 应为文字，且不能为空", key)
        if isinstance(self.table.get("code"), str) and not _CODE.fullmatch(self.code):
            self.fault("code 应为小写英文，用点分段，如 payment.year_outside", "code")

    def _text(self, key: str) -> str:
        value = self.table.get(key)
        return value if isinstance(value, str) else ""

    def _word(self, key: str, words: Mapping[str, W], default: W) -> W:
        value = self.table.get(key)
        if value is None:
            return default
        if isinstance(value, str) and value in words:
            return words[value]
        self.fault(f"{key} 只能是 {'、'.join(words)}，写的是 {value!r}{_meant(str(value), words)}", key)
        return default

    def _stops(self, then: Severity) -> Stops:
        """By default what asks or holds stops its own item, and what is noted or fixed stops nothing."""
        serious = then >= Severity.ASK
        stops = self._word("stops", STOPS, Stops.ITEM if serious else Stops.NONE)
        if stops is not Stops.NONE and self.table.get("then") in ("note", "fix"):
            self.fault(f"then = {then.word!r} 不阻止办理，stops 只能是 none", "stops")
        return stops

    def _unknown(self, then: Severity) -> Severity | None:
        """By default doubt about what asks or holds goes to a person, and doubt about a note or a fix is noted."""
        return self._word("unknown", UNKNOWNS, Severity.HOLD if then >= Severity.ASK else Severity.NOTE)

    def _vocabulary(self) -> Vocabulary | None:
        about = self._text("about")
        found = self.frame.vocabularies.get(about)
        if found is None and about:
            known = self.frame.vocabularies
            self.fault(f"不认识的记录 {about}{_meant(about, known)}（有：{'、'.join(known)}）", "about")
        return found

    def _when(self, vocabulary: Vocabulary) -> Node | None:
        if not self._text("when"):
            return None
        try:
            return parse(self._text("when"), vocabulary)
        except WhenError as error:
            self.fault(str(error), "when")
        return None

    def _say(self, vocabulary: Vocabulary) -> Sentence | None:
        if not self._text("say"):
            return None
        try:
            return parse_say(self._text("say"), vocabulary)
        except SayError as error:
            self.fault(str(error), "say")
        return None

    def _field(self) -> str | None:
        value = self.table.get("field")
        if value is None:
            return None
        if not isinstance(value, str) or (self.frame.fields and value not in self.frame.fields):
            self.fault(f"不认识的栏目 {value}{_meant(str(value), self.frame.fields)}", "field")
            return None
        return value

    def _examples(self, vocabulary: Vocabulary, node: Node) -> tuple[Example, ...]:
        tables = self.table.get("examples", [])
        if not isinstance(tables, list):
            self.fault("examples 应为列表", "examples")
            return ()
        found = []
        for number, table in enumerate(tables):
            try:
                example = read_example(table, vocabulary)
                if self.frame.campaign is not None:
                    run_example(example, node, vocabulary, campaign_facts(self.frame.campaign, vocabulary))
                found.append(example)
            except ExampleError as error:
                self.fault(f"例子 {number + 1}：{error}", "examples", number)
        return tuple(found)


def _meant(word: str, candidates: Iterable[str]) -> str:
    near = suggest(word, candidates)
    return f"，是不是 {near}？" if near else ""
