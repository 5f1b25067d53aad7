"""What bytes are, told by their content and never by a name: the media type of a part, and the text in bytes whose
charset nobody declared.

The mail's reader names parts by it and the file readers claim parts by it, so that both always mean the same thing.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from typing import Final

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSM: Final = "application/vnd.ms-excel.sheet.macroEnabled.12"
XLSB: Final = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
XLS: Final = "application/vnd.ms-excel"
XML_SHEET: Final = "application/vnd.ms-excel+xml"
ENCRYPTED_OFFICE: Final = "application/encrypted"
DOC: Final = "application/msword"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"
MESSAGE: Final = "message/rfc822"
ZIP: Final = "application/zip"
RAR: Final = "application/vnd.rar"
SEVEN_ZIP: Final = "application/x-7z-compressed"
GZIP: Final = "application/gzip"
TAR: Final = "application/x-tar"
ARCHIVES: Final = frozenset((ZIP, RAR, SEVEN_ZIP, GZIP, TAR))
"""Types whose members are opened as parts of their own."""
UNKNOWN_TYPE: Final = "application/octet-stream"

_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"Rar!\x1a\x07", RAR),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"\x1f\x8b\x08", GZIP),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"{\\rtf", "application/rtf"),
)
_ZIP_MEMBERS: Final[tuple[tuple[str, str], ...]] = (
    ("xl/vbaProject.bin", XLSM),
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", XLSB),
    ("word/document.xml", DOCX),
    ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_OFFICE_FIRST: Final = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/")
_OLE_STREAMS: Final[tuple[tuple[str, str], ...]] = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
)
_HEADER_LINE: Final = re.compile(rb"[!-9;-~]{1,76}:")
_MESSAGE_HEADERS: Final = frozenset(
    (b"from", b"to", b"subject", b"date", b"received", b"message-id", b"mime-version", b"return-path", b"content-type")
)
_SNIFFED_LINES: Final = 50
_PROSE_CELL: Final = 60
_TEXT_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def media_type(data: bytes) -> str:
    """The media type of a part by its first bytes, its directory or its text; `UNKNOWN_TYPE` where nothing tells."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_type(data)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        return "image/heic"
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if data[257:262] == b"ustar":
        return TAR
    return _text_type(data)


def _zip_type(data: bytes) -> str:
    """A workbook is told by its directory. One that was cut off has none, so its first member's name speaks for it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        cut_off = b"word/" not in data and data[30:].startswith(_OFFICE_FIRST)
        return XLSX if cut_off else "application/zip"
    for member, kind in _ZIP_MEMBERS:
        if member in names:
            return kind
    if data[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"):
        return "application/vnd.oasis.opendocument.spreadsheet"
    return "application/zip"


def _ole_type(data: bytes) -> str:
    for stream, kind in _OLE_STREAMS:
        if stream.encode("utf-16-le") + b"\0\0" in data:
            return kind
    return "application/x-ole-storage"


def _text_type(data: bytes) -> str:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return XML_SHEET
    if head.startswith((b"<!doctype html", b"<html")) or b"<table" in head[:2048]:
        return "text/html"
    if head.startswith(b"<?xml"):
        return "application/xml"
    if is_message(data):
        return MESSAGE
    text = plain_text(data)
    if text is None:
        return UNKNOWN_TYPE
    return {"\t": TSV, ",": CSV, ";": CSV}.get(delimiter(text) or "", "text/plain")


def is_message(data: bytes) -> bool:
    """Whether bytes begin with the header of a mail: header lines only, at least two of the usual names."""
    block = re.split(rb"\r?\n\r?\n", data[:16384].lstrip(b"\xef\xbb\xbf\r\n"), maxsplit=1)[0]
    lines = [line for line in block.splitlines() if not line.startswith((b" ", b"\t"))]
    if not lines or not all(_HEADER_LINE.match(line) for line in lines[: 4 * _SNIFFED_LINES]):
        return False
    names = {line.split(b":", 1)[0].lower() for line in lines}
    return len(names & _MESSAGE_HEADERS) >= 2


def plain_text(data: bytes) -> str | None:
    """The text in bytes of an undeclared charset: byte order mark, then strict UTF-8, then GB18030 (GB 18030-2005, with
    GBK and GB 2312 in it); UTF-16 without a mark by its zeros. `None` where no reading gives clean text."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _clean(data, "utf-16")
    if b"\0" in data[:4096]:
        little = data[1:4096:2].count(0) >= data[0:4096:2].count(0)
        return _clean(data, "utf-16-le" if little else "utf-16-be")
    text = _clean(data, "utf-8-sig")
    return _clean(data, "gb18030") if text is None else text


def _clean(data: bytes, charset: str) -> str | None:
    try:
        text = data.decode(charset)
    except UnicodeDecodeError:
        return None
    return None if _TEXT_CONTROLS.search(text) else text


def delimiter(text: str) -> str | None:
    """The delimiter of a text table: the one of tab, comma, semicolon that cuts most lines into several short cells;
    `None` where the text is no table."""
    head = "\n".join(line for line in text[:65536].splitlines() if line.strip())
    lines = head.splitlines()[:_SNIFFED_LINES]
    if len(lines) < 2:
        return None
    shares = {mark: _share_of_rows(lines, mark) for mark in ("\t", ",", ";")}
    best = max(shares, key=lambda mark: shares[mark])
    return best if shares[best] else None


def _share_of_rows(lines: list[str], mark: str) -> float:
    """The share of lines with several cells. 0 where that is too little for a table, or the cells are prose: long, or
    with a space behind most marks. A label block of another width may stand above the rows."""
    try:
        rows = [next(csv.reader([line], delimiter=mark)) for line in lines]  # a stray quote costs its own line alone
    except csv.Error:
        return 0.0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    cells = sum(len(row) for row in rows)
    spaced = sum(line.count(mark + " ") for line in lines) * 2 > sum(line.count(mark) for line in lines)
    if not widths or spaced or sum(len(line) for line in lines) > _PROSE_CELL * cells:
        return 0.0
    share = widths.total() / len(rows)
    wide = any(width > 2 and count > 1 for width, count in widths.items())
    return share if widths.total() > 1 and share >= (0.4 if wide else 0.6) else 0.0
