"""Who is not to be registered by what stands around a list: the names of its file and sheet, a line of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailbot.casetypes.roster.folding import squeeze, text_of
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.likeness import ids_inside
from mailbot.casetypes.roster.rows import Raw
from mailbot.casetypes.roster.tables import Table
from mailbot.domain.document import BODY, Document, Sheet

STRUCK: Final = "画有删除线"
"""What is said of a row in which something is crossed out; the form's remarks hold the word."""


def barring(document: Document, sheet: Sheet, lexicon: Lexicon) -> tuple[str, ...]:
    """The names of folder, file and sheet that say so. A hidden sheet needs no words."""
    path = f"{document.name}/{document.member or ''}" if document.number != BODY else ""
    names = [part.rpartition(".")[0] or part for part in path.split("/")]
    return tuple(
        name for name in dict.fromkeys((*names, sheet.name if sheet.visible else "")) if name and lexicon.excludes(name)
    )


def alone_in(grid: Grid, row: int, table: Table | None, lexicon: Lexicon) -> str | None:
    """The text of a line that holds nothing else, or is a note; `None` for labels, for a remark and for somebody's own
    numbers."""
    texts = list(grid.texts(row))
    column, text = texts[0]
    if len(texts) > 1 and not lexicon.begins_note(text):
        return None
    said = "".join(part for _, part in texts)
    remark = len(texts) == 1 and any(panel.get("remark") == column for panel in (table.panels if table else ()))
    return None if remark or ids_inside(said) or lexicon.labels_in(text) else said


def spoken_of(text: str, people: Sequence[Raw], lexicon: Lexicon) -> list[Raw]:
    """The people above a line of whom it says something that decides: those it names, or all where it gives a number or
    speaks of all."""
    if lexicon.of_above(text):
        return list(people)
    if lexicon.remark(text) is None:
        return []
    short = squeeze(text)
    return [raw for raw in people if len(squeeze(text_of(raw.name))) > 1 and squeeze(text_of(raw.name)) in short]
