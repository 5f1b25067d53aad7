"""One rule as it stands in force, and the finding it makes of a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailbot.domain.evidence import UNKNOWN, Where
from mailbot.domain.facts.vocabulary import Facts, FactValue
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.rulebook.evaluate import gaps
from mailbot.rulebook.nodes import Name, Node
from mailbot.rulebook.say import Sentence
from mailbot.rulebook.show import as_json

Wheres = Callable[[str | None], Where]
"""Names the place of a field of the record, or of the record itself for `None`."""


@dataclass(frozen=True, slots=True)
class Example:
    """A record's facts that stand beside a rule, and the answer that the rule must give."""

    given: Mapping[str, FactValue]
    answer: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `unknown` is what an unknown answer weighs, `None` where it passes; `uses` are the facts of `when`,
    each once; `place` is file and line."""

    code: str
    about: str
    when: str
    then: Severity
    stops: Stops
    unknown: Severity | None
    say: Sentence
    source: str
    field: str | None
    examples: tuple[Example, ...]
    node: Node
    uses: tuple[Name, ...]
    place: str

    @property
    def stops_unknown(self) -> Stops:
        """What an unknown answer stops: nothing as a note, else at least the item."""
        if self.unknown is not Severity.HOLD:
            return Stops.NONE
        return Stops.CASE if self.stops is Stops.CASE else Stops.ITEM

    def finding(self, facts: Facts, where: Wheres, limit: int) -> Finding:
        """The finding of a record that the rule says yes to."""
        message = self.say.render(facts, limit)
        return Finding(self.code, self.then, message, self.stops, where(self.field), self.used(facts, limit))

    def doubt(self, facts: Facts, where: Wheres, limit: int) -> Finding | None:
        """The finding of a record that the rule cannot answer for; `None` where the rule lets it pass."""
        if self.unknown is None:
            return None
        return Finding(
            self.code,
            self.unknown,
            self.doubt_message(facts),
            self.stops_unknown,
            where(self.field),
            self.used(facts, limit),
            unknown=True,
        )

    def doubt_message(self, facts: Facts) -> str:
        """Which fact is not known, in Chinese."""
        missing = gaps(self.node, facts)
        unread = "、".join(name.fact.label for name in missing if facts[name.index] is UNKNOWN)
        empty = "、".join(name.fact.label for name in missing if facts[name.index] is None)
        what = "，".join(part for part in (unread and f"{unread}未知", empty and f"{empty}为空") if part)
        return f"{what}，系统无法核对，转人工审核。" if self.unknown is Severity.HOLD else f"{what}，系统未能核对。"

    def used(self, facts: Facts, limit: int) -> dict[str, object]:
        """The facts of `when` by name, fit for JSON, sensitive ones masked."""
        return {name.fact.name: as_json(name.fact, facts[name.index], limit) for name in self.uses}
