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
from typing import IO, Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.xml.constants import PKG_REL_NS, REL_NS, SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring

from mailbot.readers.strings import read_strings
from mailbot.readers.worksheet import Formats

_NS: Final = {"m": SHEET_MAIN_NS, "p": PKG_REL_NS}
_ID: Final = f"{{{REL_NS}}}id"
_TRUE: Final = ("1", "true")
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES: Final = (
    (_STRICT + b"spreadsheetml/main", SHEET_MAIN_NS.encode()),
    (_STRICT + b"officeDocument/relationships", REL_NS.encode()),
)
"""What the namespaces of a strict workbook (ISO/IEC 29500-1) are called in all others (29500-4)."""
_HEAD: Final = 2048
_USUAL: Final = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One sheet as the workbook lists it, and the member that holds it."""

    name: str
    visible: bool
    target: str


@dataclass(frozen=True, slots=True)
class _Relation:
    """What one part says of another. `kind` is the last word of the relation's type."""

    id: str
    kind: str
    target: str


class Package:
    """An opened package. Parts are found by their relations, then by their usual names; members are told apart by
    neither case nor the slash. Raises what the archive and the XML parser raise on broken files, `KeyError` for a part
    that is missing."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self._members = {_plain(name): name for name in self.archive.namelist()}
        self._strict = False
        self._path = self._main_part()
        self._strict = _STRICT in self.archive.read(self._members[_plain(self._path)])[:_HEAD]
        self._relations = list(self._related(self._path))
        self._workbook = self._root(self._path)
        self.formats = self._formats(self._strings())

    def open(self, member: str) -> IO[bytes]:
        """The content of a member, strict names as the usual ones."""
        source = self.archive.open(self._members[_plain(member)])
        if not self._strict:
            return source
        with source:
            content = source.read()
        for strict, usual in _STRICT_NAMES:
            content = content.replace(strict, usual)
        return io.BytesIO(content)

    def _root(self, member: str) -> Element:
        with self.open(member) as source:
            root: Element = fromstring(source.read())
        return root

    def _main_part(self) -> str:
        if "_rels/.rels" in self._members:
            for relation in self._related(""):
                if relation.kind == "officeDocument" and _plain(relation.target) in self._members:
                    return relation.target
        return _USUAL

    def _related(self, part: str) -> Iterator[_Relation]:
        """The relations of a part inside the package."""
        folder, name = posixpath.split(part)
        relations = self._root(posixpath.join(folder, "_rels", f"{name}.rels"))
        for found in relations.findall("p:Relationship", _NS):
            if found.get("TargetMode") != "External":
                kind = found.get("Type", "").rpartition("/")[2]
                yield _Relation(found.get("Id", ""), kind, _member(folder, found.get("Target", "")))

    def _part(self, kind: str, usual: str) -> str | None:
        """The member of a kind that belongs to the workbook, or lies beside it under its usual name."""
        named = (relation.target for relation in self._relations if relation.kind == kind)
        beside = posixpath.join(posixpath.dirname(self._path), usual)
        return next((member for member in (*named, beside) if _plain(member) in self._members), None)

    def _strings(self) -> list[str]:
        member = self._part("sharedStrings", "sharedStrings.xml")
        if member is None:
            return []
        with self.open(member) as source:
            return read_strings(source)

    def entries(self) -> Iterator[Entry]:
        """The tables that are there, in order; charts and macro sheets are none. Raises `ValueError` for a workbook
        without a list of sheets in the usual namespace."""
        listed = self._workbook.findall("m:sheets/m:sheet", _NS)
        if not listed:
            raise ValueError("no sheets")
        targets = {relation.id: relation.target for relation in self._relations if relation.kind == "worksheet"}
        for sheet in listed:
            target = targets.get(sheet.get(_ID, ""))
            if target is not None and _plain(target) in self._members:
                yield Entry(sheet.get("name", ""), sheet.get("state", "visible") == "visible", target)

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
            styles = self._root(self._part("styles", "styles.xml") or "")
            codes, struck = list(_codes(styles)), frozenset(_struck(styles))
        except (KeyError, ValueError, SyntaxError):
            return Formats(strings, epoch)
        dates = frozenset(index for index, code in enumerate(codes) if is_date_format(code))
        durations = frozenset(index for index, code in enumerate(codes) if is_timedelta_format(code))
        return Formats(strings, epoch, dates, durations, struck)


def _plain(member: str) -> str:
    """A member's name as it is compared."""
    return member.replace("\\", "/").lstrip("/").lower()


def _member(folder: str, target: str) -> str:
    """The member that a relation points to, from the root or from beside the part that names it."""
    path = unquote(target).replace("\\", "/")
    if path.startswith("/"):
        return path.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, path))


def _codes(styles: Element) -> Iterator[str | None]:
    """The number format of every cell style, in order."""
    formats = styles.findall("m:numFmts/m:numFmt", _NS)
    own = {int(found.get("numFmtId", "")): found.get("formatCode") for found in formats}
    for style in styles.findall("m:cellXfs/m:xf", _NS):
        number = int(style.get("numFmtId", "0"))
        yield own[number] if number in own else builtin_format_code(number)


def _struck(styles: Element) -> Iterator[int]:
    """The cell styles whose font is crossed out (ECMA-376, part 1, 18.8.37), by their place."""
    marks = (font.find("m:strike", _NS) for font in styles.findall("m:fonts/m:font", _NS))
    fonts = {str(n) for n, mark in enumerate(marks) if mark is not None and mark.get("val", "1") in _TRUE}
    for number, style in enumerate(styles.findall("m:cellXfs/m:xf", _NS)):
        if style.get("fontId") in fonts:
            yield number
