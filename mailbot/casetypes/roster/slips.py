"""Rows that break the pattern of their table: cells pushed aside by one, a name torn or run together with another.

Nothing is put right here: the row is given words that hold it, so that somebody looks at it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from mailbot.casetypes.roster.answers import SLIPPED, with_words
from mailbot.casetypes.roster.fields import LABELS
from mailbot.casetypes.roster.folding import blank, squeeze, text_of
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.habits import Pattern, numberlike, pattern_of
from mailbot.casetypes.roster.labels import is_label
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.rows import Raw
from mailbot.casetypes.roster.splitnames import beside_nameless, run_together, torn
from mailbot.casetypes.roster.tables import Table
from mailbot.casetypes.roster.torn import sexed

_FEWEST_OF_COLUMN: Final = 3
"""Cells that make a column of their own right of the table, where half of the people have one."""
_TELEPHONE: Final = re.compile(r"0\d{2,3}-?\d{7,8}")


def doubted(grid: Grid, table: Table, lexicon: Lexicon) -> list[Raw]:
    """The people of a table with what its pattern says against them."""
    people = _beside_gaps([sexed(raw, table.panels[raw.panel - 1]) for raw in table.people])
    pattern = pattern_of(grid, table)
    nameless = beside_nameless(people)
    out = []
    for raw in people:
        words = _against(raw, pattern, table, lexicon, alone=(raw.row, raw.panel) not in nameless)
        out.append(with_words(raw, f"{SLIPPED}：{words}") if words else raw)
    return out


def _against(raw: Raw, pattern: Pattern, table: Table, lexicon: Lexicon, *, alone: bool) -> str | None:
    """What is doubted of a row, if anything is."""
    if _other_number(raw, pattern, table, lexicon):
        return "行内另有号码"
    if any(_displaced(raw.row, column, pattern) for column in pattern.odd.get(raw.row, ())):
        return "各栏"
    place = table.panels[raw.panel - 1]["name"]
    doubted = torn(raw, place, pattern, lexicon) or run_together(raw, place, pattern, lexicon, alone=alone)
    return LABELS["name"] if doubted else None


def _other_number(raw: Raw, pattern: Pattern, table: Table, lexicon: Lexicon) -> bool:
    """Whether an ID number or mobile number that is not the row's own stands where others have none: in another column,
    or, as a landline may too, right behind the last one."""
    texts = [text for at in pattern.odd.get(raw.row, ()) if numberlike(text := pattern.text(raw.row, at))]
    beyond = pattern.habits[table.width + 1].filled
    if beyond and raw.panel == len(table.panels) and (beyond < _FEWEST_OF_COLUMN or beyond * 2 < len(table.people)):
        cells = pattern.grid.row(raw.row)[table.width :]
        run = takewhile(lambda text: text.strip() and not is_label(text, lexicon), map(text_of, cells))
        texts += (text for text in run if numberlike(text) or _TELEPHONE.fullmatch(squeeze(text)))
    own = squeeze(f"{text_of(raw.id_number)} {text_of(raw.phone)}") if texts else ""
    return any(squeeze(text) not in own for text in texts)


def _displaced(row: int, column: int, pattern: Pattern) -> bool:
    """Whether what belongs into this column stands beside it, where it belongs as little as what stands here."""
    here, odd = pattern.text(row, column), pattern.odd[row]
    beside = (pattern.text(row, other) for other in (column - 1, column + 1) if other in odd)
    return any(text != here and pattern.habits[column].native(text) for text in beside)


def _beside_gaps(people: list[Raw]) -> list[Raw]:
    """The people; where one row lacks a value that another row has alone, the column seems to have slipped by a cell,
    and nobody between the two is surely who stands there. With nobody between them, both are asked about anyway."""
    partial = [raw for raw in people if any(blank(getattr(raw, key)) for key in LABELS)]
    for key, label in LABELS.items() if partial else ():
        others = [other for other in LABELS if other != key]
        gaps = [raw for raw in partial if blank(getattr(raw, key)) and not any(blank(getattr(raw, o)) for o in others)]
        alone = [raw for raw in partial if not blank(getattr(raw, key)) and all(blank(getattr(raw, o)) for o in others)]
        for panel in {raw.panel for raw in gaps} & {raw.panel for raw in alone}:
            rows = [raw.row for raw in (*gaps, *alone) if raw.panel == panel]
            if not any(_between(raw, panel, rows) and raw not in partial for raw in people):
                continue
            people = [with_words(raw, f"{SLIPPED}：{label}") if _between(raw, panel, rows) else raw for raw in people]
    return people


def _between(raw: Raw, panel: int, rows: Sequence[int]) -> bool:
    return raw.panel == panel and min(rows) <= raw.row <= max(rows)
