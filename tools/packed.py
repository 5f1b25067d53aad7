"""Archives and locked files for stories and tests, the same bytes each time: zip with names in any charset and with the
old zip encryption, 7z, and Office files under a password.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import struct
import zlib
from collections.abc import Iterator, Mapping
from unittest.mock import patch

import libarchive
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.container import ecma376_encrypted

_UTF8_NAME = 0x800
_ENCRYPTED = 1
_DOS_DATE = (0, 0x5121)
"""Midnight of 2020-09-01."""


def zipped(
    members: Mapping[str, bytes],
    *,
    charset: str = "gbk",
    key: str | None = None,
    marked: bool = False,
    unicode_path: bool = False,
) -> bytes:
    """A zip (APPNOTE.TXT). Names are written in `charset`; `marked` says in the flags that they are UTF-8, and
    `unicode_path` repeats them in Info-ZIP's extra field. A key encrypts every member (APPNOTE.TXT, 6.1)."""
    out, listed = bytearray(), bytearray()
    flags = (_UTF8_NAME if marked else 0) | (_ENCRYPTED if key is not None else 0)
    for name, data in members.items():
        path = name.encode(charset)
        extra = _unicode_path(path, name) if unicode_path else b""
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(data) + packer.flush()
        crc = zlib.crc32(data)
        if key is not None:
            packed = _encrypted(packed, key.encode(), crc)
        head = struct.pack("<HHHHHIIIHH", 20, flags, 8, *_DOS_DATE, crc, len(packed), len(data), len(path), len(extra))
        listed += b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, len(out))
        listed += path + extra
        out += b"PK\x03\x04" + head + path + extra + packed
    count = len(members)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(listed), len(out), 0)
    return bytes(out + listed) + b"PK\x05\x06" + end


def _unicode_path(path: bytes, name: str) -> bytes:
    """Info-ZIP's extra field 0x7075."""
    body = b"\x01" + struct.pack("<I", zlib.crc32(path)) + name.encode()
    return struct.pack("<HH", 0x7075, len(body)) + body


def _encrypted(packed: bytes, password: bytes, crc: int) -> bytes:
    """The traditional encryption: three running keys, twelve bytes in front whose last one is checked."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def step(byte: int) -> None:
        keys[0] = _crc_step(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = _crc_step(keys[2], keys[1] >> 24)

    for byte in password:
        step(byte)
    out = bytearray()
    for byte in bytes(range(11)) + bytes((crc >> 24,)) + packed:
        mask = (keys[2] | 2) & 0xFFFF
        out.append(byte ^ ((mask * (mask ^ 1)) >> 8 & 0xFF))
        step(byte)
    return bytes(out)


def _crc_step(value: int, byte: int) -> int:
    """One byte through CRC-32 without the inversion at either end."""
    return ~zlib.crc32(bytes((byte,)), ~value & 0xFFFFFFFF) & 0xFFFFFFFF


def packed(
    members: Mapping[str, bytes], format_name: str, *, password: str | bytes | None = None, options: str = ""
) -> bytes:
    """An archive as libarchive writes it: 7zip, ustar, zip with AES (`zip:encryption=aes256`, with salts by lot)."""
    blocks: list[bytes] = []

    def take(block: bytes) -> int:
        blocks.append(bytes(block))
        return len(block)

    with libarchive.custom_writer(take, format_name, options=options, passphrase=password) as archive:
        for name, data in members.items():
            archive.add_file_from_memory(name, len(data), data, mtime=1_598_889_600)
    return b"".join(blocks)


def locked_office(data: bytes, password: str) -> bytes:
    """An xlsx or docx as Excel or Word save it under a password ([MS-OFFCRYPTO], agile encryption)."""
    chance = _bytes_of(hashlib.sha256(data + password.encode()).digest())
    out = io.BytesIO()
    with (
        patch.object(secrets, "token_bytes", lambda size: bytes(next(chance) for _ in range(size))),
        patch.object(ecma376_encrypted, "datetime2filetime", lambda _: 0),
    ):
        OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def _bytes_of(seed: bytes) -> Iterator[int]:
    while True:
        yield from seed
        seed = hashlib.sha256(seed).digest()
