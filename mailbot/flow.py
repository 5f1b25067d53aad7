"""The whole life of one mail, top to bottom. docs/flow.md tells the same in words.

`process` is called by the engine with a mail whose raw bytes are in the ledger (commit 1 lies behind) and ends with
commit 2. Everything between is deterministic in the bytes, the frozen look-ups, the rulebook and the clock value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mailbot.domain.decisions import Automation
from mailbot.domain.document import Opened
from mailbot.domain.kinds import SenderView, Situation
from mailbot.domain.mail import MailState, StoredMail
from mailbot.domain.outcome import CaseResult, ClaimTaken, Lookups, MailResult, StaleCase
from mailbot.domain.ports import Clock, FlowLedger, Hasher, Opener, Platform, PortError, Registration
from mailbot.domain.sender import robot_reason, sender_view
from mailbot.rulebook import Rulebook
from mailbot.steps import letters, mailrules
from mailbot.steps.classify import Ambiguous, AnyKind, Request, classify
from mailbot.steps.judge import Frame, judge
from mailbot.steps.match import fingerprint, wanted
from mailbot.steps.summary import summary

CLAIM_ROUNDS = 5
"""How often a mail is judged again because another case took a claim in between."""


@dataclass(frozen=True, slots=True)
class House:
    """What the flow works with: ports, the kinds of case, the rules in force and the site's few own facts."""

    ledger: FlowLedger
    opener: Opener
    platform: Platform
    hasher: Hasher
    clock: Clock
    rules: Callable[[], Rulebook]
    kinds: Callable[[Rulebook], tuple[AnyKind, ...]]
    own_addresses: frozenset[str]
    authserv_id: str
    automation: Mapping[str, Automation]
    start: datetime | None = None
    """Mail that arrived before is only stored: no case, no letter, no effect."""


def process(mail: StoredMail, house: House) -> MailResult:
    """Steps 2 to 8 for one mail. Raises `PortError` when a later attempt may succeed (`retry`) or nothing can be
    read."""
    opened = house.opener.open(house.ledger.raw(mail.sha256))
    for _ in range(CLAIM_ROUNDS):
        result = consider(mail, opened, house)
        try:
            house.ledger.finish(mail, result)
        except (ClaimTaken, StaleCase):
            continue
        return result
    raise PortError("other cases keep taking what this mail claims", retry=True)


def consider(mail: StoredMail, opened: Opened, house: House) -> MailResult:
    """Steps 3 to 7: what this mail comes to under the rules in force now. Changes nothing."""
    rules, now = house.rules(), house.clock.now()
    sender = sender_view(opened.mail, house.authserv_id, house.own_addresses, house.ledger.bound_domains())
    base = MailResult(
        mail_id=mail.id,
        state=MailState.DONE,
        at=now,
        message_id=opened.mail.message_id,
        sender=sender.address,
        subject=opened.mail.subject,
        references=opened.mail.references,
        marks=opened.mail.marks,
        summary=summary(opened.mail, sender),
    )
    passed = robot_reason(opened.mail, house.own_addresses) or _before_start(mail, house)
    try:
        requests = () if passed else classify(opened, house.kinds(rules))
    except Ambiguous as clash:
        return mailrules.clash(base, clash.part, clash.kinds)
    wants = [request.kind.wants(request.record, house.hasher) for request in requests]
    question = wanted(mail, opened.mail, sender, wants, house.hasher)
    lookups = house.ledger.lookups(question)
    base = replace(base, content=question.content, duplicate_of=lookups.twin, follows=lookups.threads)
    if passed or lookups.twin is not None:
        return mailrules.filed(base, opened.mail, passed or mailrules.COPY)
    base = replace(base, findings=mailrules.check(rules, opened, mail, claimed=bool(requests)))
    if mailrules.for_a_person(base.findings):
        return replace(base, state=MailState.SET_ASIDE)
    known = [lookups.same_content.get(fingerprint(want, sender, house.hasher)) for want in wants]
    fresh = [request for request, case in zip(requests, known, strict=True) if case is None]
    if not fresh:
        same = tuple(dict.fromkeys(case for case in known if case is not None))
        return replace(base, follows=same, letters=letters.again(mail, sender, same))
    cases = _cases(mail, sender, fresh, lookups, base, house)
    units = {request.kind.unit_key(request.kind.header(request.record)) for request in fresh}
    bound = units <= set(lookups.bindings)
    pending = house.platform.caps.asynchronous
    return replace(base, cases=cases, letters=letters.answer(mail, sender, cases, asynchronous=pending, bound=bound))


def _cases(
    mail: StoredMail, sender: SenderView, requests: Sequence[Request], lookups: Lookups, base: MailResult, house: House
) -> tuple[CaseResult, ...]:
    """Steps 6 and 7 for every request: gather, run all rules, decide."""
    rules, results = house.rules(), []
    for number, request in enumerate(requests, start=1):
        situation = _situation(mail, sender, request, lookups, base.at, house)
        due = rules.due_at(mail.arrival.received_at, situation.campaign, request.kind.name)
        frame = Frame(_case_id(situation.campaign.code, mail.id, number), due.at, due.provisional)
        stopping = mailrules.stopping(base.findings)
        results.append(judge(request.kind, request.record, situation, rules, frame, stopping))
    return tuple(results)


def _situation(
    mail: StoredMail, sender: SenderView, request: Request, lookups: Lookups, now: datetime, house: House
) -> Situation:
    campaign, kind = house.rules().campaign, request.kind
    people = kind.people(request.record)
    found: list[Registration] = house.platform.find(people) if people else []
    hashes = (house.hasher.search(person.id_number) for person in people)
    return Situation(
        now=now,
        received_at=mail.arrival.received_at,
        mailbox=mail.address,
        campaign=campaign,
        automation=house.automation.get(kind.name, campaign.kinds[kind.name].automation),
        sender=sender,
        lookups=lookups,
        registrations=dict(zip(hashes, found, strict=True)),
        hasher=house.hasher,
    )


def _before_start(mail: StoredMail, house: House) -> str | None:
    old = house.start is not None and mail.arrival.received_at < house.start
    return "mail.before_start" if old else None


def _case_id(campaign: str, mail_id: int, number: int) -> str:
    return f"{campaign}-{mail_id:06d}" + (f"-{number}" if number > 1 else "")
