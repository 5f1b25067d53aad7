"""The rules about a mail as a whole: what sets it aside for a person, and what stops the cases it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from mailbot.domain.document import Opened
from mailbot.domain.evidence import NOWHERE
from mailbot.domain.facts.mail import mail_facts
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.mail import MailState, StoredMail
from mailbot.domain.outcome import MailResult
from mailbot.rulebook.book import Rulebook

TWO_KINDS = "mail.two_kinds"


def check(rules: Rulebook, opened: Opened, mail: StoredMail, *, claimed: bool) -> tuple[Finding, ...]:
    """The findings of the mail itself. The day of arrival is the office's own."""
    arrived = mail.arrival.received_at.astimezone(ZoneInfo(rules.campaign.office.zone)).date()
    facts = mail_facts(opened.mail, arrived=arrived, claimed=claimed, campaign=rules.campaign)
    return tuple(rules.check("mail", facts, lambda _field: NOWHERE))


def for_a_person(findings: Sequence[Finding]) -> bool:
    """Whether the mail is set aside: something about it holds, and not only the cases in it."""
    return any(f.severity is Severity.HOLD and f.stops is not Stops.CASE for f in findings)


def stopping(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings of a mail that stop each of its cases."""
    return tuple(f for f in findings if f.stops is Stops.CASE and f.severity >= Severity.ASK)


def clash(base: MailResult, part: int, kinds: tuple[str, str]) -> MailResult:
    """The mail set aside because two kinds of case claim the same part of it."""
    message = f"附件 {part} 同时符合两类来信（{kinds[0]}、{kinds[1]}），请人工确认。"
    finding = Finding(TWO_KINDS, Severity.HOLD, message, facts={"part": part, "kinds": list(kinds)})
    return replace(base, state=MailState.SET_ASIDE, findings=(finding,))
