"""Mobile numbers of mainland China, which are the user names of accounts that staff open (notice, annex, note 8).

A mobile number is `1[3-9]` and nine digits (telephone network numbering plan of 2017). The digit pairs behind the 1 are
not checked any further: tables of them age, and a new one must not be refused.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from mailbot.domain.chars import DASHES, Normalised, Typed, as_text, clean, narrow, says_nothing


class PhoneFault(StrEnum):
    """Why a text is no mobile number that can be registered, named like the rule codes."""

    MISSING = "missing"
    FORMAT = "format"
    LANDLINE = "landline"
    SEVERAL = "several"


_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_TAIL: Final = re.compile(r"(?<=[0-9])\.0+\Z")
_COUNTRY: Final = re.compile(r"\(?(?:\+|00)?86\)?(?=[^0-9]{0,2}1[3-9])")
_SEPARATORS: Final = DASHES | frozenset(" \t\r\n\u00a0\u3000_·,;、/:。()'\u2018\u2019`\"")
_GROUP: Final = re.compile(r"[0-9]+")
_LANDLINE: Final = re.compile(
    r"(?:\+?86[- ]?)?\(?0?(?:10|2[0-9]|[3-9][0-9]{2})\)?[- ]{0,3}[2-9][0-9]{6,7}(?:[-*转 ]+[0-9]{1,6})?"
    r"|[2-9][0-9]{2,3}[- ]?[0-9]{4}(?:[-*转 ]+[0-9]{1,6})?"
    r"|[48]00[- ]?[0-9]{3,4}[- ]?[0-9]{3,4}"
)


def is_mobile(text: str) -> bool:
    """Whether a text is a mobile number and nothing else."""
    return _MOBILE.fullmatch(text) is not None


def normalise(raw: Typed) -> Normalised:
    """The mobile number without country code, separators, wide digits and decimal tail; the changes name what went.

    A number cell is taken as it is. Where no single mobile number comes out, the separators stay, for `inspect`.
    """
    text = as_text(raw)
    if is_mobile(text):
        return Normalised(text)
    cleaned = clean(text)
    narrowed = narrow(cleaned.text)
    number, repairs = _repaired(narrowed.text)
    if not is_mobile(number):
        return Normalised(narrowed.text, cleaned.changes | narrowed.changes)
    return Normalised(number, cleaned.changes | narrowed.changes | repairs)


def _repaired(text: str) -> tuple[str, frozenset[str]]:
    """The text without what surrounds a mobile number. A single dot stays: it is the point of a number, not a gap."""
    repairs = set()
    number = _TAIL.sub("", text)
    if number != text:
        repairs.add("decimal_tail")
    country = _COUNTRY.match(number)
    if country and len(_digits(number)) > 11:
        number = number[country.end() :].lstrip("- ")
        repairs.add("country_code")
    joined = "".join(char for char in number if char not in _SEPARATORS)
    if joined.count(".") > 1:
        joined = joined.replace(".", "")
    if joined != number:
        repairs.add("separator")
    return joined, frozenset(repairs)


def _digits(text: str) -> str:
    return "".join(_GROUP.findall(text))


def inspect(text: str) -> PhoneFault | None:
    """The fault of a normalised text, `None` for a mobile number."""
    if is_mobile(text):
        return None
    if says_nothing(text):
        return PhoneFault.MISSING
    if _several(text):
        return PhoneFault.SEVERAL
    return PhoneFault.LANDLINE if _LANDLINE.fullmatch(text) else PhoneFault.FORMAT


def _several(text: str) -> bool:
    """Whether more than one number stands there: two mobiles, written together or not, or a mobile and another."""
    groups = _GROUP.findall(text)
    mobiles = [group for group in groups if is_mobile(group)]
    if mobiles:
        others = [group for group in groups if not is_mobile(group) and len(group) >= 7]
        return len(mobiles) + len(others) > 1
    digits = _digits(text)
    return len(digits) == 22 and is_mobile(digits[:11]) and is_mobile(digits[11:])
