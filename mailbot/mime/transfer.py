"""Content-Transfer-Encoding, by its letters only ("base64;", "8bits"), and base64 that a scanner wrote under."""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass
from typing import Final

_NO_LETTER: Final = re.compile(r"[^a-z0-9]")
_BASE64_LINE: Final = re.compile(rb"[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True, slots=True)
class Content:
    """Decoded bytes; `mended`: something in the encoding had to be passed over."""

    data: bytes
    mended: bool = False


def decode_transfer(payload: bytes, encoding: str) -> Content:
    """The bytes that a part carries."""
    letters = _NO_LETTER.sub("", encoding.lower())
    if is_base64(encoding):
        return _base64(payload)
    if letters.startswith("quotedprintable"):
        return Content(quopri.decodestring(payload))
    return Content(payload)


def is_base64(encoding: str) -> bool:
    """Whether an encoding's letters say base64."""
    return _NO_LETTER.sub("", encoding.lower()).startswith("base64")


def _base64(payload: bytes) -> Content:
    compact = payload.translate(None, b"\r\n\t ")
    try:
        return Content(binascii.a2b_base64(compact, strict_mode=True)) if compact else Content(b"")
    except binascii.Error:
        return Content(_tolerant(payload), mended=True)


def _tolerant(payload: bytes) -> bytes:
    """Lines of base64 up to the padding or the first line that is none; missing padding is made up."""
    kept: list[bytes] = []
    for line in payload.splitlines():
        text = line.translate(None, b"\t \0")
        if _BASE64_LINE.fullmatch(text):
            kept.append(text)
        elif kept and (len(text) == 0 or b" " in line.strip()):
            break
        if text.endswith(b"="):
            break
    letters = b"".join(kept).rstrip(b"=")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
