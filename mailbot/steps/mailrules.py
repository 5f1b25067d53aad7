"""The rules about a mail as a whole: what sets it aside for a person, and what stops the cases it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.domain.document import BODY, Opened
from mailbot.domain.evidence import NOWHERE
from mailbot.domain.facts.mail import mail_facts
from mailbot.domain.facts.vocabulary import Facts
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.intents import ASKS_WHICH, Said, Words, courteous, read_text, sentences
from mailbot.domain.mail import Arrival, Mail, MailState, StoredMail
from mailbot.domain.outcome import MailResult
from mailbot.domain.robots import deserves_a_person
from mailbot.rulebook.book import Rulebook

TWO_KINDS = "mail.two_kinds"
UNCLEAR = "mail.correction_unclear"
COPY = "mail.copy"
BEFORE_START = "mail.before_start"
_THANKS = 20
"""Characters of the longest word of thanks."""
_PEOPLE = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
"""An ID number (GB 11643-1999) as it stands in a list of people."""


def check(rules: Rulebook, opened: Opened, mail: StoredMail, said: Said, *, claimed: bool) -> tuple[Finding, ...]:
    """The findings of the mail itself."""
    facts = facts_of(rules, opened, mail.arrival, said, claimed=claimed)
    return tuple(rules.check("mail", facts, lambda _field: NOWHERE))


def facts_of(rules: Rulebook, opened: Opened, arrival: Arrival, said: Said, *, claimed: bool) -> Facts:
    """What the rules of the mail look at; `said` is what its words ask for. The day of arrival is the office's own."""
    arrived = arrival.received_at.astimezone(ZoneInfo(rules.campaign.office.zone)).date()
    return mail_facts(
        opened.mail,
        arrived=arrived,
        claimed=claimed,
        campaign=rules.campaign,
        left_out=opened.left_out,
        said=said,
        with_list=any(document.sheets for document in opened.documents if document.number != BODY),
    )


def words_of(rules: Rulebook) -> Words:
    """The phrases by which a letter's own words are understood; none where the office keeps none."""
    form = rules.forms.get("enquiry")
    return form.says if form else {}


def said_in(mail: Mail, words: Words) -> Said:
    """What the words of a mail ask for."""
    return read_text(mail.text, words, mail.subject)


def says_nothing(mail: Mail, rules: Rulebook) -> bool:
    """Whether a mail brings no file and no more than a word of thanks, so that nobody waits for an answer. People who
    stand in what it quotes are no thanks: our own letters show no whole number."""
    words, said = words_of(rules), sentences(mail.text or mail.subject)
    if mail.parts or _PEOPLE.search(mail.quoted):
        return False
    return sum(map(len, said)) <= _THANKS and all(courteous(one, words) for one in said)


def for_a_person(findings: Sequence[Finding]) -> bool:
    """Whether the mail is set aside: something about it holds, and not only the cases in it."""
    return any(f.severity is Severity.HOLD and f.stops is not Stops.CASE for f in findings)


def stopping(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings of a mail that stop each of its cases."""
    return tuple(f for f in findings if f.stops is Stops.CASE and f.severity >= Severity.ASK)


def before_start(mail: StoredMail, start: datetime | None) -> str | None:
    """The mark of a mail that came before the site went to work: it is stored, and that is all."""
    return BEFORE_START if start is not None and mail.arrival.received_at < start else None


def filed(base: MailResult, mail: Mail, reason: str, *, tables: bool = False) -> MailResult:
    """A mail that opens no case and gets no letter, with the mark that says why. A robot's mail that carries a file is
    no nuisance but an office system: it is set aside for a person. `tables`: something in it was read as a table."""
    state = MailState.SET_ASIDE if deserves_a_person(mail, reason, tables=tables) else MailState.IGNORED
    return replace(base, state=state, marks=(*base.marks, reason))


def clash(base: MailResult, part: int, kinds: tuple[str, str]) -> MailResult:
    """The mail set aside because two kinds of case claim the same part of it."""
    message = f"附件 {part} 同时符合两类来信（{kinds[0]}、{kinds[1]}），请人工确认。"
    finding = Finding(TWO_KINDS, Severity.HOLD, message, facts={"part": part, "kinds": list(kinds)})
    return replace(base, state=MailState.SET_ASIDE, findings=(finding,))


def asks_which(base: MailResult, case_id: str, why: str) -> MailResult:
    """The mail whose list waits till its sender says whether it corrects or adds. Nothing of it is done till then."""
    finding = Finding(ASKS_WHICH, Severity.ASK, why, facts={"case": case_id})
    follows = tuple(dict.fromkeys((*base.follows, case_id)))
    return replace(base, findings=(*base.findings, finding), follows=follows)


def unclear(base: MailResult, why: str) -> MailResult:
    """The mail set aside because it continues a case in a way that only a person can settle."""
    finding = Finding(UNCLEAR, Severity.HOLD, why, facts={"cases": list(base.follows)})
    return replace(base, state=MailState.SET_ASIDE, findings=(*base.findings, finding))
