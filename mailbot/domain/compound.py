"""OLE compound files (MS-CFB), as far as it takes to tell what one is and to hand a stream on: the entries of the root
storage, and the bytes of a stream. From untrusted bytes: every chain is bounded by the file's own size.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER: Final = 512
_ENTRY: Final = 128
_LARGEST: Final = 0xFFFFFFFA
"""Sector numbers above are marks (MS-CFB, 2.1): free, end of chain, table sectors."""
_STREAM, _STORAGE, _ROOT = 2, 1, 5


class Broken(ValueError):
    """No compound file, or one that is cut off or contradicts itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the directory. `links` are its left and right sibling and its child."""

    name: str
    kind: int
    links: tuple[int, int, int]
    start: int
    size: int


class Compound:
    """An opened compound file. Raises `Broken`."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC) or len(data) < _HEADER:
            raise Broken("no header")
        self._data = data
        shift, mini_shift = struct.unpack_from("<2H", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise Broken("sector size")
        self._sector = 1 << shift
        self._mini = 1 << mini_shift
        (self._directory, self._cutoff, self._mini_table) = struct.unpack_from("<I4xII", data, 48)
        self._table = self._sectors_of_table()
        self.entries = self._entries()

    def streams(self) -> tuple[Entry, ...]:
        """The streams of the root storage; all streams where its tree leads nowhere."""
        found = tuple(entry for entry in self._top() if entry.kind == _STREAM)
        return found or tuple(entry for entry in self.entries if entry.kind == _STREAM)

    def names(self) -> frozenset[str]:
        """The names of what lies in the root storage, in small letters."""
        return frozenset(entry.name.lower() for entry in self._top() or self.entries)

    def read(self, entry: Entry, most: int | None = None) -> bytes:
        """A stream's bytes, the first `most` of them. Raises `Broken`."""
        size = entry.size if most is None else min(entry.size, most)
        if size > len(self._data):
            raise Broken("a stream longer than the file")
        if entry.size >= self._cutoff:
            content = self._joined(self._chain(entry.start, -(-size // self._sector)))
        else:
            content = self._small(entry.start, -(-size // self._mini))
        return content[:size]

    def _top(self) -> tuple[Entry, ...]:
        """What the root's tree of siblings reaches."""
        out: list[Entry] = []
        seen: set[int] = set()
        waiting = [self.entries[0].links[2]] if self.entries and self.entries[0].kind == _ROOT else []
        while waiting:
            number = waiting.pop()
            if number in seen or number >= len(self.entries):
                continue
            seen.add(number)
            entry = self.entries[number]
            if entry.kind in (_STREAM, _STORAGE):
                out.append(entry)
            waiting += entry.links[:2]
        return tuple(out)

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        return self._data[start : start + self._sector]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        content = self._at(sector)
        if len(content) < self._sector:
            raise Broken("the allocation table is cut off")
        return struct.unpack(f"<{self._sector // 4}I", content)

    def _sectors_of_table(self) -> Sequence[int]:
        """The allocation table, from the list in the header and the chain that continues it."""
        places = [*struct.unpack_from("<109I", self._data, 76)]
        following, rounds = struct.unpack_from("<II", self._data, 68)
        for _ in range(min(rounds, len(self._data) // self._sector)):
            if following > _LARGEST:
                break
            *more, following = self._numbers(following)
            places += more
        table: list[int] = []
        for place in places:
            if place <= _LARGEST:
                table += self._numbers(place)
            if len(table) * self._sector > 2 * len(self._data) + _HEADER * self._sector:
                raise Broken("an allocation table larger than the file")
        return table

    def _chain(self, start: int, most: int) -> list[int]:
        """The sectors of a chain, `most` of them. Raises `Broken` for one that leaves the file or runs in a circle."""
        out: list[int] = []
        sector = start
        while len(out) < most and sector <= _LARGEST:
            if sector >= len(self._table) or len(out) > len(self._table):
                raise Broken("a chain leaves the file")
            out.append(sector)
            sector = self._table[sector]
        return out

    def _joined(self, sectors: Sequence[int]) -> bytes:
        if sectors and (max(sectors) + 1) * self._sector >= len(self._data):
            raise Broken("a sector behind the end of the file")
        return b"".join(map(self._at, sectors))

    def _entries(self) -> tuple[Entry, ...]:
        sectors = self._chain(self._directory, len(self._table))
        listed = self._joined(sectors)
        if not listed or len(listed) < len(sectors) * self._sector:
            raise Broken("the directory is cut off")
        return tuple(_entry(listed[place : place + _ENTRY]) for place in range(0, len(listed) - _ENTRY + 1, _ENTRY))

    @cached_property
    def _minis(self) -> tuple[bytes, tuple[int, ...]]:
        """The stream of small sectors, and their allocation table."""
        root = self.entries[0] if self.entries else None
        if root is None or root.kind != _ROOT:
            raise Broken("no root")
        content = self._joined(self._chain(root.start, -(-root.size // self._sector)))
        table = self._joined(self._chain(self._mini_table, len(self._table)))
        return content, struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])

    def _small(self, start: int, most: int) -> bytes:
        content, table = self._minis
        out: list[bytes] = []
        sector = start
        while len(out) < most and sector <= _LARGEST:
            if sector >= len(table):
                raise Broken("a small chain leaves the file")
            out.append(content[sector * self._mini : (sector + 1) * self._mini])
            sector = table[sector]
        return b"".join(out)


def _entry(raw: bytes) -> Entry:
    length, kind = struct.unpack_from("<HB", raw, 64)
    name = raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    start, size = struct.unpack_from("<II", raw, 116)
    return Entry(name, kind, struct.unpack_from("<3I", raw, 68), start, size)
