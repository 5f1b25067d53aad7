"""What the sender of an open enquiry adds to it: no case of its own, but the next version of the one that waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.domain.outcome import Json, Lookups, MailResult, StoredCase
from mailbot.domain.states import ENDS
from mailbot.steps import letters, mailrules
from mailbot.steps.classify import Request
from mailbot.steps.clocks import timed
from mailbot.steps.context import context_of
from mailbot.steps.follow import stored_of
from mailbot.steps.hand import Hand, known
from mailbot.steps.revise import DELTA, held_matter

ENQUIRY = "enquiry"
"""The kind of case that only people answer, and that nothing but words belongs to."""


def open_enquiry(hand: Hand, lookups: Lookups) -> StoredCase | None:
    """The one enquiry of this sender that the mail answers and that is not at its end; `None` where our own server does
    not vouch for the sender."""
    if not hand.sender.verified or hand.sender.address is None:
        return None
    found = [
        case for case in stored_of(hand, lookups.threads) if case.result.kind == ENQUIRY and case.state not in ENDS
    ]
    return found[0] if len(found) == 1 else None


def joined(hand: Hand, stored: StoredCase, requests: Sequence[Request], lookups: Lookups) -> MailResult:
    """The enquiry with what the mail adds: it waits for a person, whoever it waited for."""
    old = stored.result
    before = next((item for item in old.items if item.number == 0), None)
    standing = before.findings if before else ()
    new = mailrules.stopping(hand.base.findings)
    fresh = tuple(finding for finding in new if finding.code not in {one.code for one in standing})
    clock = timed(stored, [0], hand.mail.arrival.received_at, hand.rules)[0]
    matter = replace(held_matter((*standing, *fresh)), clock=clock.clock, due_at=clock.due.at)
    result = replace(
        old,
        version=old.version + 1,
        header=_header(old.header, requests),
        items=(matter,),
        effects=(),
        claims=(),
        due_at=matter.due_at,
        provisional=clock.due.provisional,
        rulebook=hand.rules.hash,
        context={**context_of(known(hand, old.kind, lookups, {})), DELTA: {"manner": "joined"}},
    )
    answer = letters.answer(hand.mail, hand.sender, (result,), asynchronous=False, bound=stored.bound)
    follows = tuple(dict.fromkeys((*hand.base.follows, old.case_id)))
    return replace(hand.base, cases=(result,), follows=follows, letters=answer)


def _header(header: Json, requests: Sequence[Request]) -> Json:
    """The topics of the case with those that the mail adds."""
    topics: list[object] = []
    for one in (header, *(request.kind.header(request.record) for request in requests)):
        found = one.get("topics")
        topics += found if isinstance(found, list) else []
    return {**header, "topics": list(dict.fromkeys(topics))}
