"""What a roster's extra columns 性别 and 出生日期 say against the identity number: yes, no, or cannot be told."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from typing import Final

from mailbot.domain import identity
from mailbot.domain.chars import Number, clean, narrow
from mailbot.domain.document import Cell, Special
from mailbot.domain.identity import Sex

_SEXES: Final[dict[str, Sex]] = {
    **dict.fromkeys(("男", "男性", "男士", "M", "MALE"), "男"),
    **dict.fromkeys(("女", "女性", "女士", "F", "FEMALE"), "女"),
}
_WRITTEN: Final = re.compile(r"((?:19|20)[0-9]{2})[-./年]([0-9]{1,2})(?:[-./月]([0-9]{1,2})日?|月)?(?:[ T].*)?")
_COMPACT: Final = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})?")
_DAY_ZERO: Final = date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial dates, of those after February 1900."""


def sex_of(cell: Cell) -> Sex | None:
    """The sex that a cell names, `None` where it names none."""
    return _SEXES.get(narrow(clean(cell).text).text.upper()) if isinstance(cell, str) else None


def sex_differs(number: str, cell: Cell) -> bool | None:
    """Whether a cell contradicts the sex in an identity number; `None` where the cell names none."""
    named = sex_of(cell)
    return None if named is None else named != identity.sex(number)


def birth_differs(number: str, cell: Cell) -> bool | None:
    """Whether a cell contradicts the birth date in an identity number; `None` where it names no date.

    A cell with year and month alone is compared by these.
    """
    named = _birth_parts(cell)
    born = identity.birth_date(number)
    if named is None or born is None:
        return None
    return (born.year, born.month, born.day)[: len(named)] != named


def _birth_parts(cell: Cell) -> tuple[int, ...] | None:
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, Special):
        return _parts_of(cell.text) if cell.kind == "date" else None
    if isinstance(cell, Number):
        return _parts_of_number(cell)
    return _parts_of(narrow(clean(cell).text).text)


def _parts_of_number(value: Number) -> tuple[int, ...] | None:
    """A number cell: 19900101 as typed, 1990.01 as typed, or a serial date that lost its format."""
    if isinstance(value, float) and not value.is_integer():
        return _parts_of(f"{value:.2f}") if 1900 <= value < 2100 else None
    if 3000 <= value < 60000:
        born = _DAY_ZERO + timedelta(days=int(value))
        return born.year, born.month, born.day
    return _parts_of(str(int(value)))


def _parts_of(text: str) -> tuple[int, ...] | None:
    found = _WRITTEN.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        return None
    parts = tuple(int(part) for part in found.groups() if part is not None)
    with suppress(ValueError):
        date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
        return parts
    return None
