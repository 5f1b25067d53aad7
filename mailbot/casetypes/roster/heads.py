"""Where a table's heading is, and which columns it names: one row or several, one panel or more side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mailbot.casetypes.roster.folding import blank, text_of
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.likeness import idlike, phonelike

Columns = Mapping[str, int]
Named = tuple[str, int]

_NO_OTHER_BELOW: Final = frozenset({"name", "id_number", "serial"})
_ALSO_LABELS: Final = frozenset({"unit", "order_no"})
"""What a colon makes a label with its value beside it."""
_CROSSED: Final = "crossed"
"""The key of a column whose heading says two things."""
_TALLEST: Final = 3
"""Rows of the tallest heading."""
FEWEST_OF_VALUE: Final = 5
"""Digits that no heading has."""
_LOOKED_AT: Final = 30
"""So many rows below a heading tell which of two columns of one name holds numbers."""
_LIKE: Final = {"id_number": idlike, "phone": phonelike}


@dataclass(frozen=True, slots=True)
class Head:
    """A heading: its first and last row, the columns (from 1) of each panel from left to right, and every column that
    has any heading at all; what stands right of the last of them is beside the table. `remarks` are columns of remarks
    besides the one of the panel."""

    top: int
    bottom: int
    panels: tuple[Columns, ...]
    headed: frozenset[int]
    remarks: frozenset[int] = frozenset()

    even: bool = True
    """Whether the panels are alike, column by column, and nothing is left over. Where they are not, a heading is
    damaged, and somebody's numbers may stand below another's name."""


def find_head(grid: Grid, row: int, lexicon: Lexicon) -> Head | None:
    """The heading that begins in this row, `None` where none does: it names the name and an ID number or a phone."""
    named = _named(grid, row, lexicon)
    if not named or _holds_data(grid, row) or _is_labelled(grid, row, named, lexicon):
        return None
    for bottom, found in reversed(_grown(grid, row, named, lexicon)):
        panels = _panels(found, grid, bottom)
        if panels and not _counts(grid, row, panels, lexicon):
            remarks = {column for column, (key, _rank) in found.items() if key == "remark"}
            taken = {panel.get("remark") for panel in panels}
            headed = _headed(grid, row, bottom, found, lexicon)
            even = _even(panels, found) and not _cut(grid, row, named, lexicon)
            return Head(row, bottom, panels, headed, frozenset(remarks - taken), even)
    return None


def could_be_head(cells: Iterable[object], lexicon: Lexicon) -> bool:
    """A quick look: whether some cell of the row is a heading."""
    return any(isinstance(cell, str) and lexicon.column(cell) for cell in cells)


def _named(grid: Grid, row: int, lexicon: Lexicon) -> dict[int, Named]:
    named: dict[int, Named] = {}
    for column, text in grid.texts(row):
        match = lexicon.column(text)
        if match and not (match[0] in _ALSO_LABELS and text.rstrip().endswith((":", "："))):
            named[column] = match
    return named


def _grown(grid: Grid, row: int, first: dict[int, Named], lexicon: Lexicon) -> list[tuple[int, dict[int, Named]]]:
    """The heading of this row alone, then with each row below that continues it: the last row, and what is named."""
    out = [(row, first)]
    for bottom in range(row + 1, row + _TALLEST):
        named = out[-1][1]
        below = _below(grid, bottom, named, lexicon)
        if not below or _renames(grid, row, named, below):
            break
        out.append((bottom, {**named, **below}))
    return out


def _below(grid: Grid, row: int, above: Mapping[int, Named], lexicon: Lexicon) -> dict[int, Named]:
    """What a row adds to the heading above it; empty where it is no part of it.

    It holds headings, alone or read together with the cell above, and words without digits beside them; under the
    heading of the name, the ID number or the serial number it holds nothing else, or it would be a person.
    """
    named: dict[int, Named] = {}
    for column, text in grid.texts(row):
        span = grid.span(row, column)
        if span and span.top < row:
            continue
        match = lexicon.column(text_of(grid.shown(row - 1, column)) + text) or lexicon.column(text)
        if match:
            named[column] = (_CROSSED, 0) if _crosses(grid, row, column, match[0], above) else match
        elif any(char.isdigit() for char in text) or above.get(column, ("", 0))[0] in _NO_OTHER_BELOW:
            return {}
    repeats = "name" in {key for key, _rank in named.values()} and any(key == "name" for key, _ in above.values())
    return {} if repeats else named


def _crosses(grid: Grid, row: int, column: int, key: str, above: Mapping[int, Named]) -> bool:
    """Whether a row calls a column what the row above calls another one, while it says something else of this one, or
    nothing: the two rows are shifted against each other, or speak of another's number (紧急联系人, below it 电话).
    """
    span = grid.span(row - 1, column)
    if (span and span.right > span.left) or above.get(column, ("", 0))[0] == key:
        return False
    if blank(grid.cell(row - 1, column)) and _grouped(grid, row, column, key, above):
        return False
    return any(named == key for other, (named, _rank) in above.items() if other != column)


def _grouped(grid: Grid, row: int, column: int, key: str, above: Mapping[int, Named]) -> bool:
    """Whether the last heading left of a blank cell names the column too, with a word of its own below it: it heads
    both (联系方式, below it 座机 and 手机)."""
    head = max((at for at, _text in grid.texts(row - 1) if at < column), default=0)
    return above.get(head, ("", 0))[0] == key and not blank(grid.cell(row, head))


def _renames(grid: Grid, top: int, above: Mapping[int, Named], below: Mapping[int, Named]) -> bool:
    """Whether the row below calls a column otherwise that the row above names for itself: then the row above is a line
    of labels (单位 | 重庆某医院) over a heading of its own."""
    for column, (key, _rank) in below.items():
        span = grid.span(top, column)
        wide = span is not None and span.right > span.left
        if column in above and above[column][0] != key and not wide and len(below) > 1:
            return True
    return False


def _headed(grid: Grid, top: int, bottom: int, named: Mapping[int, Named], lexicon: Lexicon) -> frozenset[int]:
    """The columns with a heading. Right of all that is named, a label with its value begins what stands beside."""
    texts = [(column, text) for row in range(top, bottom + 1) for column, text in grid.texts(row)]
    beside = [column for column, text in texts if column > max(named) and lexicon.labels_in(text)]
    return frozenset(column for column, _ in texts if not beside or column < min(beside))


def _holds_data(grid: Grid, row: int) -> bool:
    """Whether the row holds a value beside the names of columns: a form that is filled to the right is no table."""
    return any(idlike(cell) or phonelike(cell) for cell in grid.row(row))


def _is_labelled(grid: Grid, row: int, named: Mapping[int, Named], lexicon: Lexicon) -> bool:
    """Whether labels stand among the names of columns, with a colon or with a number beside them."""
    return any(
        column not in named and (lexicon.labels_in(text) or sum(map(str.isdigit, text)) >= FEWEST_OF_VALUE)
        for column, text in grid.texts(row)
        if column < max(named)
    )


def _counts(grid: Grid, row: int, panels: tuple[Columns, ...], lexicon: Lexicon) -> bool:
    """Whether the row heads a summary: contacts and how many people each unit has, and no ID numbers."""
    if any("id_number" in panel for panel in panels):
        return False
    return any(lexicon.label(text) == "count" for _, text in grid.texts(row))


def _panels(named: Mapping[int, Named], grid: Grid, bottom: int) -> tuple[Columns, ...]:
    return tuple(panel for panel in (_best(group, grid, bottom) for group in _split(named)) if _is_table(panel))


def _even(panels: Sequence[Columns], named: Mapping[int, Named]) -> bool:
    keys = Counter(key for key, _rank in named.values())
    shapes = {tuple(sorted((key, at - panel["name"]) for key, at in panel.items())) for panel in panels}
    twice = {key for (key, _rank), count in Counter(named.values()).items() if count > 1}
    whole = len(twice) < 2 if len(panels) == 1 else keys["id_number"] % len(panels) == 0
    return whole and len(shapes) == 1 and keys["name"] == len(panels) and not keys[_CROSSED]


def _cut(grid: Grid, row: int, named: Mapping[int, Named], lexicon: Lexicon) -> bool:
    """Whether a heading was cut in two (移动 | 电话), so that every one right of it stands a column too far."""
    texts = dict(grid.texts(row))
    pairs = ((texts[column], texts[column + 1]) for column in texts if column not in named and column + 1 in texts)
    return any(lexicon.is_alias(left + right) for left, right in pairs)


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


def _best(group: list[tuple[int, Named]], grid: Grid, bottom: int) -> Columns:
    """For a column that stands twice in a panel the one that is shown, then the one that holds such numbers (masked
    beside whole ones), then the better alias, then the one further left.

    Where ID number and phone both stand twice, a panel has lost its name, and nobody can tell whose they are: that is
    no panel.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for column, (key, rank) in group:
        found.setdefault(key, []).append((rank, column))
    if all(_twice(found.get(key, ())) for key in _LIKE):
        return {}
    return {
        key: places[0][1] if len(places) == 1 else min(places, key=lambda place: _order(grid, bottom, key, *place))[1]
        for key, places in found.items()
        if key != _CROSSED
    }


def _twice(places: Sequence[tuple[int, int]]) -> bool:
    ranks = [rank for rank, _column in places]
    return ranks.count(min(ranks, default=0)) > 1


def _order(grid: Grid, bottom: int, key: str, rank: int, column: int) -> tuple[bool, bool, int, int]:
    rows = range(bottom + 1, min(bottom + _LOOKED_AT, grid.height) + 1)
    like = _LIKE.get(key)
    holds = like is None or any(like(grid.cell(row, column)) for row in rows)
    return column in grid.sheet.hidden_columns, not holds, rank, column
