"""Text from outside made harmless for one line of a letter or log: no controls, bidi marks, broken characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from mailbot.domain.masking import mask_text

VALUE_CHARACTERS: Final = 500
_SERVER_CHARACTERS: Final = 300
_ORDINARY: Final = re.compile(r"(?! )(?:(?!  |=\?).)*(?<! )")
"""Nothing to do, where every character is printable: no edge blank, no double one, no encoded-word."""
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, format characters (bidi marks among them), lone surrogates, line and paragraph separators."""


def clean(value: str, limit: int = VALUE_CHARACTERS) -> str:
    """One line of text: line breaks and tabs become one space, what cannot be seen goes, the rest is cut at `limit`
    characters with an ellipsis. A literal encoded-word (RFC 2047) is broken, so that no reader decodes it."""
    if len(value) <= limit and value.isprintable() and _ORDINARY.fullmatch(value):
        return value
    head = value[: 4 * limit + 100]
    spaced = "".join(" " if ch.isspace() else ch for ch in head)
    seen = "".join(ch for ch in spaced if unicodedata.category(ch) not in _DROPPED)
    text = " ".join(seen.split()).replace("=?", "=？")
    return text if len(text) <= limit and len(head) == len(value) else text[: max(limit - 1, 0)] + "…"


def readable(said: str) -> str:
    """What a mail server said, for people: Chinese servers answer in GBK, which aiosmtplib hands on as surrogates.

    An address in it may be somebody's phone number, and is masked like one.
    """
    raw = said.encode("utf-8", "surrogateescape")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    return clean(mask_text(text), _SERVER_CHARACTERS)
