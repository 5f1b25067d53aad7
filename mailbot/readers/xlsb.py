"""Excel's binary workbooks in a zip (xlsb, [MS-XLSB]): the quick reader knows them, and nobody else here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final

from mailbot.domain.content import XLSB
from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits, SheetLimits
from mailbot.readers.base import Content, ReadFault
from mailbot.readers.quick import read_quick
from mailbot.readers.zips import check_zip

_ROW: Final = 0
_CELLS: Final = range(1, 12)
"""Every record of a cell; an empty one (1) is laid out as well."""
_ZIP_FAULTS: Final = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError)


class XlsbReader:
    """Reads xlsb, always light."""

    name = "xlsb"

    def claims(self, media_type: str) -> bool:
        return media_type == XLSB

    def read(self, data: bytes, limits: Limits) -> Content:
        """The workbook without hidden rows and error values. Raises `ReadFault`."""
        check_zip(data, limits.archive)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    if name.endswith(".bin") and "sheet" in name:
                        _check_extent(archive.read(name), limits.sheet)
        except _ZIP_FAULTS as fault:
            raise ReadFault(FaultKind.UNREADABLE, f"xlsb: {type(fault).__name__}") from fault
        return read_quick(data, limits.sheet)


def _check_extent(sheet: bytes, limits: SheetLimits) -> None:
    """The quick reader lays a sheet out from corner to corner: one that reaches far out is kept from it.

    Raises `ReadFault` too_many_rows."""
    place, row = 0, 0
    while place < len(sheet):
        kind, place = _packed(sheet, place, 2)
        size, place = _packed(sheet, place, 4)
        if kind == _ROW and place + 4 <= len(sheet):
            (row,) = struct.unpack_from("<I", sheet, place)
        elif kind in _CELLS and place + 4 <= len(sheet):
            (column,) = struct.unpack_from("<I", sheet, place)
            if row >= limits.rows or column >= limits.columns:
                raise ReadFault(FaultKind.TOO_MANY_ROWS, f"a cell in row {row + 1}, column {column + 1}")
        place += size


def _packed(data: bytes, place: int, most: int) -> tuple[int, int]:
    """A number in groups of seven bits, lowest first, of at most so many bytes; and where it ends (2.1.4)."""
    value = 0
    for group in range(most):
        byte = data[place] if place < len(data) else 0
        place += 1
        value |= (byte & 0x7F) << (7 * group)
        if not byte & 0x80:
            break
    return value, place


READER = XlsbReader()
