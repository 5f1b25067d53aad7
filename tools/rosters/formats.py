"""Generated rosters as files, in every format that holds all of what they say."""

from __future__ import annotations

import csv
import html
import io
from typing import Any, Final, Protocol

import docx
import xlwt
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tools.html_spans import spans_of
from tools.roster_people import Value
from tools.rosters.model import Page, Roster


class Write(Protocol):
    """Writes a roster as the bytes of a file."""

    def __call__(self, roster: Roster, /) -> bytes: ...


def xlsx(roster: Roster) -> bytes:
    """A workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for page in roster.pages:
        _fill(book.create_sheet(page.name), page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, page: Page) -> None:
    for number, row in enumerate(page.rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                sheet.cell(number, column, value)
    for top, left, bottom, right in page.merges:
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    for number in page.hidden:
        sheet.row_dimensions[number].hidden = True
    for number in page.hidden_columns:
        sheet.column_dimensions[get_column_letter(number)].hidden = True
    if not page.visible:
        sheet.sheet_state = "hidden"


def xls(roster: Roster) -> bytes:
    """A workbook of Excel 97 to 2003."""
    book: Any = xlwt.Workbook(encoding="utf-8")  # Any: the library ships no types
    for page in roster.pages:
        sheet = book.add_sheet(page.name)
        for number, row in enumerate(page.rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)
        for top, left, bottom, right in page.merges:
            sheet.merge(top - 1, bottom - 1, left - 1, right - 1)
        for number in page.hidden:
            sheet.row(number - 1).hidden = True
        for number in page.hidden_columns:
            sheet.col(number - 1).hidden = True
        sheet.visibility = 0 if page.visible else 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_table(roster: Roster, encoding: str = "gb18030", separator: str = ",") -> bytes:
    """The only page as a text table; every row has its separators, as Excel writes them."""
    rows = roster.pages[0].rows
    width = max(map(len, rows), default=0)
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([*row, *([None] * (width - len(row)))] for row in rows)
    return out.getvalue().encode(encoding)


def page(roster: Roster) -> str:
    """The only page as an HTML table, with its merged ranges."""
    only = roster.pages[0]
    width = max(map(len, only.rows), default=0)
    spans, covered = spans_of(only.merges)
    lines = []
    for number, row in enumerate(only.rows, start=1):
        places = [(number, column) for column in range(1, width + 1) if (number, column) not in covered]
        lines.append("".join(_td(row[c - 1] if c <= len(row) else None, *spans.get((r, c), (1, 1))) for r, c in places))
    body = "".join(f"<tr>{line}</tr>\n" for line in lines)
    return f'<html><head><meta charset="utf-8"></head><body><table border="1">\n{body}</table></body></html>'


def _td(value: Value, height: int, width: int) -> str:
    span = "".join(f' {key}="{size}"' for key, size in (("rowspan", height), ("colspan", width)) if size > 1)
    text = "" if value is None else html.escape(str(value)).replace("\n", "<br>")
    return f"<td{span} style=\"mso-number-format:'\\@'\">{text}</td>"


def web_page(roster: Roster) -> bytes:
    """An HTML table, as many systems export a "workbook"."""
    return page(roster).encode("utf-8")


def word(roster: Roster) -> bytes:
    """A Word document with one table."""
    rows = roster.pages[0].rows
    width = max(map(len, rows), default=1)
    document = docx.Document()
    table = document.add_table(rows=len(rows), cols=width)
    for line, row in zip(table.rows, rows, strict=True):
        for cell, value in zip(line.cells, row, strict=False):
            cell.text = "" if value is None else str(value)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


TYPED: Final[dict[str, tuple[str, Write]]] = {"xlsx": ("报名名单.xlsx", xlsx), "xls": ("报名名单.xls", xls)}
"""Formats for every roster: the name of the file and how it is written."""
FLAT: Final[dict[str, tuple[str, Write]]] = {
    "csv": ("名单.csv", text_table),
    "tab": ("名单.txt", lambda roster: text_table(roster, "utf-16", "\t")),
    "html": ("导出名单.xls", web_page),
    "docx": ("名单.docx", word),
}
"""Formats for flat rosters."""
