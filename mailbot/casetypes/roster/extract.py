"""From documents to records: one for each roster of a mail, with every value beside the cell it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mailbot.casetypes.roster.elsewhere import across
from mailbot.casetypes.roster.fields import ANY_DAY, LABELS, plain_values, read_fields
from mailbot.casetypes.roster.folding import blank, squeeze, text_of
from mailbot.casetypes.roster.follow import returned_record
from mailbot.casetypes.roster.gather import Gathered, Roster, gather
from mailbot.casetypes.roster.header import header_of, with_unit
from mailbot.casetypes.roster.labels import LabelHit
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.pieces import Piece
from mailbot.casetypes.roster.rows import Raw, valid_ids
from mailbot.domain.document import BODY, Cell, Document, Sheet
from mailbot.domain.evidence import Where
from mailbot.domain.records import RosterHeader, RosterRecord, RosterRow, Source

LETTERS = 26
ID_LENGTH = 18


def extract(documents: Iterable[Document], lexicon: Lexicon) -> tuple[RosterRecord, ...]:
    """The records of these documents. A document whose bytes came before is read once."""
    seen: set[str] = set()
    records: list[RosterRecord] = []
    for document in documents:
        if document.sha256 not in seen:
            seen.add(document.sha256)
            records.extend(_of_document(document, lexicon))
    return across(records)


def _of_document(document: Document, lexicon: Lexicon) -> Iterator[RosterRecord]:
    if document.fault:
        yield replace(_bare(document), fault=document.fault.kind)
        return
    if document.is_correction:
        yield returned_record(_bare(document), document)
        return
    found = gather(document, lexicon)
    if not found.rosters:
        yield replace(_bare(document), wrong_form=found.wrong_form)
        return
    for number, roster in enumerate(found.rosters):
        record = _record(document, roster)
        yield _with_leftovers(record, found) if number == 0 else record


def _rounded(roster: Roster) -> bool:
    """Whether the ID numbers of a list among words were pasted as rounded numbers: several end in three zeros, or one
    does so without being right. A single right one is somebody's own."""
    texts = (squeeze(text_of(raw.id_number)) for piece in roster.pieces for raw in piece.block.people)
    zeros = [text for text in texts if len(text) == ID_LENGTH and text.isdigit() and text.endswith("000")]
    return len(zeros) > 1 or not all(map(valid_ids, zeros))


def _bare(document: Document) -> RosterRecord:
    source = Source(attachment_of(document), document.member, None, 1, document.number)
    record = RosterRecord(source, RosterHeader(), (), digest=document.sha256, light=document.light)
    return replace(record, family=document.family, file_type=document.type)


def _with_leftovers(record: RosterRecord, found: Gathered) -> RosterRecord:
    """What was left out of a document stands with its first record."""
    return replace(record, ignored=tuple(dict.fromkeys(found.ignored)), unread_people=found.unread_people)


def _record(document: Document, roster: Roster) -> RosterRecord:
    first = roster.pieces[0]
    text_table = document.family == "text_table" or (document.family != "workbook" and _rounded(roster))
    rows: list[RosterRow] = []
    offset = 0
    for piece in roster.pieces:
        read = (_row(raw, piece, offset, text_table=text_table) for raw in piece.block.people)
        rows.extend(_turned_back(read, piece) if piece.block.turned else read)
        offset += len(piece.block.columns)
    return RosterRecord(
        source=Source(attachment_of(document), document.member, first.sheet.name, first.number, document.number),
        header=_header(document, roster),
        rows=tuple(rows),
        columns=roster.columns,
        declared_count=_declared(roster, len(rows)),
        inferred=any(piece.block.inferred for piece in roster.pieces),
        form_year=roster.heading.year,
        hidden_sheet=roster.hidden,
        light=document.light,
        digest=document.sha256,
        text_table=text_table,
        family=document.family,
        hidden_columns=tuple(dict.fromkeys(key for piece in roster.pieces for key in _hidden_columns(piece))),
        hints=_titled(roster),
    )


def _titled(roster: Roster) -> dict[str, str]:
    """The unit that the title names, where nothing else does."""
    heading = roster.heading
    named = not blank(heading.value("unit")) or roster.unit
    return {} if named or not heading.titled else {"unit": heading.titled}


def _hidden_columns(piece: Piece) -> Iterator[str]:
    """The columns of the three values that nobody sees in a sheet that is shown."""
    hidden = piece.sheet.hidden_rows if piece.block.turned else piece.sheet.hidden_columns
    if piece.sheet.visible and hidden:
        yield from (key for key in LABELS if any(columns.get(key) in hidden for columns in piece.block.columns))


def _row(raw: Raw, piece: Piece, offset: int, *, text_table: bool) -> RosterRow:
    name, number, mobile = _values(raw, text_table=text_table)
    sheet = piece.sheet
    title, shown, page = place_of(sheet, raw.row)
    return RosterRow(
        shown or raw.row,
        raw.panel,
        _shown(raw.serial),
        raw.row in sheet.hidden_rows or not sheet.visible,
        raw.name,
        raw.id_number,
        raw.phone,
        raw.remark,
        name,
        number,
        mobile,
        _shown(raw.remark),
        raw.sex,
        raw.birth,
        title,
        offset + raw.table + 1,
        page=page,
    )


def _turned_back(rows: Iterable[RosterRow], piece: Piece) -> Iterator[RosterRow]:
    """The rows of a list on its side at their places in the sheet: the row of the names, and as panel the how manieth
    column of people it is."""
    sheet = piece.sheet
    columns = sorted({raw.row for raw in piece.block.people})
    for raw, row in zip(piece.block.people, rows, strict=True):
        lines = piece.block.columns[raw.table]
        yield replace(
            row,
            row=place_of(sheet, lines["name"])[1] or lines["name"],
            panel=columns.index(raw.row) + 1,
            hidden=raw.row in sheet.hidden_columns or not sheet.visible,
            cells={key: (line, raw.row) for key, line in lines.items()},
        )


def _values(raw: Raw, *, text_table: bool) -> tuple[str | None, str | None, str | None]:
    """Name, ID number and phone as they would be registered."""
    plain = plain_values(raw.name, raw.id_number, raw.phone, text_table=text_table)
    if plain:
        return plain
    fields = read_fields(raw.name, raw.id_number, raw.phone, ANY_DAY, text_table=text_table)
    return fields.name.value, fields.id_number.value, fields.phone.value


def _shown(cell: Cell) -> str | None:
    return None if cell is None or blank(cell) else text_of(cell).strip()


def _header(document: Document, roster: Roster) -> RosterHeader:
    header = with_unit(header_of(roster.heading), roster.unit)
    sheet = roster.pieces[0].sheet
    where = {key: _label_place(document, sheet, hit, key) for key, hit in roster.heading.hits.items()}
    return replace(header, where=where)


def _label_place(document: Document, sheet: Sheet, hit: LabelHit, key: str) -> Where:
    """Where a label's value stands; in a document a label beside the tables has no row."""
    title, row, page = place_of(sheet, hit.row)
    column = hit.column if row else None
    cell = cell_name(row, hit.column) if row else None
    return Where(attachment_of(document), document.member, title, row, column, cell, page=page, field=key)


def attachment_of(document: Document) -> str | None:
    """The attachment's name; `None` for the mail's own body."""
    return None if document.number == BODY else document.name


def place_of(sheet: Sheet, row: int) -> tuple[str, int | None, int | None]:
    """How a row is told to people: sheet, row, page. In a document it is the row of its table, and the table counts as
    the sheet where there are several; a line of text has no row."""
    if not sheet.lines:
        return sheet.name, row, None
    line = sheet.lines[row - 1] if row <= len(sheet.lines) else None
    if line is None:
        return sheet.name, None, None
    last = next(other for other in reversed(sheet.lines) if other)
    return f"表{line.table}" if last.table > 1 else sheet.name, line.row, line.page


def _declared(roster: Roster, people: int) -> int | None:
    """The number of people that the list claims. Of several (a total a page, a grand total) the one that is right
    speaks, for the others are parts; else the last."""
    totals = [count for piece in roster.pieces for count in piece.block.declared]
    label = squeeze(text_of(roster.heading.value("count"))).rstrip("人名")
    if label.isdecimal() and len(label) < 7:
        totals.insert(0, int(label))
    if not totals:
        return None
    return people if people in (*totals, sum(totals)) else totals[-1]


def cell_name(row: int, column: int) -> str:
    """The cell's name as in A1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
