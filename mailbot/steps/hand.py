"""One mail in work, and what is known when a request of it is judged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mailbot.domain.kinds import Manner, SenderView, Situation
from mailbot.domain.mail import StoredMail
from mailbot.domain.outcome import Lookups, MailResult
from mailbot.rulebook import Rulebook
from mailbot.steps.classify import Request
from mailbot.steps.house import House


@dataclass(frozen=True, slots=True)
class Hand:
    """One mail in work: what is known of it before its requests are judged. `base` holds the clock value, `rules` are
    those in force when the work began: a reload in between does not mix two rulebooks. `manner` is how its text says
    that a list is meant, `named` the case numbers that stand in its words."""

    mail: StoredMail
    sender: SenderView
    base: MailResult
    house: House
    rules: Rulebook
    manner: Manner = Manner.UNSAID
    named: tuple[str, ...] = ()


def situation(hand: Hand, request: Request, lookups: Lookups) -> Situation:
    """Everything a request is judged by besides its record."""
    house, kind = hand.house, request.kind
    campaign = hand.rules.campaign
    people = kind.people(request.record)
    found = house.platform.find(people) if people else []
    hashes = (house.hasher.search(person.id_number) for person in people)
    return Situation(
        now=hand.base.at,
        received_at=hand.mail.arrival.received_at,
        mailbox=hand.mail.address,
        campaign=campaign,
        automation=house.automation.get(kind.name, campaign.kinds[kind.name].automation),
        sender=hand.sender,
        lookups=replace(lookups, own={}),
        registrations=dict(zip(hashes, found, strict=True)),
        hasher=house.hasher,
    )
