"""Files that are hostile or hurt, small on disk: bombs, cut and encrypted workbooks, a zip, a Word form, a picture."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from typing import Final

from tools.stories.books import CREATED, patched, xlsx
from tools.stories.cells import Cell
from tools.stories.sheets import Grid

_SECTOR: Final = 512
_FREE: Final = 0xFFFFFFFF
_END: Final = 0xFFFFFFFE
_FAT: Final = 0xFFFFFFFD
_WORD_TYPES: Final = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_WORD_RELATIONS: Final = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def truncated(data: bytes) -> bytes:
    """The first two thirds of a file."""
    return data[: len(data) * 2 // 3]


def bomb_xlsx(megabytes: int = 120) -> bytes:
    """A workbook whose one sheet unpacks to so many megabytes of empty rows."""
    block = b'<row r="1"><c r="A1" t="inlineStr"><is><t> </t></is></c></row>' * 1000
    head = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )

    def swell(member: str, data: bytes) -> bytes:
        if member != "xl/worksheets/sheet1.xml":
            return data
        return head + block * (megabytes * 1_000_000 // len(block)) + b"</sheetData></worksheet>"

    return patched(xlsx([Grid("Sheet1", {(1, 1): "名单"}, (), frozenset(), ())]), swell)


def long_texts(count: int, length: int) -> dict[tuple[int, int], Cell]:
    """Cells below a roster with `count` texts of `length` characters, none equal to another."""
    line = "公需科目培训报名须知：请各单位于规定时间内报送名单，逾期不再受理，特此通知。" * 4
    marks = (hashlib.sha256(f"{n}".encode()).hexdigest() for n in range(count))
    return {(40 + n, 1): "".join(f"{sign}{line}" for sign in mark * 9)[:length] for n, mark in enumerate(marks)}


def encrypted_xlsx() -> bytes:
    """An OLE compound file with the streams of an encrypted workbook (MS-OFFCRYPTO, 2.3.4); what they hold is noise."""
    noise = bytes((n * 167 + 13) % 256 for n in range(4096))
    fat = [_FAT, _END, *[place + 1 for place in range(2, 9)], _END, *[place + 1 for place in range(10, 17)], _END]
    table = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    names = (("Root Entry", 5, _END, 0, 1), ("EncryptionInfo", 2, 2, 4096, _FREE), ("EncryptedPackage", 2, 10, 4096, 3))
    return _ole_header() + table + _directory(names) + noise + noise


def _ole_header() -> bytes:
    """Version 3, sectors of 512 bytes, one sector of allocation table, no small streams (MS-CFB, 2.2)."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    return head + struct.pack("<109I", 0, *[_FREE] * 108)


def _directory(entries: tuple[tuple[str, int, int, int, int], ...]) -> bytes:
    """One sector of directory: the root, its first child, and that one's right sibling (MS-CFB, 2.6)."""
    out = b""
    for number, (name, kind, start, size, link) in enumerate(entries):
        coded = name.encode("utf-16-le") + b"\0\0"
        right, child = (_FREE, link) if number == 0 else (2 if number == 1 else _FREE, _FREE)
        out += coded.ljust(64, b"\0") + struct.pack("<HBB3I", len(coded), kind, 1, _FREE, right, child)
        out += bytes(36) + struct.pack("<IQ", start, size)
    return out.ljust(_SECTOR, b"\0")


def zipped(members: dict[str, bytes], charset: str = "gb18030") -> bytes:
    """A zip as Chinese Windows writes it: member names in GBK without the flag that says what they are."""
    stand_ins = [f"{number:02d}".ljust(len(name.encode(charset)), "@") for number, name in enumerate(members)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, data in enumerate(members.values()):
            archive.writestr(zipfile.ZipInfo(stand_ins[number], CREATED.timetuple()[:6]), data)
    raw = out.getvalue()
    for name, stand_in in zip(members, stand_ins, strict=True):
        raw = raw.replace(stand_in.encode(), name.encode(charset))
    return raw


def word_form(lines: tuple[tuple[str, ...], ...], title: str) -> bytes:
    """A Word document with a title and one table."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    body = "".join("<w:tr>" + "".join(cell.format(text) for text in line) + "</w:tr>" for line in lines)
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{space}"><w:body>'
        f"<w:p><w:r><w:t>{title}</w:t></w:r></w:p><w:tbl>{body}</w:tbl></w:body></w:document>"
    )
    members = (("[Content_Types].xml", _WORD_TYPES), ("_rels/.rels", _WORD_RELATIONS), ("word/document.xml", document))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            archive.writestr(zipfile.ZipInfo(name, CREATED.timetuple()[:6]), text.encode())
    return out.getvalue()


def picture(width: int = 64, height: int = 40) -> bytes:
    """A small grey PNG."""
    lines = b"".join(b"\0" + bytes((x * y) % 256 for x in range(width)) for y in range(height))
    parts = (
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines)),
        (b"IEND", b""),
    )
    out = b"\x89PNG\r\n\x1a\n"
    for kind, data in parts:
        out += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return out
