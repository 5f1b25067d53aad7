"""Content-Transfer-Encoding, by its letters only ("base64;", "8bits"), base64 that a scanner wrote under or that was
written in pieces, and files in base64 that do not say so."""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass
from typing import Final

from mailbot.mime import uu

_NO_LETTER: Final = re.compile(r"[^a-z0-9]")
_BASE64_LINE: Final = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_UNSAID: Final = re.compile(rb"\s*(?:UEsDB|0M8R4KGx|JVBERi0|iVBORw0K|/9j/|UmFyIRo|N3q8ryc|R0lGOD)")
"""How base64 of a zip, a compound file, a PDF, a picture and the other archives begins."""
_SHORTEST: Final = 60
"""Letters of base64 that are too many to be a word which a scanner wrote."""


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
    if letters in _UU:
        data = uu.decoded(payload)
        return Content(payload) if data is None else Content(data)
    return _base64(payload, unsaid=True) if _UNSAID.match(payload) else Content(payload)


_UU: Final = frozenset(("xuuencode", "uuencode", "xuue", "uue", "uu"))


def is_base64(encoding: str) -> bool:
    """Whether an encoding's letters say base64."""
    return _NO_LETTER.sub("", encoding.lower()).startswith("base64")


def _base64(payload: bytes, *, unsaid: bool = False) -> Content:
    """Base64, read strictly and then leniently. `unsaid`: nothing said that it is base64, so that only what can be
    nothing else is taken for it."""
    compact = payload.translate(None, b"\r\n\t ")
    try:
        return Content(binascii.a2b_base64(compact, strict_mode=True), mended=unsaid) if compact else Content(b"")
    except binascii.Error:
        return Content(payload) if unsaid else Content(_tolerant(payload), mended=True)


def _tolerant(payload: bytes) -> bytes:
    """Lines of base64 up to the padding or the first line that is none; missing padding is made up. Padding in the
    middle ends a piece, where nothing but base64 follows it."""
    lines = payload.splitlines()
    kept, pieces = list[bytes](), list[bytes]()
    pure = False
    for at, line in enumerate(lines, start=1):
        text = line.translate(None, b"\t \0")
        if _BASE64_LINE.fullmatch(text):
            kept.append(text)
        elif kept and (len(text) == 0 or b" " in line.strip()):
            break
        if text.endswith(b"="):
            pieces.append(_piece(kept))
            kept = []
            pure = pure or _is_all_base64(lines[at:])
            if not pure:
                break
    return b"".join((*pieces, _piece(kept)))


def _piece(kept: list[bytes]) -> bytes:
    letters = b"".join(kept).rstrip(b"=")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _is_all_base64(lines: list[bytes]) -> bool:
    said = [text for line in lines if (text := line.strip())]
    return sum(map(len, said)) >= _SHORTEST and all(map(_BASE64_LINE.fullmatch, said))
