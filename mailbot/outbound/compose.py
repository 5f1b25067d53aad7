"""The composer: a frozen view of the cases becomes one letter of finished bytes (`mailbot.domain.ports.Composer`).

Templates lie in templates/emails: `frame.txt` around one section a case, `<kind>/<section>.txt`. They run in a sandbox
with strict variables, see finished and masked words only, and whatever they print is cleaned once more on the way out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.exceptions import TemplateRuntimeError
from jinja2.sandbox import SandboxedEnvironment

from mailbot.domain.campaign import Campaign
from mailbot.domain.effects import LetterKind
from mailbot.domain.forms import Form
from mailbot.domain.letters import CaseView, Composed, LetterView
from mailbot.domain.links import CLOUD_LINK
from mailbot.domain.mail import register_number
from mailbot.domain.ports import PortError
from mailbot.outbound import standing
from mailbot.outbound.blank_form import NAME as FORM_NAME
from mailbot.outbound.blank_form import blank_form
from mailbot.outbound.context import Books, case_text, closing_day
from mailbot.outbound.correction import correction_book
from mailbot.outbound.import_book import USUAL_SHEET, ImportSheet, import_book_of
from mailbot.outbound.message import Attachment, Envelope, build
from mailbot.outbound.plain import clean
from mailbot.outbound.proof_form import proof_forms
from mailbot.outbound.wording import reply_subject, sentences

SUBJECT_CHARACTERS: Final = 60
_OUTPUT_CHARACTERS: Final = 1200
_CASES_MARKED: Final = 8
_KIND: Final = re.compile(r"[a-z_]{1,40}")
_NO_CASE: Final = "mail/received"
_MORE: Final = "mail/more"
_HELP: Final = "mail/help"
_ATTACH: Final = "mail/attach"
_FORM_FOR_LINK: Final = "mail.cloud_roster"


class _Section(str):
    """A rendered section: already clean, and of several lines."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Stationery:
    """What every letter of a site shares. `sender` is the plain address letters come from, `password_policy` the
    platform's wording, `templates` the folder that holds `emails/`, `roster_form` the form whose blank is attached.
    `whole_cells`: returned workbooks show values unmasked to trusted senders (a deliberate choice of the site).
    `import_sheet` is the platform's table for assigning codes."""

    campaign: Campaign
    sender: str
    password_policy: str
    templates: Path
    roster_form: Form
    subject_characters: int = SUBJECT_CHARACTERS
    whole_cells: bool = False
    import_sheet: ImportSheet = USUAL_SHEET


@dataclass(frozen=True, slots=True)
class _Attached:
    """The workbooks of one case: the rows to correct, the people to assign codes to."""

    correct: Attachment | None = None
    assign: Attachment | None = None
    filled: bool = False

    @property
    def names(self) -> Books:
        correct, assign = (book.name if book else None for book in (self.correct, self.assign))
        return Books(correct, assign, filled=self.filled)


class LetterComposer:
    """Writes letters. The same view and templates give the same bytes."""

    def __init__(self, stationery: Stationery) -> None:
        self._site = stationery
        self._pages = environment(stationery.templates)

    def compose(self, view: LetterView) -> Composed:
        """One letter. Raises `PortError` (no retry) for a template that is missing or broken, for an address that is
        not plain, and for a mail that would not say what was meant."""
        books = self._books(view)
        names = [f"{_kind(case)}/{standing.section(view.kind, case, view.about).value}" for case in view.cases]
        names = [_MORE] if view.only_more else names or [_caseless(view)]
        form = any(standing.wants_form(case) for case in view.cases) or _wants_form(view)
        attachments = [book for case in books for book in (case.correct, case.assign) if book is not None]
        if form:
            attachments.append(Attachment(FORM_NAME, blank_form(self._site.roster_form, self._site.campaign)))
        attachments += proof_forms(view.cases, self._site.templates, self._site.campaign)
        text = self._text(view, names, books, form=form)
        raw = build(self._envelope(view), text, attachments)
        listed, files = "+".join(dict.fromkeys(names)), tuple(attachment.name for attachment in attachments)
        words = hashlib.sha256("\0".join((self._subject(view), text, *files)).encode()).hexdigest()
        return Composed(listed, self._subject(view), raw, files, words)

    def _books(self, view: LetterView) -> list[_Attached]:
        """For every case its workbooks, where the letter tells of an outcome."""
        if view.kind not in (LetterKind.RECEIPT, LetterKind.RESULT):
            return [_Attached()] * len(view.cases)
        return [self._books_of(case, view) for case in view.cases]

    def _books_of(self, case: CaseView, view: LetterView) -> _Attached:
        if case.kind in standing.PERSONAL:
            return _Attached()
        site, name = self._site, clean(case.id, 40)
        wrong = correction_book(case, trusted=view.trusted, whole=site.whole_cells and view.trusted)
        people = import_book_of(case, view, site.import_sheet)
        return _Attached(
            Attachment(f"请更正-{name}.xlsx", wrong) if wrong else None,
            Attachment(f"激活码分配-{name}.xlsx", people) if people else None,
            filled=site.import_sheet.whole and view.trusted,
        )

    def _text(self, view: LetterView, names: list[str], books: list[_Attached], *, form: bool) -> str:
        shared = shared_words(self._site)
        closing = closing_day(view, self._site.campaign)
        number = register_number(self._site.campaign.code, view.mail_id) if _is_bare(view) and view.mail_id else ""
        shared |= {
            "form": form,
            "number": number,
            "numbered": bool(view.cases or number),
            "asked": sentences(finding for finding in view.about if finding.severity == "ask"),
            "told": standing.told_of_mail(view.about),
            "closing": {"day": closing[0], "over": closing[1]} if closing else None,
            "personal": bool(view.cases) and all(case.kind in standing.PERSONAL for case in view.cases),
        }
        try:
            sections = [
                tidy(self._render(name, {**shared, "case": self._case(view, number, books)}))
                for number, name in enumerate(names)
            ]
            return tidy(self._render("frame", {**shared, "sections": [_Section(one) for one in sections]})) + "\n"
        except TemplateError as fault:
            raise PortError(f"a letter template cannot be rendered: {fault!r}", retry=False) from fault

    def _case(self, view: LetterView, number: int, books: list[_Attached]) -> object:
        if not view.cases:
            return None
        return case_text(view.cases[number], view, self._site.campaign, books[number].names)

    def _render(self, name: str, words: Mapping[str, object]) -> str:
        return self._pages.get_template(f"{name}.txt").render(words)

    def _subject(self, view: LetterView) -> str:
        if view.kind is LetterKind.NOTICE and not view.subject and view.cases:
            return f"关于登记编号 {clean('、'.join(case.id for case in view.cases[:1]), 40)} 的通知"
        return reply_subject(view.subject, self._site.subject_characters)

    def _envelope(self, view: LetterView) -> Envelope:
        marked = " ".join(clean(case.id, 40) for case in view.cases[:_CASES_MARKED])
        return Envelope(
            sender=self._site.sender,
            to=view.to,
            subject=self._subject(view),
            letter_id=view.letter_id,
            at=view.at,
            auto_submitted="auto-generated" if view.kind is LetterKind.NOTICE else "auto-replied",
            case=marked if marked.isascii() else "",
            answers=view.message_id,
            references=view.references,
        )


def _caseless(view: LetterView) -> str:
    """The section of a letter that answers a mail without a case: what to send instead, the hotlines, else that a
    person reads it."""
    if _points_at_file(view):
        return _ATTACH
    waits = any(finding.severity == "hold" for finding in view.about)
    return _HELP if standing.told_of_mail(view.about) and not waits else _NO_CASE


def _points_at_file(view: LetterView) -> bool:
    """Whether it answers a mail that only points at a file."""
    return any(finding.code == CLOUD_LINK for finding in view.about)


def _wants_form(view: LetterView) -> bool:
    """Whether that file should have been a roster: the blank form goes with the letter."""
    return _is_bare(view) and any(finding.code == _FORM_FOR_LINK for finding in view.about)


def _is_bare(view: LetterView) -> bool:
    """Whether it answers a mail of which no case was made."""
    return not view.cases and not view.only_more


def environment(templates: Path) -> SandboxedEnvironment:
    """The sandbox all letters are rendered in: no autoescape, for they are plain text and cleaned as such."""
    return SandboxedEnvironment(
        loader=FileSystemLoader(templates / "emails"),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )


def shared_words(site: Stationery) -> dict[str, object]:
    """The campaign's facts that any letter may name."""
    campaign = site.campaign
    return {
        "office": campaign.office.name,
        "hotlines": campaign.hotlines,
        "site": campaign.site.value,
        "site_name": campaign.site_name.value if campaign.site_name else campaign.site.value,
        "download_centre": campaign.download_centre.value,
        "assign_path": campaign.assign_path.value,
        "user_name": campaign.user_name.value if campaign.user_name else "手机号码",
        "password_policy": clean(site.password_policy),
    }


def _printable(value: object) -> str:
    """What a template prints: a finished section as it is, any other value as one clean line, never `None`."""
    if isinstance(value, _Section):
        return value
    if value is None:
        raise TemplateRuntimeError("a template prints a value that is not there")
    return clean(str(value), _OUTPUT_CHARACTERS)


def tidy(text: str) -> str:
    """No blanks at line ends, no run of empty lines, none at the edges."""
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


def _kind(case: CaseView) -> str:
    if not _KIND.fullmatch(case.kind):
        raise PortError("a case kind is a plain word", retry=False)
    return case.kind
