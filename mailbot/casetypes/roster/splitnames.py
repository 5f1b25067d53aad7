"""Names that are no whole name, or more than one: torn over two cells, run together with the next person's or with what
the column beside them holds. Told by what stands around them, for alone any of them may be somebody's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from mailbot.casetypes.roster.folding import blank, squeeze, text_of
from mailbot.casetypes.roster.habits import Habit, Pattern
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.likeness import namelike
from mailbot.casetypes.roster.rows import Raw
from mailbot.casetypes.roster.torn import LONGEST_GIVEN
from mailbot.domain.names import DOT, inspect, surnamed

LONGEST_TORN: Final = 3
"""Characters of the longest name that may be a part of one: 欧阳敏 of 欧阳敏秀."""
LONGEST_WHOLE: Final = 4
"""Characters of the longest name with a surname, put together again."""
_PIECE: Final = re.compile("[\u3400-\u9fff\U00020000-\U0003fffd·]{1,3}")
_SAID_ALONE: Final = frozenset("是否有无新旧正副已未在党团群中高初汉同上留")
"""What a remark of one character says."""
_TWO_ALONE: Final = range(5, 8)
"""Characters of what is surely two names, if each part begins with a surname; four may be one that is transcribed."""


def torn(raw: Raw, place: int, pattern: Pattern, lexicon: Lexicon) -> bool:
    """Whether the rest of a name seems to stand beside it. `place` is the column of the names."""
    name = squeeze(text_of(raw.name))
    if not name:
        return False
    if name.isascii():
        return not any(map(str.isdigit, name)) and namelike(pattern.text(raw.row, place + 1))
    if len(name) > LONGEST_TORN:
        return False
    beside = any(_piece_in(name, raw.row, column, place, pattern) for column in (place - 1, place + 1))
    return beside or _pushed(name, raw.row, place, pattern, lexicon)


def run_together(raw: Raw, place: int, pattern: Pattern, lexicon: Lexicon, *, alone: bool) -> bool:
    """Whether the name's cell holds a unit, two names, or a name and what repeats in the empty cell's column right of
    it. `alone`: nobody next to it lacks a name."""
    name = squeeze(text_of(raw.name))
    if len(name) <= LONGEST_TORN:
        return False
    if lexicon.names_unit(name) or (DOT in name and lexicon.is_part(name.rpartition(DOT)[2])):
        return True
    if (not alone or len(name) in _TWO_ALONE) and two_names(name):
        return True
    return not pattern.text(raw.row, place + 1) and _ends_with_word(name, pattern.habits.get(place + 1))


def two_names(name: str) -> bool:
    """Whether a text is made of two names of people, each with a surname of its own."""
    cuts = range(2, len(name) - 1)
    return any(_plain(name[cut:]) and (_plain(name[:cut]) or DOT in name[:cut]) for cut in cuts)


def beside_nameless(people: Sequence[Raw]) -> frozenset[tuple[int, int]]:
    """The rows and panels of people next to one of their panel who has no name."""
    out = set[tuple[int, int]]()
    for panel in {raw.panel for raw in people}:
        for one, other in pairwise(raw for raw in people if raw.panel == panel):
            out.update((a.row, a.panel) for a, b in ((one, other), (other, one)) if blank(b.name))
    return frozenset(out)


def _piece_in(name: str, row: int, column: int, place: int, pattern: Pattern) -> bool:
    """Whether a piece of the name stands in this column beside it. Right of the name one in a column without a heading
    was joined to it before; left of it stands a surname, or at least of a single character the rest."""
    habit = pattern.habits.get(column)
    if habit is None or (column > place and not habit.headed):
        return False
    text = pattern.text(row, column)
    if text.isascii() or pattern.grid.span(row, column):
        return False
    piece = squeeze(text)
    if not _PIECE.fullmatch(piece) or (column < place and piece.isnumeric()):
        return False
    if DOT in (piece[0], piece[-1]):
        return True
    if inspect(piece):
        return False
    bare = len(name) == 1 or surnamed(name) == name
    if not (habit.foreign(text) or (habit.counts[text] == 1 and (bare or _completes(name, piece, habit)))):
        return False
    return bare or column > place or surnamed(piece) is not None


def _completes(name: str, piece: str, habit: Habit) -> bool:
    """Whether a single character among remarks may be the second one of a given name."""
    given = len(name) - len(surnamed(name) or name)
    return habit.free and given == 1 and len(piece) == 1 and piece not in _SAID_ALONE


def _pushed(name: str, row: int, place: int, pattern: Pattern, lexicon: Lexicon) -> bool:
    """Whether the rest of the name seems to stand in the next column, and what belongs there in the one behind it."""
    habit = pattern.habits.get(place + 1)
    if habit is None:
        return False
    text, behind = pattern.text(row, place + 1), pattern.text(row, place + 2)
    piece = squeeze(text)
    if not _PIECE.fullmatch(piece) or len(name) + len(piece) > LONGEST_WHOLE:
        return False
    strange = habit.odd(text) and not inspect(piece) and not lexicon.is_part(piece)
    return strange and behind != text and habit.native(behind)


def _plain(text: str) -> bool:
    """Whether a text is a surname with one or two characters behind it."""
    surname = surnamed(text)
    return surname is not None and 1 <= len(text) - len(surname) <= LONGEST_GIVEN and not inspect(text)


def _ends_with_word(name: str, habit: Habit | None) -> bool:
    words = ((squeeze(text), count) for text, count in habit.counts.items()) if habit else ()
    return any(
        1 < len(word) <= len(name) - 2 and (count > 1 or len(word) > 2) and name.endswith(word) for word, count in words
    )
