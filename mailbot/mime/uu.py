"""Files written into the text by uuencode (POSIX.1), as old programs and gateways send them."""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mailbot.mime.words import decode_value

_BEGIN: Final = re.compile(
    rb"^begin(?P<coded>-base64)? (?P<mode>[0-7]{3,4}) (?P<name>[^\r\n]{1,400})\r?\n", re.MULTILINE
)
_ENDS: Final = (b"end", b"====")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A file out of a text. `whole`: its last line stood there, and no line of it was broken."""

    name: str
    data: bytes
    whole: bool


@dataclass(frozen=True, slots=True)
class Unwound:
    """A text without the files that stood in it, and those files."""

    text: bytes
    files: tuple[Encoded, ...]


def unwound(text: bytes, most: int) -> Unwound:
    """Takes `most` files at most out of a text; what only looks like the beginning of one stays text."""
    rest, files, at = [], list[Encoded](), 0
    while len(files) < most and (begin := _BEGIN.search(text, at)) is not None:
        end, found = _file(text, begin)
        rest.append(text[at : begin.start() if found else begin.end()])
        if found:
            files.append(found)
        at = end if found else begin.end()
    return Unwound(b"".join((*rest, text[at:])), tuple(files)) if files else Unwound(text, ())


def decoded(payload: bytes) -> bytes | None:
    """The bytes of a part that is encoded so as a whole (`Content-Transfer-Encoding: x-uuencode`)."""
    files = unwound(payload, 1).files
    return files[0].data if files else None


def _file(text: bytes, begin: re.Match[bytes]) -> tuple[int, Encoded | None]:
    """Where the file ends, and the file; none where the lines beneath are no encoded ones."""
    coded = begin["coded"] is not None
    pieces: list[bytes] = []
    at, ended = begin.end(), False
    while at < len(text):
        stop = text.find(b"\n", at) + 1 or len(text)
        line = text[at:stop].rstrip(b"\r\n")
        if line.rstrip() in _ENDS:
            at, ended = stop, True
            break
        piece = _coded_line(line) if coded else _line(line)
        if piece is None:
            break
        pieces.append(piece)
        at = stop
    data = b"".join(pieces)
    return at, Encoded(decode_value(begin["name"].strip()), data, ended) if _worth(pieces, ended=ended) else None


def _worth(pieces: Sequence[bytes], *, ended: bool) -> bool:
    return any(pieces) and (ended or len(pieces) > 1)


def _line(line: bytes) -> bytes | None:
    """One line's bytes: its first sign counts them. Trailing blanks may be lost, or rubbish may stand behind."""
    if not line:
        return b""
    count = (line[0] - 32) & 63
    need = 1 + (count + 2) // 3 * 4
    if not 32 <= line[0] <= 96 or len(line) > need + 2 or len(line) < need - 3:
        return None
    try:
        return binascii.a2b_uu(line[:need].ljust(need))
    except binascii.Error:
        return None


def _coded_line(line: bytes) -> bytes | None:
    try:
        return binascii.a2b_base64(line, strict_mode=True)
    except binascii.Error:
        return None
