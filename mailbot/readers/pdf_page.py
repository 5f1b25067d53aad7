"""The pages of a PDF on a scroll: tables by their ruling lines, and what stands beside them line by line.

A line whose words stand far apart keeps them apart, so that a list without ruling lines is still seen as one. What was
wrapped inside a cell by its width alone is one word again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pdfplumber.page import Page

from mailbot.domain.document import Merge
from mailbot.readers.cells import text_cell
from mailbot.readers.scroll import Row, Scroll

Box = tuple[float, float, float, float]
Slot = tuple[int, int]

_WIDE: Final = 1.6
"""Characters further apart than this many of their heights stand in different columns."""
_NEAR: Final = 0.2
"""Characters nearer than this many of their heights belong to one word."""
_SAME_EDGE: Final = 3.0
"""Ruling lines nearer than this many points are one."""
_WHOLE_NUMBER: Final = re.compile(r"1[3-9]\d{9}|\d{17}[\dXx]")
_LETTER: Final = re.compile("[A-Za-z]")
_NAMELESS: Final = re.compile(r"\(cid:\d+\)")
"""How pdfminer writes a character of which the file tells only the shape."""
LOST: Final = "\ufffd"
_EDGE_LINES: Final = 4
"""So many lines (page number, repeated title) may stand between two pages' parts of one table."""


@dataclass(frozen=True, slots=True)
class Char:
    """One character and its place, in points from the page's upper left corner."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 1.0)

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class Ruled:
    """One ruled table: the edges of its rows and columns, and which cell holds each slot between them."""

    xs: list[float]
    ys: list[float]
    owners: dict[Slot, Slot] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    chars: dict[Slot, list[Char]] = field(default_factory=dict)

    @property
    def columns(self) -> int:
        return len(self.xs) - 1

    def take(self, char: Char) -> bool:
        """Whether the character stands in a cell, which then has it."""
        slot = (bisect_right(self.ys, char.middle), bisect_right(self.xs, (char.left + char.right) / 2))
        owner = self.owners.get(slot)
        if owner is not None:
            self.chars.setdefault(owner, []).append(char)
        return owner is not None

    def rows(self, limit: int) -> list[Row]:
        """The cells' texts by row, each of at most `limit` characters."""
        columns = range(1, len(self.xs))
        return [tuple(text_cell(self._text((row, at)), limit) for at in columns) for row in range(1, len(self.ys))]

    def _text(self, slot: Slot) -> str:
        return unwrapped([" ".join(text_of(line).split()) for line in lines_of(self.chars.get(slot, []))])


class Pages:
    """Lays one page after the other out."""

    def __init__(self, scroll: Scroll, limit: int) -> None:
        self._scroll = scroll
        self._limit = limit
        self.chars = 0
        self.lost = 0
        """Characters laid out so far, and those of which only the shape is known."""
        self._columns = 0
        """Columns of the table that may go on; 0 where none may."""
        self._between = 0
        """Lines of text since that table."""

    def lay(self, page: Page, number: int) -> None:
        """Lay a page out, counted from 1."""
        self._scroll.turn(number)
        tables = sorted(filter(None, (ruled(found.cells) for found in page.find_tables())), key=lambda t: t.ys[0])
        chars = _chars(page.chars)
        self.chars += len(chars)
        self.lost += sum(char.text == LOST for char in chars)
        loose = [char for char in chars if not any(table.take(char) for table in tables)]
        lines = lines_of(loose)
        first = True
        for table in tables:
            while lines and lines[0][0].middle < table.ys[0]:
                self._line(lines.pop(0))
            self._table(table, first=first)
            first = False
        for line in lines:
            self._line(line)

    def _line(self, line: Sequence[Char]) -> None:
        self._between += 1
        self._scroll.text(text_of(line))

    def _table(self, table: Ruled, *, first: bool) -> None:
        goes_on = first and table.columns == self._columns and self._between <= _EDGE_LINES
        self._scroll.table(table.rows(self._limit), table.merges, goes_on=goes_on)
        self._columns, self._between = table.columns, 0


def ruled(cells: Sequence[Box]) -> Ruled | None:
    """A table from the boxes of its cells; `None` for a mere frame or a single column."""
    table = Ruled(
        _edges(x for box in cells for x in (box[0], box[2])), _edges(y for box in cells for y in (box[1], box[3]))
    )
    if table.columns < 2 or len(table.ys) < 3:
        return None
    for left, top, right, bottom in cells:
        first, last = _at(table.ys, top), _at(table.ys, bottom) - 1
        start, end = _at(table.xs, left), _at(table.xs, right) - 1
        table.owners.update({(y, x): (first, start) for y in range(first, last + 1) for x in range(start, end + 1)})
        if last > first or end > start:
            table.merges.append(Merge(top=first, left=start, bottom=last, right=end))
    return table


def _edges(places: Iterable[float]) -> list[float]:
    """The places in order, each group of near ones once."""
    out: list[float] = []
    for place in sorted(places):
        if not out or place - out[-1] > _SAME_EDGE:
            out.append(place)
    return out


def _at(edges: Sequence[float], place: float) -> int:
    """The number of an edge, from 1."""
    return min(range(len(edges)), key=lambda n: abs(edges[n] - place)) + 1


def _chars(found: Iterable[Mapping[str, object]]) -> list[Char]:
    """The upright characters that show something; a watermark lies across and is none."""
    out: list[Char] = []
    for char in found:
        text, *box = (char.get(key) for key in ("text", "x0", "x1", "top", "bottom"))
        if char.get("upright") and isinstance(text, str) and text.strip():
            left, right, top, bottom = (float(value) if isinstance(value, int | float) else 0.0 for value in box)
            out.append(Char(_NAMELESS.sub(LOST, text), left, right, top, bottom))
    return out


def lines_of(chars: Sequence[Char]) -> list[list[Char]]:
    """The characters in lines from top to bottom, each from left to right; what was drawn twice (bold) stands once."""
    lines: list[list[Char]] = []
    for char in sorted(chars, key=lambda char: (char.middle, char.left)):
        if lines and abs(char.middle - lines[-1][0].middle) < min(char.height, lines[-1][0].height) / 2:
            lines[-1].append(char)
        else:
            lines.append([char])
    return [_once(sorted(line, key=lambda char: char.left)) for line in lines]


def _once(line: list[Char]) -> list[Char]:
    out = line[:1]
    for char in line[1:]:
        before = out[-1]
        if char.text != before.text or char.left - before.left > (before.right - before.left) * 0.3:
            out.append(char)
    return out


def text_of(line: Sequence[Char]) -> str:
    """The line's text: a blank between words, several between columns."""
    out = [line[0].text] if line else []
    for before, char in pairwise(line):
        gap = (char.left - before.right) / min(before.height, char.height)
        out.append(("" if gap < _NEAR else " " if gap < _WIDE else "   ") + char.text)
    return "".join(out)


def unwrapped(lines: Sequence[str]) -> str:
    """The lines of a cell as one: a word or number that its width cut is joined, two whole numbers stay two."""
    out = ""
    for line in filter(None, lines):
        if _WHOLE_NUMBER.fullmatch(out) and _WHOLE_NUMBER.fullmatch(line):
            out += "\n" + line
        elif out and _LETTER.fullmatch(out[-1]) and _LETTER.fullmatch(line[0]):
            out += " " + line
        else:
            out += line
    return out
