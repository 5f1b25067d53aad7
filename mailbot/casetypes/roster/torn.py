"""A person who does not stand in one row of single cells: an ID number in several cells, cells merged over rows."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from mailbot.casetypes.roster.folding import blank, squeeze, text_of
from mailbot.casetypes.roster.grid import Grid, Row
from mailbot.casetypes.roster.heads import Columns
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.rows import Raw, valid_ids
from mailbot.casetypes.roster.tables import Table
from mailbot.domain.document import Cell
from mailbot.domain.names import DOT

_NUMBER_BEFORE = re.compile(r"\s*(?P<serial>\d{1,4})\s*[.、．)）]\s*(?P<name>[^\d\s].*)", re.DOTALL)
_HAN_PIECE = re.compile("[\u3400-\u9fff\U00020000-\U0003fffd]{1,3}")
_DOTTED_PIECE = re.compile("[\u3400-\u9fff\U00020000-\U0003fffd·]{1,15}")
_WITH_SEX = re.compile("[\u3400-\u9fff\U00020000-\U0003fffd]{2,}女|[\u3400-\u9fff\U00020000-\U0003fffd]{3,}男")
"""女 ends hardly any name, 男 many a name of three characters (胜男)."""
_NO_PIECE = frozenset({"男", "女", "是", "否", "汉", "有", "无", "同上"})
LONGEST_PIECE = 3
"""Characters of the longest part of a name that may go on in the next column."""
LONGEST_GIVEN = 2
"""Characters behind a surname of one."""
LONGEST_REMARK = 40
"""Characters of the longest text that is a remark where no heading says so."""


def whole(raw: Raw, cells: Row, panel: Columns, headed: Collection[int]) -> Raw:
    """The row with its values put together, and its serial number in its own place."""
    return numbered(named(joined(raw, cells, panel, headed), cells, panel, headed))


def joined(raw: Raw, cells: Row, panel: Columns, headed: Collection[int]) -> Raw:
    """The row with an ID number that goes on in columns without a heading, its pieces set apart by a blank, as they
    were. Only pieces that make one valid number together are joined."""
    first = panel.get("id_number")
    if first is None or blank(raw.id_number) or valid_ids(raw.id_number):
        return raw
    pieces = [squeeze(text_of(raw.id_number))]
    for column in range(first + 1, len(cells) + 1):
        if column in headed or blank(cells[column - 1]):
            break
        pieces.append(squeeze(text_of(cells[column - 1])))
    if len(pieces) > 1 and all(map(str.isalnum, pieces)) and valid_ids("".join(pieces)):
        return replace(raw, id_number=" ".join(pieces))
    return raw


def named(raw: Raw, cells: Row, panel: Columns, headed: Collection[int]) -> Raw:
    """The row with a name that goes on in the next column, which has no heading: a single character is a surname and
    the rest follows, and so it does at the dot of a transcribed name; anything else is nobody's to join and is shown
    with a bar between."""
    place = panel["name"] + 1
    rest = cells[place - 1] if place <= len(cells) and place not in headed else None
    if not (isinstance(raw.name, str) and isinstance(rest, str)):
        return raw
    name = squeeze(raw.name)
    if name and _dotted(name, squeeze(rest)):
        return replace(raw, name=f"{name} {squeeze(rest)}")
    if len(name) > LONGEST_PIECE or squeeze(rest) in _NO_PIECE or not _HAN_PIECE.fullmatch(squeeze(rest)):
        return raw
    surname = len(name) == 1 and len(squeeze(rest)) <= LONGEST_GIVEN
    return replace(raw, name=f"{name}{' ' if surname else '|'}{squeeze(rest)}")


def sexed(raw: Raw, panel: Columns) -> Raw:
    """The row with a bar before the sex that stands behind a name and not in its own column."""
    if "sex" in panel and blank(raw.sex) and isinstance(raw.name, str):
        name = squeeze(raw.name)
        if _WITH_SEX.fullmatch(name):
            return replace(raw, name=f"{name[:-1]}|{name[-1]}")
    return raw


def _dotted(name: str, rest: str) -> bool:
    """Whether the dot between the parts of a transcribed name stands at the cut: nothing else begins or ends so."""
    pieces = _DOTTED_PIECE.fullmatch(name) and _DOTTED_PIECE.fullmatch(rest)
    return pieces is not None and (name[-1] == DOT) != (rest[0] == DOT)


def numbered(raw: Raw) -> Raw:
    """The row with the serial number that was written before the name (1.张三) in its own place."""
    found = _NUMBER_BEFORE.fullmatch(raw.name) if isinstance(raw.name, str) and blank(raw.serial) else None
    return replace(raw, serial=found["serial"], name=found["name"]) if found else raw


def absorbed(grid: Grid, raw: Raw, panel: Columns, last: Raw | None) -> Raw | None:
    """The person above with what this row adds, where the row is the lower part of the cell that holds the name above:
    a telephone number beside it is a second one. `None` for a row of its own."""
    if last is None or last.panel != raw.panel or not (blank(raw.name) and blank(raw.id_number)):
        return None
    span = grid.span(raw.row, panel["name"])
    if span is None or not span.top <= last.row < raw.row:
        return None
    return replace(last, phone=_both(last.phone, raw.phone), remark=_both(last.remark, raw.remark))


def surrounded(grid: Grid, raw: Raw, panel: Columns, group: str | None) -> Raw:
    """The row with what a cell that is merged over several rows says for each of them (remark, unit, order number), and
    with the unit of the line that opened its group."""
    unit = _merged(grid, raw.row, panel.get("unit"), raw.unit)
    return replace(
        raw,
        remark=_merged(grid, raw.row, panel.get("remark"), raw.remark),
        unit=group if blank(unit) else unit,
        order_no=_merged(grid, raw.row, panel.get("order_no"), raw.order_no),
    )


def remarked(raw: Raw, cells: Row, table: Table, lexicon: Lexicon) -> Raw:
    """The row with the remarks that stand outside the column of the remarks: all of a further such column, and what
    decides in a column without a heading (已离职)."""
    if len(table.panels) > 1:
        return raw
    said = [text_of(raw.remark)] if not blank(raw.remark) else []
    beside = (frozenset(range(1, len(cells) + 1)) - table.headed) | table.remarks
    for column, cell in enumerate(cells, start=1):
        if (
            isinstance(cell, str)
            and not blank(cell)
            and column in beside
            and (column in table.remarks or _decides(cell, lexicon))
        ):
            said.append(cell.strip())
    return replace(raw, remark="；".join(said)) if len(said) > 1 or (said and blank(raw.remark)) else raw


def _decides(text: str, lexicon: Lexicon) -> bool:
    return len(text) <= LONGEST_REMARK and lexicon.remark(text) is not None


def _merged(grid: Grid, row: int, column: int | None, own: Cell) -> Cell:
    span = grid.span(row, column) if column else None
    return grid.cell(span.top, span.left) if span and span.top < row else own


def _both(above: Cell, below: Cell) -> Cell:
    if blank(below):
        return above
    return below if blank(above) else f"{text_of(above)}/{text_of(below)}"
