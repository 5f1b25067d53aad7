"""Characters as clerks type and paste them: what cannot be seen, what is only wider, what stands for nothing.

The siblings `identity`, `phone`, `names` and `taxid` share one shape: `normalise` repairs what is safe to repair and
names each repair, `inspect` says what is wrong with the repaired text and changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

Number = int | float
Typed = str | Number


@dataclass(frozen=True, slots=True)
class Normalised:
    """A repaired text and the names of the repairs, which are the last parts of the rule codes (`lowercase_x`)."""

    text: str
    changes: frozenset[str] = frozenset()


BLANKS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
"""Letters, marks and symbols by category that show nothing: Hangul fillers, the empty Braille cell, joiners."""
_NOTHING: Final = frozenset(
    {
        "无",
        "暂无",
        "没有",
        "未填",
        "待补",
        "待定",
        "未知",
        "不详",
        "空",
        "NA",
        "N/A",
        "#N/A",
        "NULL",
        "NONE",
        "NAN",
        "/",
        "\\",
    }
)
_DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
DASHES: Final = frozenset(_DASHES)
PLAIN_SPACES: Final = " \t\r\n\u3000"
"""Spaces at the edge of a cell that nobody minds; they go without a word."""
_ASCII: Final = re.compile(r"[\x20-\x7e]*")


_HIDDEN: Final = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Hyphens, joiners, marks of direction and separators that show nothing: what texts are compared without."""
TURNS: Final = "\u202e"
"""The right-to-left override: what stands behind it is seen backwards, so that nobody knows which order was meant."""


def invisible(char: str) -> bool:
    """Whether a character shows nothing at all: format and control characters, variation selectors, fillers. The
    override that turns digits and Han round on the screen is none of them: it changes what is read."""
    if char == TURNS:
        return False
    category = unicodedata.category(char)
    if category == "Cf" or char in BLANKS:
        return True
    if category == "Cc":
        return not char.isspace()
    return category == "Mn" and ("\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef")


def clean(raw: str) -> Normalised:
    """The text without invisible characters and without spaces at its edges.

    A space at an edge that is no plain one (the no-break space of a web page) counts as invisible, for so it is.
    """
    if _ASCII.fullmatch(raw):
        return Normalised(raw.strip())
    seen = "".join(char for char in raw if not invisible(char)) if any(map(invisible, raw)) else raw
    text = seen.strip()
    changed = len(seen) != len(raw) or text != seen.strip(PLAIN_SPACES)
    return Normalised(text, frozenset({"invisible_char"}) if changed else frozenset())


def narrow(text: str) -> Normalised:
    """Wide and otherwise styled letters, digits and signs as their plain ASCII (NFKC, one for one).

    `fullwidth` is named only where a letter or digit changed. Circled and raised digits are not digits of a number.
    """
    if text.isascii():
        return Normalised(text)
    out = "".join(map(_narrow_char, text))
    wide = any(new != old and new.isalnum() for new, old in zip(out, text, strict=True))
    return Normalised(out, frozenset({"fullwidth"}) if wide else frozenset())


def _narrow_char(char: str) -> str:
    if char.isascii() or unicodedata.category(char) == "No":
        return char
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 and plain.isascii() else char


def says_nothing(text: str) -> bool:
    """Whether a cell only says that there is no value: empty, a dash, 无, N/A."""
    return all(char in DASHES or char in "_." for char in text) or text.upper() in _NOTHING


def visible(text: str) -> str:
    """The text in NFKC without invisible characters, for comparing. Printable ASCII is that already."""
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub("", unicodedata.normalize("NFKC", text))


def as_text(value: Typed) -> str:
    """A typed cell as the text that the clerk sees: a whole number without exponent or decimal tail.

    A float keeps its `.0`, for a spreadsheet stores a typed whole number as an integer: who repairs the tail says so.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"{int(value)}.0"
    return str(value)


def is_han(char: str) -> bool:
    """Whether a character is a Han ideograph of any extension, assigned yet or not, or the zero 〇.

    The supplementary ideographic planes count whole: a name may hold a character younger than this Python's tables.
    """
    code = ord(char)
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0x20000 <= code <= 0x3FFFD
        or 0xF900 <= code <= 0xFAFF
        or code in (0x3007, 0x3005)
    )
