"""Workbooks of text cells and nothing else, as bytes: for files that go with nearly every letter.

The parts are those of ECMA-376, part 1 (SpreadsheetML), written straight: XlsxWriter (`book.py`) spends several
milliseconds on features that a table of texts does not have. Every cell is a shared string in a text format (`@`), the
times inside are fixed: the same tables give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from mailbot.outbound.book import harmless_cell

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SAME_TIME: Final = (2000, 1, 1, 0, 0, 0)
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold (2.2, Char)."""
_BORDER: Final = "".join(f'<{side} style="thin"/>' for side in ("left", "right", "top", "bottom"))
_STYLES: Final = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2">'
    '<font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    f'</fills><borders count="2"><border/><border>{_BORDER}</border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1"'
    ' applyBorder="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_TYPES: Final = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{{parts}}</Types>'
)
_RELATIONS: Final = f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{{parts}}</Relationships>'
_TOP: Final = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
_TEXT, _TITLE = "1", "2"
"""Places in `cellXfs`; number format 49 is `@`, text (ECMA-376, part 1, 18.8.30)."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name (at most 31 characters, no bracket, colon, star or slash), the width of each column in
    characters, headings, rows."""

    name: str
    widths: Sequence[int]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def text_book(tables: Sequence[Table]) -> bytes:
    """The workbook. An empty text gives an empty cell that is formatted as text already."""
    strings: dict[str, int] = {}
    sheets = [_sheet(table, strings) for table in tables]
    parts = _frame([table.name for table in tables])
    parts += [(f"xl/worksheets/sheet{number}.xml", sheet) for number, sheet in enumerate(sheets, start=1)]
    parts += [("xl/styles.xml", _STYLES), ("xl/sharedStrings.xml", _shared(strings))]
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for name, content in parts:
            member = ZipInfo(name, _SAME_TIME)
            member.compress_type = ZIP_DEFLATED
            package.writestr(member, content)
    return target.getvalue()


def _sheet(table: Table, strings: dict[str, int]) -> str:
    widths = "".join(
        f'<col min="{column}" max="{column}" width="{width}" style="{_TEXT}" customWidth="1"/>'
        for column, width in enumerate(table.widths, start=1)
    )
    names = [_column(number) for number in range(len(table.headings))]
    lines = [_row(1, table.headings, names, _TITLE, strings)]
    lines += [_row(number, row, names, _TEXT, strings) for number, row in enumerate(table.rows, start=2)]
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{''.join(lines)}</sheetData></worksheet>"
    )


def _row(number: int, cells: Sequence[str], names: Sequence[str], style: str, strings: dict[str, int]) -> str:
    out = [f'<row r="{number}">']
    for name, text in zip(names, cells, strict=True):
        if text:
            place = strings.setdefault(text, len(strings))
            out.append(f'<c r="{name}{number}" s="{style}" t="s"><v>{place}</v></c>')
        else:
            out.append(f'<c r="{name}{number}" s="{style}"/>')
    return "".join(out) + "</row>"


def _column(number: int) -> str:
    """The letters of a column, from 0: A, B, ..., Z, AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _shared(strings: dict[str, int]) -> str:
    items = "".join(f'<si><t xml:space="preserve">{_written(text)}</t></si>' for text in strings)
    return f'{_HEAD}<sst xmlns="{_MAIN}" uniqueCount="{len(strings)}">{items}</sst>'


def _written(text: str) -> str:
    return escape(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", harmless_cell(text)))


def _frame(names: Sequence[str]) -> list[tuple[str, str]]:
    """The package around the sheets: content types, relations, the list of sheets."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(f'<sheet name={quoteattr(names[n - 1])} sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    parts = [(f"worksheets/sheet{n}.xml", "worksheet") for n in numbers]
    parts += [("styles.xml", "styles"), ("sharedStrings.xml", "sharedStrings")]
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(parts, start=1)
    )
    types = "".join(f'<Override PartName="/xl/{target}" ContentType="{_TYPE}.{kind}+xml"/>' for target, kind in parts)
    types = _TYPES.format(parts=types)
    workbook = f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
    return [
        ("[Content_Types].xml", types),
        ("_rels/.rels", _RELATIONS.format(parts=_TOP)),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", _RELATIONS.format(parts=related)),
    ]
