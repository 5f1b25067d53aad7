"""Steps 6 and 7 for every request of a mail: what is known about it is looked up and frozen, then it is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailbot.domain.kinds import Merged, SenderView, Situation
from mailbot.domain.mail import StoredMail
from mailbot.domain.outcome import CaseResult, Lookups, MailResult, PriorPerson, StoredCase
from mailbot.domain.ports import Hasher
from mailbot.domain.sender import address_key
from mailbot.rulebook import Rulebook
from mailbot.steps import mailrules
from mailbot.steps.classify import Request
from mailbot.steps.clocks import timed
from mailbot.steps.house import House
from mailbot.steps.judge import Frame, judge
from mailbot.steps.match import Asked
from mailbot.steps.revise import continues, others_only, revised
from mailbot.steps.used_orders import with_orders


@dataclass(frozen=True, slots=True)
class Hand:
    """One mail in work: what is known of it before its requests are judged. `base` holds the clock value, `rules` are
    those in force when the work began: a reload in between does not mix two rulebooks."""

    mail: StoredMail
    sender: SenderView
    base: MailResult
    house: House
    rules: Rulebook


def cases(hand: Hand, requests: Sequence[Asked], lookups: Lookups) -> tuple[CaseResult, ...]:
    """Steps 6 and 7 for every request. What an earlier request of the mail asks for is known to the later ones."""
    mail, rules = hand.mail, hand.rules
    stopping = mailrules.stopping(hand.base.findings)
    results: list[CaseResult] = []
    for number, one in enumerate(requests, start=1):
        if results:
            lookups = with_wishes(lookups, results[-1], hand.house.hasher)
            lookups = with_orders(lookups, results[-1], hand.sender.address, hand.house.hasher)
        request = one.request
        due = rules.due_at(mail.arrival.received_at, rules.campaign, request.kind.name)
        name = case_id(rules.campaign.code, mail.id, number)
        frame = Frame(name, due.at, due.provisional, fingerprint=one.fingerprint)
        before = continued(hand, request, lookups)
        if before is None:
            result = judge(request.kind, request.record, situation(hand, request, lookups), rules, frame, stopping)
        else:
            result = next_version(hand, request, lookups, frame, before)
        results.append(result)
    return tuple(results)


@dataclass(frozen=True, slots=True)
class Continued:
    """The case that a record continues, and who is who in it."""

    stored: StoredCase
    merged: Merged


def continued(hand: Hand, request: Request, lookups: Lookups) -> Continued | None:
    """The case that a record continues: the mail answers our letter about it, comes from the address that opened it,
    and at least one row is one of its own. `None` for a case of its own."""
    if not hand.sender.verified or hand.sender.address is None or not lookups.threads:
        return None
    kind, found = request.kind, []
    address = address_key(hand.sender.address)
    for case in lookups.threads:
        stored = hand.house.ledger.load_case(case)
        if stored.result.kind == kind.name and stored.to is not None and address_key(stored.to) == address:
            merged = kind.merge(kind.items(request.record, hand.house.hasher), stored.result.items)
            found += [Continued(stored, merged)] if continues(merged) else []
    return found[0] if len(found) == 1 else None


def next_version(hand: Hand, request: Request, lookups: Lookups, frame: Frame, before: Continued) -> CaseResult:
    """The case that the record continues, with what the record changes. Raises `Unclear`."""
    kind, rules, stored = request.kind, hand.rules, before.stored
    old = stored.result
    known = situation(hand, request, others_only(lookups, old.case_id))
    version = replace(frame, case_id=old.case_id, version=old.version + 1, seen=old.seen)
    stopping = mailrules.stopping(hand.base.findings)
    judged = judge(kind, request.record, known, rules, version, stopping)
    numbers = (0, *(match.number for match in before.merged.matches))
    clocks = timed(stored, numbers, hand.mail.arrival.received_at, rules)
    return revised(judged, before.merged, stored, clocks)


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
