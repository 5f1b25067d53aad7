"""Lists that are texts: a whole person in one cell, or every value behind its own label (姓名：…), taken apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mailbot.casetypes.roster.folding import blank, squeeze
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.rows import valid_ids
from mailbot.domain.document import Cell

MOST_CELLS: Final = 20_000
"""Cells of the largest sheet that is taken apart."""
SHORTEST: Final = 20
LONGEST: Final = 200
"""Characters of the texts that are taken apart: an ID number with something beside it."""
_GAP: Final = re.compile(r"[\s,，;；、|/\\]+")
_LABELLED: Final = re.compile(r"\s*(?P<head>[^:：]{1,12})[:：]\s*(?P<value>[^:：]+)")


def loosened(grid: Grid, lexicon: Lexicon) -> Grid | None:
    """The sheet with every row that holds a valid ID number among other text taken apart, and a heading in a single
    cell too; `None` where no row does."""
    if sum(map(len, grid.sheet.rows)) > MOST_CELLS:
        return None
    found = [_person(row, lexicon) for row in grid.sheet.rows]
    if not any(found):
        return None
    rows = tuple(pieces or _heading(row, lexicon) or row for pieces, row in zip(found, grid.sheet.rows, strict=True))
    return Grid(grid.sheet.model_copy(update={"rows": rows, "merges": ()}), {})


def _person(row: tuple[Cell, ...], lexicon: Lexicon) -> tuple[Cell, ...] | None:
    """The values of a row that is a person in texts."""
    texts = [cell for cell in row if isinstance(cell, str) and cell.strip()]
    if not any(SHORTEST <= len(squeeze(text)) <= LONGEST and valid_ids(text) for text in texts):
        return None
    pieces: list[Cell] = []
    for text in texts:
        labelled = [found["value"].strip() for part in _parts(text) if (found := _labelled(part, lexicon))]
        pieces.extend(labelled or _GAP.split(text.strip()))
    return _in_place(row, pieces)


def _parts(text: str) -> list[str]:
    return re.split(r"[,，;；、|]|\s{1,}(?=[^\s:：]{1,12}[:：])", text)


def _labelled(part: str, lexicon: Lexicon) -> re.Match[str] | None:
    found = _LABELLED.fullmatch(part)
    return found if found and lexicon.column(found["head"]) else None


def _heading(row: tuple[Cell, ...], lexicon: Lexicon) -> tuple[Cell, ...] | None:
    """The names of columns that stand together in one cell."""
    texts = [cell for cell in row if isinstance(cell, str) and cell.strip()]
    words = _GAP.split(texts[0].strip()) if len(texts) == 1 else []
    return _in_place(row, words) if len(words) > 1 and all(map(lexicon.column, words)) else None


def _in_place(row: tuple[Cell, ...], pieces: Sequence[Cell]) -> tuple[Cell, ...]:
    """The pieces from the first filled cell on."""
    first = next(place for place, cell in enumerate(row) if not blank(cell))
    return (*([None] * first), *pieces)
