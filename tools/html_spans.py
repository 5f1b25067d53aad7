"""What merged ranges are to an HTML table: the spans of their first cells, and the cells that they cover."""

from __future__ import annotations

from collections.abc import Iterable

Range = tuple[int, int, int, int]
"""Top, left, bottom and right of a merged range, from 1 and inclusive."""
Place = tuple[int, int]
"""Row and column, from 1."""


def spans_of(merges: Iterable[Range]) -> tuple[dict[Place, tuple[int, int]], set[Place]]:
    """By its first cell the rows and columns that a range takes, and the other cells of all ranges."""
    ranges = list(merges)
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in ranges}
    covered = {
        (row, column)
        for top, left, bottom, right in ranges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    return spans, covered - set(spans)
