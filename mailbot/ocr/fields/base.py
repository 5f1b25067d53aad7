"""What the field reader is given: a page with lines and cells, a second reader of crops; and pieces of lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mailbot.domain.chars import narrow
from mailbot.domain.scan import Box, Reading, SeenLine


class Cell(Protocol):
    """One cell between ruling lines; rows and columns count within their table."""

    @property
    def table(self) -> int: ...
    @property
    def row(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def rowspan(self) -> int: ...
    @property
    def colspan(self) -> int: ...
    @property
    def box(self) -> Box: ...


class Page(Protocol):
    """A page as an engine read it, upright, its lines in reading order. Sizes are pixels."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def lines(self) -> tuple[SeenLine, ...]: ...
    @property
    def cells(self) -> Sequence[Cell]: ...
    @property
    def text_height(self) -> float: ...


class Rereader(Protocol):
    """Reads a place again, every engine with no other characters than those of `alphabet`."""

    def read(self, box: Box, alphabet: str, multiline: bool = False) -> tuple[Reading, ...]:  # noqa: FBT001, FBT002 - the room's engines are called so
        ...


def plain(text: str) -> str:
    """The text without spaces, its wide letters, digits and signs as plain ones."""
    return "".join(narrow(text).text.split())


def middle(box: Box) -> tuple[float, float]:
    """The middle of a box, across and down."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def around(boxes: Sequence[Box]) -> Box:
    """The box that holds all of them; there must be one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line: its text, and where it stands by the widths of the characters before it."""

    text: str
    box: Box
    line: SeenLine
    whole: bool = True

    @staticmethod
    def of(line: SeenLine) -> Piece:
        """All of a line."""
        return Piece(line.text, line.box, line)

    def cut(self, start: int, end: int | None = None) -> Piece:
        """The characters from `start` to `end`; a wide character takes twice the room of a narrow one."""
        stop = len(self.text) if end is None else end
        if start == 0 and stop == len(self.text):
            return self
        widths = [1 if char.isascii() else 2 for char in self.text]
        unit = (self.box[2] - self.box[0]) / max(sum(widths), 1)
        left = self.box[0] + unit * sum(widths[:start])
        box = (left, self.box[1], left + unit * sum(widths[start:stop]), self.box[3])
        return Piece(self.text[start:stop], box, self.line, whole=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one value stands: the pieces that make it, in reading order, and the room that it may fill."""

    pieces: tuple[Piece, ...]
    room: Box | None = None

    @property
    def text(self) -> str:
        """All of it, without spaces at the edges of its pieces."""
        return " ".join(text for piece in self.pieces if (text := piece.text.strip()))

    @property
    def box(self) -> Box:
        """Its room where one is known (the cell), else the box of its pieces."""
        return self.room or around([piece.box for piece in self.pieces])
