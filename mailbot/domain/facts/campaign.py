"""The facts `campaign.*`: what a rule may name of the campaign in force, read from its own fields.

Any vocabulary may list them (`campaign.makeup_years`, `campaign.office.name`); the values come from here, for the kinds
of case as for the examples that stand beside a rule.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mailbot.domain.campaign import Campaign, Sourced
from mailbot.domain.facts.vocabulary import Fact, FactValue, Vocabulary

PREFIX = "campaign."


def campaign_facts(campaign: Campaign, vocabulary: Vocabulary) -> dict[str, FactValue]:
    """The values of all `campaign.*` facts of a vocabulary. Raises `ValueError` for one that no campaign can give."""
    return {fact.name: _value(campaign, fact) for fact in vocabulary if fact.name.startswith(PREFIX)}


def _value(campaign: Campaign, fact: Fact) -> FactValue:
    found: object = campaign
    for name in fact.name.removeprefix(PREFIX).split("."):
        if found is not None and not hasattr(found, name):
            raise ValueError(f"a campaign has no {fact.name}")
        found = getattr(found, name, None)
        if isinstance(found, Sourced):
            found = found.value
    if fact.type == "money" and isinstance(found, str):
        return Decimal(found)
    if found is None or isinstance(found, bool | int | str | date):
        return found
    if isinstance(found, tuple):
        return found
    raise ValueError(f"{fact.name} is no single fact")
