"""7z archives under a password, by py7zr: libarchive knows no 7z encryption. Everything stays in memory."""

from __future__ import annotations

import io
import lzma
import struct
import zlib
from typing import Final

from py7zr import SevenZipFile
from py7zr.exceptions import AbsolutePathError, ArchiveError, PasswordRequired
from py7zr.io import Py7zIO, WriterFactory

from mailbot.domain.document import FaultKind
from mailbot.readers.base import ReadFault
from mailbot.readers.keys import Keys
from mailbot.readers.stream import Member, Room, Stream, Unpacked

_FAULTS: Final = (
    AbsolutePathError,
    ArchiveError,
    lzma.LZMAError,
    zlib.error,
    struct.error,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What py7zr really raises on broken archives, and on sound ones under a wrong password, whose headers it then reads
as noise."""


class _Sink(Py7zIO):
    """One member in memory."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.blocks: list[bytes] = []

    def write(self, s: bytes | bytearray) -> int:
        self.blocks.append(bytes(s))
        return len(s)

    def read(self, size: int | None = None) -> bytes:  # noqa: ARG002  # the shape of py7zr's files
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002  # the shape of py7zr's files
        return 0

    def flush(self) -> None:
        """Nothing waits."""

    def size(self) -> int:
        return sum(map(len, self.blocks))


class _Sinks(WriterFactory):
    """A sink for every member, in the order they come out."""

    def __init__(self) -> None:
        self.made: list[_Sink] = []

    def create(self, filename: str) -> Py7zIO:
        self.made.append(_Sink(filename))
        return self.made[-1]


def unpack_locked_seven(data: bytes, keys: Keys, room: Room, fault: ReadFault) -> Unpacked:
    """The members of an archive that libarchive could not read, for the reason `fault`: opened with a password of the
    mail where it is encrypted. Raises `ReadFault`: `fault` itself, password_needed, bomb."""
    if not _is_locked(data):
        raise fault
    for key in keys.each():
        try:
            out = _unpack(data, key, room)
        except _FAULTS:
            continue
        keys.opened(key)
        return out
    raise ReadFault(FaultKind.PASSWORD, "encrypted 7z")


def _is_locked(data: bytes) -> bool:
    try:
        with SevenZipFile(io.BytesIO(data)) as archive:
            return bool(archive.needs_password())
    except PasswordRequired:
        return True
    except _FAULTS:
        return False


def _unpack(data: bytes, key: str, room: Room) -> Unpacked:
    """Raises `ReadFault`, and `_FAULTS` under a wrong password. The declared sizes are counted before anything comes
    out: py7zr unpacks no more of a member than its header declares."""
    stream = Stream(room, len(data))
    sinks = _Sinks()
    with SevenZipFile(io.BytesIO(data), password=key) as archive:
        for info in archive.list():
            stream.begin(info.filename)
            stream.count(info.uncompressed, info.uncompressed)
        archive.extract(factory=sinks)
    for place, sink in enumerate(sinks.made):
        content = b"".join(sink.blocks)
        if content:
            stream.keep(Member(sink.name, content, place))
        else:
            stream.leave_out(sink.name)
    return stream.end()
