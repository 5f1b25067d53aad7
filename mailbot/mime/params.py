"""Parameters of Content-Type and Content-Disposition: RFC 2231 in any charset and in pieces, RFC 2047 even inside
quotes, raw 8-bit, and the sloppy forms between.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final
from urllib.parse import unquote_to_bytes

from mailbot.mime.charsets import decode
from mailbot.mime.words import decode_value, plain

_PARAMETER: Final = re.compile(rb';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"(?=\s*(?:;|$))|[^;]*)', re.DOTALL)
_ESCAPED: Final = re.compile(rb"\\(.)", re.DOTALL)
_PERCENT: Final = re.compile(rb"(?:%[89A-Fa-f][0-9A-Fa-f]){2}")
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Field:
    """A structured header: its first word in lower case, and its parameters decoded, by lower-case name."""

    value: str
    parameters: Mapping[str, str]


@lru_cache(maxsize=256)
def parse_field(raw: bytes) -> Field:
    """Reads a Content-Type or Content-Disposition value. Nothing in it raises. The parser asks many times for one
    header."""
    value = raw.split(b";", 1)[0].strip().strip(b'"').decode("ascii", "replace").lower()
    plain_values: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for _, match in zip(range(_MOST), _PARAMETER.finditer(raw), strict=False):
        name = match.group(1).decode("ascii", "replace").lower()
        content = _unquoted(match.group(2))
        stem, star, tail = name.partition("*")
        if not star:
            plain_values.setdefault(name, _plain(content))
            continue
        encoded = tail.endswith("*") or not tail
        number = tail.rstrip("*") or "0"
        if number.isdecimal() and len(number) < 4:
            pieces.setdefault(stem, {}).setdefault(int(number), (content, encoded))
    return Field(value, {**plain_values, **{name: _joined(found) for name, found in pieces.items()}})


def _plain(content: bytes) -> str:
    """A value without RFC 2231; some programs write it as in an address of the web."""
    return decode_value(unquote_to_bytes(content) if _PERCENT.search(content) else content)


def _unquoted(raw: bytes) -> bytes:
    """Without quotes and escapes; escapes are left in 8-bit text, where a backslash is often half a GBK character."""
    content = raw.strip()
    if len(content) >= 2 and content[:1] == content[-1:] == b'"':
        content = content[1:-1]
        return _ESCAPED.sub(rb"\1", content) if content.isascii() else content
    return content.strip(b'"')


def _joined(pieces: dict[int, tuple[bytes, bool]]) -> str:
    """The value of an RFC 2231 parameter: charset'language'text in the first piece, percent-encoding where marked."""
    label: str | None = None
    whole = b""
    ordered = [pieces[number] for number in sorted(pieces)]
    first, encoded = ordered[0]
    if encoded and first.count(b"'") >= 2:
        charset, _, first = first.split(b"'", 2)
        label = charset.decode("ascii", "replace")
        ordered[0] = first, encoded
    for coded, run in groupby(ordered, key=lambda piece: piece[1]):
        content = b"".join(text for text, _ in run)  # a program may cut inside of %AB
        whole += unquote_to_bytes(content) if coded else content
    return plain(decode(whole, label).text) if label else decode_value(whole)
