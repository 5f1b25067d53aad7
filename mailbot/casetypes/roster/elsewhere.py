"""Several rosters of one mail beside each other: a list that came twice is read once, and a person who stands in two
lists gets one account, or none until somebody says which values are right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from mailbot.casetypes.roster.folding import fold, text_of
from mailbot.casetypes.roster.rows import valid_ids
from mailbot.domain.document import Document, FaultKind
from mailbot.domain.records import Elsewhere, RosterHeader, RosterRecord, RosterRow

BODY_NAME: Final = "邮件正文"
_WORDS: Final = ("document", "body")
"""Families whose tables stand among words."""
_TOGETHER: Final = frozenset({FaultKind.OCR_ONLY, FaultKind.UNSUPPORTED})
"""Faults of which one is told for all parts of a kind: twelve photos of a list are one list."""


def across(records: Sequence[RosterRecord]) -> tuple[RosterRecord, ...]:
    """The records without copies, and with every row marked that another record of the mail names too.

    The first record that names a person with the same values keeps the account, the later ones cause nothing. Where
    the values differ (same ID number, other name or phone; same phone, other person), all of them wait. A list in the
    mail's own words speaks for the unit of the attachment beside it.
    """
    kept: list[RosterRecord] = []
    for record in _in_order(records):
        twin = next((n for n, other in enumerate(kept) if _is_copy(record, other)), None)
        if twin is None:
            kept.append(record)
        elif record.rows:
            kept[twin] = replace(kept[twin], ignored=(*kept[twin].ignored, name_of(record)))
        else:
            kept[twin] = replace(kept[twin], files=(*(kept[twin].files or (name_of(kept[twin]),)), name_of(record)))
    kept = [_inheriting(record, kept) for record in kept]
    return tuple(kept) if len(kept) < 2 else _marked(kept)


def name_of(record: RosterRecord) -> str:
    """The part that a record was read from, as letters call it."""
    return record.source.member or record.source.attachment or BODY_NAME


def with_strays(records: Sequence[RosterRecord], body: Document | None) -> tuple[RosterRecord, ...]:
    """The records, the first list among them told of people whom the mail's own words name beside them."""
    first = next((n for n, record in enumerate(records) if record.rows), None)
    if body is None or first is None:
        return tuple(records)
    known = {number for record in records for row in record.rows for number in _numbers(row)}
    cells = (cell for sheet in body.sheets for line in sheet.rows for cell in line)
    strays = {number for cell in cells for number in valid_ids(cell)} - known
    more = replace(records[first], unread_people=records[first].unread_people + len(strays))
    return (*records[:first], more, *records[first + 1 :])


def _numbers(row: RosterRow) -> Iterable[str]:
    return (row.id_number, *valid_ids(row.raw_id)) if row.id_number else valid_ids(row.raw_id)


def _in_order(records: Sequence[RosterRecord]) -> list[RosterRecord]:
    """Spreadsheets first, then papers, then the mail's own words: the best source of a person keeps the account."""
    return sorted(records, key=lambda record: _WORDS.index(record.family) + 1 if record.family in _WORDS else 0)


def _is_copy(record: RosterRecord, other: RosterRecord) -> bool:
    """Whether a record only says what an earlier one says: the same list, a paper copy of it, one more photo of it."""
    if not record.rows:
        return record.fault in _TOGETHER and _reason(record) == _reason(other)
    return _content(other) == _content(record) or (record.family in _WORDS and _repeats(record, other))


def _reason(record: RosterRecord) -> tuple[FaultKind | None, str]:
    """Why a record has no rows, as one sentence tells it."""
    return record.fault, record.file_type if record.fault is FaultKind.UNSUPPORTED else ""


def _repeats(record: RosterRecord, other: RosterRecord) -> bool:
    """Whether everybody of a paper or of the mail's words stands in the other list with the same values, no label and
    no remark contradicts it."""
    mine, theirs = record.header, other.header
    pairs = (
        (fold(mine.unit or ""), fold(theirs.unit or "")),
        (mine.tax_id, theirs.tax_id),
        (mine.order_no, theirs.order_no),
    )
    if any(one and two and one != two for one, two in pairs):
        return False
    known = {words_of(row)[:3]: words_of(row)[3] for row in other.rows}
    said = ((words_of(row)[:3], words_of(row)[3]) for row in record.rows)
    return all(person in known and remark in ("", known[person]) for person, remark in said)


def _inheriting(record: RosterRecord, records: Sequence[RosterRecord]) -> RosterRecord:
    """A list in a paper or in the mail's own words that names no unit and no order, with the header of the only other
    list."""
    others = [other for other in records if other is not record and other.rows]
    header = record.header
    if record.family not in _WORDS or len(others) != 1 or header.unit or header.tax_id or header.order_no:
        return record
    theirs = others[0].header
    found = RosterHeader(
        unit=theirs.unit,
        contact=header.contact or theirs.contact,
        contact_phone=header.contact_phone or theirs.contact_phone,
        tax_id=theirs.tax_id,
        order_no=theirs.order_no,
        raw={**theirs.raw, **header.raw},
        where={**theirs.where, **header.where},
    )
    return replace(record, header=found)


def _content(record: RosterRecord) -> tuple[object, ...]:
    rows = sorted(words_of(row) for row in record.rows)
    header = record.header
    return fold(header.unit or ""), header.tax_id, header.order_no, record.form_year, record.hidden_sheet, rows


def words_of(row: RosterRow) -> tuple[str, ...]:
    """What a row says, however it is written: the clean values, where there is none the cell, and the remark."""
    return (
        row.name or fold(text_of(row.raw_name)),
        row.id_number or fold(text_of(row.raw_id)),
        row.phone or fold(text_of(row.raw_phone)),
        fold(row.remark or ""),
    )


def _marked(records: Sequence[RosterRecord]) -> tuple[RosterRecord, ...]:
    places: dict[str, dict[tuple[str | None, ...], int]] = {}
    for number, record in enumerate(records):
        for row in record.rows:
            for key in _keys(row):
                places.setdefault(key, {}).setdefault(_person(row), number)
    return tuple(
        replace(record, rows=tuple(_mark(row, number, places) for row in record.rows))
        for number, record in enumerate(records)
    )


def _keys(row: RosterRow) -> tuple[str, ...]:
    return tuple(value for value in (row.id_number, row.phone) if value)


def _person(row: RosterRow) -> tuple[str | None, ...]:
    return row.name, row.id_number, row.phone


def _mark(row: RosterRow, number: int, places: dict[str, dict[tuple[str | None, ...], int]]) -> RosterRow:
    seen = [places[key] for key in _keys(row)]
    others = [first for people in seen for person, first in people.items() if person != _person(row)]
    if any(first != number for first in others):
        return replace(row, elsewhere=Elsewhere.CONFLICT)
    if any(people[_person(row)] != number for people in seen):
        return replace(row, elsewhere=Elsewhere.SAME)
    return row
