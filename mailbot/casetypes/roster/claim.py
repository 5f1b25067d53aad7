"""Is it mine? Told by content: a heading or columns of people, or a file that nobody could read in a mail that says it
brings a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mailbot.casetypes.roster.folding import squeeze
from mailbot.casetypes.roster.grid import Grid, grid_of
from mailbot.casetypes.roster.heads import could_be_head, find_head
from mailbot.casetypes.roster.infer import SAMPLE_ROWS, infer_columns
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.loose import loosened
from mailbot.casetypes.roster.rows import Raw, has_digits, valid_ids
from mailbot.casetypes.roster.sheets import read_sheet
from mailbot.casetypes.roster.turned import lies_on_side
from mailbot.casetypes.roster.walk import TITLE_ROWS, other_form
from mailbot.domain.chars import visible
from mailbot.domain.content import PAPER
from mailbot.domain.document import BODY, Document, FaultKind, Opened, Sheet, unread
from mailbot.domain.identity import IN_TEXT
from mailbot.domain.mail import Mail, Part

_ATTENDANTS: Final = (".p7s", ".p7m", ".asc", ".sig", ".vcf", ".ics")
"""Signatures and cards that mail programs add."""
_PAYMENTS: Final = frozenset({"order", "order_list", "proof_form"})
"""What a picture shows that is of a payment, and no list."""
_TEXT_READ: Final = 2000
_INLINE_BYTES: Final = 10_000
"""A smaller picture inside the text is a logo or a face."""


def claims(opened: Opened, lexicon: Lexicon) -> frozenset[int]:
    """The numbers of the parts that are rosters, or that only the clerk or staff can tell to be none.

    In a mail without a roster, a table without any list of people is claimed for its title or file name alone, and so
    are pictures, scans and files of other kinds where the mail says that it brings a list: the clerk is asked for the
    Excel file.
    """
    rosters = {d.number for d in opened.documents if not d.fault and is_roster(d, lexicon)}
    words = _words(opened.mail)
    brings_list, other = _holds(words, lexicon.list_words), _holds(words, lexicon.other_words)
    if BODY in rosters and _is_of_a_proof(opened, other=other, brings_list=brings_list):
        rosters.remove(BODY)
    broken = set[int]() if other and not brings_list else {d.number for d in opened.documents if _is_broken_table(d)}
    if rosters:
        return frozenset(broken | rosters)
    named = {d.number for d in opened.documents if not d.fault and _speaks_of_one(d, lexicon, brings_list=brings_list)}
    others = set(_unread(opened)) if brings_list and not other else set[int]()
    if _shows_payment(opened, lexicon):
        others &= {scan.number for scan in opened.scans if scan.kind == "roster"}
    return frozenset(broken | named | others)


def _is_of_a_proof(opened: Opened, *, other: bool, brings_list: bool) -> bool:
    """Whether the one person whom the mail's own words name is no row of a list: the mail speaks of something else, or
    brings no list and a picture that is none, or that nobody has looked at."""
    words = [document for document in opened.documents if document.number == BODY]
    cells = (cell for one in words for sheet in one.sheets for row in sheet.rows for cell in row)
    if len({found for cell in cells for found in IN_TEXT.findall(visible(str(cell)))}) != 1:
        return False
    pictures = {part.number for part in opened.mail.files if is_picture(part)}
    rosters = {scan.number for scan in opened.scans if scan.kind in ("roster", "commitment")}
    return other or (not brings_list and bool(pictures - rosters))


def _shows_payment(opened: Opened, lexicon: Lexicon) -> bool:
    """Whether pictures of orders or another form came: the pictures beside them are theirs."""
    if any(scan.kind in _PAYMENTS for scan in opened.scans):
        return True
    return any(other_form(grid_of(sheet), lexicon) for one in opened.documents for sheet in one.sheets)


def picture_document(part: Part) -> Document:
    """A picture as a document that only recognition could read."""
    return unread(part, FaultKind.OCR_ONLY, part.type)


def is_picture(part: Part) -> bool:
    return part.type.startswith("image/")


def is_roster(document: Document, lexicon: Lexicon) -> bool:
    """Whether some sheet has a roster's heading, or columns of names and numbers, and is no other form. The rows to
    correct that our own letter brought are one. In words around tables only people in a table or typed list count."""
    if document.is_correction:
        return True
    if document.family in ("body", "document"):
        return any(_lists_people(sheet, lexicon, headed=document.family == "document") for sheet in document.sheets)
    return any(_is_list(grid_of(sheet), lexicon) for sheet in document.sheets)


def _is_list(grid: Grid, lexicon: Lexicon) -> bool:
    if other_form(grid, lexicon):
        return False
    if _has_head(grid, lexicon):
        return True
    return lies_on_side(grid, lexicon) or infer_columns(grid) is not None or loosened(grid, lexicon) is not None


def _has_head(grid: Grid, lexicon: Lexicon) -> bool:
    rows = range(1, min(grid.height, SAMPLE_ROWS) + 1)
    return any(could_be_head(grid.row(row), lexicon) and find_head(grid, row, lexicon) for row in rows)


def _lists_people(sheet: Sheet, lexicon: Lexicon, *, headed: bool) -> bool:
    """Whether people stand in the tables of a document: under a heading, or with an ID number that is right. `headed`:
    a heading alone is a list too, which nobody has filled in."""
    grid = grid_of(sheet)
    tables = read_sheet(grid, lexicon).tables
    people = ((table, raw) for table in tables for raw in table.people)
    if any(sheet.lines[raw.row - 1] and _is_somebody(raw, inferred=table.inferred) for table, raw in people):
        return True
    return headed and any(not table.inferred for table in tables)


def _is_somebody(raw: Raw, *, inferred: bool) -> bool:
    return bool(valid_ids(raw.id_number)) if inferred else has_digits(raw)


def _speaks_of_one(document: Document, lexicon: Lexicon, *, brings_list: bool) -> bool:
    """Whether a table that holds no list of people comes under the name of a roster; a paper that does, in a mail that
    says it brings one."""
    grids = [grid_of(sheet) for sheet in document.sheets]
    if document.family == "body" or any(other_form(grid, lexicon) for grid in grids):
        return False
    words = [document.name, document.member or "", *(sheet.name for sheet in document.sheets)]
    words += [text for grid in grids for row in range(1, TITLE_ROWS + 1) for _, text in grid.texts(row)]
    short = [text for text in words if len(text) <= 200]
    if document.family == "document":
        return brings_list and _holds(squeeze("\n".join(short)), lexicon.list_words)
    return any(lexicon.is_title(text) for text in short)


def _is_broken_table(document: Document) -> bool:
    """Whether a spreadsheet or archive could not be read: the clerk is asked even beside a good list."""
    fault = document.fault
    return fault is not None and fault.kind is not FaultKind.UNSUPPORTED and document.type not in PAPER


def _unread(opened: Opened) -> Iterator[int]:
    """What may hold a list that only people can read: files of other kinds, scans and pictures. A picture inside the
    text counts only where nothing else came, and only if it is no logo."""
    for document in opened.documents:
        if document.fault and not document.name.lower().endswith(_ATTENDANTS):
            yield document.number
    alone = all(part.inline and is_picture(part) for part in opened.mail.parts)
    for part in opened.mail.parts:
        if is_picture(part) and (not part.inline or (alone and part.size >= _INLINE_BYTES)):
            yield part.number


def _words(mail: Mail) -> str:
    """What a mail says of itself: subject, the beginning of its text, the names of its files."""
    names = (part.member or part.name for part in mail.parts if not part.inline)
    return squeeze("\n".join((mail.subject, mail.text[:_TEXT_READ], *names)))


def _holds(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)
