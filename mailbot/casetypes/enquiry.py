"""Enquiries: what a mail asks for in words alone (a withdrawal, a question, a complaint, 复核): always for a person.

Told by the phrases of rules/forms/enquiry.toml in the fresh text. Whatever another kind can use is that kind's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mailbot.domain.campaign import Campaign
from mailbot.domain.document import BODY, Opened
from mailbot.domain.effects import Person, PlannedEffect
from mailbot.domain.evidence import Where
from mailbot.domain.facts.vocabulary import Vocabulary
from mailbot.domain.forms import Form
from mailbot.domain.intents import Intent, Words, read_text
from mailbot.domain.kinds import Following, Item, Manner, Merged, Situation, Subject, Wants
from mailbot.domain.outcome import CaseResult, Claim, Json
from mailbot.domain.ports import Hasher
from mailbot.domain.records import Source
from mailbot.domain.topics import question_of

LABELS: Final[Mapping[Intent, str]] = {
    Intent.WITHDRAWAL: "撤回",
    Intent.STATUS: "询问进度",
    Intent.COMPLAINT: "投诉举报",
    Intent.REVIEW: "复核异议",
    Intent.CONTACT: "更换联系人",
    Intent.PHONE: "更换手机号码",
    Intent.PERSONAL: "个人信息",
    Intent.QUESTION: "询问登记事项",
}


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One mail that asks in words. `topics` are what it asks for, `digest` tells it from every other mail."""

    topics: tuple[Intent, ...]
    digest: str


class EnquiryKind:
    """Enquiries by the phrases of one form. A case of it has no rows: its one matter waits for a person."""

    name: Final = "enquiry"
    yields: Final = True
    vocabularies: Final[tuple[Vocabulary, ...]] = ()

    def __init__(self, words: Words) -> None:
        self._words = words

    def claims(self, opened: Opened) -> frozenset[int]:
        """The mail's own text, where it asks for something and no file comes with it that could be read."""
        files = any(document.number != BODY for document in opened.documents)
        return frozenset({BODY}) if not files and self._topics(opened) else frozenset()

    def extract(self, opened: Opened, parts: frozenset[int]) -> tuple[Enquiry, ...]:
        """One enquiry a mail."""
        mail = opened.mail
        said = "\x1f".join((mail.message_id or "", mail.date or "", *mail.from_values, mail.subject, mail.text))
        return (Enquiry(self._topics(opened), hashlib.sha256(said.encode()).hexdigest()),) if parts else ()

    def _topics(self, opened: Opened) -> tuple[Intent, ...]:
        mail = opened.mail
        topics = read_text(mail.text, self._words, mail.subject, mail.quoted).topics
        if topics == {Intent.QUESTION} and question_of(mail, self._words).only:
            return ()
        return tuple(sorted(topics))

    def source(self, record: Enquiry) -> Source:  # noqa: ARG002 - protocol
        """The mail's own text."""
        return Source(None, number=BODY)

    def header(self, record: Enquiry) -> Json:
        """What is asked for, in Chinese."""
        return {"topics": [LABELS[topic] for topic in record.topics]}

    def wants(self, record: Enquiry, hasher: Hasher) -> Wants:
        """Nothing is looked up; the same words in another mail are another enquiry."""
        return Wants((), (), (), hasher.search(f"enquiry\x1f{record.digest}"))

    def people(self, record: Enquiry) -> tuple[Person, ...]:  # noqa: ARG002 - protocol
        """Nobody: no one's registration hangs on an enquiry."""
        return ()

    def subjects(self, record: Enquiry, situation: Situation) -> Iterator[Subject]:  # noqa: ARG002 - protocol
        """None: what an enquiry weighs, the rules of its mail say."""
        return iter(())

    def where(self, record: Enquiry, number: int, field: str | None) -> Where:  # noqa: ARG002 - protocol
        """The mail's own text."""
        return Where(field=field)

    def items(self, record: Enquiry, hasher: Hasher) -> tuple[Item, ...]:  # noqa: ARG002 - protocol
        """None besides the case's own matter."""
        return ()

    def effect(self, item: Item, campaign: Campaign, hasher: Hasher) -> PlannedEffect | None:  # noqa: ARG002 - protocol
        """An enquiry causes nothing."""
        return None

    def claim_keys(self, item: Item, campaign: Campaign, hasher: Hasher) -> tuple[Claim, ...]:  # noqa: ARG002 - protocol
        """An enquiry claims nothing."""
        return ()

    def unit_key(self, header: Json) -> str | None:  # noqa: ARG002 - protocol
        """An enquiry names no unit."""
        return None

    def names(self, record: Enquiry) -> str | None:  # noqa: ARG002 - protocol
        """An enquiry's own case begins with it; which case it asks about, the flow finds out."""
        return None

    def following(self, record: Enquiry, case: CaseResult, manner: Manner, hasher: Hasher) -> Following[Enquiry]:  # noqa: ARG002 - protocol
        """A new enquiry never continues an old one."""
        return Following(record, Merged((), (), unclear=False))


def build(forms: Mapping[str, Form]) -> EnquiryKind:
    """The kind by its phrases. Raises `KeyError` where rules/forms/enquiry.toml is missing."""
    return EnquiryKind(forms["enquiry"].says)


KIND = build
