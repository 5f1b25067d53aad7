"""Where a table's heading is, and which columns it names: one row or two, one panel or several side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mailbot.casetypes.roster.folding import text_of
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.likeness import idlike, phonelike

Columns = Mapping[str, int]
Named = tuple[str, int]

_NO_OTHER_BELOW = frozenset({"name", "id_number", "serial"})


@dataclass(frozen=True, slots=True)
class Head:
    """A heading: its first and last row, and the columns (from 1) of each panel from left to right."""

    top: int
    bottom: int
    panels: tuple[Columns, ...]


def find_head(grid: Grid, row: int, lexicon: Lexicon) -> Head | None:
    """The heading that begins in this row, `None` where none does: it names the name and an ID number or a phone."""
    first = _named(grid, row, lexicon)
    if not first:
        return None
    below = _below(grid, row, first, lexicon)
    for bottom, named in ((row + 1, {**first, **below}) if below else (row, first), (row, first)):
        panels = _panels(named)
        if panels and not _holds_data(grid, row) and not _counts(grid, row, panels, lexicon):
            return Head(row, bottom, panels)
    return None


def could_be_head(cells: Iterable[object], lexicon: Lexicon) -> bool:
    """A quick look: whether some cell of the row is a heading."""
    return any(isinstance(cell, str) and lexicon.column(cell) for cell in cells)


def _named(grid: Grid, row: int, lexicon: Lexicon) -> dict[int, Named]:
    named: dict[int, Named] = {}
    for column, text in grid.texts(row):
        match = lexicon.column(text)
        if match:
            named[column] = match
    return named


def _below(grid: Grid, row: int, first: Mapping[int, Named], lexicon: Lexicon) -> dict[int, Named]:
    """What the row below adds as the second row of a heading; empty where it is no such row.

    It holds headings, alone or read together with the cell above, and words without digits beside them; under the
    heading of the name, the ID number or the serial number it holds nothing else, or it would be a person.
    """
    named: dict[int, Named] = {}
    for column, text in grid.texts(row + 1):
        span = grid.span(row + 1, column)
        if span and span.top <= row:
            continue
        match = lexicon.column(text_of(grid.shown(row, column)) + text) or lexicon.column(text)
        if match:
            named[column] = match
        elif any(char.isdigit() for char in text) or first.get(column, ("", 0))[0] in _NO_OTHER_BELOW:
            return {}
    repeats = {key for key, _rank in named.values()} >= {"name"} and bool(_panels(first))
    return {} if repeats else named


def _holds_data(grid: Grid, row: int) -> bool:
    """Whether the row holds a value beside the names of columns: a form that is filled to the right is no table."""
    return any(idlike(cell) or phonelike(cell) for cell in grid.row(row))


def _counts(grid: Grid, row: int, panels: tuple[Columns, ...], lexicon: Lexicon) -> bool:
    """Whether the row heads a summary: contacts and how many people each unit has, and no ID numbers."""
    if any("id_number" in panel for panel in panels):
        return False
    return any(lexicon.label(text) == "count" for _, text in grid.texts(row))


def _panels(named: Mapping[int, Named]) -> tuple[Columns, ...]:
    return tuple(panel for panel in map(_best, _split(named)) if _is_table(panel))


def _is_table(panel: Columns) -> bool:
    return "name" in panel and ("id_number" in panel or "phone" in panel)


def _split(named: Mapping[int, Named]) -> list[list[tuple[int, Named]]]:
    """The headings from left to right, cut where a panel begins again.

    A panel is complete with a name and an ID number or phone; the next one begins with the first heading that repeats,
    or with a second serial number. With a single name there is a single panel, whatever else stands twice.
    """
    ordered = sorted(named.items())
    if sum(key == "name" for _, (key, _rank) in ordered) < 2:
        return [ordered]
    groups: list[list[tuple[int, Named]]] = [[]]
    for entry in ordered:
        keys = {key for _, (key, _rank) in groups[-1]}
        again = entry[1][0] in keys and "name" in keys and keys & {"id_number", "phone"}
        if again and _name_follows(entry[0], ordered, has_name=entry[1][0] == "name"):
            groups.append([])
        groups[-1].append(entry)
    return groups


def _name_follows(column: int, ordered: list[tuple[int, Named]], *, has_name: bool) -> bool:
    return has_name or any(key == "name" for place, (key, _rank) in ordered if place > column)


def _best(group: list[tuple[int, Named]]) -> Columns:
    """For a column that stands twice in a panel the better alias, then the one further left."""
    best: dict[str, tuple[int, int]] = {}
    for column, (key, rank) in group:
        best[key] = min(best.get(key, (rank, column)), (rank, column))
    return {key: column for key, (_rank, column) in best.items()}
