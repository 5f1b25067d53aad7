"""Columns told by their content, where no heading tells them. What is found so, a person confirms."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from typing import Final

from mailbot.casetypes.roster.folding import blank, squeeze, text_of
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.heads import Columns
from mailbot.casetypes.roster.likeness import idlike, namelike, phonelike
from mailbot.domain.document import Cell

SAMPLE_ROWS: Final = 2_000
"""So many rows are looked at; the columns of a list do not change below them."""

SHORT_NAME: Final = 4

_TESTS: Final[tuple[tuple[str, Callable[[Cell], bool]], ...]] = (("id_number", idlike), ("phone", phonelike))


def infer_columns(grid: Grid) -> Columns | None:
    """Name, ID number and phone by content: names stand in the rows of the numbers. `None` without a name, and where a
    single row has no ID number (that is a contact person, not a list)."""
    rows = _sample(grid, 1)
    columns: dict[str, int] = {}
    for key, test in _TESTS:
        found = _fullest(grid, rows, test, lambda column: column not in columns.values())
        if found:
            columns[key] = found
    people = [row for row in rows if any(_looks(grid, row, columns, key) for key, _ in _TESTS)]
    name = _name_column(grid, people, columns.values())
    if name is None or (len(people) == 1 and "id_number" not in columns):
        return None
    columns["name"] = name
    columns.update(_surroundings(grid, people, columns))
    return columns


def complete(grid: Grid, columns: Columns, first: int, allowed: Callable[[int], bool]) -> Columns:
    """The columns of a heading, and an ID number or phone that it does not name, found by content below it."""
    out = dict(columns)
    for key, test in _TESTS:
        found = None if key in out else _fullest(grid, _sample(grid, first), test, allowed)
        if found and found not in out.values():
            out[key] = found
    return out


def _sample(grid: Grid, first: int) -> range:
    return range(first, min(grid.height, first + SAMPLE_ROWS - 1) + 1)


def _looks(grid: Grid, row: int, columns: Columns, key: str) -> bool:
    return key in columns and dict(_TESTS)[key](grid.cell(row, columns[key]))


def _fullest(grid: Grid, rows: range, test: Callable[[Cell], bool], allowed: Callable[[int], bool]) -> int | None:
    """The allowed column with most cells that pass the test: at least half of those filled, counted where several pass
    from the first of them down, for above it stand labels and headings."""
    hits: Counter[int] = Counter()
    filled: Counter[int] = Counter()
    above: Counter[int] = Counter()
    for row in rows:
        for column, cell in enumerate(grid.row(row), start=1):
            if not blank(cell) and allowed(column):
                hits[column] += test(cell)
                filled[column] += 1
                above[column] += not hits[column]
    best = max(sorted(hits), key=lambda column: hits[column], default=None)
    if best is None or not hits[best]:
        return None
    rest = filled[best] - (above[best] if hits[best] > 1 else 0)
    return best if hits[best] * 2 >= rest else None


def _name_column(grid: Grid, people: list[int], taken: Collection[int]) -> int | None:
    """The column whose cells beside the numbers are short Han names, most of them different."""
    seen: defaultdict[int, set[str]] = defaultdict(set)
    for row in people:
        for column, text in grid.texts(row):
            if column not in taken and namelike(text) and (len(squeeze(text)) <= SHORT_NAME or "·" in text):
                seen[column].add(text)
    return max(sorted(seen), key=lambda column: len(seen[column]), default=None)


def _surroundings(grid: Grid, people: list[int], columns: Columns) -> dict[str, int]:
    """A serial number left of the name, and the rightmost text as remark, so that a remark that decides is seen."""
    taken = set(columns.values())
    out: dict[str, int] = {}
    for row in people:
        for column, text in grid.texts(row):
            if column in taken:
                continue
            if column < columns["name"] and text.strip().isdigit():
                out.setdefault("serial", column)
            elif column > columns["name"] and not text_of(grid.cell(row, column)).strip().isdigit():
                out["remark"] = max(out.get("remark", 0), column)
    return out
