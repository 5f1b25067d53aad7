"""Resident identity numbers: repair, faults, and what a number says about its holder.

18 characters by GB 11643-1999: region (6), birth date (8), sequence (3, odd for men), check character by
ISO 7064 MOD 11-2. 15 digits (GB 11643-1989) went out of use in 2013. Numbers beginning with 81, 82, 83 are those of
residence permits for people of Hong Kong, Macao and Taiwan (State Council Order 700 of 2018), and ordinary.
Checksum and date decide; a region only makes a person look, for codes are abolished while their numbers live on.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from mailbot.domain.chars import DASHES, Normalised, Number, clean, narrow, says_nothing
from mailbot.domain.document import Cell

Sex = Literal["男", "女"]


class IdFault(StrEnum):
    """Why a text is no resident identity number that can be registered, named like the rule codes."""

    MISSING = "missing"
    LENGTH = "length"
    CHARSET = "charset"
    CHECKSUM = "checksum"
    BIRTH_INVALID = "birth_invalid"
    FIFTEEN_DIGIT = "fifteen_digit"
    MASKED = "masked"
    OTHER_DOCUMENT = "other_document"
    FOREIGNER_PR = "foreigner_pr"


_BY_REGION: Final = {1: "12345", 2: "123", 3: "1234567", 4: "123456", 5: "01234", 6: "12345", 7: "1", 8: "123"}
PROVINCES: Final = frozenset(f"{region}{province}" for region, all_of in _BY_REGION.items() for province in all_of)
"""The first two digits of every edition of GB/T 2260, and of the residence permits."""

IN_TEXT: Final = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
"""What has the shape of a number, among other words."""
_WELL_FORMED: Final = re.compile(r"[0-9]{17}[0-9X]")
_PLAIN: Final = re.compile(r"[1-8][0-9]{16}[0-9X]")
_APOSTROPHES: Final = "'\u2018\u2019\u02bc\uff07`\u00b4\u2032"
_FORCED_TEXT: Final = re.compile(r'="([^"]*)"')
_SEPARATORS: Final = DASHES | frozenset(" \t\r\n\u00a0\u3000_.·,，。")
_FILLED: Final = re.compile(r"[-_.·—]{3,}")
_MASKED: Final = re.compile(r"[*●•■█×✱…#]{2,}|X{4,}|" + _FILLED.pattern)
_DOCUMENT_WORD: Final = re.compile(r"护照|通行证|台胞|回乡证|军官|士官|警官|字第|PASSPORT", re.IGNORECASE)
_OTHER_DOCUMENT: Final = re.compile(
    r"(?=(?:[^0-9]*[0-9]){4})[A-Z]{1,3}[A-Z0-9]{5,10}(?:\([0-9A-Z]{1,2}\))?|1[45][0-9]{7}"
)
_OLD_FOREIGNER: Final = re.compile(r"[A-Z]{3}[0-9]{12}")
_WEIGHTS: Final = tuple(2 ** (17 - place) % 11 for place in range(17))
_SCIENTIFIC: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*E\+?|E\+)[0-9]{1,3}", re.IGNORECASE)
_EXACT_BELOW: Final = 10**15
"""A spreadsheet keeps 15 significant digits of a number (IEEE 754 double, cut by the program)."""


def check_char(first17: str) -> str:
    """The check character of 17 digits (ISO 7064 MOD 11-2, GB 11643-1999)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return "10X98765432"[total % 11]


def normalise(raw: str) -> Normalised:
    """The number without what typing and pasting add: see the changes for what was repaired.

    A text that is no number comes back cleaned as far as it goes, for `inspect` to name its fault; a row of dots or
    dashes stays, for it stands for hidden digits.
    """
    if _PLAIN.fullmatch(raw):
        return Normalised(raw)
    cleaned = clean(raw)
    narrowed = narrow(cleaned.text)
    bare = _without_apostrophe(narrowed.text)
    joined = bare if _FILLED.search(bare) else _joined(bare)
    found = set(cleaned.changes | narrowed.changes)
    if bare != narrowed.text:
        found.add("apostrophe")
    if joined != bare:
        found.add("separator")
    if "x" in joined:
        found.add("lowercase_x")
    return Normalised(joined.upper(), frozenset(found))


def _joined(text: str) -> str:
    return "".join(char for char in text if char not in _SEPARATORS and not char.isspace())


def _without_apostrophe(text: str) -> str:
    """Without the marks that force a cell to be text: a leading apostrophe, or ="…" of an exported table."""
    forced = _FORCED_TEXT.fullmatch(text)
    return (forced[1] if forced else text).strip(_APOSTROPHES).strip()


def inspect(text: str, today: date) -> IdFault | None:
    """The fault of a normalised text, `None` for a number that can be registered. `today` bounds the birth date."""
    if _WELL_FORMED.fullmatch(text):
        return _inspect_number(text, today)
    if says_nothing(text):
        return IdFault.MISSING
    if _OLD_FOREIGNER.fullmatch(text):
        return IdFault.FOREIGNER_PR
    if _DOCUMENT_WORD.search(text) or _OTHER_DOCUMENT.fullmatch(text) or _is_entry_permit(text):
        return IdFault.OTHER_DOCUMENT
    if _MASKED.search(text):
        return IdFault.MASKED
    if not re.fullmatch(r"[0-9]*X?", text):
        return IdFault.CHARSET
    return IdFault.FIFTEEN_DIGIT if len(text) == 15 and text.isdigit() else IdFault.LENGTH


def _inspect_number(number: str, today: date) -> IdFault | None:
    born = birth_date(number)
    if number[0] == "9" and number[1:3] in PROVINCES and born is not None:
        return IdFault.FOREIGNER_PR
    if check_char(number[:17]) != number[17]:
        return IdFault.CHECKSUM
    return IdFault.BIRTH_INVALID if born is None or born > today else None


def _is_entry_permit(text: str) -> bool:
    """Whether eight digits are those of a Taiwan resident's permit, and not a birth date in the wrong column."""
    return len(text) == 8 and text.isdigit() and _real_date(text) is None


def birth_date(number: str) -> date | None:
    """The birth date in an 18-character number, `None` where it names no day of the calendar."""
    return _real_date(number[6:14])


def _real_date(digits: str) -> date | None:
    with suppress(ValueError):
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    return None


def age(number: str, today: date) -> int | None:
    """Whole years at `today`, `None` where the number holds no real date. Born on 29 February: older from 1 March."""
    born = birth_date(number)
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def sex(number: str) -> Sex:
    """The sex that the seventeenth digit tells."""
    return "男" if int(number[16]) % 2 else "女"


def region_known(number: str) -> bool:
    """Whether the number's province stood in any edition. `False` makes a person look and refuses nobody."""
    return number[:2] in PROVINCES


def lost_digits(cell: Cell, *, from_text_table: bool) -> bool:
    """Whether a cell that should hold 16 digits or more was stored as a number and lost the last ones for good.

    A number tells by its type. Text tells by its scientific form; in a text table (CSV) also by zeros after the
    fifteenth of 18 digits or more, which is how spreadsheets export a rounded number.
    """
    if isinstance(cell, bool) or cell is None:
        return False
    if isinstance(cell, Number):
        return abs(cell) >= _EXACT_BELOW
    if not isinstance(cell, str):
        return False
    text = _without_apostrophe(narrow(clean(cell).text).text)
    if _SCIENTIFIC.fullmatch(text):
        return abs(float(text)) >= _EXACT_BELOW
    return from_text_table and len(text) >= 18 and text.isdigit() and not text[15:].strip("0")
