"""Is it mine? Told by content: Annex 2 as a document, pictures of orders and of the form, and a person's own words
beside pictures. A mail that brings a list of people keeps its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mailbot.casetypes.payment_proof.free import ids_in, phones_in
from mailbot.casetypes.payment_proof.seen import FOREIGN, PROOFS
from mailbot.casetypes.payment_proof.typed import is_form, read_lines
from mailbot.casetypes.payment_proof.words import Words, holds, shown
from mailbot.domain.content import PAPER
from mailbot.domain.document import BODY, Document, FaultKind, Opened, Sheet
from mailbot.domain.identity import IN_TEXT
from mailbot.domain.mail import Mail

_TEXT_READ: Final = 2000
_ROWS_READ: Final = 60
_ATTENDANTS: Final = (".p7s", ".p7m", ".asc", ".sig", ".vcf", ".ics")


def claims(opened: Opened, words: Words) -> frozenset[int]:
    """The numbers of the parts that are payment proofs, or belong to one."""
    forms = {one.number for one in opened.documents if one.fault is None and is_form(one, words)}
    says = _says_proof(opened.mail, words)
    if _brings_people(opened, forms, words) or (not says and _is_typed_list(opened, words)):
        return frozenset(forms)
    shows = {scan.number for scan in opened.scans if scan.kind in PROOFS}
    foreign = {scan.number for scan in opened.scans if scan.kind in FOREIGN} - shows
    person = _names_somebody(opened.mail, words)
    about = bool(forms or shows) or says or (person and not _holds(opened.mail, words.other_words + words.commitments))
    mine = set(forms) | shows
    if about:
        mine |= _pictures(opened) - foreign
        tables = set() if says and not _holds(opened.mail, words.other_words) else _broken_tables(opened)
        mine |= _unread(opened) - foreign - tables if says or forms or shows else set()
    if not forms and (says or mine) and (person or (says and _tells_something(opened.mail, words))):
        mine.add(BODY)
    return frozenset(mine)


def _brings_people(opened: Opened, forms: set[int], words: Words) -> bool:
    """Whether a table of people comes with the mail, which is no form of ours: then the pictures beside it are its."""
    others = (one for one in opened.documents if one.number not in forms and one.number != BODY and not one.fault)
    return any(_lists_people(one, words) for one in others)


def _is_typed_list(opened: Opened, words: Words) -> bool:
    """Whether the mail's own words list people in a mail that says no word of a proof: several of them, or one in a
    mail that says it brings a list. A picture of the form tells otherwise."""
    if any(scan.kind == "proof_form" for scan in opened.scans):
        return False
    people = set[str]()
    for document in opened.documents:
        if document.number == BODY and not document.fault:
            people |= {one for sheet in document.sheets for one in _listed(sheet)}
    return len(people) > 1 or (bool(people) and _holds(opened.mail, words.other_words))


def _listed(sheet: Sheet) -> Iterator[str]:
    """The ID numbers in the tables of a text, with the lines that were typed like one."""
    for row, line in zip(sheet.rows, sheet.lines, strict=False):
        if line is not None:
            yield from ids_in("\n".join(map(shown, row)))


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


def _broken_tables(opened: Opened) -> set[int]:
    """Spreadsheets and archives that could not be read: lists of people, unless the mail says otherwise."""
    faulty = (one for one in opened.documents if one.fault and one.fault.kind is not FaultKind.UNSUPPORTED)
    return {one.number for one in faulty if one.type not in PAPER}


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


def _tells_something(mail: Mail, words: Words) -> bool:
    """Whether the text holds a row of payments, or a value of a person behind its label."""
    return read_lines(mail.text[:_TEXT_READ].splitlines(), words).filled
