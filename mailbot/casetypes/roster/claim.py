"""Is it mine? Told by content: a heading or columns of people, or a spreadsheet that nobody could read."""

from __future__ import annotations

from collections.abc import Iterable

from mailbot.casetypes.roster.grid import Grid, grid_of
from mailbot.casetypes.roster.heads import could_be_head, find_head
from mailbot.casetypes.roster.infer import SAMPLE_ROWS, infer_columns
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.loose import loosened
from mailbot.casetypes.roster.turned import lies_on_side
from mailbot.casetypes.roster.walk import TITLE_ROWS, other_form
from mailbot.domain.document import Document, FaultKind


def claims(documents: Iterable[Document], lexicon: Lexicon) -> frozenset[int]:
    """The numbers of the documents that are rosters, or that only the clerk or staff can tell to be none.

    A table without any list of people is claimed for its title or file name alone, and only in a mail without a roster:
    the clerk is then told that the form is wrong.
    """
    asked = tuple(documents)
    unread = {d.number for d in asked if d.fault and d.fault.kind is not FaultKind.UNSUPPORTED}
    rosters = {d.number for d in asked if not d.fault and is_roster(d, lexicon)}
    if rosters:
        return frozenset(unread | rosters)
    return frozenset(unread | {d.number for d in asked if not d.fault and _speaks_of_one(d, lexicon)})


def is_roster(document: Document, lexicon: Lexicon) -> bool:
    """Whether some sheet has a roster's heading, or columns of names and numbers, and is no other form. The rows to
    correct that our own letter brought are one."""
    return document.is_correction or any(_is_list(grid_of(sheet), lexicon) for sheet in document.sheets)


def _is_list(grid: Grid, lexicon: Lexicon) -> bool:
    if other_form(grid, lexicon):
        return False
    for row in range(1, min(grid.height, SAMPLE_ROWS) + 1):
        if could_be_head(grid.row(row), lexicon) and find_head(grid, row, lexicon):
            return True
    return lies_on_side(grid, lexicon) or infer_columns(grid) is not None or loosened(grid, lexicon) is not None


def _speaks_of_one(document: Document, lexicon: Lexicon) -> bool:
    """Whether a table that holds no list of people comes under the name of a roster."""
    if document.family == "unread":
        return False
    grids = [grid_of(sheet) for sheet in document.sheets]
    if any(other_form(grid, lexicon) for grid in grids):
        return False
    words = [document.name, document.member or "", *(sheet.name for sheet in document.sheets)]
    words += [text for grid in grids for row in range(1, TITLE_ROWS + 1) for _, text in grid.texts(row)]
    return any(lexicon.is_title(text) for text in words if len(text) <= 200)
