"""From tables to rosters: which tables of a sheet belong together, and which labels and columns speak for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from mailbot.casetypes.roster.folding import blank
from mailbot.casetypes.roster.groups import Group, groups_of, orders_in_rows
from mailbot.casetypes.roster.header import Heading, differs, heading_of
from mailbot.casetypes.roster.heads import Columns
from mailbot.casetypes.roster.labels import LabelHit
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.rows import Raw
from mailbot.casetypes.roster.tables import Reading, Table

_RIGHTMOST = 1 << 20
"""Beyond the last column of any sheet."""


@dataclass(slots=True)
class Block:
    """One roster of one sheet. `columns` are the column sets that its rows' `table` counts in, from 0; `unit` is the
    one that its rows name, which speaks where no label does."""

    heading: Heading
    people: list[Raw]
    columns: list[Columns]
    declared: list[int] = field(default_factory=list)
    inferred: bool = False
    turned: bool = False
    loose: bool = False
    unit: str | None = None


def blocks_of(reading: Reading, lexicon: Lexicon) -> list[Block]:
    """The rosters of a sheet, in order.

    Labels stand above their table, or below it where the first table has none above and the last has some below. A
    table that names another unit, tax number, order or year begins a new roster; one that names nothing of the kind
    continues the one before (page breaks). What only the labels below the last table say, is added to it. Panels under
    labels of their own are tables of their own; people whose rows name different units are rosters of their own, unless
    a label names one unit for all.
    """
    tables = [part for table in reading.tables for part in _panels_apart(table)]
    blocks: list[Block] = []
    for table, heading in zip(tables, _headings(tables, reading.tail), strict=True):
        if not blocks or (table.people and differs(blocks[-1].heading, heading)):
            start = heirs(blocks[-1].heading, heading) if blocks else heading
            blocks.append(Block(start, [], reading.columns, turned=reading.turned, loose=reading.loose))
        block = blocks[-1]
        block.heading = block.heading.filled_by(heading)
        block.people.extend(table.people)
        block.declared.extend(table.declared)
        block.inferred = block.inferred or (table.inferred and bool(table.people))
    return [part for block in blocks for part in _units_apart(block, lexicon)]


def _panels_apart(table: Table) -> list[Table]:
    """The table, or its panels where the labels above them name different rosters."""
    first = min((*table.headed, *table.panels[0].values()))
    lefts = [first + panel["name"] - table.panels[0]["name"] for panel in table.panels]
    parts = [
        [hit for hit in table.labels if start <= hit.column < end]
        for start, end in zip([0, *lefts[1:]], [*lefts[1:], _RIGHTMOST], strict=True)
    ]
    headings = [heading_of(labels, table.year, table.titled) for labels in parts]
    if not any(differs(headings[0], other) for other in headings[1:]):
        return [table]
    return [
        replace(table, labels=labels, people=[raw for raw in table.people if raw.panel == number], declared=[])
        for number, labels in enumerate(parts, start=1)
    ]


def _units_apart(block: Block, lexicon: Lexicon) -> Iterator[Block]:
    """The block with what its rows name, or one block for each unit that they name."""
    groups = groups_of(block.people, lexicon) if blank(block.heading.value("unit")) else []
    total = len(block.people)
    fits = total in (*block.declared, sum(block.declared))
    for group in groups if len(groups) > 1 else [Group(groups[0].unit if groups else None, block.people)]:
        declared = [] if fits and len(groups) > 1 else block.declared
        heading = block.heading.filled_by(orders_in_rows(group.people, block.columns))
        yield replace(block, heading=heading, people=group.people, declared=declared, unit=group.unit)


def _headings(tables: Sequence[Table], below: Sequence[LabelHit]) -> list[Heading]:
    own = [heading_of(table.labels, table.year, table.titled) for table in tables]
    tail = heading_of(below)
    if not own:
        return []
    if _names_roster(tail) and not _names_roster(own[0]):
        first = [own[0], *(Heading({}, heading.year, heading.titled) for heading in own[1:])]
        return [one.filled_by(_below(tables, number, tail)) for number, one in enumerate(first)]
    own[-1] = own[-1].filled_by(tail)
    return own


def _below(tables: Sequence[Table], number: int, tail: Heading) -> Heading:
    """The labels below a table are those above the next one."""
    return heading_of(tables[number + 1].labels) if number + 1 < len(tables) else tail


def _names_roster(heading: Heading) -> bool:
    return any(not blank(heading.value(key)) for key in ("unit", "tax_id", "order_no"))


def heirs(before: Heading, heading: Heading) -> Heading:
    """A new roster that names neither unit nor tax number is of the same unit: it inherits unit and contact."""
    if not blank(heading.value("unit")) or not blank(heading.value("tax_id")):
        return heading
    keys = ("unit", "tax_id", "contact", "contact_phone")
    return heading.filled_by(Heading({key: before.hits[key] for key in keys if key in before.hits}))
