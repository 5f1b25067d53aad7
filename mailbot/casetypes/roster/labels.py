"""The label block (填表单位, 联系人, 缴费订单号 ...), wherever it stands and however value and label are arranged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from mailbot.casetypes.roster.folding import blank, squeeze
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.domain.document import Cell

FEWEST_OF_ORDER: Final = 4
"""Digits of the shortest piece of an order number."""


@dataclass(frozen=True, slots=True)
class LabelHit:
    """One label with its value, and the cell the value stands in (the label's own where it has none)."""

    key: str
    value: Cell
    row: int
    column: int


def is_label(text: str, lexicon: Lexicon) -> bool:
    """Whether a cell is a label, with or without its value."""
    return bool(lexicon.label(text) or lexicon.labels_in(text))


def nothing_below(_: int) -> bool:
    """For labels beside a table: what stands below them is the table's."""
    return False


def labels_of(
    grid: Grid, row: int, lexicon: Lexicon, free: Callable[[int], bool] = nothing_below, behind: int = 0
) -> list[LabelHit]:
    """The labels of one row, right of the column `behind`. `free(row)` tells whether a row below may hold values:
    neither heading nor person."""
    hits: list[LabelHit] = []
    taken = behind
    for column, text in grid.texts(row):
        if column <= taken:
            continue
        spoken = lexicon.labels_in(text)
        hits.extend(LabelHit(said.key, said.value or None, row, column) for said in spoken[:-1])
        key = spoken[-1].key if spoken else lexicon.label(text)
        if key is None:
            continue
        if spoken and spoken[-1].value:
            hits.append(LabelHit(key, spoken[-1].value, row, column))
            continue
        hit = _beside(grid, key, row, column, lexicon) or _under(grid, key, row, column, lexicon, free)
        if hit and hit.row == row:
            taken = hit.column
        hits.append(hit or LabelHit(key, None, row, column))
    return hits


def _beside(grid: Grid, key: str, row: int, column: int, lexicon: Lexicon) -> LabelHit | None:
    """The next cell to the right that shows something, if it is no label itself; of an order number in pieces all."""
    rest = [(place, text) for place, text in grid.texts(row) if place > column]
    if not rest or is_label(rest[0][1], lexicon):
        return None
    place = rest[0][0]
    pieces = list(takewhile(_is_piece, (more for _, more in rest))) if key == "order_no" else []
    return LabelHit(key, " ".join(pieces) if len(pieces) > 1 else grid.cell(row, place), row, place)


def _is_piece(text: str) -> bool:
    """Whether a text may be a part of an order number, or another one."""
    return squeeze(text).isascii() and sum(map(str.isdigit, text)) >= FEWEST_OF_ORDER


def _under(
    grid: Grid, key: str, row: int, column: int, lexicon: Lexicon, free: Callable[[int], bool]
) -> LabelHit | None:
    """The cell below, where the row below holds values only, each of them under a label of this row."""
    if blank(grid.cell(row + 1, column)) or not free(row + 1):
        return None
    labelled = {place for place, text in grid.texts(row) if is_label(text, lexicon)}
    below = list(grid.texts(row + 1))
    fits = all(place in labelled and _is_value(text, lexicon) for place, text in below)
    return LabelHit(key, grid.cell(row + 1, column), row + 1, column) if fits else None


def _is_value(text: str, lexicon: Lexicon) -> bool:
    no_value = is_label(text, lexicon) or lexicon.begins_note(text) or lexicon.begins_total(text)
    return not (no_value or lexicon.is_title(text) or lexicon.other_form(text))


def first_of(hits: Iterable[LabelHit], key: str) -> LabelHit | None:
    """The first hit of a key that has a value, else the first at all."""
    of_key = [hit for hit in hits if hit.key == key]
    return next((hit for hit in of_key if not blank(hit.value)), of_key[0] if of_key else None)
