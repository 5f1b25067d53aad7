"""The whole life of one mail, top to bottom. docs/flow.md tells the same in words.

`process` is called by the engine with a mail whose raw bytes are in the ledger (commit 1 lies behind) and ends with
commit 2. Everything between is deterministic in the bytes, the frozen look-ups, the rulebook and the clock value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.domain.document import Opened
from mailbot.domain.kinds import SenderView
from mailbot.domain.mail import MailState, StoredMail
from mailbot.domain.outcome import ClaimTaken, Lookups, MailResult, StaleCase
from mailbot.domain.signed import Signed
from mailbot.steps import caseless, conversation, letters, machines, mailrules
from mailbot.steps.classify import Ambiguous, classify
from mailbot.steps.follow import Undecided
from mailbot.steps.gather import cases
from mailbot.steps.hand import Hand
from mailbot.steps.house import House
from mailbot.steps.looks import look, passed_over
from mailbot.steps.match import Asked, asked, sort_out, wanted
from mailbot.steps.revise import Unclear
from mailbot.steps.summary import summary

__all__ = ["Contested", "House", "consider", "look", "process"]

CLAIM_ROUNDS = 5
"""How often a mail is judged again because another case took a claim in between."""


class Contested(Exception):
    """Others kept taking what a mail claims: an attempt of the mail, and after some of them a matter for a person."""


def process(mail: StoredMail, house: House) -> MailResult:
    """Steps 2 to 8 for one mail. Raises `PortError` when a later attempt may succeed (`retry`) or nothing can be
    read, and `Contested`."""
    opened = house.opener.open(raw := house.ledger.raw(mail.sha256))
    signed = house.signed(raw, opened.mail)
    opened = look(mail, opened, raw, house, signed)
    for _ in range(CLAIM_ROUNDS):
        result = consider(mail, opened, house, signed)
        try:
            house.ledger.finish(mail, result)
        except (ClaimTaken, StaleCase):
            continue
        return result
    raise Contested(f"other cases took what mail {mail.id} claims, {CLAIM_ROUNDS} times")


def consider(mail: StoredMail, opened: Opened, house: House, signed: Signed | None = None) -> MailResult:
    """Steps 3 to 7: what this mail comes to under the rules in force now. Changes nothing. `signed`: `House.signed`."""
    rules = house.rules()
    sender = house.sender_of(opened.mail, rules, signed)
    heard = mailrules.heard(opened.mail, rules)
    base = _base(mail, opened, sender, house, signed)
    passed = passed_over(mail, opened, house, rules)
    opened = opened if passed else conversation.resumed(opened, sender, heard.said, house)
    try:
        requests = () if passed else classify(opened, house.kinds(rules))
    except Ambiguous as clash:
        return letters.received(mailrules.clash(base, clash.part, clash.kinds), mail, sender)
    wants = asked(requests, sender, house.hasher)
    since = mailrules.told_since(mail, heard, rules)
    question = wanted(mail, opened.mail, sender, wants, house.hasher, since)
    lookups = house.ledger.lookups(question)
    base = replace(base, content=question.content, duplicate_of=lookups.twin, follows=lookups.threads)
    if passed or lookups.twin is not None:
        return machines.filed(base, mail, opened, passed or mailrules.COPY, house.ledger)
    kinds = [request.kind.name for request in requests]
    seen = mailrules.Seen(mail.arrival.received_at, mail.address, kinds, lookups)
    base = mailrules.checked(base, mailrules.check(rules, opened, heard, seen))
    named = conversation.case_numbers(opened.mail, rules.campaign.code)
    hand = Hand(mail, sender, base, house, rules, conversation.manner(heard.said), named)
    if not requests or mailrules.for_a_person(base.findings):
        return caseless.end(hand, opened.mail, lookups)
    fresh, same = sort_out(wants, lookups)
    hand = replace(hand, base=replace(base, follows=tuple(dict.fromkeys((*base.follows, *same)))))
    if not fresh:
        return conversation.repeated(hand.base, mail, sender, same, house)
    only_words = all(want.request.kind.yields for want in fresh)
    if not only_words:
        return _decided(hand, fresh, lookups)
    hand = conversation.about(hand)
    understood = conversation.answered(hand, opened, heard.said, lookups, [want.request for want in fresh])
    return understood or _decided(hand, fresh, lookups)


def _decided(hand: Hand, requests: Sequence[Asked], lookups: Lookups) -> MailResult:
    """Steps 6 and 7: the cases that the mail's requests come to, and the letter that tells of them."""
    base, mail, sender = hand.base, hand.mail, hand.sender
    try:
        decided = cases(hand, requests, lookups)
    except Undecided as which:
        answer = letters.told(mail, sender, (which.case_id,), trusted=True)
        return replace(mailrules.asks_which(base, which.case_id, which.why), letters=answer)
    except Unclear as unclear:
        return letters.received(mailrules.unclear(base, unclear.why), mail, sender)
    units = {want.request.kind.unit_key(case.header) for want, case in zip(requests, decided, strict=True)}
    answer = letters.answer(
        mail,
        sender,
        decided,
        asynchronous=hand.house.platform.caps.asynchronous,
        bound=units <= set(lookups.bindings),
    )
    return replace(base, cases=decided, letters=answer)


def _base(mail: StoredMail, opened: Opened, sender: SenderView, house: House, signed: Signed | None) -> MailResult:
    """What every end of a mail shares: when, from whom, about what, and its readable side."""
    return MailResult(
        mail_id=mail.id,
        state=MailState.DONE,
        at=house.clock.now(),
        message_id=opened.mail.message_id,
        sender=sender.address,
        subject=opened.mail.subject,
        references=opened.mail.references,
        marks=(*opened.mail.marks, *((signed.mark,) if signed else ())),
        summary=summary(opened.mail, sender),
    )
