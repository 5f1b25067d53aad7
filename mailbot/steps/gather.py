"""Steps 6 and 7 for every request of a mail: what is known about it is looked up and frozen, then it is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailbot.domain.kinds import SenderView, Situation
from mailbot.domain.mail import StoredMail
from mailbot.domain.outcome import CaseResult, Lookups, MailResult, PriorPerson
from mailbot.domain.ports import Hasher
from mailbot.steps import mailrules
from mailbot.steps.classify import Request
from mailbot.steps.house import House
from mailbot.steps.judge import Frame, judge


@dataclass(frozen=True, slots=True)
class Hand:
    """One mail in work: what is known of it before its requests are judged. `base` holds the clock value."""

    mail: StoredMail
    sender: SenderView
    base: MailResult
    house: House


def cases(hand: Hand, requests: Sequence[Request], lookups: Lookups) -> tuple[CaseResult, ...]:
    """Steps 6 and 7 for every request. What an earlier request of the mail asks for is known to the later ones."""
    mail, rules = hand.mail, hand.house.rules()
    stopping = mailrules.stopping(hand.base.findings)
    results: list[CaseResult] = []
    for number, request in enumerate(requests, start=1):
        known = situation(hand, request, lookups)
        due = rules.due_at(mail.arrival.received_at, known.campaign, request.kind.name)
        frame = Frame(case_id(known.campaign.code, mail.id, number), due.at, due.provisional)
        result = judge(request.kind, request.record, known, rules, frame, stopping)
        lookups = with_wishes(lookups, result, hand.house.hasher)
        results.append(result)
    return tuple(results)


def situation(hand: Hand, request: Request, lookups: Lookups) -> Situation:
    """Everything a request is judged by besides its record."""
    house, kind = hand.house, request.kind
    campaign = house.rules().campaign
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
        lookups=lookups,
        registrations=dict(zip(hashes, found, strict=True)),
        hasher=house.hasher,
    )


def with_wishes(lookups: Lookups, case: CaseResult, hasher: Hasher) -> Lookups:
    """The look-ups as if what this case asks for had been asked for before."""
    people, phones = dict(lookups.people), dict(lookups.phones)
    for effect in case.effects:
        person = effect.person
        id_hash, phone_hash = hasher.search(person.id_number), hasher.search(person.phone)
        wish = PriorPerson(case.case_id, effect.items[0], id_hash, phone_hash, effect.key, "planned")
        people.setdefault(id_hash, wish)
        phones.setdefault(phone_hash, wish)
    return replace(lookups, people=people, phones=phones)


def case_id(campaign: str, mail_id: int, number: int) -> str:
    """The number of a case, made of that of its mail: known before anything is written, and the same each time."""
    return f"{campaign}-{mail_id:06d}" + (f"-{number}" if number > 1 else "")
