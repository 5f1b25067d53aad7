"""What staff answered by hand: a mail of the Sent folder is opened, its cases are found, and their letters wait.

The machine must not contradict a person: from then on what it wants to write about such a case is a draft.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import structlog

from mailbot.assembly import Parts
from mailbot.domain.mail import Mail
from mailbot.domain.ports import PortError
from mailbot.domain.sent import SentFacts, SentMail
from mailbot.ledger.db import AUTO
from mailbot.ledger.sent import Answers
from mailbot.steps.conversation import case_numbers

log = structlog.get_logger("mailbot.answered")

REASON: Final = "工作人员已另行回复"
AGAIN: Final = timedelta(days=7)
"""How long a mail that answered nothing is compared again: what it answers may not have been read yet."""
_ADDRESS: Final = re.compile(r"[^\s<>\"'@,;:()（）]{1,128}@[^\s<>\"'@,;:()（）]{1,255}")
_OURS: Final = "x-mailbot"
"""How our own headers begin: a letter of ours shows itself though a server exchanged its Message-ID on the way."""


def note_answer(parts: Parts) -> bool:
    """Look at the next mail of a Sent folder; whether there was one."""
    now = parts.clock.now()
    sent = parts.ledger.sent.claim(now)
    if sent is None:
        return False
    try:
        mail = parts.house.opener.open(parts.ledger.mails.raw(sent.sha256)).mail
    except PortError as fault:
        if fault.retry:
            raise
        parts.ledger.sent.unreadable(sent, str(fault), now)
        return True
    facts = facts_of(mail, parts.rulebook.campaign.code)
    ours = any(name.startswith(_OURS) for name in mail.headers)
    _settle(parts, sent, facts, Answers() if ours else _answers(parts, facts), now)
    return True


def look_again(parts: Parts) -> int:
    """Compare again what answered nothing so far; how many answer something by now."""
    now = parts.clock.now()
    matched = 0
    for sent, facts in parts.ledger.sent.unmatched(now - AGAIN):
        answers = _answers(parts, facts)
        if answers.found:
            _settle(parts, sent, facts, answers, now)
            matched += 1
    return matched


def facts_of(mail: Mail, campaign: str) -> SentFacts:
    """What a mail by hand answers, whom it goes to, and which case numbers stand in it."""
    recipients = [found.casefold() for value in (*mail.to, *mail.cc) for found in _ADDRESS.findall(value)]
    replies = tuple(dict.fromkeys((*mail.in_reply_to, *mail.references)))
    return SentFacts(mail.message_id, replies, tuple(dict.fromkeys(recipients)), case_numbers(mail, campaign))


def _answers(parts: Parts, facts: SentFacts) -> Answers:
    """What it answers; nothing where it goes to colleagues alone."""
    if not leaves_the_house(facts, parts.site.own_addresses):
        return Answers()
    return parts.ledger.sent.answered(facts)


def leaves_the_house(facts: SentFacts, own: Collection[str]) -> bool:
    """Whether somebody outside gets it."""
    domains = {address.rpartition("@")[2].casefold() for address in own}
    return any(address.rpartition("@")[2] not in domains for address in facts.recipients)


def _settle(parts: Parts, sent: SentMail, facts: SentFacts, answers: Answers, now: datetime) -> None:
    """Hold first, then note: where it is cut in between, both come again."""
    waiting = sum(parts.ledger.stops.hold_case(case_id, AUTO, REASON, now) for case_id in answers.cases)
    waiting += parts.ledger.sent.settle(sent, facts, answers, now)
    if answers.found:
        log.info("answered by hand", cases=answers.cases, mails=answers.mails, letters_held=waiting)
