"""Entities whose own lines are broken: a multipart with a missing or wrong boundary, junk among a part's headers.

What the standard library's parser took for bare text is written anew, so that it can be parsed again. It is done only
where a boundary line with header lines beneath it proves that parts follow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.errors import MissingHeaderBodySeparatorDefect
from email.message import Message
from typing import Final

from mailbot.mime.marks import Mark
from mailbot.mime.repair import FIELD

_OPENING: Final = re.compile(
    rb"(?:^|\n)--([!#-\[\]-~](?:[ !#-\[\]-~]{0,198}[!#-\[\]-~])?)[ \t]*\r?\n"
    rb"(?=content-(?:type|transfer-encoding|disposition|id)[ \t]*:)",
    re.IGNORECASE,
)
_CONTENT: Final = re.compile(rb"content-(?:type|transfer-encoding|disposition)[ \t]*:", re.IGNORECASE)
_HEAD_LINES: Final = 40
_PREAMBLE: Final = 400
"""Bytes that may stand before the first boundary of a mail that does not say that it has parts."""


@dataclass(frozen=True, slots=True)
class Mended:
    """An entity written anew, and what was wrong with it."""

    clean: bytes
    mark: Mark


def mended(node: Message, declared: str, payload: bytes) -> Mended | None:
    """The entity as it was meant, `None` for one that is as it should be. `declared` is its media type, `payload` its
    bytes as the parser left them."""
    if not payload:
        return None
    if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in node.defects):
        clean = _without_junk(payload)
        if clean is not None:
            return Mended(_headers(node) + clean, Mark.PART_HEADERS)
    opening = _opening(declared, payload)
    if opening is None:
        return None
    kind = declared.encode("ascii", "replace") if declared.startswith("multipart/") else b"multipart/mixed"
    return Mended(b'Content-Type: %s; boundary="%s"\r\n\r\n' % (kind, opening[1]) + payload, Mark.BOUNDARY)


def _opening(declared: str, payload: bytes) -> re.Match[bytes] | None:
    """The first line that opens a part: anywhere where parts are declared, only near the top where nothing is."""
    if declared.startswith("multipart/"):
        return _OPENING.search(payload)
    return _OPENING.search(payload, 0, _PREAMBLE) if declared == "" and b"--" in payload[:_PREAMBLE] else None


def _headers(node: Message) -> bytes:
    """The header lines that the parser did take."""
    lines = (f"{name}: {value}" for name, value in node.raw_items())
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")


def _without_junk(payload: bytes) -> bytes | None:
    """The rest of a part's headers without the lines that are none; `None` where no header follows the junk."""
    lines = payload.split(b"\n", _HEAD_LINES)
    end = next((n for n, line in enumerate(lines) if not line.strip()), len(lines))
    block = lines[:end]
    if end == len(lines) or not any(_CONTENT.match(line) for line in block):
        return None
    kept = [FIELD.sub(rb"\1:", line, count=1) for line in block if FIELD.match(line) or line[:1] in b" \t"]
    return b"\n".join((*kept, *lines[end:]))
