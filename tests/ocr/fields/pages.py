"""Pages made by hand: lines at places, cells, and engines whose second readings are told beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.domain.scan import Box, Reading, SeenLine

HEIGHT = 20.0


def line(text: str, left: float, top: float, width: float | None = None) -> SeenLine:
    """A line whose characters take 10 pixels each, wide ones 20."""
    wide = width or sum(10 if char.isascii() else 20 for char in text)
    box = (left, top, left + wide, top + HEIGHT)
    return SeenLine(text=text, box=box, confidence=0.98, readings=(Reading(engine="v6", text=text, confidence=0.98),))


@dataclass(frozen=True)
class CellAt:
    row: int
    column: int
    box: Box
    table: int = 0
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True)
class HandMade:
    lines: tuple[SeenLine, ...]
    cells: tuple[CellAt, ...] = ()
    width: int = 1000
    height: int = 1600
    text_height: float = HEIGHT


@dataclass(frozen=True)
class Second:
    """Says the same of every place."""

    texts: tuple[tuple[str, str], ...]

    def read(self, box: Box, alphabet: str, multiline: bool = False) -> tuple[Reading, ...]:
        kept = (
            (engine, "".join(c for c in text if c in alphabet)) for engine, text in self.texts if box[2] > box[0] + 1
        )
        return tuple(Reading(engine=engine, text=text, confidence=0.9) for engine, text in kept)


def column(*rows: tuple[str, str]) -> HandMade:
    """Labels on the left, values on the right, a row every 60 pixels."""
    lines = []
    for number, (label, value) in enumerate(rows):
        lines.append(line(label, 40, 100 + 60 * number))
        if value:
            lines.append(line(value, 300, 100 + 60 * number))
    return HandMade(tuple(lines))


def ruled(rows: list[list[str]], left: float = 20, top: float = 300, wide: float = 180) -> HandMade:
    """A ruled table; a line break in a cell makes two lines."""
    cells, lines = [], []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            x, y = left + wide * c, top + 80 * r
            cells.append(CellAt(r, c, (x, y, x + wide, y + 80)))
            parts = [part for part in text.split("\n") if part]
            lines += [line(part, x + 5, y + 5 + 30 * n) for n, part in enumerate(parts)]
    return HandMade(tuple(lines), tuple(cells))
