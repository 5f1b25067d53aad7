"""Binary workbooks that no library here writes, record by record: Excel 5 with a Chinese code page, Excel 2 without any
([MS-XLS]), and the binary workbook in a zip ([MS-XLSB])."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any, Final

from xlwt.CompoundDoc import XlsDoc

from tools.stories.books import CREATED
from tools.stories.cells import Cell
from tools.stories.formats import lines_of, renamed_stream, shown
from tools.stories.sheets import Grid

_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XLSB_TYPES: Final = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
_XLSB_LINKS: Final = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}'
    "</Relationships>"
)


def excel5(grid: Grid, charset: str = "gb18030", page: int | None = 936) -> bytes:
    """A workbook of Excel 5 in its compound file; `page` is the code page that it declares."""
    name = grid.name.encode(charset)
    sheet = _record(0x809, struct.pack("<4H", 0x500, 0x10, 0, 0)) + _cells5(grid, charset) + _record(0x0A)
    declared = _record(0x42, struct.pack("<H", page)) if page else b""
    first = _record(0x809, struct.pack("<4H", 0x500, 5, 0, 0)) + declared
    place = len(first) + 4 + 7 + len(name) + 4
    bound = _record(0x85, struct.pack("<IBBB", place, 0 if grid.visible else 1, 0, len(name)) + name)
    out = io.BytesIO()
    XlsDoc().save(out, first + bound + _record(0x0A) + sheet)
    return renamed_stream(out.getvalue(), "Book")


def excel2(grid: Grid, charset: str = "gb18030") -> bytes:
    """A sheet of Excel 2, without a compound file and without a word about its charset, as old programs export it."""
    out = _record(9, struct.pack("<2H", 2, 0x10))
    for (row, column), value in sorted(grid.cells.items()):
        place = struct.pack("<2H", row - 1, column - 1) + bytes(3)
        if isinstance(value, int | float):
            out += _record(3, place + struct.pack("<d", value))
        else:
            text = shown(value).encode(charset)[:255]
            out += _record(4, place + bytes([len(text)]) + text)
    return out + _record(0x0A)


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def _cells5(grid: Grid, charset: str) -> bytes:
    out = b"".join(_record(0x208, struct.pack("<8H", row - 1, 0, 5, 255, 0, 0, 0x120, 15)) for row in grid.hidden)
    for (row, column), value in sorted(grid.cells.items()):
        place = struct.pack("<3H", row - 1, column - 1, 0)
        if isinstance(value, int | float):
            out += _record(0x203, place + struct.pack("<d", value))
        else:
            text = shown(value).encode(charset)
            out += _record(0x204, place + struct.pack("<H", len(text)) + text)
    return out


def xlsb(grids: Sequence[Grid]) -> bytes:
    """A binary workbook in a zip."""
    bundles = b"".join(
        _wide_record(156, struct.pack("<2I", 0 if grid.visible else 1, n) + _wide(f"rId{n}") + _wide(grid.name))
        for n, grid in enumerate(grids, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(grids) + 1)
    )
    main = f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.bin"/>'
    members: dict[str, Any] = {
        "[Content_Types].xml": _XLSB_TYPES,
        "_rels/.rels": _XLSB_LINKS.format(main),
        "xl/_rels/workbook.bin.rels": _XLSB_LINKS.format(links),
        "xl/workbook.bin": _framed(131, _framed(143, bundles, 144), 132),
    }
    members |= {f"xl/worksheets/sheet{n}.bin": _xlsb_sheet(grid) for n, grid in enumerate(grids, 1)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, CREATED.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _xlsb_sheet(grid: Grid) -> bytes:
    rows = b""
    last, width = 1, 1
    for last, line in lines_of(grid):
        width = len(line)
        rows += _wide_record(0, struct.pack("<2IH3BI", last - 1, 0, 300, 0, 0, 0, 0))
        rows += b"".join(_xlsb_cell(column, value) for column, value in enumerate(line) if value is not None)
    size = _wide_record(148, struct.pack("<4I", 0, last - 1, 0, width - 1))
    return _framed(129, size + _framed(145, rows, 146), 130)


def _xlsb_cell(column: int, value: Cell) -> bytes:
    place = struct.pack("<2I", column, 0)
    if isinstance(value, int | float):
        return _wide_record(5, place + struct.pack("<d", value))
    return _wide_record(6, place + _wide(shown(value)))


def _wide(text: str) -> bytes:
    coded = text.encode("utf-16-le")
    return struct.pack("<I", len(coded) // 2) + coded


def _framed(first: int, content: bytes, last: int) -> bytes:
    return _wide_record(first) + content + _wide_record(last)


def _wide_record(kind: int, data: bytes = b"") -> bytes:
    """A record of [MS-XLSB], 2.1.4: type and size in groups of seven bits."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, out = len(data), b""
    while True:
        size, part = size >> 7, size & 0x7F
        out += bytes([part | 0x80 if size else part])
        if not size:
            return head + out + data
