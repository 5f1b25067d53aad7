"""Workbooks for senders, by XlsxWriter: every cell a typed string, fixed times inside, same input, same bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from mailbot.domain.document import CORRECTED_CASE

_CASE: Final = re.compile(r"[0-9A-Za-z-]{1,40}")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_FONT: Final = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
_LOOKS: Final[Mapping[str, Mapping[str, object]]] = {
    "plain": _FONT,
    "title": {**_FONT, "bold": True, "font_size": 14},
    "heading": {**_FONT, "bold": True, "border": 1, "text_wrap": True, "bg_color": "#D9E2F3"},
    "text": {**_FONT, "border": 1, "num_format": "@"},
    "wrapped": {**_FONT, "border": 1, "num_format": "@", "text_wrap": True},
    "bad": {**_FONT, "border": 1, "num_format": "@", "font_color": "#9C0006", "bg_color": "#FFC7CE"},
}


class Book:
    """A workbook of one sheet under construction."""

    def __init__(self, sheet: str, widths: Sequence[float]) -> None:
        self._target = BytesIO()
        safe = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
        self._book = Workbook(self._target, {"in_memory": True, **dict.fromkeys(safe, False)})
        # XlsxWriter would write the present time, and takes naive times only.
        self._book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
        self._looks = {name: self._book.add_format(dict(look)) for name, look in _LOOKS.items()}
        self._sheet: Worksheet = self._book.add_worksheet(sheet)
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def row(self, row: int, cells: Sequence[tuple[str, str]]) -> None:
        """Write a row (from 0) of (text, look); an empty text gives an empty cell of that look."""
        for column, (text, look) in enumerate(cells):
            if text:
                self._sheet.write_string(row, column, harmless_cell(text), self._looks[look])
            else:
                self._sheet.write_blank(row, column, None, self._looks[look])

    def expect_length(self, first: tuple[int, int], last: tuple[int, int], length: int, hint: str) -> None:
        """Warn the clerk, while typing, of a text of another length; only warn, for no rule knows every person."""
        options = {
            "validate": "length",
            "criteria": "==",
            "value": length,
            "error_type": "warning",
            "error_title": "请核对",
            "error_message": hint,
        }
        self._sheet.data_validation(*first, *last, options)

    def freeze(self, rows: int) -> None:
        """Keep the top rows in sight."""
        self._sheet.freeze_panes(rows, 0)

    def hide_column(self, column: int) -> None:
        """Keep a column out of sight; it stays in the file."""
        self._sheet.set_column(column, column, None, None, {"hidden": True})

    def hide_case(self, case_id: str) -> None:
        """Keep the case number in a hidden defined name; XlsxWriter's own method makes visible names only."""
        if _CASE.fullmatch(case_id):
            self._book.defined_names.append([CORRECTED_CASE, -1, f'"{case_id}"', True])

    def finish(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._target.getvalue()


def harmless_cell(text: str) -> str:
    """A text that no spreadsheet program takes for a formula, also after a detour over csv (CWE-1236)."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
