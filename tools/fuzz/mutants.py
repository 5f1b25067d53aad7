"""Ways to spoil a mail. Each takes the bytes and gives others; where it finds nothing to spoil it gives them back."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Spoil = Callable[[random.Random, bytes], bytes]
_DELIMITER: Final = re.compile(rb"(?m)^--[!-~]{4,70}\r?$")
_HEADER: Final = re.compile(rb"(?m)^[!-9;-~]+:.*(?:\r?\n[ \t].*)*\r?\n?")
_CHARSETS: Final = (b"utf-8", b"gb2312", b"gbk", b"us-ascii", b"iso-8859-1", b"utf-7", b"utf-16", b"x-unknown", b"hz")
_ENCODINGS: Final = (b"base64", b"quoted-printable", b"8bit", b"7bit", b"x-uuencode", b"BASE64;", b"")
_LINES: Final = (
    b"no colon in this line\r\n",
    b": nameless\r\n",
    b"X-Odd: \xb2\xe2\xca\xd4\xff\x00\r\n",
    b"Subject: =?utf-8?B?" + b"5rWL6K+V" * 40 + b"?=\r\n",
    b"From: <>\r\n",
    b"From: a@b.example, c@d.example\r\n",
    b"Content-Type: text/plain\r\n",
    b"Content-Type: multipart/mixed\r\n",
    b"References: " + b"<a@b.example> " * 300 + b"\r\n",
    b"\r\n",
    b"\x00\x00\r\n",
    b" continued from nowhere\r\n",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A way to spoil. `silent`: what it changes inside a table may look as if the sender had written it."""

    name: str
    spoil: Spoil
    silent: bool = False


def _head(raw: bytes) -> tuple[bytes, bytes]:
    """The header block with its last line end, and all behind it."""
    found = re.search(rb"\r?\n\r?\n", raw)
    if found is None:
        return raw, b""
    end = found.start() + found[0].index(b"\n") + 1
    return raw[:end], raw[end:]


def _span(rng: random.Random, raw: bytes, longest: int = 2_000) -> tuple[int, int]:
    start = rng.randrange(len(raw) + 1)
    return start, min(len(raw), start + rng.choice((1, 2, 3, 4, 16, 80, 400, longest)))


def _flip(rng: random.Random, raw: bytes) -> bytes:
    out = bytearray(raw)
    for _ in range(rng.randint(1, 8) if out else 0):
        out[rng.randrange(len(out))] = rng.choice((0, 9, 10, 13, 32, 45, 61, 255, rng.randrange(256)))
    return bytes(out)


def _cut(rng: random.Random, raw: bytes) -> bytes:
    start, end = _span(rng, raw)
    return raw[:start] + raw[end:]


def _double(rng: random.Random, raw: bytes) -> bytes:
    start, end = _span(rng, raw)
    return raw[:end] + raw[start:]


def _insert(rng: random.Random, raw: bytes) -> bytes:
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + rng.choice((b"\0" * 9, b"\r\n", b"\n\n", b"\r", b"\xff\xfe", rng.randbytes(40))) + raw[at:]


def _line_ends(rng: random.Random, raw: bytes) -> bytes:
    end = rng.choice((b"\n", b"\r", b"\r\r\n"))
    return raw.replace(b"\r\n", end)


def _truncate(rng: random.Random, raw: bytes) -> bytes:
    return raw[: rng.randrange(len(raw) + 1)]


def _lead(rng: random.Random, raw: bytes) -> bytes:
    return (
        rng.choice((b"\xef\xbb\xbf", b"\r\n\r\n", b"From x@y.example Mon Jul  6 10:00:00 2020\r\n", b"\xff\xfe")) + raw
    )


def _header(rng: random.Random, raw: bytes, change: Callable[[list[bytes], int], None]) -> bytes:
    head, rest = _head(raw)
    fields = _HEADER.findall(head)
    if not fields:
        return raw
    change(fields, rng.randrange(len(fields)))
    return b"".join(fields) + rest


def _drop_header(rng: random.Random, raw: bytes) -> bytes:
    return _header(rng, raw, lambda fields, at: fields.__delitem__(at))


def _double_header(rng: random.Random, raw: bytes) -> bytes:
    return _header(rng, raw, lambda fields, at: fields.insert(rng.randrange(len(fields) + 1), fields[at]))


def _move_header(rng: random.Random, raw: bytes) -> bytes:
    return _header(rng, raw, lambda fields, at: fields.insert(rng.randrange(len(fields)), fields.pop(at)))


def _odd_header(rng: random.Random, raw: bytes) -> bytes:
    return _header(rng, raw, lambda fields, at: fields.insert(at, rng.choice(_LINES)))


def _swap_values(rng: random.Random, raw: bytes) -> bytes:
    def swap(fields: list[bytes], one: int) -> None:
        other = rng.randrange(len(fields))
        (a, _, x), (b, _, y) = fields[one].partition(b":"), fields[other].partition(b":")
        if one != other:
            fields[one], fields[other] = a + b":" + y, b + b":" + x

    return _header(rng, raw, swap)


def _unfold(rng: random.Random, raw: bytes) -> bytes:
    return _header(rng, raw, lambda fields, at: fields.__setitem__(at, fields[at].replace(b"\n\t", b"\n")))


def _rename_header(rng: random.Random, raw: bytes) -> bytes:
    def rename(fields: list[bytes], at: int) -> None:
        name, colon, value = fields[at].partition(b":")
        fields[at] = rng.choice((name.upper(), name + b" ", b"X-" + name, name[::-1], name[1:])) + colon + value

    return _header(rng, raw, rename)


def _one_of(rng: random.Random, raw: bytes, pattern: bytes, options: tuple[bytes, ...]) -> bytes:
    """Another value behind one place where the pattern is found."""
    found = list(re.finditer(pattern, raw))
    if not found:
        return raw
    place = rng.choice(found)
    return raw[: place.end(1)] + rng.choice(options) + raw[place.end() :]


def _charset(rng: random.Random, raw: bytes) -> bytes:
    return _one_of(rng, raw, rb'(?i)(charset="?)[\w-]+', _CHARSETS)


def _encoding(rng: random.Random, raw: bytes) -> bytes:
    return _one_of(rng, raw, rb"(?i)(content-transfer-encoding:[ \t]*)[^\r\n]+", _ENCODINGS)


def _media_type(rng: random.Random, raw: bytes) -> bytes:
    kinds = (
        b"text/plain",
        b"text/html",
        b"message/rfc822",
        b"multipart/mixed",
        b"application/ms-tnef",
        b"image/png",
        b"/",
    )
    return _one_of(rng, raw, rb"(?i)(content-type:[ \t]*)[^\r\n;]+", kinds)


def _file_name(rng: random.Random, raw: bytes) -> bytes:
    names = (b"../../x.xlsx", b"x.exe", b"", b"a\0b.xlsx", b"=?gbk?B?1tjH7A==?=", b"x" * 900, b"winmail.dat")
    return _one_of(rng, raw, rb'(?i)(name\*?\d?\*?="?)[^"\r\n;]+', names)


def _delimiter(rng: random.Random, raw: bytes) -> bytes:
    """One boundary line lost, doubled, misspelt, or closing too early."""
    found = list(_DELIMITER.finditer(raw))
    if not found:
        return raw
    place = rng.choice(found)
    line = place[0].rstrip()
    new = rng.choice(
        (b"", line + b"\r\n" + line, line[:-1], line + b"--", line.removesuffix(b"--"), b" " + line, line[1:])
    )
    return raw[: place.start()] + new + raw[place.start() + len(line) :]


def _boundary(rng: random.Random, raw: bytes) -> bytes:
    return _one_of(rng, raw, rb'(?i)(boundary="?)[^"\r\n;]+', (b"", b"x", b"----", b"a" * 300, b"=_\xff"))


WHOLE: Final = (
    Mutant("flip", _flip, silent=True),
    Mutant("cut", _cut, silent=True),
    Mutant("double", _double, silent=True),
    Mutant("insert", _insert, silent=True),
    Mutant("line_ends", _line_ends),
    Mutant("truncate", _truncate),
    Mutant("lead", _lead),
    Mutant("drop_header", _drop_header),
    Mutant("double_header", _double_header),
    Mutant("move_header", _move_header),
    Mutant("odd_header", _odd_header),
    Mutant("swap_values", _swap_values),
    Mutant("unfold", _unfold),
    Mutant("rename_header", _rename_header),
    Mutant("charset", _charset),
    Mutant("encoding", _encoding),
    Mutant("media_type", _media_type),
    Mutant("file_name", _file_name),
    Mutant("delimiter", _delimiter),
    Mutant("boundary", _boundary),
)
