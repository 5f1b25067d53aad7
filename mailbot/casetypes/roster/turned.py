"""Lists that lie on their side: one person a column, the headings down the left."""

from __future__ import annotations

from typing import Final

from mailbot.casetypes.roster.folding import blank
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.heads import find_head
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.likeness import idlike
from mailbot.domain.document import Cell, Sheet

MOST_CELLS: Final = 20_000
"""Cells of the largest sheet that is turned: a list of hundreds lies on its side nowhere."""

_FARTHEST: Final = 8
"""The farthest column in which such headings stand."""


def turned(grid: Grid, lexicon: Lexicon) -> Grid | None:
    """The sheet with rows and columns exchanged, holding nothing but the rows between the first heading and the last;
    `None` where no list lies on its side here. Row r, column c of the sheet is row c, column r of the answer."""
    width = max(map(len, grid.sheet.rows), default=0)
    if grid.height * width > MOST_CELLS:
        return None
    heads = [row for row in range(1, grid.height + 1) if _opens_with_head(grid, row, lexicon)]
    if len(heads) < 2:
        return None
    kept = range(heads[0], heads[-1] + 1)
    rows = tuple(
        tuple(_cell(grid, row, column, kept) for row in range(1, heads[-1] + 1)) for column in range(1, width + 1)
    )
    out = Grid(Sheet(name=grid.sheet.name, index=grid.sheet.index, rows=rows), {})
    return out if any(find_head(out, row, lexicon) for row in range(1, min(width, _FARTHEST) + 1)) else None


def lies_on_side(grid: Grid, lexicon: Lexicon) -> bool:
    """Whether a sheet holds several people in columns; one alone may as well be somebody's own form."""
    found = turned(grid, lexicon)
    rows = found.sheet.rows if found else ()
    return sum(any(map(idlike, cells)) for cells in rows) > 1


def _opens_with_head(grid: Grid, row: int, lexicon: Lexicon) -> bool:
    first = next((text for _, text in grid.texts(row)), None)
    return first is not None and lexicon.column(first) is not None


def _cell(grid: Grid, row: int, column: int, kept: range) -> Cell:
    cell = grid.cell(row, column)
    return cell if row in kept and not blank(cell) else None
