"""Rows under headings: by the cells between ruling lines, or by the headings' columns where nothing is ruled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from mailbot.domain.scan import Box
from mailbot.ocr.fields.base import Cell, Page, Piece, Place, middle, plain
from mailbot.ocr.fields.pairs import Layout
from mailbot.ocr.fields.words import NONE, label_at

Row = dict[str, Place]
_HEADINGS: Final = 3
"""Headings that a table must have at least, so that a line of labels is told from a table's head."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under one line of headings, each by field; `fields` in the order of the columns."""

    fields: tuple[str, ...]
    rows: tuple[Row, ...]


def tables(page: Page, layout: Layout) -> tuple[Table, ...]:
    """The tables of a page: those that are ruled, else those that only headings make."""
    return _ruled(page) or _unruled(layout)


def _ruled(page: Page) -> tuple[Table, ...]:
    grids: dict[int, dict[tuple[int, int], Cell]] = {}
    for cell in page.cells:
        grids.setdefault(cell.table, {})[cell.row, cell.column] = cell
    found = (_under_headings(grid, _filled(tuple(grid.values()), page)) for grid in grids.values())
    return tuple(table for table in found if table is not None)


def _filled(cells: Sequence[Cell], page: Page) -> dict[tuple[int, int], Place]:
    """What stands in each cell; a line across several cells is cut by the widths of its characters."""
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    bands = {row: (min(c.box[1] for c in some), max(c.box[3] for c in some)) for row, some in rows.items()}
    pieces: dict[tuple[int, int], list[Piece]] = {}
    for line in page.lines:
        y = middle(line.box)[1]
        for row in (row for row, (top, bottom) in bands.items() if top <= y <= bottom):
            _share(Piece.of(line), [cell for cell in rows[row] if cell.box[1] <= y <= cell.box[3]], pieces)
    return {
        (cell.row, cell.column): Place(tuple(pieces[cell.row, cell.column]), cell.box)
        for cell in cells
        if (cell.row, cell.column) in pieces
    }


def _share(piece: Piece, cells: list[Cell], into: dict[tuple[int, int], list[Piece]]) -> None:
    for cell in cells:
        part = _within(piece, cell.box)
        if part is not None:
            into.setdefault((cell.row, cell.column), []).append(part)


def _within(piece: Piece, box: Box) -> Piece | None:
    """The characters whose middles lie within a box's left and right."""
    left, _, right, _ = piece.box
    if right <= box[0] or left >= box[2]:
        return None
    widths = [1 if char.isascii() else 2 for char in piece.text]
    unit, at, kept = (right - left) / max(sum(widths), 1), left, []
    for place, width in enumerate(widths):
        if box[0] <= at + unit * width / 2 < box[2]:
            kept.append(place)
        at += unit * width
    part = piece.cut(kept[0], kept[-1] + 1) if kept else None
    return part if part is not None and part.text.strip() else None


def _under_headings(grid: dict[tuple[int, int], Cell], filled: dict[tuple[int, int], Place]) -> Table | None:
    by_row: dict[int, dict[int, Place]] = {}
    for (row, column), place in filled.items():
        by_row.setdefault(row, {})[column] = place
    for row in sorted(by_row):
        heads = {column: head for column, place in by_row[row].items() if (head := _heading(place.text))}
        if len(heads) >= _HEADINGS:
            body = [
                {heads[column]: place for column, place in by_row[below].items() if column in heads}
                for below in sorted(by_row)
                if below > row and not _spans(grid, below)
            ]
            return _table(tuple(heads[column] for column in sorted(heads)), body)
    return None


def _spans(grid: dict[tuple[int, int], Cell], row: int) -> bool:
    """Whether a row is one cell across the table: a note, not a row."""
    return sum(1 for at, _ in grid if at == row) == 1


def _table(fields: tuple[str, ...], body: list[Row]) -> Table:
    rows = (row for row in ({f: p for f, p in row.items() if f != NONE} for row in body) if set(row) - {"serial"})
    return Table(fields, tuple(rows))


def _heading(text: str) -> str | None:
    """The field that a heading names: a label, and at most a note in brackets behind it."""
    bare = plain(text)
    label = label_at(bare)
    if label is None:
        return None
    rest = bare[label[1] :]
    return label[0] if not rest or rest[0] in "([（" else None


def _unruled(layout: Layout) -> tuple[Table, ...]:
    """Headings in one band, each below the one before; a column reaches halfway to its neighbours' edges."""
    for piece in layout.pieces:
        if _heading(piece.text) is None:
            continue
        y, half = middle(piece.box)[1], 0.6 * layout.height
        band = sorted(layout.near(y - half, y + half), key=lambda one: one.box[0])
        heads = [(one, head) for one in band if (head := _heading(one.text))]
        if len(heads) >= _HEADINGS and len(heads) == len(band):
            body = _bodies(layout, heads, max(one.box[3] for one, _ in heads))
            if body:
                return (_table(tuple(head for _, head in heads), body),)
    return ()


def _bodies(layout: Layout, heads: list[tuple[Piece, str]], top: float) -> list[Row]:
    middles = [middle(one.box)[0] for one, _ in heads]
    edges = [float("-inf"), *((a + b) / 2 for a, b in pairwise(middles)), float("inf")]
    rows: list[dict[str, list[Piece]]] = []
    bottom = top
    for band in _bands(layout, top):
        shares: dict[str, list[Piece]] = {}
        for piece in band:
            for number, (_, head) in enumerate(heads):
                part = _within(piece, (edges[number], 0.0, edges[number + 1], 0.0))
                if part is not None:
                    shares.setdefault(head, []).append(part)
        gap = min(piece.box[1] for piece in band) - bottom
        if rows and gap < 0.7 * layout.height and len(shares) < len(rows[-1]):
            for head, parts in shares.items():
                rows[-1].setdefault(head, []).extend(parts)
        elif len(shares) >= 2:
            rows.append(shares)
        bottom = max(piece.box[3] for piece in band)
    return [{head: Place(tuple(parts)) for head, parts in row.items()} for row in rows]


def _bands(layout: Layout, top: float) -> list[list[Piece]]:
    """The lines below a height, those beside one another together."""
    bands: list[list[Piece]] = []
    under = (piece for piece in layout.pieces if piece.box[1] >= top - 0.3 * layout.height)
    for piece in sorted(under, key=lambda one: middle(one.box)[1]):
        if bands and middle(piece.box)[1] - middle(bands[-1][0].box)[1] < 0.5 * layout.height:
            bands[-1].append(piece)
        else:
            bands.append([piece])
    return bands
