"""What stands outside a list and may belong into its header: an order number in the mail's text, a unit in the title.

Nothing here is taken for a value: the sender is asked all the same, and staff see what was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from mailbot.casetypes.roster.folding import fold
from mailbot.casetypes.roster.grid import grid_of
from mailbot.casetypes.roster.header import orders_in
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.domain.chars import visible
from mailbot.domain.document import Document
from mailbot.domain.mail import Mail
from mailbot.domain.records import RosterRecord

_TITLE_ROWS: Final = 3
_LONGEST: Final = 200
"""Characters of the longest line that is looked at."""
_MOST_LINES: Final = 200
_ORDER: Final = re.compile(r"订单[^0-9A-Za-z\s]{0,6}\s?([0-9A-Za-z-]{8,40})")
_CUTS: Final = re.compile(r"20[0-9]{2}|关于|[\s_\-—:,，()\[\]【】《》“”.]+")


def with_hints(
    records: Sequence[RosterRecord], documents: Iterable[Document], mail: Mail, lexicon: Lexicon
) -> tuple[RosterRecord, ...]:
    """The records; a single one whose header has gaps with what the mail says elsewhere, if it is one thing only."""
    if len(records) != 1 or not records[0].rows or (records[0].header.unit and records[0].header.order_no):
        return tuple(records)
    (record,) = records
    lines = list(_lines(record, documents, mail))
    found = {**record.hints}
    if not record.header.order_no:
        quoted = mail.quoted.splitlines()[:_MOST_LINES]
        found |= _only("order_no", _ordered(lines, lexicon) or _ordered(quoted, lexicon))
    if not record.header.unit:
        found |= _only("unit", (unit for line in lines for unit in _units(line, lexicon)))
    return (replace(record, hints=found),) if found else (record,)


def _lines(record: RosterRecord, documents: Iterable[Document], mail: Mail) -> Iterator[str]:
    """The title lines and names of the list's part, the subject, and the mail's fresh text."""
    for document in documents:
        if document.number == record.source.number:
            yield from (sheet.name for sheet in document.sheets)
            for sheet in document.sheets:
                grid = grid_of(sheet)
                yield from (text for row in range(1, _TITLE_ROWS + 1) for _, text in grid.texts(row))
    yield from filter(None, (record.source.member, record.source.attachment, mail.subject))
    yield from mail.text.splitlines()[:_MOST_LINES]


def _ordered(lines: Iterable[str], lexicon: Lexicon) -> list[str]:
    """The order numbers that lines name; the quoted history is asked only where the fresh words name none."""
    return [order for line in lines for order in _orders(line, lexicon)]


def _only(key: str, values: Iterable[str]) -> dict[str, str]:
    different = {fold(value): value for value in values}
    return {key: next(iter(different.values()))} if len(different) == 1 else {}


def _orders(line: str, lexicon: Lexicon) -> Iterator[str]:
    text = visible(line)[:_LONGEST]
    said = [spoken.value for spoken in lexicon.labels_in(text) if spoken.key == "order_no"]
    yield from (order for value in said or _ORDER.findall(text) for order in orders_in(value) if _has_digits(order))


def _has_digits(order: str) -> bool:
    return sum(map(str.isdigit, order)) >= 6


def _units(line: str, lexicon: Lexicon) -> Iterator[str]:
    text = visible(line)[:_LONGEST]
    said = [spoken.value for spoken in lexicon.labels_in(text) if spoken.key == "unit" and spoken.value]
    yield from said or (piece for piece in _CUTS.split(text) if lexicon.names_unit(piece))
