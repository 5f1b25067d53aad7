"""What every date of the house rests on, and the date that it gives a clock: calendars, office hours, time limits.

When any of it changes, what is open is dated anew (`mailbot.ledger.redate`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from mailbot.domain.campaign import Campaign
from mailbot.domain.workdays import Due, ItemClock
from mailbot.rulebook.book import Rulebook


def basis(rulebook: Rulebook) -> dict[str, str]:
    """The facts that dates rest on, by name. Calendars stand as digests; the closing day of study moves no date, and is
    kept so that a change of it is on record."""
    facts = {
        f"calendar.{number}": hashlib.sha256(year.model_dump_json().encode()).hexdigest()[:16]
        for number, year in rulebook.calendar.years.items()
    }
    for campaign in rulebook.campaigns.values():
        facts |= {f"campaign.{campaign.code}.{name}": value for name, value in _of_campaign(campaign).items()}
    return dict(sorted(facts.items()))


def _of_campaign(campaign: Campaign) -> dict[str, str]:
    office = campaign.office
    return {
        "study_closes": campaign.study_closes.value.isoformat(),
        "cut_off": office.cut_off.isoformat(),
        "closes": office.closes.isoformat(),
        "zone": office.zone,
        **{f"days.{kind}": str(policy.days) for kind, policy in campaign.kinds.items()},
    }


def due_of(rulebook: Rulebook) -> Callable[[str, str, ItemClock], Due | None]:
    """By campaign code, kind of case and clock: when an item is due. A campaign whose file is gone is dated by the one
    in force; `None` for a kind without a policy."""

    def due(code: str, kind: str, clock: ItemClock) -> Due | None:
        campaign = rulebook.campaigns.get(code, rulebook.campaign)
        return rulebook.due_by(clock, campaign, kind) if kind in campaign.kinds else None

    return due
