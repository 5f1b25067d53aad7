"""What the words of a mail come to: an answer to our question, a question how far a case is, a withdrawal.

Only the address that a case's letters go to is told of it or changes it, and only where our own server vouches for it.
Whatever is not understood to the last word goes to a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mailbot.domain.document import BODY, Opened
from mailbot.domain.intents import Intent, Said
from mailbot.domain.kinds import Manner, SenderView
from mailbot.domain.mail import Mail, StoredMail
from mailbot.domain.outcome import Lookups, MailResult, StoredCase
from mailbot.domain.states import ENDS, GONE
from mailbot.steps import letters, mailrules
from mailbot.steps.classify import Request
from mailbot.steps.follow import stored_of
from mailbot.steps.hand import Hand
from mailbot.steps.house import House
from mailbot.steps.joined import ENQUIRY, joined, open_enquiry
from mailbot.steps.withdraw import withdrawn

TOLD_AT_ONCE: Final = 3
"""Cases that one answer tells of."""
NAMED: Final = 5
"""Case numbers that are taken from one mail's words."""
_QUOTED: Final = 20_000
"""Characters of a mail that are searched for case numbers."""
_MANNERS: Final = {
    Intent.CORRECTION: Manner.CORRECTION,
    Intent.ADDITION: Manner.ADDITION,
    Intent.LATEST: Manner.LATEST,
}


def manner(said: Said) -> Manner:
    """How a list is meant, as far as the words beside it tell."""
    return _MANNERS[said.manner] if said.manner is not None else Manner.UNSAID


def case_numbers(mail: Mail, campaign: str) -> tuple[str, ...]:
    """The case numbers that stand in a mail's subject, text or quoted history, in that order."""
    text = "\n".join((mail.subject, mail.text[:_QUOTED], mail.quoted[:_QUOTED]))
    found = re.findall(rf"(?<![0-9A-Za-z-]){re.escape(campaign)}-\d{{6}}(?:-\d{{1,3}})?(?![0-9A-Za-z])", text)
    return tuple(dict.fromkeys(found))[:NAMED]


def resumed(opened: Opened, sender: SenderView, said: Said, house: House) -> Opened:
    """The mail with the list that it speaks of, where it only answers our question whether that list corrects or adds;
    any other mail as it is. Raises `PortError` where the earlier mail cannot be read."""
    if said.choice is None or not sender.verified or sender.address is None:
        return opened
    if any(document.number != BODY for document in opened.documents):
        return opened
    asked = house.ledger.left_open((*opened.mail.in_reply_to, *opened.mail.references), sender.address)
    if asked is None:
        return opened
    earlier = house.opener.open(house.ledger.raw(asked))
    return opened.model_copy(update={"documents": earlier.documents})


def repeated(base: MailResult, mail: StoredMail, sender: SenderView, same: tuple[str, ...], house: House) -> MailResult:
    """The end of a mail that brings nothing but what came before, word for word: it says so. Where that came to an end
    without being done, a person finds out what is wanted now."""
    over = [case for case in same if house.ledger.load_case(case).state in GONE]
    if over:
        aside = mailrules.unclear(base, "来信的名单与已结束办理的登记内容相同，请人工确认是否重新办理。")
        return letters.received(aside, mail, sender)
    return replace(base, letters=letters.again(mail, sender, same))


def about(hand: Hand) -> Hand:
    """The mail with the cases of its sender that it names among those that it follows."""
    named = tuple(case.result.case_id for case in stored_of(hand, hand.named)) if hand.sender.verified else ()
    return replace(hand, base=replace(hand.base, follows=_joined(hand, named)))


def answered(
    hand: Hand, opened: Opened, said: Said, lookups: Lookups, requests: Sequence[Request] = ()
) -> MailResult | None:
    """The end of a mail that holds nothing but words, where they are understood or belong to an open enquiry; `None`
    for one that is a case of its own."""
    if not hand.sender.verified or hand.sender.address is None:
        return None
    if Intent.WITHDRAWAL in said.topics:
        return _withdrawal(hand, opened.mail.text, lookups)
    carries = any(not part.inline for part in opened.mail.parts)
    told = _status(hand, lookups) if said.only_status and not carries else None
    if told is not None:
        return told
    enquiry = open_enquiry(hand, lookups)
    return joined(hand, enquiry, requests, lookups) if enquiry is not None else None


def _status(hand: Hand, lookups: Lookups) -> MailResult | None:
    cases = _meant(hand, lookups)
    cases = ([case for case in cases if case.state not in ENDS] or cases[:1])[:TOLD_AT_ONCE]
    if not cases:
        return None
    numbers = tuple(case.result.case_id for case in cases)
    bound = all(case.bound for case in cases)
    answer = letters.told(hand.mail, hand.sender, numbers, trusted=True, bound=bound)
    return replace(hand.base, follows=_joined(hand, numbers), letters=answer)


def _withdrawal(hand: Hand, text: str, lookups: Lookups) -> MailResult | None:
    """The one case that is meant stops; where several may be, a person has to tell."""
    cases = [case for case in _meant(hand, lookups) if case.state not in ENDS]
    if len(cases) != 1:
        return None
    result = withdrawn(hand, cases[0], text, lookups)
    answer = letters.answer(hand.mail, hand.sender, (result,), asynchronous=False, bound=cases[0].bound)
    return replace(hand.base, cases=(result,), follows=_joined(hand, (result.case_id,)), letters=answer)


def _meant(hand: Hand, lookups: Lookups) -> list[StoredCase]:
    """The sender's cases that a mail without a list is about: those it answers, else those it names, else his own."""
    for case_ids in (lookups.threads, hand.named, tuple(lookups.own)):
        found = [case for case in stored_of(hand, case_ids) if case.result.kind != ENQUIRY]
        if found:
            return found
    return []


def _joined(hand: Hand, numbers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*hand.base.follows, *numbers)))
