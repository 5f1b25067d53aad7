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
_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_FORCED: Final = re.compile(r'="([^"]*)"')
_NUMERIC: Final = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{0,40})?([eE][+-]?[0-9]{1,3})?")

Number = int | float


def text_cell(text: str, limit: int) -> str | None:
    """Text without Excel's `_x000D_` escapes (ECMA-376, ST_Xstring) and surrogates, at most `limit` characters."""
    return plain_cell(unescape(text) if "_x" in text else text, limit)


def plain_cell(text: str, limit: int) -> str | None:
    """Text of a format without escapes of its own: no surrogates, at most `limit` characters."""
    return _SURROGATES.sub("\ufffd", text)[:limit] or None


def filled(cell: Cell) -> bool:
    """Whether a cell holds more than blanks."""
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def error_cell(text: str) -> Special | None:
    """An error value by the name that it is shown with, `None` for any other text."""
    name = text.strip()
    return Special(kind="error", text=name[:20]) if name in _ERRORS or name.startswith("Err:") else None


def shown_cell(text: str, limit: int) -> Cell:
    """A cell of a format that keeps only what was shown (csv, HTML): an error value is known by its name, and what a
    program wrapped as `="..."` to keep it text is the text inside."""
    error = error_cell(text)
    if error:
        return error
    forced = _FORCED.fullmatch(text.strip()) if text.lstrip().startswith('="') else None
    return plain_cell(forced[1] if forced else text, limit)


def written_number(text: str) -> Number | None:
    """A number as formats of text write it, `None` for what is none: whole ones as int, whatever their length."""
    found = _NUMERIC.fullmatch(text.strip())
    if found is None:
        return None
    return int(text) if found[1] is None and found[2] is None else float(text)


def number_cell(number: Number) -> Cell:
    """An int or float as stored; what is no number is an error value."""
    if isinstance(number, float) and not math.isfinite(number):
        return Special(kind="error", text="#NUM!")
    return number


def quick_number(number: Number) -> Cell:
    """A number of a format that has floats alone: whole ones are int again as far as that is exact."""
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
