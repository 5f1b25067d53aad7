"""The three cells of a person read as values: what would be registered, what was repaired, what is wrong.

One fault of one field gives one code. Where several fields share a fault (填反, 一格几项), it stands for theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from mailbot.casetypes.roster.folding import blank, text_of
from mailbot.casetypes.roster.likeness import namelike, phones_inside
from mailbot.casetypes.roster.rows import valid_ids
from mailbot.domain import identity, names, phone
from mailbot.domain.document import Cell, Special
from mailbot.domain.identity import IdFault
from mailbot.domain.names import NameFault

LABELS: Final = {"name": "姓名", "id_number": "身份证号码", "phone": "手机号码"}
"""The three values that an account is made of, by the key of their column."""
NONE: Final[frozenset[str]] = frozenset()
_LOST: Final = frozenset({"precision_lost"})
_ILLEGAL: Final = frozenset[str]({NameFault.ILLEGAL_CHAR})
_PLAIN_NAME: Final = re.compile("[\u4e00-\u9fff]{2,4}")
_PLAIN_ID: Final = re.compile("[1-8][0-9]{16}[0-9X]")
_REGISTRABLE_NAME: Final = frozenset({NameFault.LATIN_IN_HAN})
_REGISTRABLE_ID: Final = frozenset({IdFault.OTHER_DOCUMENT, IdFault.FOREIGNER_PR})
ANY_DAY: Final = date.max
"""For reading a value before the day it is judged on is known."""


@dataclass(frozen=True, slots=True)
class Value:
    """One cell as a value. `text` is what stands there after repair, `value` what would be registered (`None` where
    that cannot be known), `special` the kind of a cell that is no value at all."""

    text: str
    value: str | None
    faults: frozenset[str] = NONE
    changes: frozenset[str] = NONE
    special: str | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """A person's three values, and the faults that they share."""

    name: Value
    id_number: Value
    phone: Value
    swapped: bool = False
    merged: bool = False


def read_fields(name: Cell, id_number: Cell, mobile: Cell, today: date, *, text_table: bool = False) -> Fields:
    """All three. `today` bounds birth dates; `text_table` says that the cells come from a CSV."""
    fields = Fields(read_name(name), read_id(id_number, today, text_table=text_table), read_phone(mobile))
    if not (fields.name.faults or fields.id_number.faults or fields.phone.faults):
        return fields
    return _shared(fields, name, id_number, mobile, today)


def plain_values(name: Cell, id_number: Cell, mobile: Cell, *, text_table: bool = False) -> tuple[str, str, str] | None:
    """The three values of a row that needs no repair and has no fault on any day, `None` for every other row.

    The short way for what nearly every row is; it says nothing that `read_fields` would not say.
    """
    if not (type(name) is str and type(id_number) is str and type(mobile) in (str, int)):
        return None
    phone_text = str(mobile)
    plain = _PLAIN_NAME.fullmatch(name) and _PLAIN_ID.fullmatch(id_number) and phone.is_mobile(phone_text)
    if not plain or names.inspect(name) or identity.inspect(id_number, ANY_DAY):
        return None
    if text_table and identity.lost_digits(id_number, from_text_table=True):
        return None
    return name, id_number, phone_text


def _special(cell: Cell) -> Value | None:
    if isinstance(cell, Special) and cell.kind != "date":
        return Value("", None, special=cell.kind)
    return None


def read_name(cell: Cell) -> Value:
    """A name cell. Nobody is called by a number, a date or a truth value, whatever letters it is shown with."""
    special = _special(cell)
    if special:
        return special
    if cell is not None and not isinstance(cell, str):
        return Value(text_of(cell), None, _ILLEGAL)
    found = names.normalise(cell or "")
    faults = names.inspect(found.text)
    if not faults:
        return Value(found.text, found.text, NONE, found.changes)
    known = found.text if faults <= _REGISTRABLE_NAME else None
    return Value(found.text, known, frozenset(faults), found.changes)


def read_id(cell: Cell, today: date, *, text_table: bool = False) -> Value:
    """An ID number cell. A number that lost digits stays as it stands, and gives no value."""
    if identity.lost_digits(cell, from_text_table=text_table):
        return Value(text_of(cell), None, _LOST)
    found = identity.normalise(cell if isinstance(cell, str) else text_of(cell))
    fault = identity.inspect(found.text, today)
    if fault is None:
        return Value(found.text, found.text, NONE, found.changes)
    known = found.text if fault in _REGISTRABLE_ID else None
    return _special(cell) or Value(found.text, known, frozenset({fault.value}), found.changes if known else NONE)


def read_phone(cell: Cell) -> Value:
    """A phone cell."""
    special = _special(cell)
    if special:
        return special
    plain = cell if isinstance(cell, str | int | float) and not isinstance(cell, bool) else text_of(cell)
    found = phone.normalise(plain)
    fault = phone.inspect(found.text)
    if fault is None:
        return Value(found.text, found.text, NONE, found.changes)
    return Value(found.text, None, frozenset({fault.value}))


def _shared(fields: Fields, name: Cell, id_number: Cell, mobile: Cell, today: date) -> Fields:
    """The faults that only all cells together explain; those of the single cells they explain are dropped."""
    cells = {"name": name, "id_number": id_number, "phone": mobile}
    swapped = _swapped(fields, cells, today)
    if swapped:
        return replace(_without(fields, swapped), swapped=True)
    merged = _merged(fields, cells)
    return replace(_without(fields, merged), merged=True) if merged else fields


def _without(fields: Fields, explained: frozenset[str]) -> Fields:
    def kept(key: str, value: Value) -> Value:
        return Value(value.text, None) if key in explained else value

    return Fields(kept("name", fields.name), kept("id_number", fields.id_number), kept("phone", fields.phone))


def _kinds(cell: Cell, today: date) -> frozenset[str]:
    """What a cell would be right for, taken as a whole."""
    if blank(cell) or isinstance(cell, Special):
        return NONE
    found = set()
    if read_id(cell, today).faults == NONE:
        found.add("id_number")
    if read_phone(cell).faults == NONE:
        found.add("phone")
    if namelike(text_of(cell)):
        found.add("name")
    return frozenset(found)


def _swapped(fields: Fields, cells: dict[str, Cell], today: date) -> frozenset[str]:
    """The columns whose cells stand in each other's place: each is right for another one of them, or empty."""
    wrong = [key for key in cells if getattr(fields, key).faults]
    fits = {key: _kinds(cells[key], today) for key in wrong}
    moved = {key for key in wrong if fits[key] and key not in fits[key] and fits[key] & set(wrong)}
    targets = {target for key in moved for target in fits[key] & set(wrong)}
    fine = all(key in moved or blank(cells[key]) for key in targets)
    return frozenset(moved | targets) if moved and fine else NONE


def _merged(fields: Fields, cells: dict[str, Cell]) -> frozenset[str]:
    """The columns that one cell holds together: its own, and others that are empty."""
    empty = {key for key, cell in cells.items() if blank(cell)}
    for key, cell in cells.items():
        if key in empty or not getattr(fields, key).faults:
            continue
        inside = _inside(cell) & empty
        if inside:
            return frozenset({key} | inside)
    return NONE


def _inside(cell: Cell) -> frozenset[str]:
    """What stands in a cell among other things."""
    text = text_of(cell)
    found = set()
    if valid_ids(text):
        found.add("id_number")
    if phones_inside(text):
        found.add("phone")
    if namelike("".join(char for char in text if not (char.isascii() or char.isspace()))):
        found.add("name")
    return frozenset(found)
