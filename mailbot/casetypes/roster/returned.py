"""Our own workbook of rows to correct, filled in and sent back: what the clerk wrote into its empty cells.

Its columns are those of `outbound.correction`: where the row stood, what stood there (masked), the fault, empty cells,
and a hidden place. A masked value is never taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from mailbot.casetypes.roster.folding import blank, fold, squeeze, text_of
from mailbot.domain.document import CORRECTED_CASE, CORRECTED_ID, Cell, Document, Sheet
from mailbot.domain.records import Amendment

_RIGHT: Final = {"正确姓名": "name", CORRECTED_ID: "id_number", "正确手机号码": "phone"}
_SHOWN: Final = {"姓名": "name", "身份证号码": "id_number", "手机号码": "phone"}
_ROW, _SERIAL, _PLACE = "原行号", "序号", "位置"
_HIDDEN: Final = re.compile(r"(.*)!([1-9][0-9]{0,6})!([1-9][0-9]{0,6})(?:#([1-9][0-9]{0,6}))?", re.DOTALL)
_MASK: Final = "*"


def case_of(document: Document) -> str | None:
    """The case number hidden in the workbook; `None` where a program has dropped it."""
    return document.names.get(CORRECTED_CASE, "").strip('="') or None


def amendments_of(document: Document) -> tuple[Amendment, ...]:
    """The rows of the workbook in which something was filled in."""
    return tuple(amendment for sheet in document.sheets for amendment in _of_sheet(sheet))


def _of_sheet(sheet: Sheet) -> Iterator[Amendment]:
    if not sheet.rows:
        return
    at = {fold(text_of(cell)): column for column, cell in enumerate(sheet.rows[0]) if not blank(cell)}
    if fold(CORRECTED_ID) not in at:
        return
    for cells in sheet.rows[1:]:
        line = {name: cells[column] for name, column in at.items() if column < len(cells)}
        amendment = _amendment(line)
        if amendment is not None:
            yield amendment


def _amendment(line: Mapping[str, Cell]) -> Amendment | None:
    """What one row says; `None` where nothing was filled in."""
    values = {key: line[fold(label)] for label, key in _RIGHT.items() if not blank(line.get(fold(label)))}
    for label, key in _SHOWN.items():
        if key not in values and _typed_over(line.get(fold(label))):
            values[key] = line[fold(label)]
    told = any(not blank(line.get(fold(label))) for label in _RIGHT)
    sheet, panel, row, item = _place(text_of(line.get(_PLACE)))
    serial = text_of(line.get(_SERIAL)).strip() or None
    row = row or _number(text_of(line.get(_ROW)))
    if not values or not (told or row):
        return None
    name = text_of(line.get("姓名")).strip() if "name" not in values else ""
    return Amendment(values, row, serial, (name if _MASK in name else "") or None, panel, sheet, item)


def _typed_over(cell: Cell) -> bool:
    """Whether the cell that showed a masked value holds something of its own. A whole value that we showed ourselves
    says nothing new, and changes nothing."""
    return not blank(cell) and _MASK not in text_of(cell)


def _place(text: str) -> tuple[str | None, int | None, int | None, int | None]:
    """Sheet, panel and row of the hidden place, and the number of the item; the sheet's name may hold the marks too."""
    found = _HIDDEN.fullmatch(text.strip())
    if found is None:
        return None, None, None, None
    panel, row, item = (int(number) if number else None for number in found.group(2, 3, 4))
    return found[1].removeprefix("'") or None, panel, row, item


def _number(text: str) -> int | None:
    plain = squeeze(text).removesuffix(".0")
    return int(plain) if plain.isdecimal() and 0 < len(plain) < 8 else None
