"""Is it mine? Told by content: Annex 2 as a document, pictures of orders and of the form, and a person's own words
beside pictures. A mail that brings a list of people keeps its pictures."""

from __future__ import annotations

from typing import Final

from mailbot.casetypes.payment_proof.free import ids_in, phones_in
from mailbot.casetypes.payment_proof.seen import FOREIGN, PROOFS
from mailbot.casetypes.payment_proof.typed import is_form, read_lines
from mailbot.casetypes.payment_proof.words import Words, holds, shown
from mailbot.domain.document import BODY, Document, FaultKind, Opened
from mailbot.domain.identity import IN_TEXT
from mailbot.domain.mail import Mail

_TEXT_READ: Final = 2000
_ROWS_READ: Final = 60
_ATTENDANTS: Final = (".p7s", ".p7m", ".asc", ".sig", ".vcf", ".ics")


def claims(opened: Opened, words: Words) -> frozenset[int]:
    """The numbers of the parts that are payment proofs, or belong to one."""
    forms = {one.number for one in opened.documents if one.fault is None and is_form(one, words)}
    if _brings_people(opened, forms, words):
        return frozenset(forms)
    shows = {scan.number for scan in opened.scans if scan.kind in PROOFS}
    foreign = {scan.number for scan in opened.scans if scan.kind in FOREIGN} - shows
    says = _says_proof(opened.mail, words)
    person = _names_somebody(opened.mail, words)
    about = bool(forms or shows) or says or (person and not _holds(opened.mail, words.other_words + words.commitments))
    mine = set(forms) | shows
    if about:
        mine |= _pictures(opened) - foreign
        mine |= _unread(opened) - foreign if says or forms or shows else set()
    if not forms and (says or mine) and (person or (says and _tells_payment(opened.mail, words))):
        mine.add(BODY)
    return frozenset(mine)


def _brings_people(opened: Opened, forms: set[int], words: Words) -> bool:
    """Whether a table of people comes with the mail, which is no form of ours: then the pictures beside it are its."""
    others = (one for one in opened.documents if one.number not in forms and one.number != BODY and not one.fault)
    return any(_lists_people(one, words) for one in others)


def _lists_people(document: Document, words: Words) -> bool:
    for sheet in document.sheets:
        for row in sheet.rows[:_ROWS_READ]:
            named = {words.label(shown(cell)) for cell in row if shown(cell)}
            if len(named & {"name", "id_number", "phone"}) > 1 and not _is_letter(document, words):
                return True
            if document.family in ("workbook", "text_table") and any(IN_TEXT.fullmatch(shown(cell)) for cell in row):
                return True
    return document.is_correction


def _is_letter(document: Document, words: Words) -> bool:
    """Whether it is a commitment letter."""
    return any(holds(shown(cell), words.commitments) for sheet in document.sheets for row in sheet.rows for cell in row)


def _pictures(opened: Opened) -> set[int]:
    """The parts that are pictures, mere decoration and what stands in documents apart."""
    return {part.number for part in opened.mail.files if part.type.startswith("image/")}


def _unread(opened: Opened) -> set[int]:
    """Files that nobody could read: scans whose pages nobody has looked at, old formats, broken ones."""
    return {
        one.number
        for one in opened.documents
        if one.fault and one.number != BODY and not one.name.lower().endswith(_ATTENDANTS)
        and (one.fault.kind in (FaultKind.OCR_ONLY, FaultKind.UNSUPPORTED, FaultKind.UNREADABLE, FaultKind.PASSWORD))
    }  # fmt: skip


def _says_proof(mail: Mail, words: Words) -> bool:
    return _holds(mail, words.list_words) and not _holds(mail, words.commitments)


def _holds(mail: Mail, phrases: tuple[str, ...]) -> bool:
    names = (part.member or part.name for part in mail.files if not part.inline)
    return holds("\n".join((mail.subject, mail.text[:_TEXT_READ], *names)), phrases)


def _names_somebody(mail: Mail, words: Words) -> bool:
    """Whether the text names a person by a number, or by a name and a phone."""
    text = mail.text[:_TEXT_READ]
    if ids_in(text):
        return True
    said = read_lines(text.splitlines(), words).person
    return "id_number" in said or ("name" in said and ("phone" in said or bool(phones_in(text))))


def _tells_payment(mail: Mail, words: Words) -> bool:
    """Whether the text holds a row of payments."""
    return bool(read_lines(mail.text[:_TEXT_READ].splitlines(), words).payments)
