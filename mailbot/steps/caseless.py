"""The end of a mail of which no case is made: filed without a word, answered by the hotlines, or left to a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mailbot.domain.findings import Finding, Severity
from mailbot.domain.kinds import SenderView
from mailbot.domain.links import CLOUD_LINK
from mailbot.domain.mail import Mail, MailState, StoredMail
from mailbot.domain.outcome import Lookups, MailResult
from mailbot.domain.topics import HELP
from mailbot.rulebook import Rulebook
from mailbot.steps import letters, mailrules
from mailbot.steps.hand import Hand
from mailbot.steps.joined import joined, open_enquiry

FILED: Final = ("mail.thanks", "mail.advertising", "mail.phishing")
"""The codes of mails that need nobody. A rule of these that holds sends its mails to a person all the same."""
UNWANTED: Final = frozenset({"mail.advertising", "mail.phishing"})
"""Those of them whose links are no files that anybody waits for."""
HELP_AGAIN: Final = "mail.help_again"
UNCLAIMED: Final = "mail.unclaimed"


def end(hand: Hand, mail: Mail, lookups: Lookups) -> MailResult:
    """What a mail comes to that sets itself aside, or that no kind of case claims."""
    base, stored, sender = hand.base, hand.mail, hand.sender
    codes = [finding.code for finding in base.findings]
    if mailrules.for_a_person(base.findings):
        return _into_enquiry(hand, lookups) or _aside(base, stored, sender, mail, hand.rules)
    if CLOUD_LINK in codes and UNWANTED.isdisjoint(codes):
        return letters.asked_to_attach(base, stored, sender)
    if filed := next((code for code in FILED if code in codes), None):
        return replace(base, state=MailState.IGNORED, marks=(*base.marks, filed))
    asked = {code for code in codes if code.startswith(HELP)}
    if not asked:
        return _aside(_with(base, _unclaimed()), stored, sender, mail, hand.rules)
    if asked <= set(lookups.told):
        anew = tuple(finding for finding in base.findings if finding.code not in asked)
        return letters.received(_with(replace(base, findings=anew), _again()), stored, sender)
    if not letters.may_help(sender):
        return _with(base, _unclaimed())
    return letters.helped(base, stored, sender)


def _into_enquiry(hand: Hand, lookups: Lookups) -> MailResult | None:
    """The open enquiry of the sender that words belong to which nobody else claims."""
    rest = tuple(finding for finding in hand.base.findings if finding.code != UNCLAIMED)
    enquiry = None if mailrules.for_a_person(rest) else open_enquiry(hand, lookups)
    return joined(replace(hand, base=replace(hand.base, findings=rest)), enquiry, (), lookups) if enquiry else None


def _aside(base: MailResult, stored: StoredMail, sender: SenderView, mail: Mail, rules: Rulebook) -> MailResult:
    """Set aside, and its sender is told so; what the hotlines answer is told to whoever asks it."""
    aside = replace(base, state=MailState.SET_ASIDE)
    if mailrules.says_nothing(mail, rules):
        return aside
    asks = any(finding.code.startswith(HELP) for finding in base.findings)
    return letters.helped(aside, stored, sender) if asks else letters.received(aside, stored, sender)


def _with(base: MailResult, finding: Finding) -> MailResult:
    return replace(base, state=MailState.SET_ASIDE, findings=(*base.findings, finding))


def _again() -> Finding:
    message = "发件人今日已就同一问题得到热线答复，又来信询问，由工作人员查看。"
    return Finding(HELP_AGAIN, Severity.HOLD, message)


def _unclaimed() -> Finding:
    """What the rules let through without a case, a letter or a word why: a person reads it."""
    return Finding(UNCLAIMED, Severity.HOLD, "来信中没有系统能办理的内容，转人工审核。")
