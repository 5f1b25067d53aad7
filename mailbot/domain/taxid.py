"""A unit's taxpayer number: the unified social credit code, and what came before it.

18 characters by GB 32100-2015: registering department, kind, region (6), organisation code (9), check character. The
15-digit numbers of before 2015 still stand on forms. A sole trader's number is the owner's identity number.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from mailbot.domain import identity
from mailbot.domain.chars import DASHES, Normalised, clean, narrow, says_nothing


class TaxFault(StrEnum):
    """What is to be said of a taxpayer number, named like the rule codes. `LEGACY15` is a mere note."""

    MISSING = "missing"
    FORMAT = "format"
    CHECKSUM = "checksum"
    LEGACY15 = "legacy15"


_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015, table 1: no I, O, S, V, Z."""
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_SHAPE: Final = re.compile(r"[0-9A-Z]{18}")
_LEGACY: Final = re.compile(r"[0-9]{6}[0-9A-Z]{9}")
_OWNER: Final = re.compile(r"[0-9]{17}[0-9X](?:[0-9]{2})?")
_SEPARATORS: Final = DASHES | frozenset(" \t\r\n\u00a0\u3000_.'\u2018\u2019")


def check_char(first17: str) -> str:
    """The check character of 17 characters (GB 32100-2015). Raises `ValueError` for a character the code never uses."""
    total = sum(weight * _ALPHABET.index(char) for weight, char in zip(_WEIGHTS, first17, strict=True))
    return _ALPHABET[-total % 31]


def normalise(raw: str) -> Normalised:
    """The number in capitals without spaces and the like; every repair is `case_or_space`."""
    text = narrow(clean(raw).text).text
    joined = "".join(char for char in text if char not in _SEPARATORS).upper()
    return Normalised(joined, frozenset({"case_or_space"} if joined != raw.strip() else ()))


def inspect(text: str) -> TaxFault | None:
    """What is to be said of a normalised number, `None` where there is nothing."""
    if says_nothing(text):
        return TaxFault.MISSING
    if _OWNER.fullmatch(text) and identity.check_char(text[:17]) == text[17]:
        return None
    if _LEGACY.fullmatch(text):
        return TaxFault.LEGACY15
    if not _SHAPE.fullmatch(text):
        return TaxFault.FORMAT
    if set(text) - set(_ALPHABET) or check_char(text[:17]) != text[17]:
        return TaxFault.CHECKSUM
    return None
