"""Headings that do not fit what stands below them, so that nobody can be sure which column is which.

Such a table is read as its heading says, and counts as inferred: a person confirms it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from mailbot.casetypes.roster.folding import blank, squeeze, text_of
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.likeness import namelike, phonelike
from mailbot.casetypes.roster.rows import Raw
from mailbot.casetypes.roster.tables import Table

_FEWEST: Final = 2
_FEWEST_REPEATS: Final = 3
_SHARE: Final = 3
"""A text that is the name of more than one in so many is nobody's."""
_NUMBER: Final = re.compile(r"[\dXx-]{6,}")
_OF_NUMBERS: Final = re.compile(
    "电话|手机|移动|联系|座机|固话|号|码|账|帐|用户名|微信|tel|phone|mobile|cell|contact|qq|no", re.IGNORECASE
)
"""What a heading says that may stand over mobile numbers."""


def doubt_headings(grid: Grid, tables: Sequence[Table]) -> None:
    """Marks every table as inferred whose heading its content contradicts, and both of two that put the phones into
    different columns although the rest stays."""
    for table in tables:
        table.inferred = table.inferred or _names_elsewhere(table.people) or _numbers_elsewhere(grid, table)
    for one, other in pairwise(tables):
        if _phones_moved(grid, one, other):
            one.inferred = other.inferred = True


def _names_elsewhere(people: Sequence[Raw]) -> bool:
    """Whether under the heading of the names are more numbers than names, so that the rows that seem right are those
    that slipped; or one text again and again, which is nobody's name."""
    cells = [squeeze(text_of(raw.name)) for raw in people if not blank(raw.name)]
    numbers = sum(_NUMBER.fullmatch(cell) is not None for cell in cells)
    if numbers >= _FEWEST and numbers > sum(map(namelike, cells)):
        return True

    def is_often(count: int) -> bool:
        return count >= _FEWEST_REPEATS and count * _SHARE > len(cells)

    often = {name for name, count in Counter(cells).items() if name and is_often(count)}
    named = ((squeeze(text_of(raw.name)), raw) for raw in people if often)
    different = {(name, squeeze(text_of(raw.id_number))) for name, raw in named if name in often}
    return any(map(is_often, Counter(name for name, _ in different).values()))


def _numbers_elsewhere(grid: Grid, table: Table) -> bool:
    """Whether mobile numbers stand under a heading that speaks of none (邮箱)."""
    columns = (column for column, text in table.headings.items() if not _OF_NUMBERS.search(text))
    return any(_holds_phones(grid, table, column) for column in columns)


def _phones_moved(grid: Grid, one: Table, other: Table) -> bool:
    """Whether two headings of one sheet differ in the column of the phone alone, and both columns hold mobile numbers
    in both tables."""
    pairs = zip(one.panels, other.panels, strict=False)
    for before, after in pairs:
        same = all(before.get(key) == after.get(key) for key in ("name", "id_number"))
        places = {before.get("phone", 0), after.get("phone", 0)}
        if same and len(places) == 2 and all(_holds_phones(grid, table, at) for table in (one, other) for at in places):
            return True
    return False


def _holds_phones(grid: Grid, table: Table, column: int) -> bool:
    cells = [cell for raw in table.people if not blank(cell := grid.cell(raw.row, column))]
    return bool(cells) and sum(map(phonelike, cells)) * 2 > len(cells)
