"""A sheet in the making, within its limits, for the readers that meet its rows one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mailbot.domain.document import Cell, FaultKind, Merge, Sheet
from mailbot.domain.limits import SheetLimits
from mailbot.readers.base import ReadFault
from mailbot.readers.cells import filled

_MERGES: Final = 10_000


class SheetDraft:
    """Rows, what is hidden and what is merged; rows and columns count from 1. Empty rows cost nothing until content
    follows them."""

    def __init__(self, limits: SheetLimits) -> None:
        self._limits = limits
        self._rows: list[tuple[Cell, ...]] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merges: list[Merge] = []

    def row(self, number: int, cells: Mapping[int, Cell], count: int = 1) -> None:
        """So many rows alike from `number` on, by their filled columns; rows come in order, and one that stands again
        is joined.

        Raises `ReadFault` too_many_rows for content beyond the limits; blanks there matter to nobody.
        """
        values: dict[int, Cell] = {column: value for column, value in cells.items() if value is not None}
        if values and max(values) > self._limits.columns:
            self._cut(values)
        if not values:
            return
        last = number + count - 1
        if last > self._limits.rows:
            if not any(map(filled, values.values())):
                return
            raise ReadFault(FaultKind.TOO_MANY_ROWS, f"content in row {last}")
        content = tuple([values.get(column) for column in range(1, max(values) + 1)])
        self._rows += [()] * (number - 1 - len(self._rows))
        if number <= len(self._rows):
            self._rows[number - 1] = _joined(self._rows[number - 1], content)
        else:
            self._rows += [content] * count

    def _cut(self, values: dict[int, Cell]) -> None:
        """Takes away what stands beyond the columns, which may be blanks alone."""
        for column in [column for column in values if column > self._limits.columns]:
            if filled(values.pop(column)):
                raise ReadFault(FaultKind.TOO_MANY_ROWS, f"content in column {column}")

    def hide_rows(self, first: int, count: int = 1) -> None:
        """So many rows from `first` on are hidden."""
        self._hidden_rows.update(range(first, min(first + count, self._limits.rows + 1)))

    def hide_columns(self, first: int, count: int = 1) -> None:
        """So many columns from `first` on are hidden."""
        self._hidden_columns.update(range(first, min(first + count, self._limits.columns + 1)))

    def merge(self, top: int, left: int, height: int, width: int) -> None:
        """A range is merged; one of a single cell is none."""
        if (height > 1 or width > 1) and len(self._merges) < _MERGES:
            self._merges.append(Merge(top=top, left=left, bottom=top + height - 1, right=left + width - 1))

    def sheet(self, name: str, index: int, *, visible: bool) -> Sheet:
        """The sheet as drafted so far."""
        return Sheet(
            name=name[: self._limits.cell_characters],
            index=index,
            visible=visible,
            rows=tuple(self._rows),
            hidden_rows=frozenset(self._hidden_rows),
            hidden_columns=frozenset(self._hidden_columns),
            merges=tuple(self._merges),
        )


def _joined(row: tuple[Cell, ...], more: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """A row that a file names twice: what comes later fills what is still empty."""
    width = max(len(row), len(more))
    pairs = zip(row + (None,) * (width - len(row)), more + (None,) * (width - len(more)), strict=True)
    return tuple(old if old is not None else new for old, new in pairs)
