"""What one line of a sheet is: people, labels, a title, the name of a group, or anything else that is no person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum, auto
from typing import Final

from mailbot.casetypes.roster.folding import blank, text_of
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.heads import Columns
from mailbot.casetypes.roster.labels import is_label
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.rows import Raw, Shape, is_prose, shape, valid_ids

_COLUMN_NUMBERS: Final = ("123456789101112131415", "甲乙丙丁戊己庚辛壬癸", "ABCDEFGHIJKLMN", "一二三四五六七八九十")


class Line(Enum):
    """The kinds of line."""

    PEOPLE = auto()
    LABELS = auto()
    TITLE = auto()
    GROUP = auto()
    OTHER = auto()


def line_of(grid: Grid, row: int, raws: Sequence[Raw], panels: Sequence[Columns], lexicon: Lexicon, width: int) -> Line:
    """What a line is that is neither blank nor a heading; `raws` are its panels, none above the first heading. What
    stands right of the column `width` is not looked at.

    A line with an ID number, or with a serial number and a name, is a person whatever else it says, unless it opens
    with a label and has no valid ID number (an order number may stand below the ID numbers). Any other line is first
    given the chance to be a label, a title, a total or a note. A remark beside a name is never a label.
    """
    shapes = [shape(raw, lexicon) for raw in raws]
    texts = [(column, text) for column, text in grid.texts(row) if column <= width]
    if _counts_columns(texts) or _totals(texts, raws, lexicon):
        return Line.OTHER
    opens_as_label = is_label(texts[0][1], lexicon) and not any(valid_ids(raw.id_number) for raw in raws)
    if Shape.PERSON in shapes and not opens_as_label:
        return Line.PEOPLE
    somebody = any(found is not Shape.NOBODY for found in shapes)
    remarks = {panel["remark"] for panel in panels if somebody and "remark" in panel}
    if any(is_label(text, lexicon) for column, text in texts if column not in remarks):
        return Line.LABELS
    opening = texts[0][1]
    if lexicon.is_title(opening):
        return Line.TITLE
    if len(texts) == 1 and lexicon.opens_group(opening):
        return Line.GROUP
    counts = len(texts) == 1 and lexicon.count_in(opening) is not None
    if counts or lexicon.begins_total(opening) or lexicon.begins_note(opening):
        return Line.OTHER
    perhaps = [raw for raw, found in zip(raws, shapes, strict=True) if found is Shape.PERHAPS]
    return Line.OTHER if all(is_prose(grid, raw, panels[raw.panel - 1]) for raw in perhaps) else Line.PEOPLE


def _counts_columns(texts: Sequence[tuple[int, str]]) -> bool:
    """Whether a line numbers the columns, as official forms do below their heading: 1 2 3 4, or 甲 乙 丙 丁."""
    said = "".join(text.strip() for _, text in texts)
    return len(texts) > 2 and any(said == row[: len(said)] for row in _COLUMN_NUMBERS)


def _totals(texts: Sequence[tuple[int, str]], raws: Sequence[Raw], lexicon: Lexicon) -> bool:
    """Whether a line begins with the word for a total and names nobody, whatever sums stand in it."""
    if not lexicon.begins_total(texts[0][1]) or any(valid_ids(raw.id_number) for raw in raws):
        return False
    return all(blank(raw.name) or lexicon.begins_total(text_of(raw.name)) for raw in raws)


def count_of(grid: Grid, row: int, lexicon: Lexicon, columns: Collection[int]) -> int | None:
    """The number of people that a total or a note claims; a subtotal claims nothing. A bare number counts in the
    `columns` of the list and beside the word: the one below another column (金额) is the sum of that."""
    cells = list(grid.texts(row))
    if not cells or lexicon.begins_subtotal(cells[0][1]):
        return None
    count = lexicon.count_in("".join(text for _, text in cells))
    if count is not None or not lexicon.begins_total(cells[0][1]):
        return count
    near = {*columns, cells[0][0] + 1}
    numbers = [
        text.strip() for column, text in cells[1:] if text.strip().isdecimal() and (column in near or not columns)
    ]
    return int(numbers[0]) if len(numbers) == 1 and len(numbers[0]) < 7 else None


def holds_person(grid: Grid, raw: Raw, panel: Columns, lexicon: Lexicon) -> bool:
    """Whether this panel of a line with people holds one."""
    found = shape(raw, lexicon)
    return found is Shape.PERSON or (found is Shape.PERHAPS and not is_prose(grid, raw, panel))
