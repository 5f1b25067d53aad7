"""One line of a table: the cells that its columns name, and whether they are a person's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from mailbot.casetypes.roster.folding import blank, bracketed, squeeze, text_of
from mailbot.casetypes.roster.grid import Grid, Row
from mailbot.casetypes.roster.heads import Columns
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.likeness import idlike, ids_inside
from mailbot.domain.document import Cell, Special
from mailbot.domain.identity import check_char

LONGEST_NAME = 25
"""A text without a serial number that is longer stands for no person (the longest transcribed names have about 20)."""

FEWEST_DIGITS = 10
"""A cell with fewer digits is no attempt at an ID number or mobile number; a written date has eight."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A person's cells as stored. `table` is the place in the sheet's list of column sets, from 0."""

    row: int
    panel: int
    table: int
    name: Cell
    id_number: Cell
    phone: Cell
    remark: Cell
    serial: Cell
    sex: Cell
    birth: Cell
    unit: Cell
    order_no: Cell = None


class Shape(Enum):
    """What a line of a panel is: surely a person, perhaps one (when nothing else explains the line), or nobody."""

    PERSON = auto()
    PERHAPS = auto()
    NOBODY = auto()


def take(cells: Row, columns: Columns, row: int, panel: int, table: int) -> Raw:
    """The cells of one panel of a row."""
    width = len(cells)

    def at(key: str) -> Cell:
        column = columns.get(key)
        return cells[column - 1] if column is not None and column <= width else None

    return Raw(
        row,
        panel,
        table,
        at("name"),
        at("id_number"),
        at("phone"),
        at("remark"),
        at("serial"),
        at("sex"),
        at("birth"),
        at("unit"),
        at("order_no"),
    )


def shape(raw: Raw, lexicon: Lexicon) -> Shape:
    """What this panel of a line is, from its own cells."""
    if idlike(raw.id_number):
        return Shape.PERSON
    if blank(raw.name) and blank(raw.id_number) and blank(raw.phone):
        return Shape.NOBODY
    numbered = _numbered(raw.serial)
    if not numbered and (_signs(raw) or _heads(raw, lexicon)):
        return Shape.NOBODY
    if numbered and not blank(raw.name) and not _no_name(text_of(raw.name), lexicon):
        return Shape.PERSON
    return Shape.PERHAPS


def _numbered(serial: Cell) -> bool:
    return squeeze(text_of(serial)).rstrip(".、").isdigit()


def _signs(raw: Raw) -> bool:
    """Whether a line without a serial number holds signatures, offices or a date below a list: no number that could be
    anybody's, and no name, or words where the serial number or the name stands."""
    if max(_digits(raw.id_number), _digits(raw.phone)) >= FEWEST_DIGITS:
        return False
    if blank(raw.name):
        return True
    serial, name = squeeze(text_of(raw.serial)), squeeze(text_of(raw.name))
    worded = bool(serial) and not any(char.isnumeric() for char in serial)
    return (worded or name.endswith(":")) and not has_digits(raw)


def _digits(cell: Cell) -> int:
    """How many digits a cell shows; a date has none that are anybody's."""
    return 0 if isinstance(cell, Special) else sum(char.isdigit() for char in text_of(cell))


def has_digits(raw: Raw) -> bool:
    """Whether the ID number or the phone shows any digit."""
    return bool(_digits(raw.id_number) or _digits(raw.phone))


def _heads(raw: Raw, lexicon: Lexicon) -> bool:
    """Whether a line is the heading of its columns that nobody recognised whole: the name column says 姓名."""
    named = lexicon.column(text_of(raw.name))
    return named is not None and named[0] == "name" and not has_digits(raw)


def _no_name(text: str, lexicon: Lexicon) -> bool:
    return lexicon.begins_total(text) or lexicon.begins_note(text)


def is_prose(grid: Grid, raw: Raw, columns: Columns) -> bool:
    """Whether a line that could be a person is a sentence, a hint or a group heading: a lone text, long, in brackets,
    a mere number, or merged across the columns of a person."""
    if not (blank(raw.id_number) and blank(raw.phone)):
        return all(bracketed(text_of(cell)) for cell in (raw.name, raw.id_number, raw.phone) if not blank(cell))
    if ids_inside(raw.name):
        return False
    text = squeeze(text_of(raw.name))
    span = grid.span(raw.row, columns["name"])
    across = span is not None and span.right > span.left
    return (
        across
        or text.isdigit()
        or len(text) > LONGEST_NAME
        or bracketed(text)
        or any(mark in text for mark in "。;；:：")
    )


def is_example(raw: Raw, lexicon: Lexicon) -> bool:
    """A sample row of the form: its name says so, or it is marked as one and has no valid ID number, for a clerk may
    have written a person over the sample."""
    if not blank(raw.name) and lexicon.is_example(text_of(raw.name)):
        return True
    marked = any(lexicon.is_example(text_of(cell)) for cell in (raw.serial, raw.remark) if not blank(cell))
    return marked and not valid_ids(raw.id_number)


def valid_ids(cell: Cell) -> list[str]:
    """The ID numbers in a cell whose check character is right."""
    return [number for number in ids_inside(cell) if check_char(number[:17]) == number[17]]
