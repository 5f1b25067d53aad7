"""RAR archives for the tests, version 5 and version 4, members stored as they are: no free program writes them.

Formats as published by their author: "RAR 5.0 archive format" and the `technote.txt` of RAR 4. Flags that say a member
or all headers are encrypted can be set; nothing is really encrypted.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import Final

_SIGNATURE5: Final = b"Rar!\x1a\x07\x01\x00"
_SIGNATURE4: Final = b"Rar!\x1a\x07\x00"
_DOS_TIME: Final = 0x5120_6000
_ENCRYPTED_MEMBER5: Final = b"\x31\x01\x00\x00\x0f" + bytes(45)
"""An extra record of a file header: its size, type 1 (encryption), version, no flags, KDF count, salt and IV."""


def rar5(members: Mapping[str, bytes], *, encrypted: bool = False, hidden: bool = False) -> bytes:
    """A RAR 5 archive. `encrypted` marks every member, `hidden` puts all headers behind a password."""
    if hidden:
        return _SIGNATURE5 + _block5(4, 0, b"\x00\x00\x0f" + bytes(16)) + bytes(64)
    out = _SIGNATURE5 + _block5(1, 0, _vint(0))
    for name, data in members.items():
        path = name.encode()
        body = _vint(4) + _vint(len(data)) + _vint(0x20) + struct.pack("<I", zlib.crc32(data))
        body += _vint(0) + _vint(1) + _vint(len(path)) + path
        out += _block5(2, 2, body, data, _ENCRYPTED_MEMBER5 if encrypted else b"")
    return out + _block5(5, 0, _vint(0))


def _block5(kind: int, flags: int, body: bytes, data: bytes = b"", extra: bytes = b"") -> bytes:
    sizes = (_vint(len(extra)) if extra else b"") + (_vint(len(data)) if flags & 2 else b"")
    header = _vint(kind) + _vint(flags | bool(extra)) + sizes + body + extra
    header = _vint(len(header)) + header
    return struct.pack("<I", zlib.crc32(header)) + header + data


def _vint(value: int) -> bytes:
    """A number in groups of seven bits, lowest first."""
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def rar4(members: Mapping[str, bytes], *, encrypted: bool = False, hidden: bool = False, charset: str = "gbk") -> bytes:
    """A RAR 4 archive, names in the charset of the program that wrote it."""
    out = _SIGNATURE4 + _block4(0x73, 0x80 if hidden else 0, bytes(6))
    if hidden:
        return out + bytes(64)
    for name, data in members.items():
        path = name.replace("/", "\\").encode(charset)
        crc = zlib.crc32(data)
        fields = struct.pack("<IIBIIBBHI", len(data), len(data), 2, crc, _DOS_TIME, 20, 0x30, len(path), 0x20)
        out += _block4(0x74, 0x8000 | (4 if encrypted else 0), fields + path) + data
    return out + _block4(0x7B, 0x4000, b"")


def _block4(kind: int, flags: int, body: bytes) -> bytes:
    header = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(header) & 0xFFFF) + header
