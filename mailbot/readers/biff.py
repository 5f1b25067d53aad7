"""What the records of a binary workbook ([MS-XLS]; Excel 5 to 2003, and WPS's .et) say beside the values of cells:
hidden rows and columns, merged ranges, and whether it is encrypted.

xlrd tells these only when it reads every style as well, and gives up on styles that other programs bend.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mailbot.domain.document import Merge

_BOF: Final = 0x0809
_EOF: Final = 0x000A
_FILE_PASS: Final = 0x002F
_BOUND_SHEET: Final = 0x0085
_ROW: Final = 0x0208
_COLUMNS: Final = 0x007D
_MERGES: Final = 0x00E5
_WORKSHEET: Final = 0
_ROW_HIDDEN: Final = 0x20
_ROW_CUSTOM: Final = 0x40
_VISIBLE_TWIPS: Final = 40
"""The lowest row in which anything can be seen: 2 points."""
_MOST_MERGES: Final = 10_000
_MOST_SHEETS: Final = 1_000


@dataclass(slots=True)
class Layout:
    """One worksheet's hidden rows and columns and its merged ranges, all counted from 1."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)


@dataclass(slots=True)
class Globals:
    """What stands before the sheets. `places` are the offsets of the worksheets, in order; charts are none."""

    encrypted: bool = False
    places: list[int] = field(default_factory=list)


def globals_of(stream: bytes) -> Globals:
    """The globals of a workbook; without places where the stream is a single sheet, as before Excel 5."""
    out = Globals()
    for kind, start, size in _records(stream, 0):
        if kind == _FILE_PASS:
            out.encrypted = True
        elif kind == _BOUND_SHEET and size >= 6 and stream[start + 5] == _WORKSHEET and len(out.places) < _MOST_SHEETS:
            out.places.append(struct.unpack_from("<I", stream, start)[0])
    return out


def layout_of(stream: bytes, place: int) -> Layout:
    """The layout of the worksheet that begins at an offset. What is ill-formed is left out."""
    out = Layout()
    for kind, start, size in _records(stream, place):
        if kind == _ROW and size >= 16:
            _row(out, stream, start)
        elif kind == _COLUMNS and size >= 10:
            first, last, width, _, options = struct.unpack_from("<5H", stream, start)
            if options & 1 or width == 0:
                out.hidden_columns.update(range(first + 1, min(last, 255) + 2))
        elif kind == _MERGES and size >= 2:
            _merged(out, stream, start, size)
    return out


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Type, offset of the data and its size, of each record of the substream that begins at `start`, without those of
    the substreams inside it (charts)."""
    depth = 0
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        start += 4
        if start + size > len(stream):
            return
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, start, size
        start += size


def _row(out: Layout, stream: bytes, start: int) -> None:
    number, height, options = struct.unpack_from("<H4xH4xH", stream, start)
    flat = options & _ROW_CUSTOM and height & 0x7FFF < _VISIBLE_TWIPS
    if options & _ROW_HIDDEN or flat:
        out.hidden_rows.add(number + 1)


def _merged(out: Layout, stream: bytes, start: int, size: int) -> None:
    (count,) = struct.unpack_from("<H", stream, start)
    for place in range(start + 2, start + 2 + 8 * min(count, (size - 2) // 8), 8):
        top, bottom, left, right = struct.unpack_from("<4H", stream, place)
        if len(out.merges) < _MOST_MERGES and top <= bottom and left <= right:
            out.merges.append(Merge(top=top + 1, left=left + 1, bottom=bottom + 1, right=right + 1))
