"""What each column of a table holds over all its people, and which of its cells are not of its kind.

Only the columns besides name, ID number and phone are looked at: what stands wrong in those three tells itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mailbot.casetypes.roster.folding import blank, text_of
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.likeness import phonelike
from mailbot.casetypes.roster.rows import valid_ids
from mailbot.casetypes.roster.tables import Table
from mailbot.domain.chars import is_han, says_nothing
from mailbot.domain.crosscheck import sex_of

_VALUES: Final = ("name", "id_number", "phone")
_FEWEST_OTHERS: Final = 2
_ONE_IN: Final = 3
"""Among so many cells of a column one of another kind is an exception, and not what the column holds too."""


@dataclass(frozen=True, slots=True)
class Habit:
    """One column: its texts with how often each stands there, how many of its cells are in words, and how many are like
    an ID number or mobile number. `repeats`: some text stands there more than once; `free` is a column of remarks, in
    which anything may stand once."""

    counts: Counter[str]
    worded: int
    numbers: int
    filled: int
    repeats: bool
    headed: bool
    sex: bool = False
    free: bool = False

    def foreign(self, text: str) -> bool:
        """Whether a text is surely not of this column: an ID number or mobile number where hardly another stands, or
        words that name no sex where the sex belongs, stand among numbers, or alone in a column without a heading."""
        return not (self.free or says_nothing(text)) and self._alien(text, number=numberlike(text))

    def _alien(self, text: str, *, number: bool) -> bool:
        if number:
            return self.headed and self._exceptional(self.numbers)
        if not _worded(text):
            return False
        if self.sex:
            return sex_of(text) is None
        return self._exceptional(self.worded) if self.headed else self.filled == 1

    def _exceptional(self, count: int) -> bool:
        return self.filled - count >= _FEWEST_OTHERS and count <= max(1, self.filled // _ONE_IN)

    def odd(self, text: str) -> bool:
        """Whether a text is foreign, or the only one of its kind where others repeat or no heading asks for it."""
        if self.free or says_nothing(text) or self.counts[text] > 1:
            return False
        number = numberlike(text)
        return self._alien(text, number=number) or (not number and (not self.headed or self.repeats))

    def native(self, text: str) -> bool:
        """Whether a text that stands beside this column is one of its own."""
        return not says_nothing(text) and (self.counts[text] > 0 or (self.sex and sex_of(text) is not None))


@dataclass(frozen=True, slots=True)
class Pattern:
    """The habits of a table's columns, by column, the columns of the odd cells by row, and the texts of the people's
    rows by column and row, where there is one."""

    grid: Grid
    habits: Mapping[int, Habit]
    odd: Mapping[int, frozenset[int]]
    texts: Mapping[int, Mapping[int, str]]

    def text(self, row: int, column: int) -> str:
        """The cell as it is compared; empty for a blank one."""
        known = self.texts.get(column)
        return _text(self.grid, row, column) if known is None else known.get(row, "")


def pattern_of(grid: Grid, table: Table) -> Pattern:
    """The habit of every column of a table but those of the three values, and of the one right of them all."""
    keys = {column: key for panel in table.panels for key, column in panel.items()}
    rows = sorted({raw.row for raw in table.people})
    columns = [column for column in range(1, table.width + 2) if keys.get(column) not in _VALUES]
    texts = {column: {row: text for row in rows if (text := _text(grid, row, column))} for column in columns}
    habits = {column: _habit(texts[column], keys.get(column, ""), headed=column in table.headed) for column in columns}
    return Pattern(grid, habits, _odd_cells(texts, habits), texts)


def _odd_cells(texts: Mapping[int, Mapping[int, str]], habits: Mapping[int, Habit]) -> dict[int, frozenset[int]]:
    out: dict[int, frozenset[int]] = {}
    for column, habit in habits.items():
        odd = {text for text in habit.counts if habit.odd(text)}
        for row, text in texts[column].items() if odd else ():
            if text in odd:
                out[row] = out.get(row, frozenset()) | {column}
    return out


def _habit(texts: Mapping[int, str], key: str, *, headed: bool) -> Habit:
    counts = Counter(texts.values())
    worded = sum(count for text, count in counts.items() if _worded(text))
    numbers = sum(count for text, count in counts.items() if numberlike(text))
    filled, repeats = counts.total(), any(count > 1 for count in counts.values())
    return Habit(counts, worded, numbers, filled, repeats, headed, sex=key == "sex", free=key == "remark")


def _text(grid: Grid, row: int, column: int) -> str:
    cell = grid.cell(row, column)
    return "" if blank(cell) else text_of(cell).strip()


def numberlike(text: str) -> bool:
    """Whether a text is a mobile number, or a right ID number; an order number has as many digits."""
    return phonelike(text) or bool(valid_ids(text))


def _worded(text: str) -> bool:
    return not text.isascii() and any(map(is_han, text))
