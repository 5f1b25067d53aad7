"""The rulebook in force: all rules, the campaign, forms, limits and calendars of one rules folder, frozen.

`check` judges a record and returns only what hit or could not be answered; `explain` answers for every rule, hits and
misses alike, and is derived again whenever somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailbot.domain.campaign import Campaign
from mailbot.domain.facts.vocabulary import Facts, Vocabulary
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.forms import Form
from mailbot.domain.limits import Limits
from mailbot.domain.links import CloudLinks
from mailbot.domain.lookalike import SenderDomains
from mailbot.domain.workdays import Calendar, Due, ItemClock, due_at, due_by
from mailbot.rulebook.compile import Checker
from mailbot.rulebook.evaluate import Answer, answer
from mailbot.rulebook.rules import Rule, Wheres
from mailbot.rulebook.show import shown


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule's answer about one record. `facts` are those of `when` as shown to a person (masked, 空, 未知);
    `severity` is `None` where no finding follows."""

    code: str
    answer: Answer
    severity: Severity | None
    when: str
    facts: Mapping[str, str]
    message: str | None = None


@dataclass(frozen=True)
class Rulebook:
    """The rules in force. `campaign` is the chosen one of `campaigns`; `rules` and `checkers` are by record; `hash` is
    SHA-256 over what all files say and the choice; `senders` tells public mailboxes from those of units, `links` a file
    that a mail only points at; `templates` are the letters found, as `kind/name`."""

    hash: str
    campaign: Campaign
    campaigns: Mapping[str, Campaign]
    forms: Mapping[str, Form]
    limits: Limits
    calendar: Calendar
    vocabularies: Mapping[str, Vocabulary]
    rules: Mapping[str, tuple[Rule, ...]]
    checkers: Mapping[str, Checker]
    senders: SenderDomains
    links: CloudLinks = field(default_factory=CloudLinks)
    templates: tuple[str, ...] = ()

    def check(self, about: str, facts: Facts, where: Wheres) -> list[Finding]:
        """All rules about a record, always all: a finding for every yes, and for every unknown that its rule weighs.

        `facts` stand in the order of the record's vocabulary; `where` names places. Raises `KeyError` for a record
        without a vocabulary, `ValueError` for a row of another length.
        """
        hits = self.checkers[about](facts)
        if not hits:
            return []
        rules, limit = self.rules[about], self.limits.message.value_characters
        made = (
            rules[n].finding(facts, where, limit) if sure else rules[n].doubt(facts, where, limit) for n, sure in hits
        )
        return [finding for finding in made if finding is not None]

    def due_at(self, received_at: datetime, campaign: Campaign, kind: str) -> Due:
        """When a case of a kind that arrived then is due under a campaign. Raises `KeyError` for a kind without a
        policy, `ValueError` for a naive time."""
        return due_at(received_at, campaign.kinds[kind].days, campaign.office, self.calendar)

    def due_by(self, clock: ItemClock, campaign: Campaign, kind: str) -> Due:
        """When an item of a case of a kind is due that may have waited for its sender. Raises as `due_at`."""
        return due_by(clock, campaign.kinds[kind].days, campaign.office, self.calendar)

    def explain(self, about: str, facts: Facts) -> list[RuleTrace]:
        """What every rule about a record answers, by the slow evaluator, in the order of the files."""
        return [self._trace(rule, facts) for rule in self.rules[about]]

    def _trace(self, rule: Rule, facts: Facts) -> RuleTrace:
        limit = self.limits.message.value_characters
        found = answer(rule.node, facts)
        severity, message = None, None
        if found is Answer.YES:
            severity, message = rule.then, rule.say.render(facts, limit)
        elif found is Answer.UNKNOWN:
            severity, message = rule.unknown, rule.doubt_message(facts)
        used = {name.fact.name: shown(name.fact, facts[name.index], limit) for name in rule.uses}
        return RuleTrace(rule.code, found, severity, rule.when, used, message)
