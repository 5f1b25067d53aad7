"""The rules about a mail as a whole: what sets it aside for a person, and what stops the cases it holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from mailbot.domain.document import BODY, Opened
from mailbot.domain.evidence import NOWHERE, UNKNOWN, Unknown
from mailbot.domain.facts.mail import Around, mail_facts
from mailbot.domain.facts.vocabulary import Facts
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.identity import IN_TEXT
from mailbot.domain.idle import Idle, idle
from mailbot.domain.intents import ASKS_WHICH, Plain, Said, answers, courteous, read_text
from mailbot.domain.mail import Mail, MailState, StoredMail
from mailbot.domain.outcome import Lookups, MailResult
from mailbot.domain.phrases import Words, sentences, without
from mailbot.domain.robots import deserves_a_person
from mailbot.domain.topics import NO_QUESTION, Question, question_of
from mailbot.rulebook.book import Rulebook

TWO_KINDS = "mail.two_kinds"
UNCLEAR = "mail.correction_unclear"
COPY = "mail.copy"
SAME_ID = "mail.same_message_id"
BEFORE_START = "mail.before_start"
_THANKS = 20
"""Characters of the longest word of thanks."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the fresh words of a mail say: what they ask of the office, and what of the hotlines."""

    said: Said
    question: Question = NO_QUESTION


@dataclass(frozen=True, slots=True)
class Seen:
    """What else is known of a mail when its rules run: when and in which mailbox it came in, which kinds claim it, and
    what the ledger answered (`None` where it was not asked)."""

    received_at: datetime
    address: str
    kinds: Collection[str]
    lookups: Lookups | None = None

    @property
    def known(self) -> bool | Unknown:
        """Whether the sender is known here: a case, a unit that a person confirmed, a letter of ours that is
        answered."""
        found = self.lookups
        return UNKNOWN if found is None else bool(found.own or found.bindings or found.threads)


def heard(mail: Mail, rules: Rulebook) -> Heard:
    """What a mail's own words say."""
    words = words_of(rules)
    return Heard(said_in(mail, words), question_of(mail, words))


def check(rules: Rulebook, opened: Opened, spoken: Heard, seen: Seen) -> tuple[Finding, ...]:
    """The findings of the mail itself."""
    facts = facts_of(rules, opened, spoken, seen)
    return tuple(rules.check("mail", facts, lambda _field: NOWHERE))


def checked(base: MailResult, found: tuple[Finding, ...]) -> MailResult:
    """The mail with its findings; another content under a Message-ID that was there before is marked as such."""
    again = (SAME_ID,) if any(finding.code == SAME_ID for finding in found) else ()
    return replace(base, findings=found, marks=(*base.marks, *again))


def facts_of(rules: Rulebook, opened: Opened, spoken: Heard, seen: Seen) -> Facts:
    """What the rules of the mail look at. The day of arrival is the office's own."""
    campaign, mail = rules.campaign, opened.mail
    same = seen.lookups
    return mail_facts(
        mail,
        arrived=local_day(seen.received_at, rules),
        claimed=bool(seen.kinds),
        campaign=campaign,
        left_out=opened.left_out,
        said=spoken.said,
        with_list=any(document.sheets for document in opened.documents if document.number != BODY),
        around=Around(
            question=spoken.question,
            idle=None if seen.kinds else _idle(mail, rules),
            known=seen.known,
            same_id_of=UNKNOWN if same is None else same.same_id if same.twin is None else None,
            right_mailbox=_right_mailbox(rules, seen.address, mail, seen.kinds),
            links=rules.links,
        ),
    )


def local_day(moment: datetime, rules: Rulebook) -> date:
    """The office's day of a moment."""
    return moment.astimezone(ZoneInfo(rules.campaign.office.zone)).date()


def told_since(stored: StoredMail, spoken: Heard, rules: Rulebook) -> datetime | None:
    """From when on an answer of the hotlines is not given again: the morning of the mail's own day; `None` for a mail
    that asks none."""
    if not spoken.question.topics:
        return None
    local = stored.arrival.received_at.astimezone(ZoneInfo(rules.campaign.office.zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _idle(mail: Mail, rules: Rulebook) -> Idle | None:
    """Why nobody needs to read a mail that nobody claims."""
    campaign, roster = rules.campaign, rules.forms.get("roster")
    boxes = (policy.mailbox for policy in campaign.kinds.values() if policy.mailbox)
    site = urlsplit(campaign.site.value).hostname or campaign.site.value
    ours = (campaign.office.name, campaign.office.short_name, site, *boxes)
    endings = (*roster.units, *roster.departments) if roster else ()
    return idle(mail, words_of(rules), ours, endings)


def _right_mailbox(rules: Rulebook, here: str, mail: Mail, kinds: Collection[str]) -> str | None:
    """The mailbox of the notice for all that is in the mail, where it was sent to another one and not to that."""
    policies = rules.campaign.kinds
    boxes = {policy.mailbox.lower() for policy in policies.values() if policy.mailbox}
    wanted = {box.lower() for kind in kinds if kind in policies and (box := policies[kind].mailbox)}
    if len(wanted) != 1 or here.lower() not in boxes or here.lower() in wanted:
        return None
    (right,) = wanted
    return None if any(right in address.lower() for address in (*mail.to, *mail.cc)) else right


def words_of(rules: Rulebook) -> Words:
    """The phrases by which a letter's own words are understood; none where the office keeps none."""
    form = rules.forms.get("enquiry")
    return form.says if form else {}


def said_in(mail: Mail, words: Words) -> Said:
    """What the words of a mail ask for."""
    return read_text(mail.text, words, mail.subject, mail.quoted)


def says_nothing(mail: Mail, rules: Rulebook) -> bool:
    """Whether an answer brings no file and no more than courtesies, so that no letter needs to say that it came. People
    who stand in what it quotes are no courtesy: our own letters show no whole number."""
    words, said = words_of(rules), sentences(mail.text or mail.subject)
    subject = "".join(sentences(mail.subject))
    own = answers(mail.subject) or not without(subject, words.get(Plain.COURTESY, ())).strip(",.:~")
    if mail.files or not own or IN_TEXT.search(mail.quoted):
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
