"""One sheet as a list of people, in whatever way it holds them: by its headings, on its side, by content, in texts."""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.casetypes.roster.folding import blank, text_of
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.heads import Columns
from mailbot.casetypes.roster.infer import infer_columns
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.loose import loosened
from mailbot.casetypes.roster.rows import Raw, valid_ids
from mailbot.casetypes.roster.tables import Reading
from mailbot.casetypes.roster.turned import turned
from mailbot.casetypes.roster.walk import other_form, walk


def read_sheet(grid: Grid, lexicon: Lexicon) -> Reading:
    """The sheet's tables in order; none where it is another form or no list of people."""
    other = other_form(grid, lexicon)
    if other:
        return Reading(other_form=other, filled=True)
    reading = walk(grid, lexicon)
    if reading.tables:
        return reading
    on_side = turned(grid, lexicon)
    if on_side:
        return _upright(on_side, reading, lexicon)
    columns = infer_columns(grid)
    return walk(grid, lexicon, columns) if columns else _loose(grid, reading, lexicon)


def _upright(on_side: Grid, around: Reading, lexicon: Lexicon) -> Reading:
    """A list on its side with the labels around it. A single person may as well be somebody's own form, so that a
    person confirms it."""
    found = walk(on_side, lexicon)
    lines = {line for columns in found.columns for line in columns.values()}
    found.tables[0].labels = [hit for hit in around.tail if not min(lines) <= hit.row <= max(lines)]
    found.tables[0].year = around.year
    for table in found.tables:
        table.people = [raw for raw in table.people if not _beside_label(raw, on_side, table.panels, lexicon)]
    single = sum(len(table.people) for table in found.tables) == 1
    for table in found.tables:
        table.inferred = table.inferred or single
    found.turned = found.filled = True
    found.strays |= around.strays.difference(*(valid_ids(raw.id_number) for t in found.tables for raw in t.people))
    return found


def _beside_label(raw: Raw, on_side: Grid, panels: Sequence[Columns], lexicon: Lexicon) -> bool:
    """Whether what stands in the line of the names is another label (性别) or its value, and nobody."""
    if not (blank(raw.id_number) and blank(raw.phone)):
        return False
    line = panels[raw.panel - 1]["name"]
    words = [text_of(on_side.cell(column, line)) for column in (raw.row, raw.row - 1)]
    own, left = (lexicon.column(word) for word in words)
    return own is not None or (left is not None and left[0] != "name")


def _loose(grid: Grid, reading: Reading, lexicon: Lexicon) -> Reading:
    """People written as texts: taken apart, and confirmed by a person. Without any, all ID numbers are strays."""
    pieces = loosened(grid, lexicon)
    if pieces:
        found = walk(pieces, lexicon)
        columns = None if found.tables else infer_columns(pieces)
        found = walk(pieces, lexicon, columns) if columns else found
        for table in found.tables:
            table.inferred = True
        found.loose = True
        if found.tables:
            return found
    for row in grid.sheet.rows:
        reading.strays.update(number for cell in row for number in valid_ids(cell))
    return reading
