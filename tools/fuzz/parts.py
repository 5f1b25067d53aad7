"""Ways to spoil what a mail carries: its attachments, and the members of those that are zips (workbooks are)."""

from __future__ import annotations

import base64
import binascii
import io
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_BLOCK: Final = re.compile(rb"(?:\r?\n)\r?\n((?:[A-Za-z0-9+/]{60,76}\r?\n)+[A-Za-z0-9+/=]{0,76})")
_MOST_MEMBERS: Final = 60
Members = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Block:
    """One base64 block of a mail: where it stands, and what it holds."""

    start: int
    end: int
    data: bytes


def blocks(raw: bytes) -> Iterator[Block]:
    """Every base64 block of some length, in order."""
    for found in _BLOCK.finditer(raw):
        try:
            yield Block(found.start(1), found.end(1), base64.b64decode(found[1]))
        except binascii.Error:
            continue


def _replaced(raw: bytes, block: Block, data: bytes) -> bytes:
    return raw[: block.start] + base64.encodebytes(data).rstrip().replace(b"\n", b"\r\n") + raw[block.end :]


def _of_block(rng: random.Random, raw: bytes, change: Callable[[bytes], bytes], *, zipped: bool = False) -> bytes:
    found = [block for block in blocks(raw) if not zipped or block.data.startswith(b"PK\x03\x04")]
    if not found:
        return raw
    block = max(found, key=lambda one: len(one.data)) if rng.random() < 0.7 else rng.choice(found)
    return _replaced(raw, block, change(block.data))


def cut_off(rng: random.Random, raw: bytes) -> bytes:
    """An attachment that ends too early, with what encodes it whole."""
    return _of_block(rng, raw, lambda data: data[: rng.randrange(len(data) + 1)])


def spoilt(rng: random.Random, raw: bytes) -> bytes:
    """Some bytes of an attachment changed."""

    def change(data: bytes) -> bytes:
        out = bytearray(data)
        for _ in range(rng.randint(1, 6)):
            out[rng.randrange(len(out))] = rng.randrange(256)
        return bytes(out)

    return _of_block(rng, raw, change)


def led(rng: random.Random, raw: bytes) -> bytes:
    """Something in front of an attachment, or behind it."""
    junk = rng.choice(
        (b"\0" * 64, b"MZ", b"\r\n\r\n", b"PK\x03\x04", b"%PDF-1.4\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    )
    return _of_block(rng, raw, lambda data: junk + data if rng.random() < 0.5 else data + junk)


def given(rng: random.Random, raw: bytes, other: bytes) -> bytes:
    """An attachment of another mail in place of one of ours."""
    donated = [block.data for block in blocks(other) if len(block.data) > 300]
    return _of_block(rng, raw, lambda data: rng.choice(donated) if donated else data)


def _zipped(rng: random.Random, raw: bytes, change: Callable[[Members, int], None]) -> bytes:
    def members_changed(data: bytes) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = [(info.filename, archive.read(info)) for info in archive.infolist()[:_MOST_MEMBERS]]
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError, zlib.error):
            return data
        if members:
            change(members, rng.randrange(len(members)))
        return _packed(members, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))

    return _of_block(rng, raw, members_changed, zipped=True)


def _packed(members: Members, compression: int) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", compression) as archive:
        warnings.simplefilter("ignore")  # two members of one name are what is wanted
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2020, 9, 14, 9, 0, 0)), data)
    return out.getvalue()


def member_lost(rng: random.Random, raw: bytes) -> bytes:
    return _zipped(rng, raw, lambda members, at: members.__delitem__(at))


def member_cut(rng: random.Random, raw: bytes) -> bytes:
    def cut(members: Members, at: int) -> None:
        name, data = members[at]
        members[at] = name, data[: rng.randrange(len(data) + 1)]

    return _zipped(rng, raw, cut)


def member_doubled(rng: random.Random, raw: bytes) -> bytes:
    """Two members of one name; the second may hold what another one holds."""

    def double(members: Members, at: int) -> None:
        members.append((members[at][0], rng.choice(members)[1]))

    return _zipped(rng, raw, double)


def member_renamed(rng: random.Random, raw: bytes) -> bytes:
    names = ("../../../etc/x", "/x", "a\\b", "x" * 3_000, "", "xl/vbaProject.bin", "[Content_Types].xml", "名单.xlsx")

    def rename(members: Members, at: int) -> None:
        members[at] = rng.choice(names), members[at][1]

    return _zipped(rng, raw, rename)


def members_swapped(rng: random.Random, raw: bytes) -> bytes:
    def swap(members: Members, at: int) -> None:
        other = rng.randrange(len(members))
        (a, x), (b, y) = members[at], members[other]
        members[at], members[other] = (a, y), (b, x)
        if at == other:
            members[at] = a, x

    return _zipped(rng, raw, swap)


def member_spoilt(rng: random.Random, raw: bytes) -> bytes:
    """Some bytes of a member changed, and its check sum made right."""

    def spoil(members: Members, at: int) -> None:
        name, data = members[at]
        out = bytearray(data)
        for _ in range(rng.randint(1, 5) if out else 0):
            out[rng.randrange(len(out))] = rng.choice(b'0123456789<>/"=& \0\xff')
        members[at] = name, bytes(out)

    return _zipped(rng, raw, spoil)
