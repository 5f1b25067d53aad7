"""From tables to rosters: which tables of a sheet belong together, and which labels speak for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mailbot.casetypes.roster.folding import blank, fold, text_of
from mailbot.casetypes.roster.header import Heading, differs, heading_of
from mailbot.casetypes.roster.heads import Columns
from mailbot.casetypes.roster.rows import Raw
from mailbot.casetypes.roster.walk import Reading, Table
from mailbot.domain.document import Cell


@dataclass(slots=True)
class Block:
    """One roster of one sheet. `columns` are the column sets that its rows' `table` counts in, from 0."""

    heading: Heading
    people: list[Raw]
    columns: list[Columns]
    declared: list[int] = field(default_factory=list)
    inferred: bool = False


def blocks_of(reading: Reading) -> list[Block]:
    """The rosters of a sheet, in order.

    Labels stand above their table, or below it where the first table has none above and the last has some below. A
    table that names another unit, tax number, order or year begins a new roster; one that names nothing of the kind
    continues the one before (page breaks). What only the labels below the last table say, is added to it.
    """
    if not reading.tables:
        return []
    headings = _headings(reading)
    blocks: list[Block] = []
    for table, heading in zip(reading.tables, headings, strict=True):
        if not blocks or (table.people and differs(blocks[-1].heading, heading)):
            start = heirs(blocks[-1].heading, heading) if blocks else heading
            blocks.append(Block(start, [], reading.columns))
        block = blocks[-1]
        block.heading = block.heading.filled_by(heading)
        block.people.extend(table.people)
        block.declared.extend(table.declared)
        block.inferred = block.inferred or (table.inferred and bool(table.people))
    return blocks


def _headings(reading: Reading) -> list[Heading]:
    own = [heading_of(table.labels, table.year) for table in reading.tables]
    tail = heading_of(reading.tail, None)
    if _names_roster(tail) and not _names_roster(own[0]):
        first = [own[0], *(Heading({}, heading.year) for heading in own[1:])]
        return [one.filled_by(_below(reading.tables, number, tail)) for number, one in enumerate(first)]
    own[-1] = own[-1].filled_by(tail)
    return own


def _below(tables: Sequence[Table], number: int, tail: Heading) -> Heading:
    """The labels below a table are those above the next one."""
    return heading_of(tables[number + 1].labels, None) if number + 1 < len(tables) else tail


def _names_roster(heading: Heading) -> bool:
    return any(not blank(heading.value(key)) for key in ("unit", "tax_id", "order_no"))


def heirs(before: Heading, heading: Heading) -> Heading:
    """A new roster that names neither unit nor tax number is of the same unit: it inherits unit and contact."""
    if not blank(heading.value("unit")) or not blank(heading.value("tax_id")):
        return heading
    keys = ("unit", "tax_id", "contact", "contact_phone")
    return heading.filled_by(Heading({key: before.hits[key] for key in keys if key in before.hits}))


def unit_in_rows(people: Sequence[Raw]) -> str | None:
    """The unit that the rows name, where all that name one name the same."""
    units: dict[str, Cell] = {}
    for raw in people:
        if not blank(raw.unit):
            units.setdefault(fold(text_of(raw.unit)), raw.unit)
    return text_of(next(iter(units.values()))).strip() if len(units) == 1 else None
