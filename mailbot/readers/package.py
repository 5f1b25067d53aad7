"""What a workbook's package says before any cell is read: its sheets and where they lie, defined names, shared strings,
and which styles make a number a date (ECMA-376, parts 1 and 2). openpyxl would build a whole workbook of styles and
views for that.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.xml.constants import (
    ARC_CONTENT_TYPES,
    ARC_STYLE,
    ARC_WORKBOOK,
    CONTYPES_NS,
    PKG_REL_NS,
    REL_NS,
    SHARED_STRINGS,
    SHEET_MAIN_NS,
    XLSM,
    XLSX,
    XLTM,
    XLTX,
)
from openpyxl.xml.functions import fromstring

from mailbot.readers.strings import read_strings
from mailbot.readers.worksheet import Formats

_WORKBOOKS: Final = (XLTM, XLTX, XLSM, XLSX)
_NS: Final = {"m": SHEET_MAIN_NS, "c": CONTYPES_NS, "p": PKG_REL_NS}
_ID: Final = f"{{{REL_NS}}}id"
_TRUE: Final = ("1", "true")


@dataclass(frozen=True, slots=True)
class Entry:
    """One sheet as the workbook lists it, and the member that holds it."""

    name: str
    visible: bool
    target: str


class Package:
    """An opened package. Raises what the archive and the XML parser raise on broken files, `OSError` for a package
    without a workbook, `KeyError` for a part that is missing."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self._members = frozenset(self.archive.namelist())
        types = self._root(ARC_CONTENT_TYPES)
        self._path = _workbook_part(types)
        self._workbook = self._root(self._path)
        self.formats = self._formats(self._strings(_part(types, SHARED_STRINGS)))

    def _root(self, member: str) -> Element:
        root: Element = fromstring(self.archive.read(member))
        return root

    def _strings(self, member: str | None) -> list[str]:
        if member is None:
            return []
        with self.archive.open(member) as source:
            return read_strings(source)

    def entries(self) -> Iterator[Entry]:
        """The tables that are there, in order; charts and macro sheets are none. Raises `ValueError` for a workbook
        without a list of sheets in the usual namespace."""
        listed = self._workbook.findall("m:sheets/m:sheet", _NS)
        if not listed:
            raise ValueError("no sheets")
        targets = self._tables()
        for sheet in listed:
            target = targets.get(sheet.get(_ID, ""))
            if target is not None and target in self._members:
                yield Entry(sheet.get("name", ""), sheet.get("state", "visible") == "visible", target)

    def _tables(self) -> dict[str, str]:
        """By the id of its relation, the member that holds a table."""
        folder, name = posixpath.split(self._path)
        relations = self._root(f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels")
        return {
            relation.get("Id", ""): _member(folder, relation.get("Target", ""))
            for relation in relations.findall("p:Relationship", _NS)
            if "worksheet" in relation.get("Type", "") and relation.get("TargetMode") != "External"
        }

    def names(self, most: int) -> Iterator[tuple[str, str]]:
        """Defined names with what they stand for, at most so many."""
        for name in self._workbook.findall("m:definedNames/m:definedName", _NS)[:most]:
            yield name.get("name", ""), name.text or ""

    def _formats(self, strings: list[str]) -> Formats:
        """Ill-formed styles cost the dates, not the workbook."""
        properties = self._workbook.find("m:workbookPr", _NS)
        mac = properties is not None and properties.get("date1904") in _TRUE
        epoch: datetime = CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900
        try:
            codes = list(_codes(self._root(ARC_STYLE)))
        except (KeyError, ValueError, SyntaxError):
            return Formats(strings, epoch)
        dates = frozenset(index for index, code in enumerate(codes) if is_date_format(code))
        durations = frozenset(index for index, code in enumerate(codes) if is_timedelta_format(code))
        return Formats(strings, epoch, dates, durations)


def _part(types: Element, content_type: str) -> str | None:
    """The member that is declared to be of a content type."""
    overrides = types.findall("c:Override", _NS)
    found = (part.get("PartName", "") for part in overrides if part.get("ContentType") == content_type)
    return next(found, "").removeprefix("/") or None


def _workbook_part(types: Element) -> str:
    for kind in _WORKBOOKS:
        member = _part(types, kind)
        if member is not None:
            return member
    if any(default.get("ContentType") in _WORKBOOKS for default in types.findall("c:Default", _NS)):
        return ARC_WORKBOOK
    raise OSError("no workbook part")


def _member(folder: str, target: str) -> str:
    """The member that a relation points to, from the root or from beside the part that names it."""
    if target.startswith("/"):
        return target.removeprefix("/")
    return posixpath.normpath(posixpath.join(folder, target))


def _codes(styles: Element) -> Iterator[str | None]:
    """The number format of every cell style, in order."""
    formats = styles.findall("m:numFmts/m:numFmt", _NS)
    own = {int(found.get("numFmtId", "")): found.get("formatCode") for found in formats}
    for style in styles.findall("m:cellXfs/m:xf", _NS):
        number = int(style.get("numFmtId", "0"))
        yield own[number] if number in own else builtin_format_code(number)
