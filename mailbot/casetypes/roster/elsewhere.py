"""Several rosters of one mail beside each other: a list that came twice is read once, and a person who stands in two
lists gets one account, or none until somebody says which values are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.casetypes.roster.folding import fold, text_of
from mailbot.domain.records import Elsewhere, RosterRecord, RosterRow


def across(records: Sequence[RosterRecord]) -> tuple[RosterRecord, ...]:
    """The records without copies, and with every row marked that another record of the mail names too.

    The first record that names a person with the same values keeps the account, the later ones cause nothing. Where
    the values differ (same ID number, other name or phone; same phone, other person), all of them wait.
    """
    kept: list[RosterRecord] = []
    for record in records:
        twin = next((n for n, other in enumerate(kept) if record.rows and _content(other) == _content(record)), None)
        if twin is None:
            kept.append(record)
        else:
            left_out = record.source.member or record.source.attachment or "邮件正文"
            kept[twin] = replace(kept[twin], ignored=(*kept[twin].ignored, left_out))
    return tuple(kept) if len(kept) < 2 else _marked(kept)


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
