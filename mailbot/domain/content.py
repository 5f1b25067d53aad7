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
import zlib
from collections import Counter
from contextlib import suppress
from typing import Final

from mailbot.domain.compound import MAGIC as OLE_MAGIC
from mailbot.domain.compound import Broken, Compound, Entry

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSM: Final = "application/vnd.ms-excel.sheet.macroEnabled.12"
XLSB: Final = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
XLS: Final = "application/vnd.ms-excel"
XML_SHEET: Final = "application/vnd.ms-excel+xml"
ENCRYPTED_OFFICE: Final = "application/encrypted"
DOC: Final = "application/msword"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAPER: Final = frozenset({DOCX, DOC, "application/pdf", "application/rtf", "text/plain", "text/html"})
"""Types in which anything is sent, lists too: what they hold tells, or what the mail says."""
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
FLAT_ODS: Final = "application/vnd.oasis.opendocument.spreadsheet-flat-xml"
HTML: Final = "text/html"
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
_CONTENT_TYPES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"sheet.macroenabled.main+xml", XLSM),
    (b"spreadsheetml.sheet.main+xml", XLSX),
    (b"spreadsheetml.template.main+xml", XLSX),
    (b"wordprocessingml.document.main+xml", DOCX),
)
_OFFICE_FIRST: Final = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/")
_ZIP_FAULTS: Final = (
    zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError, zlib.error
)  # fmt: skip
_ODS_FIRST: Final = b"mimetype" + ODS.encode()
_SMALL_MEMBER: Final = 200_000
_OLE_STREAMS: Final[tuple[tuple[str, str], ...]] = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("WordDocument", DOC),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("Workbook", XLS),
    ("Book", XLS),
)
_BOF: Final = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")
"""The first record of a workbook of Excel 5 to 2003: BOF of the globals ([MS-XLS], 2.4.21)."""
_RAW_BOF: Final = re.compile(
    rb"\x09(?:\x00[\x04\x06]\x00|\x02\x06\x00|\x04\x06\x00|\x08[\x06\x08\x10]\x00)..[\x05\x10]\x00", re.DOTALL
)
"""The same of a workbook without a compound file around it, down to Excel 2, as old reporting programs write it."""
_WORD_HEAD: Final = b"\xec\xa5"
_FIRST_SECTOR: Final = 512
_HEADER_LINE: Final = re.compile(rb"[!-9;-~]{1,76}:")
_MESSAGE_HEADERS: Final = frozenset(
    (b"from", b"to", b"subject", b"date", b"received", b"message-id", b"mime-version", b"return-path", b"content-type")
)
_SNIFFED_LINES: Final = 50
_PROSE_CELL: Final = 60
_MARKS: Final = ("\t", ",", ";", "\uff0c", "|")
_DECLARED_MARK: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_TEXT_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_BYTES: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SNIFFED_MARKUP: Final = 8192
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_FIRST_TAG: Final = re.compile(r"<([a-z][\w:.-]*)")
_HTML_TAGS: Final = frozenset({
    "html", "head", "meta", "style", "title", "link", "script", "body", "table", "thead", "tbody", "tr", "div", "p",
    "center", "form", "span", "h1", "h2", "h3", "br", "font", "b",
})  # fmt: skip
_DECLARED_CHARSET: Final = re.compile(r"(?:charset|encoding)\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_NEVER_MEANT: Final = re.compile(
    r"gb|utf|unicode|ucs|iso-?8859-?1$|latin-?1|us-ascii|ascii|windows-1252|cp1252|hz", re.IGNORECASE
)
"""Charsets that are told by the bytes alone, or declared by programs that know no other word."""


def media_type(data: bytes) -> str:
    """The media type of a part by its first bytes, its directory or its text; `UNKNOWN_TYPE` where nothing tells."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(data)
    if data.startswith(OLE_MAGIC):
        return _ole_type(data)
    if _RAW_BOF.match(data):
        return XLS
    return _magic_type(data) or _text_type(data)


def _magic_type(data: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        return "image/heic"
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    return TAR if data[257:262] == b"ustar" else None


def _zip_type(data: bytes) -> str:
    """A workbook is told by its directory. One that was cut off has none, so its first member's name speaks for it."""
    if data[30:].startswith(_ODS_FIRST):
        return ODS
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _archive_type(archive)
    except _ZIP_FAULTS:
        cut_off = b"word/" not in data and data[30:].startswith(_OFFICE_FIRST)
        return XLSX if cut_off else ZIP


def _archive_type(archive: zipfile.ZipFile) -> str:
    """By the members that each kind must have; of those under unusual names by what the package says of itself."""
    names = {name.replace("\\", "/").lstrip("/").lower(): name for name in reversed(archive.namelist())}
    for member, kind in _ZIP_MEMBERS:
        if member.lower() in names:
            return kind
    if "content.xml" in names:
        said = _small_member(archive, names.get("mimetype")) + _small_member(
            archive, names.get("meta-inf/manifest.xml")
        )
        return ODS if ODS.encode() in said else ZIP
    said = _small_member(archive, names.get("[content_types].xml")).lower()
    return next((kind for mark, kind in _CONTENT_TYPES if mark in said), ZIP)


def _small_member(archive: zipfile.ZipFile, name: str | None) -> bytes:
    """The first bytes of a member, nothing where it is not there or cannot be read."""
    if name is not None:
        with suppress(*_ZIP_FAULTS), archive.open(name) as member:
            return member.read(_SMALL_MEMBER)
    return b""


def _ole_type(data: bytes) -> str:
    """By the streams of the root storage; a workbook also by what a stream begins with, for some programs give it a
    name of their own. Of a file whose directory is lost the bytes themselves are asked."""
    try:
        file = Compound(data)
        names = file.names()
        for stream, kind in _OLE_STREAMS:
            if stream.lower() in names:
                return kind
        return XLS if workbook_stream(file) else "application/x-ole-storage"
    except Broken:
        return _broken_ole_type(data)


def _broken_ole_type(data: bytes) -> str:
    for stream, kind in _OLE_STREAMS:
        if stream.encode("utf-16-le") + b"\0\0" in data:
            return kind
    if _BOF.match(data, _FIRST_SECTOR):
        return XLS
    return DOC if data.startswith(_WORD_HEAD, _FIRST_SECTOR) else "application/x-ole-storage"


def workbook_stream(file: Compound) -> Entry | None:
    """The stream of a compound file that holds a workbook: Excel's own two by name, else one that begins as a workbook
    does. Raises `Broken`."""
    streams = file.streams()
    for name in ("workbook", "book"):
        for entry in streams:
            if entry.name.lower() == name:
                return entry
    return next((entry for entry in streams if entry.size and _BOF.match(file.read(entry, 16))), None)


def _text_type(data: bytes) -> str:
    head = _markup_head(data)
    kind = _markup_type(head) if head.startswith("<") else None
    if kind is not None:
        return kind
    if "<table" in head[:2048]:
        return HTML
    if is_message(data):
        return MESSAGE
    text = plain_text(data)
    if text is None:
        return UNKNOWN_TYPE
    mark = delimiter(text)
    if mark is None:
        return "text/plain"
    return TSV if mark == "\t" else CSV


def _markup_head(data: bytes) -> str:
    """The beginning of a text in small letters, without byte order mark; what is no ASCII does not matter."""
    start = data[:_SNIFFED_MARKUP]
    charset = _wide_charset(start)
    if charset is not None:
        return start.decode(charset, "ignore").lstrip("\ufeff \t\r\n").lower()
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").decode("latin-1").lower()


def _markup_type(head: str) -> str | None:
    """The type of a text that begins with `<`, by its first element."""
    found = _FIRST_TAG.search(_COMMENT.sub("", head))
    root = found[1] if found else ""
    local = root.rpartition(":")[2]
    if local == "workbook" and "urn:schemas-microsoft-com:office:spreadsheet" in head:
        return XML_SHEET
    if root == "office:document" and ODS in head:
        return FLAT_ODS
    if local in _HTML_TAGS:
        return HTML
    return "application/xml" if head.startswith("<?xml") else None


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
    GBK and GB 2312 in it); UTF-16 without a mark by its zeros. `None` where no reading gives clean text.

    A few broken bytes (a file that was cut off, half a character in a column of fixed width) are U+FFFD each, and never
    make UTF-8 be taken for GB18030, which would read it as other characters.
    """
    wide = _wide_charset(data[:4096])
    if wide is not None:
        return _clean(data, wide) or _mended(data, wide, 20)
    if _CONTROL_BYTES.search(data):
        return None
    for text in (_clean(data, "utf-8-sig"), _mended(data, "utf-8-sig", 4), _clean(data, "gb18030")):
        if text is not None:
            return text
    return _mended(data, "gb18030", 10)


def markup_text(data: bytes) -> str:
    """The text of an HTML or XML file, however broken. The bytes tell UTF-8, UTF-16 and GB18030, whatever the file
    declares; another charset (Big5) is taken from its declaration."""
    head = data[:4096].decode("latin-1")
    declared = _DECLARED_CHARSET.search(head)
    if declared and not _NEVER_MEANT.match(declared[1]) and _clean(data, "utf-8-sig") is None:
        with suppress(LookupError):
            codecs.lookup(declared[1])
            text = _clean(data, declared[1])
            if text is not None:
                return text
    text = plain_text(data)
    if text is not None:
        return text
    charsets = (_wide_charset(data[:4096]),) if _wide_charset(data[:4096]) else ("utf-8-sig", "gb18030")
    readings = [data.decode(charset or "", "replace") for charset in charsets]
    return _TEXT_CONTROLS.sub("", min(readings, key=lambda reading: reading.count("\ufffd")))


def _wide_charset(start: bytes) -> str | None:
    """UTF-16 by its byte order mark, or by zeros where ASCII has its second byte, and hardly any elsewhere."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) <= 2 * min(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _clean(data: bytes, charset: str) -> str | None:
    try:
        text = data.decode(charset)
    except UnicodeError:
        return None
    return None if _TEXT_CONTROLS.search(text) else text


def _mended(data: bytes, charset: str, good: int) -> str | None:
    """The text with broken bytes as U+FFFD, where at least `good` whole characters beyond ASCII stand for each."""
    text = data.decode(charset, "replace")
    broken = text.count("\ufffd")
    whole = sum(not char.isascii() for char in text) - broken
    return None if whole < good * broken or _TEXT_CONTROLS.search(text) else text


def delimiter(text: str) -> str | None:
    """The delimiter of a text table: the declared one (`sep=;` in the first line, as Excel reads it), else the one of
    tab, comma, semicolon, full-width comma, bar that cuts most lines into most short cells; `None` where the text is
    no table."""
    declared = _DECLARED_MARK.match(text)
    if declared:
        return declared[1]
    head = "\n".join(line for line in text[:65536].splitlines() if line.strip())
    lines = head.splitlines()[:_SNIFFED_LINES]
    if len(lines) < 2:
        return None
    scores = {mark: _score_of_rows(lines, mark) for mark in _MARKS}
    best = max(scores, key=lambda mark: scores[mark])
    return best if scores[best] else None


def _score_of_rows(lines: list[str], mark: str) -> float:
    """The share of lines with several cells, times the number of cells in most of them. 0 where that is too little for
    a table, or the cells are prose: long, or with a space behind most marks. A label block of another width may stand
    above the rows."""
    try:
        rows = [next(csv.reader([line], delimiter=mark)) for line in lines]  # a stray quote costs its own line alone
    except csv.Error:
        return 0.0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    cells = sum(len(row) for row in rows)
    if not widths or _is_prose(lines, mark) or sum(len(line) for line in lines) > _PROSE_CELL * cells:
        return 0.0
    share = widths.total() / len(rows)
    width, alike = widths.most_common(1)[0]
    if mark == "\uff0c" and (width < 3 or alike < 0.6 * len(rows)):
        return 0.0  # sentences have such commas too, but not as many in each line
    wide = any(width > 2 and count > 1 for width, count in widths.items())
    return share * width if widths.total() > 1 and share >= (0.4 if wide else 0.6) else 0.0


def _is_prose(lines: list[str], mark: str) -> bool:
    """Whether the marks are those of sentences."""
    if mark in "\t|":
        return False
    if mark == "\uff0c" and sum("\u3002" in line for line in lines) > 0.3 * len(lines):
        return True
    return sum(line.count(mark + " ") for line in lines) * 2 > sum(line.count(mark) for line in lines)
