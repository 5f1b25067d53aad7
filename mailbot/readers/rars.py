"""The headers of a RAR archive, walked before libarchive reads it ("RAR 5.0 archive format"; `technote.txt` of RAR 4).

libarchive does not see that a RAR 5 member is encrypted and hands out its ciphertext, leaves out the rest of a member
that began in another volume, and does not sum up what is stored unpacked. The headers tell all three.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from mailbot.domain.document import FaultKind
from mailbot.readers.base import ReadFault
from mailbot.readers.stream import Listed

_SIGNATURE5: Final = b"Rar!\x1a\x07\x01\x00"
_MAIN5, _FILE5, _LOCKED5, _END5 = 1, 2, 4, 5
_ENCRYPTION: Final = 1
_MARKER: Final = 7
_MAIN4, _FILE4, _END4 = 0x73, 0x74, 0x7B
_LONG_VINT: Final = 10


def is_version5(data: bytes) -> bool:
    """Whether an archive is of version 5, which is another format under the same name."""
    return data.startswith(_SIGNATURE5)


def rar_members(data: bytes) -> list[Listed]:
    """The members in order, folders and links with them. Raises `ReadFault`: password_needed, and unreadable for one
    volume of several and for headers that are broken."""
    try:
        return list(_members5(data) if is_version5(data) else _members4(data))
    except (IndexError, struct.error) as fault:
        raise ReadFault(FaultKind.UNREADABLE, "rar headers end early") from fault


def _members5(data: bytes) -> Iterator[Listed]:
    at = len(_SIGNATURE5)
    while at < len(data):
        size, body = _vint(data, at + 4)
        end = body + size
        if end > len(data):
            break
        kind, pos = _vint(data, body)
        flags, pos = _vint(data, pos)
        extra, pos = _vint(data, pos) if flags & 1 else (0, pos)
        packed, pos = _vint(data, pos) if flags & 2 else (0, pos)
        if kind == _LOCKED5:
            raise _locked()
        if (kind == _MAIN5 and _vint(data, pos)[0] & 1) or flags & 0x18:
            raise _volume()
        if kind == _FILE5:
            if _ENCRYPTION in _records(data, end - extra, end):
                raise _locked()
            yield _member5(data, pos)
        if kind == _END5:
            return
        at = end + packed
    raise ReadFault(FaultKind.UNREADABLE, "rar without its end")


def _member5(data: bytes, pos: int) -> Listed:
    flags, pos = _vint(data, pos)
    size, pos = _vint(data, pos)
    _attributes, pos = _vint(data, pos)
    pos += 4 if flags & 2 else 0
    return Listed(size, struct.unpack_from("<I", data, pos)[0] if flags & 4 else None)


def _records(data: bytes, at: int, end: int) -> Iterator[int]:
    """The types of a header's extra records."""
    while at < end:
        size, body = _vint(data, at)
        yield _vint(data, body)[0]
        at = body + size


def _vint(data: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, lowest first, and where it ends."""
    value = 0
    for n in range(_LONG_VINT):
        byte = data[at + n]
        value |= (byte & 0x7F) << (7 * n)
        if byte < 0x80:
            return value, at + n + 1
    raise ReadFault(FaultKind.UNREADABLE, "rar number without end")


def _members4(data: bytes) -> Iterator[Listed]:
    at = _MARKER
    while at + _MARKER <= len(data):
        kind, flags, size = struct.unpack_from("<BHH", data, at + 2)
        if size < _MARKER:
            raise ReadFault(FaultKind.UNREADABLE, "rar header without size")
        packed = struct.unpack_from("<I", data, at + 7)[0] if flags & 0x8000 or kind == _FILE4 else 0
        if (kind == _MAIN4 and flags & 0x80) or (kind == _FILE4 and flags & 4):
            raise _locked()
        if (kind == _MAIN4 and flags & 1) or (kind == _FILE4 and flags & 3):
            raise _volume()
        if kind == _FILE4:
            high = struct.unpack_from("<II", data, at + 32) if flags & 0x100 else (0, 0)
            unpacked, _system, crc = struct.unpack_from("<IBI", data, at + 11)
            packed += high[0] << 32
            yield Listed(unpacked + (high[1] << 32), crc, bool(flags & 0x200))
        if kind == _END4:
            return
        at += size + packed
    if at != len(data):
        raise ReadFault(FaultKind.UNREADABLE, "rar without its end")


def _locked() -> ReadFault:
    return ReadFault(FaultKind.PASSWORD, "encrypted rar")


def _volume() -> ReadFault:
    return ReadFault(FaultKind.UNREADABLE, "one volume of several")
