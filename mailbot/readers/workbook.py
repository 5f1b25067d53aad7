"""Excel workbooks of the zip kind (xlsx, xlsm): bounds first, openpyxl for fidelity, python-calamine for what is too
large."""

from __future__ import annotations

import struct
import warnings
import zipfile
import zlib
from typing import Final

import openpyxl

from mailbot.domain.content import XLSM, XLSX
from mailbot.domain.document import FaultKind, Sheet
from mailbot.domain.limits import Limits, SheetLimits
from mailbot.readers.base import Content, ReadFault
from mailbot.readers.package import Package
from mailbot.readers.quick import last_rows, read_quick
from mailbot.readers.worksheet import SheetParser
from mailbot.readers.zips import SheetXml, check_zip

_MANY_ROWS: Final = 1_000
"""From this many row elements on the quick reader is asked first where content ends."""
_NAMES: Final = 200
_FAULTS: Final = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    SyntaxError,  # the XML parsers' errors derive from it
    OSError,
    EOFError,
    NotImplementedError,  # zipfile's, for members of an unknown kind
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
)
"""What openpyxl and the XML parsers really raise on broken files."""

if not (openpyxl.DEFUSEDXML and openpyxl.LXML):
    raise ImportError("openpyxl must find defusedxml and lxml: without them it resolves entities of hostile files")


def _sheets(package: Package, last: dict[str, int], limits: SheetLimits) -> tuple[Sheet, ...]:
    """Every table, in order."""
    out: list[Sheet] = []
    for entry in package.entries():
        if len(out) >= limits.sheets:
            raise ReadFault(FaultKind.TOO_MANY_ROWS, f"more than {limits.sheets} sheets")
        with package.open(entry.target) as source:
            parser = SheetParser(source, package.formats, limits)
            parser.run(last.get(entry.name))
        out.append(_sheet(entry.name, len(out), parser, visible=entry.visible))
    return tuple(out)


def _sheet(name: str, index: int, parser: SheetParser, *, visible: bool) -> Sheet:
    return Sheet(
        name=name,
        index=index,
        visible=visible,
        rows=parser.rows(),
        hidden_rows=frozenset(row for row in parser.hidden_rows if row <= parser.limits.rows),
        struck_rows=frozenset(parser.struck_rows),
        hidden_columns=frozenset(parser.hidden_columns),
        merges=tuple(parser.merges),
    )


class WorkbookReader:
    """Reads xlsx and xlsm."""

    name = "workbook"

    def claims(self, media_type: str) -> bool:
        return media_type in (XLSX, XLSM)

    def read(self, data: bytes, limits: Limits) -> Content:
        """The workbook in full; light where a sheet is very large or openpyxl cannot read it. Raises `ReadFault`."""
        glances = check_zip(data, limits.archive)
        last = self._last_rows(data, glances)
        if max(last.values(), default=0) > limits.sheet.full_rows:
            return read_quick(data, limits.sheet)
        most = limits.sheet.cell_characters
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of decorations that it does not keep
            try:
                package = Package(data)
                sheets = _sheets(package, last, limits.sheet)
                names = {name[:most]: meaning[:most] for name, meaning in package.names(_NAMES)}
            except _FAULTS:
                return self._second_try(data, glances, limits)
        if not any(sheet.rows for sheet in sheets) and any(glance.content for glance in glances.values()):
            return self._second_try(data, glances, limits)
        return Content("workbook", sheets, names)

    def _last_rows(self, data: bytes, glances: dict[str, SheetXml]) -> dict[str, int]:
        """Where content ends, asked only of large sheets. The quick reader lays a sheet out from corner to corner, so
        one with content far out is kept from it."""
        if any(glance.far_row for glance in glances.values()):
            raise ReadFault(FaultKind.TOO_MANY_ROWS, "content in row 100,000 or below")
        if sum(glance.rows for glance in glances.values()) < _MANY_ROWS or any(g.far_column for g in glances.values()):
            return {}
        return last_rows(data)

    def _second_try(self, data: bytes, glances: dict[str, SheetXml], limits: Limits) -> Content:
        """A workbook that openpyxl does not understand is read quickly."""
        if any(glance.far_column for glance in glances.values()):
            raise ReadFault(FaultKind.UNREADABLE, "not understood, and content beyond the columns")
        return read_quick(data, limits.sheet)


READER = WorkbookReader()
