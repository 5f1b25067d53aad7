"""Pictures of a mail as far as their heads tell: how large they are drawn, and those that lie in the HTML itself."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mailbot.domain.limits import MailLimits

_IN_PAGE: Final = re.compile(rb"data:image/[a-z.+-]{2,20};base64,([^\"'<>()]*)")
_PERCENT: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
_JPEG_FRAMES: Final = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)))
_JPEG_BARE: Final = frozenset((0x01, *range(0xD0, 0xD9)))
_SEGMENTS: Final = 200


@dataclass(frozen=True, slots=True)
class Page:
    """HTML without the pictures that stood in it as text, and those pictures."""

    html: bytes
    pictures: tuple[bytes, ...]


def lifted(html: bytes, most: int) -> Page:
    """Takes the pictures out of HTML, the first `most` of them; all of them leave the text."""
    if b"data:image/" not in html:
        return Page(html, ())
    found = _IN_PAGE.finditer(html)
    pictures = [picture for match, _ in zip(found, range(most), strict=False) if (picture := _bytes(match[1]))]
    return Page(_IN_PAGE.sub(b"", html), tuple(pictures))


def _bytes(text: bytes) -> bytes:
    letters = _PERCENT.sub(lambda m: bytes((int(m[1], 16),)), text).translate(None, b"\r\n\t =")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return base64.b64decode(letters[: len(letters) // 4 * 4], validate=False)


def is_decoration(data: bytes, kind: str, limits: MailLimits, *, inline: bool) -> bool:
    """Whether a picture is no evidence of anything: a line or dot, or, inside the text, one that is drawn so small that
    nobody could read a receipt on it (a logo, a face, a sign of a mail program)."""
    size = dimensions(data, kind)
    if size is None:
        return False
    width, height = size
    if min(width, height) <= limits.line_pixels:
        return True
    return inline and width * height <= limits.logo_pixels


def dimensions(data: bytes, kind: str) -> tuple[int, int] | None:
    """Width and height in pixels as the head of a PNG, GIF, BMP or JPEG says; `None` where it does not."""
    if kind == "image/png" and data[12:16] == b"IHDR" and len(data) >= 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if kind == "image/gif" and len(data) >= 10:
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    if kind == "image/bmp" and len(data) >= 26:
        high = int.from_bytes(data[22:26], "little", signed=True)
        return int.from_bytes(data[18:22], "little"), abs(high)
    return _jpeg(data) if kind == "image/jpeg" else None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """From the first frame header (ISO/IEC 10918-1, B.2.2)."""
    for code, at in _segments(data):
        if code in _JPEG_FRAMES:
            frame = data[at + 3 : at + 7]
            return (int.from_bytes(frame[2:], "big"), int.from_bytes(frame[:2], "big")) if len(frame) == 4 else None
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Every marker's code, and where its length field stands."""
    at = 2
    for _ in range(_SEGMENTS):
        if data[at : at + 1] != b"\xff" or at + 4 > len(data):
            return
        code = data[at + 1]
        at += 1 if code == 0xFF else 2
        if code == 0xFF or code in _JPEG_BARE:
            continue
        yield code, at
        at += int.from_bytes(data[at : at + 2], "big")
