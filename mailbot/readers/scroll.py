"""A document from top to bottom as one sheet: lines of text and tables in the order they stand.

A line of text is a row of one cell, merged across the whole width, so that it is never taken for somebody of a table.
Lines that are a list themselves (values apart by tabs or blanks) become a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from mailbot.domain.document import Cell, FaultKind, Merge, Sheet, TableRow
from mailbot.domain.limits import SheetLimits
from mailbot.readers.base import ReadFault
from mailbot.readers.cells import filled, text_cell
from mailbot.readers.lines import tables_in

Row = tuple[Cell, ...]

_LONGEST_WORD: Final = 40
_NARROWEST: Final = 2


class Scroll:
    """Takes lines and tables in order; `sheet` gives the whole. Raises `ReadFault` (too_many_rows) beyond the limits of
    a sheet."""

    def __init__(self, limits: SheetLimits) -> None:
        self._limits = limits
        self._rows: list[Row] = []
        self._lines: list[TableRow | None] = []
        self._merges: list[Merge] = []
        self._hidden: set[int] = set()
        self._struck: set[int] = set()
        self._texts: list[str] = []
        self._page: int | None = None
        self._tables = 0
        self._width = 0

    def turn(self, page: int) -> None:
        """Begin a page, counted from 1: what follows stands there."""
        self._flush()
        self._page = page

    def text(self, text: str) -> None:
        """One line of text or several."""
        self._texts.extend(line for line in text.splitlines() if line.strip())

    def table(
        self,
        rows: Sequence[Row],
        merges: Sequence[Merge] = (),
        hidden: frozenset[int] = frozenset(),
        struck: frozenset[int] = frozenset(),
        *,
        goes_on: bool = False,
    ) -> None:
        """A table; places in `merges`, `hidden` and `struck` (crossed out) count within it. `goes_on`: it is the rest
        of the one before, cut by a page. So is one of the same width without a line of text between."""
        goes_on = goes_on or (not self._texts and self._joins(rows))
        self._flush()
        above = len(self._rows)
        self._put(rows, goes_on=goes_on and self._tables > 0)
        self._merges += [_moved(merge, above) for merge in merges]
        self._hidden.update(above + row for row in hidden)
        self._struck.update(above + row for row in struck)

    def sheet(self, name: str = "") -> Sheet:
        """All of it; rows at the end without content are left out."""
        self._flush()
        while self._rows and not any(filled(cell) for cell in self._rows[-1]):
            self._rows.pop()
        height = len(self._rows)
        return Sheet(
            name=name,
            index=0,
            rows=tuple(self._rows),
            hidden_rows=frozenset(row for row in self._hidden if row <= height),
            struck_rows=frozenset(row for row in self._struck if row <= height),
            merges=(*(merge for merge in self._merges if merge.top <= height), *self._across()),
            lines=tuple(self._lines[:height]),
        )

    def _joins(self, rows: Sequence[Row]) -> bool:
        """Whether the row above is a table's, as wide as this one."""
        last = self._lines[-1] if self._lines else None
        return last is not None and max(map(len, rows), default=0) == len(self._rows[-1])

    def _flush(self) -> None:
        """Lay out the lines that wait."""
        texts, self._texts = self._texts, []
        for found in tables_in(texts):
            if isinstance(found, str):
                for piece in pieces(found, self._limits.cell_characters):
                    self._add((piece,), None)
            else:
                self._put([tuple(text_cell(cell, self._limits.cell_characters) for cell in row) for row in found])

    def _put(self, rows: Sequence[Row], *, goes_on: bool = False) -> None:
        last = next((line.row for line in reversed(self._lines) if line), 0) if goes_on else 0
        self._tables += not goes_on
        for number, row in enumerate(rows, start=last + 1):
            if any(filled(cell) for cell in row[self._limits.columns :]):
                raise ReadFault(FaultKind.TOO_MANY_ROWS, f"{len(row)} columns")
            self._width = max(self._width, min(len(row), self._limits.columns))
            self._add(row[: self._limits.columns], TableRow(table=self._tables, row=number, page=self._page))

    def _add(self, row: Row, line: TableRow | None) -> None:
        if len(self._rows) >= self._limits.rows:
            raise ReadFault(FaultKind.TOO_MANY_ROWS, f"more than {self._limits.rows} rows")
        self._rows.append(row)
        self._lines.append(line)

    def _across(self) -> Iterator[Merge]:
        """Every line of text across the whole width."""
        right = max(self._width, _NARROWEST)
        for row, line in enumerate(self._lines[: len(self._rows)], start=1):
            if line is None:
                yield Merge(top=row, left=1, bottom=row, right=right)


def pieces(text: str, limit: int) -> Iterator[str]:
    """A line in pieces of at most `limit` characters, no number or word of up to 40 characters cut."""
    cuts = [0]
    while len(text) - cuts[-1] > limit:
        end = cuts[-1] + limit
        back = next((n for n in range(end, max(end - _LONGEST_WORD, cuts[-1] + 1), -1) if _between(text, n)), end)
        cuts.append(back)
    for start, end in pairwise((*cuts, len(text))):
        yield text[start:end]


def _between(text: str, at: int) -> bool:
    """Whether a line may be cut here: not between two letters or digits."""
    return not (text[at - 1].isascii() and text[at - 1].isalnum() and text[at].isascii() and text[at].isalnum())


def _moved(merge: Merge, by: int) -> Merge:
    return Merge(top=merge.top + by, left=merge.left, bottom=merge.bottom + by, right=merge.right)
