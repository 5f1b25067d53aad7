"""One document's sheets put together: which blocks make one roster, which sheets are copies, which are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mailbot.casetypes.roster.answers import with_words
from mailbot.casetypes.roster.barred import STRUCK, barring
from mailbot.casetypes.roster.blocks import blocks_of
from mailbot.casetypes.roster.folding import blank, fold, squeeze, text_of
from mailbot.casetypes.roster.grid import grid_of
from mailbot.casetypes.roster.header import Heading, agrees, differs
from mailbot.casetypes.roster.heads import Columns
from mailbot.casetypes.roster.lexicon import Lexicon, year_in
from mailbot.casetypes.roster.pieces import Piece, extracts
from mailbot.casetypes.roster.rows import Raw, valid_ids
from mailbot.casetypes.roster.sheets import read_sheet
from mailbot.casetypes.roster.tables import Reading
from mailbot.domain.document import Document


@dataclass(slots=True)
class Roster:
    """The pieces of one roster, in order. Its heading is that of the first piece, completed by the others."""

    pieces: list[Piece]
    heading: Heading
    hidden: bool

    @property
    def people(self) -> int:
        return sum(len(piece.block.people) for piece in self.pieces)

    @property
    def columns(self) -> tuple[Columns, ...]:
        """The column sets of all pieces, one after the other; empty ones where they are none of the sheet's."""
        return tuple({} if piece.block.loose else columns for piece in self.pieces for columns in piece.block.columns)

    @property
    def unit(self) -> str | None:
        """The unit that the rows name."""
        return next((piece.block.unit for piece in self.pieces if piece.block.unit), None)


@dataclass(slots=True)
class Gathered:
    """What one document holds. `wrong_form` is the title of what came instead, where it holds no roster at all."""

    rosters: list[Roster] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    unread_people: int = 0
    wrong_form: str | None = None


def gather(document: Document, lexicon: Lexicon) -> Gathered:
    """The rosters of a document.

    Sheets whose headings do not contradict each other are one roster (一支部, 二支部 of one unit); a sheet that names
    another unit, tax number, order or year is one of its own, and so is a hidden sheet. A sheet whose people and
    heading stand in an earlier sheet word for word is left out and named.
    """
    out = Gathered()
    readings = [(sheet, read_sheet(grid_of(sheet), lexicon)) for sheet in document.sheets]
    empty: list[Piece] = []
    found: list[Piece] = []
    for sheet, reading in readings:
        blocks, words = blocks_of(reading, lexicon), barring(document, sheet, lexicon)
        for block in blocks:
            struck = () if block.turned else sheet.struck_rows
            block.people = [with_words(raw, *words, *((STRUCK,) if raw.row in struck else ())) for raw in block.people]
        pieces = [Piece(sheet, block, n) for n, block in enumerate(blocks, start=1)]
        peopled = [piece for piece in pieces if piece.block.people]
        empty.extend(pieces[:1] if not peopled else [])
        if not pieces and reading.filled:
            out.ignored.append(sheet.name)
        found.extend(peopled)
    needless = extracts(found)
    for piece in found:
        if piece in needless:
            out.ignored.append(piece.sheet.name)
        else:
            _join(out, piece)
    for roster in out.rosters:
        if roster.hidden:
            _inherit(roster, out.rosters)
    if not out.rosters and empty:
        out.rosters.append(Roster(empty[:1], empty[0].block.heading, hidden=False))
    elif not out.rosters:
        out.wrong_form = _title([reading for _, reading in readings], document)
    out.unread_people = len(_unread([reading for _, reading in readings], out.rosters))
    return out


def _join(out: Gathered, piece: Piece) -> None:
    heading = piece.block.heading
    if heading.year is None:
        heading = replace(heading, year=year_in(piece.sheet.name))
    kin = [roster for roster in out.rosters if not _apart(roster, heading, piece)]
    if any(_same_people(piece, other) for roster in kin for other in roster.pieces):
        out.ignored.append(piece.sheet.name)
        return
    hidden = not piece.sheet.visible
    partners = [roster for roster in kin if not roster.hidden and not hidden]
    if not partners:
        out.rosters.append(Roster([piece], heading, hidden))
        return
    partner = partners[-1]
    partner.pieces.append(piece)
    partner.heading = partner.heading.filled_by(heading)


def _apart(roster: Roster, heading: Heading, piece: Piece) -> bool:
    """Whether a piece is of another roster: its labels say so, or where no label names a unit its rows do."""
    if differs(roster.heading, heading) or _is_of_some_year(roster, piece):
        return True
    labelled = not (blank(roster.heading.value("unit")) and blank(heading.value("unit")))
    units = {fold(unit) for unit in (roster.unit, piece.block.unit) if unit}
    return not labelled and len(units) > 1


def _is_of_some_year(roster: Roster, piece: Piece) -> bool:
    """Whether another sheet's title names a year, where neither title nor labels tie it to a roster that names none."""
    if piece.sheet is roster.pieces[-1].sheet or roster.heading.year or not piece.block.heading.year:
        return False
    return not agrees(roster.heading, piece.block.heading)


def _inherit(hidden: Roster, rosters: Sequence[Roster]) -> None:
    """A hidden sheet of the same workbook speaks for the same unit and order, unless it says otherwise: the clerk, who
    may not know of it, is not asked for them."""
    for roster in rosters:
        if not roster.hidden and not differs(roster.heading, hidden.heading):
            hidden.heading = hidden.heading.filled_by(roster.heading)
            return


def _same_people(one: Piece, other: Piece) -> bool:
    if len(one.block.people) != len(other.block.people):
        return False
    return all(_words(a) == _words(b) for a, b in zip(one.block.people, other.block.people, strict=True))


def _words(raw: Raw) -> tuple[str, ...]:
    return tuple(squeeze(text_of(cell)) for cell in (raw.name, raw.id_number, raw.phone, raw.remark))


def _unread(readings: Sequence[Reading], rosters: Sequence[Roster]) -> set[str]:
    """Valid ID numbers that stand somewhere in the document and in no row of any roster."""
    strays = set().union(*(reading.strays for reading in readings))
    if not strays:
        return strays
    rows = (raw for roster in rosters for piece in roster.pieces for raw in piece.block.people)
    return strays.difference(*(valid_ids(raw.id_number) for raw in rows))


def _title(readings: Sequence[Reading], document: Document) -> str | None:
    """What came instead of a roster; `None` for a document without any content, which is an empty roster."""
    if not any(reading.filled for reading in readings):
        return None
    other = next((reading.other_form for reading in readings if reading.other_form), None)
    return other or document.member or document.name
