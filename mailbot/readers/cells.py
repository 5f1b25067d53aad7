"""One stored value of a workbook as a `Cell`: its type is kept, nothing becomes text that was none."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from typing import Final

from openpyxl.utils.escape import unescape

from mailbot.domain.document import Cell, Special

_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_EXACT_FLOAT: Final = 1e15
"""Below this a float that is whole is the number that was typed (IEEE 754, 15 decimal digits survive)."""

Number = int | float


def text_cell(text: str, limit: int) -> str | None:
    """Text without Excel's `_x000D_` escapes (ECMA-376, ST_Xstring) and surrogates, at most `limit` characters."""
    if "_x" in text:
        text = unescape(text)
    return _SURROGATES.sub("\ufffd", text)[:limit] or None


def number_cell(number: Number) -> Cell:
    """An int or float as stored; what is no number is an error value."""
    if isinstance(number, float) and not math.isfinite(number):
        return Special(kind="error", text="#NUM!")
    return number


def quick_number(number: Number) -> Cell:
    """A number of the quick reader, which has floats alone: whole ones are int again as far as that is exact."""
    if isinstance(number, float) and number.is_integer() and abs(number) < _EXACT_FLOAT:
        return int(number)
    return number_cell(number)


def date_cell(moment: date | time | timedelta) -> Special:
    """A date or time as ISO 8601 text; midnight is left out."""
    if isinstance(moment, timedelta):
        return Special(kind="date", text=str(moment))
    if isinstance(moment, datetime) and moment.time() == time.min:
        return Special(kind="date", text=moment.date().isoformat())
    return Special(kind="date", text=moment.isoformat())
