"""What comes out of an archive, counted while it comes: however an archive was made, it ends here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from mailbot.domain.document import FaultKind
from mailbot.readers.base import ReadFault

_SMALL: Final = 1_000_000
"""Below this no ratio is a bomb: a nearly empty file packs very well."""


@dataclass(frozen=True, slots=True)
class Room:
    """What may still come out of the archives of a mail: members, bytes in all and of one member; `ratio` is that of
    unpacked to packed bytes of one archive."""

    members: int
    bytes: int
    member_bytes: int
    ratio: int

    def less(self, members: int, size: int) -> Room:
        """The room that is left."""
        return Room(self.members - members, self.bytes - size, self.member_bytes, self.ratio)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name as written there, with `/` between folders, and its place in the order."""

    name: str
    data: bytes
    place: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A member as an archive's directory or headers describe it. `crc` is `None` where another sum is kept;
    `is_unicode` tells whether its name is, and not in the charset of the program that wrote it."""

    size: int
    crc: int | None
    is_unicode: bool = True


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An archive's files, the names of what was left out (links, empty files), and the number of all entries."""

    members: tuple[Member, ...]
    left_out: tuple[str, ...]
    seen: int


class Stream:
    """One archive on its way out, within its room."""

    def __init__(self, room: Room, packed: int) -> None:
        self._room = room
        self._packed = packed
        self._most = min(room.bytes, max(_SMALL, packed * room.ratio))
        self._members: list[Member] = []
        self._left_out: list[str] = []
        self._seen = 0
        self._bytes = 0

    def begin(self, name: str) -> None:
        """The next entry. Raises `ReadFault` where there are too many."""
        self._seen += 1
        if self._seen > self._room.members:
            raise ReadFault(FaultKind.BOMB, f"more than {self._room.members} members")
        if "\0" in name:
            raise ReadFault(FaultKind.UNREADABLE, "a name with a zero byte")

    def counted(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The blocks of one member as they come. Raises `ReadFault` where they are too much."""
        size = 0
        for block in blocks:
            size += len(block)
            self.count(len(block), size)
            yield block

    def count(self, more: int, size: int) -> None:
        """So many bytes more, of a member that is so large by now. Raises `ReadFault` where that is too much."""
        self._bytes += more
        if size > self._room.member_bytes or self._bytes > self._most:
            raise ReadFault(FaultKind.BOMB, f"{self._bytes} bytes and more come out")

    def keep(self, member: Member) -> None:
        """A member that is whole."""
        self._members.append(member)

    def leave_out(self, name: str) -> None:
        """An entry that is no file to read."""
        self._left_out.append(name)

    def again(self) -> Stream:
        """A fresh count for what lies directly inside what was counted, a tar behind its gzip: it is the same bytes."""
        return Stream(self._room, self._packed)

    def end(self) -> Unpacked:
        """All of it."""
        return Unpacked(tuple(self._members), tuple(self._left_out), self._seen)
