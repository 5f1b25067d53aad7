"""What a cell looks like, before anybody judges it: an ID number, a mobile number, a Han name.

These shapes only help to find columns and rows; whether a value is right is for `domain.identity` and its siblings.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mailbot.casetypes.roster.folding import squeeze, text_of
from mailbot.domain.chars import visible
from mailbot.domain.document import Cell, Special

_ID = re.compile(r"['’‘`]?\d{14,19}[Xx]?['’‘`]?")
_FULL_ID = re.compile(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0\d|1[0-2])[0-3]\d\d{3}[\dXx](?=1[3-9]\d{9}(?!\d)|\D|\Z)")
"""An ID number with no other digit beside it, or with a mobile number written straight on."""
_PHONE = re.compile(r"(?:\+?86|0086)?1[3-9]\d{9}")
_PHONE_INSIDE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_SEPARATORS = re.compile(r"[-‐-―−_.·,/]")
_NAME = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·•・]{2,20}")


@lru_cache(maxsize=2048)
def _idlike_text(text: str) -> bool:
    return bool(_ID.fullmatch(_SEPARATORS.sub("", squeeze(text))))


def idlike(cell: Cell) -> bool:
    """A text of 14 to 19 digits (the last may be X), or a number that long."""
    if isinstance(cell, str):
        return (len(cell) == 18 and cell.isascii() and cell[:17].isdigit()) or (len(cell) > 13 and _idlike_text(cell))
    if isinstance(cell, bool) or cell is None or isinstance(cell, Special):
        return False
    return 10**13 <= cell < 10**19


@lru_cache(maxsize=2048)
def _phonelike_text(text: str) -> bool:
    return bool(_PHONE.fullmatch(_SEPARATORS.sub("", squeeze(text))))


def phonelike(cell: Cell) -> bool:
    """An eleven-digit mobile number, however it is spaced."""
    if isinstance(cell, str):
        return len(cell) > 10 and _phonelike_text(cell)
    if isinstance(cell, bool) or cell is None or isinstance(cell, Special):
        return False
    return 13 * 10**9 <= cell < 2 * 10**10


@lru_cache(maxsize=2048)
def namelike(text: str) -> bool:
    """Two to twenty Han characters and name dots."""
    return bool(_NAME.fullmatch(squeeze(text)))


def ids_inside(cell: Cell) -> list[str]:
    """Every 18-character ID number that stands in the cell, alone or among other text, upper-cased."""
    text = text_of(cell)
    return [found.upper() for found in _FULL_ID.findall(visible(text))] if len(text) >= 18 else []


def phones_inside(cell: Cell) -> list[str]:
    """Every mobile number that stands in the cell beside other text or ID numbers."""
    text = text_of(cell)
    return _PHONE_INSIDE.findall(_FULL_ID.sub(" ", visible(text))) if len(text) >= 11 else []
