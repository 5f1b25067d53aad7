"""A sheet as a grid: cells by row and column from 1, and the merged ranges that clerks use for layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mailbot.casetypes.roster.folding import blank, text_of
from mailbot.domain.document import Cell, Merge, Sheet

Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet with quick access. `spans` maps every covered (row, column) to its merged range."""

    sheet: Sheet
    spans: Mapping[tuple[int, int], Merge] = field(repr=False)

    @property
    def height(self) -> int:
        return len(self.sheet.rows)

    def row(self, number: int) -> Row:
        """The cells of a row, empty beyond the last one."""
        return self.sheet.rows[number - 1] if 1 <= number <= self.height else ()

    def cell(self, row: int, column: int) -> Cell:
        cells = self.row(row)
        return cells[column - 1] if 1 <= column <= len(cells) else None

    def shown(self, row: int, column: int) -> Cell:
        """The cell as it is seen: for one inside a merged range the range's first cell."""
        span = self.spans.get((row, column))
        return self.cell(span.top, span.left) if span else self.cell(row, column)

    def span(self, row: int, column: int) -> Merge | None:
        return self.spans.get((row, column))

    def texts(self, number: int) -> Iterator[tuple[int, str]]:
        """Column and text of every cell of a row that shows something."""
        for column, cell in enumerate(self.row(number), start=1):
            if not blank(cell):
                yield column, text_of(cell)


LARGEST_SPAN = 4096
"""A merged range of more cells is decoration and is not spread over its cells."""


def grid_of(sheet: Sheet) -> Grid:
    """The sheet with its merged ranges spread, but not beyond the used rows."""
    spans: dict[tuple[int, int], Merge] = {}
    for merge in sheet.merges:
        bottom = min(merge.bottom, len(sheet.rows))
        if (bottom - merge.top + 1) * (merge.right - merge.left + 1) > LARGEST_SPAN:
            continue
        for row in range(merge.top, bottom + 1):
            for column in range(merge.left, merge.right + 1):
                spans[row, column] = merge
    return Grid(sheet, spans)
