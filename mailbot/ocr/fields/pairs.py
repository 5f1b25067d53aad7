"""Labels with their values: behind the label in its line, right of it, or below it, with the lines it wraps onto."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mailbot.ocr.fields.base import Page, Piece, Place, middle, plain
from mailbot.ocr.fields.typed import WRAPS
from mailbot.ocr.fields.words import NONE, label_at

_NUMERIC: Final = re.compile(r"[A-Za-z0-9_:.\-]+", re.ASCII)
_CROWD: Final = 48
"""Lines looked at in one band: a page that holds more beside one another is no form."""
_WRAPPED: Final = 4
"""Lines that one number may take."""


@dataclass(frozen=True, slots=True)
class Found:
    """A label's field with its value's place; `cut` where more of the value seems to follow."""

    field: str
    place: Place
    cut: bool = False


class Layout:
    """The lines of a page by bands of one text height, so that a neighbour is found without looking at all."""

    def __init__(self, page: Page) -> None:
        heights = sorted(line.box[3] - line.box[1] for line in page.lines)
        self.height = max(page.text_height or (heights[len(heights) // 2] if heights else 1.0), 1.0)
        self.pieces = tuple(Piece.of(line) for line in page.lines)
        self.labels = {id(piece): label_at(piece.text) for piece in self.pieces}
        self._bands: dict[int, list[Piece]] = {}
        for piece in self.pieces:
            band = self._bands.setdefault(int(middle(piece.box)[1] // self.height), [])
            if len(band) < _CROWD:
                band.append(piece)

    def near(self, top: float, bottom: float) -> Iterator[Piece]:
        """The lines whose middle lies between two heights, a few text heights apart at most."""
        first = int(top // self.height)
        for number in range(first, min(int(bottom // self.height), first + 12) + 1):
            yield from (one for one in self._bands.get(number, ()) if top <= middle(one.box)[1] <= bottom)

    def right_of(self, piece: Piece) -> Piece | None:
        """The nearest line in the same band that begins right of this one."""
        y, half = middle(piece.box)[1], 0.6 * self.height
        beside = [one for one in self.near(y - half, y + half) if one.box[0] >= piece.box[2] - half]
        return min((one for one in beside if one is not piece), key=lambda one: one.box[0], default=None)

    def below(self, piece: Piece, gap: float) -> Piece | None:
        """The nearest line under this one, at most `gap` text heights away, that shares some of its width."""
        bottom = piece.box[3]
        under = [
            one
            for one in self.near(bottom, bottom + (gap + 0.7) * self.height)
            if one.line is not piece.line and one.box[0] < piece.box[2] and one.box[2] > piece.box[0]
        ]
        return min(under, key=lambda one: one.box[1], default=None)


def pairs(layout: Layout) -> Iterator[Found]:
    """Every label with its value, in reading order; one without a value gives none."""
    for piece in layout.pieces:
        label = layout.labels[id(piece)]
        if label is None or label[0] == NONE:
            continue
        field, start = label
        value = _value(layout, piece, start)
        if value is not None:
            places, cut = _wrapped(layout, field, value)
            yield Found(field, Place(places), cut)


def _value(layout: Layout, piece: Piece, start: int) -> Piece | None:
    if piece.text[start:].strip():
        return piece.cut(start)
    right = layout.right_of(piece)
    if right is not None:
        return right if layout.labels[id(right)] is None else _under(layout, piece)
    return _under(layout, piece)


def _under(layout: Layout, piece: Piece) -> Piece | None:
    below = layout.below(piece, 1.6)
    return below if below is not None and layout.labels[id(below)] is None else None


def _wrapped(layout: Layout, field: str, value: Piece) -> tuple[tuple[Piece, ...], bool]:
    """The value with the numeric lines directly under it that continue it; `True` where one more lies there still."""
    pieces = [value]
    if field not in WRAPS:
        return tuple(pieces), False
    while (below := layout.below(pieces[-1], 0.8)) is not None and _continues(layout, below):
        if len(pieces) == _WRAPPED:
            return tuple(pieces), True
        pieces.append(below)
    right = layout.right_of(pieces[-1])
    return tuple(pieces), right is not None and _continues(layout, right)


def _continues(layout: Layout, piece: Piece) -> bool:
    """Whether a line is the rest of a number: numeric, no label, and no label begins in its band left of it."""
    if layout.labels[id(piece)] is not None or not _NUMERIC.fullmatch(plain(piece.text)):
        return False
    y, half = middle(piece.box)[1], 0.5 * layout.height
    return all(layout.labels[id(one)] is None for one in layout.near(y - half, y + half) if one.box[0] < piece.box[0])
