"""One mail in work, and what is known when a request of it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from mailbot.domain.effects import Person
from mailbot.domain.kinds import Manner, SenderView, Situation
from mailbot.domain.mail import StoredMail
from mailbot.domain.outcome import Lookups, MailResult
from mailbot.domain.ports import Presence, Registration
from mailbot.rulebook import Rulebook
from mailbot.steps.classify import Request
from mailbot.steps.house import House

REGISTERED_FIRST: Final = frozenset({"payment_proof", "commitment"})
"""Kinds of cases whose people must have registered themselves before anything is granted."""


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
    house = hand.house
    people = request.kind.people(request.record)
    found = house.platform.find(people) if people else []
    if request.kind.name in REGISTERED_FIRST and house.platform.caps.assumes_registered:
        found = [_assumed(person, one) for person, one in zip(people, found, strict=True)]
    hashes = (house.hasher.search(person.id_number) for person in people)
    return known(hand, request.kind.name, lookups, dict(zip(hashes, found, strict=True)))


def _assumed(person: Person, found: Registration) -> Registration:
    """The answer of a rehearsal: whoever is not known is registered as they say."""
    if found.presence is not Presence.UNKNOWN:
        return found
    return replace(found, presence=Presence.FOUND, name=person.name, id_number=person.id_number, phone=person.phone)


def known(hand: Hand, kind: str, lookups: Lookups, registrations: Mapping[str, Registration]) -> Situation:
    """What a case of a kind is judged by, from what was looked up for it."""
    house, campaign = hand.house, hand.rules.campaign
    return Situation(
        now=hand.base.at,
        received_at=hand.mail.arrival.received_at,
        mailbox=hand.mail.address,
        campaign=campaign,
        automation=house.automation.get(kind, campaign.kinds[kind].automation),
        sender=hand.sender,
        lookups=lookups,
        registrations=registrations,
        hasher=house.hasher,
    )
