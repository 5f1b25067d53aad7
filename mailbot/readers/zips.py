"""The bounds of a zip, before any parser sees it: what really comes out of it is counted, whatever its directory
says."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from mailbot.domain.document import FaultKind
from mailbot.domain.limits import ArchiveLimits
from mailbot.readers.base import ReadFault

_LOCAL_HEADER: Final = 30
_SMALL: Final = 1_000_000
"""Below this no ratio is a bomb: a nearly empty sheet packs very well."""
_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
_VALUE: Final = re.compile(rb"<(?:\w+:)?(?:v|is|f)[\s>]")
_FAR_ROW: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*\br="[A-Z]{1,3}\d{6,7}"[^>]*[^/>]>')
_FAR_COLUMN: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*\br="(?:[A-Z]{3}|B[M-Z]|[C-Z][A-Z])\d+"[^>]*[^/>]>')


@dataclass(frozen=True, slots=True)
class SheetXml:
    """What the bytes of a worksheet tell at a glance: row elements, whether any cell has content, and whether some
    has in row 100,000 or below, or beyond column BL."""

    rows: int
    content: bool
    far_row: bool
    far_column: bool


def check_zip(data: bytes, limits: ArchiveLimits) -> dict[str, SheetXml]:
    """Inflates every member within the limits and throws it away; says of worksheets what their bytes tell.

    Raises `ReadFault`: unreadable (broken, two members of one name), password_needed, bomb (size, ratio, members,
    overlap).
    """
    members = _members(data, limits)
    total, packed = 0, 0
    sheets: dict[str, SheetXml] = {}
    for info in members:
        content = _inflate(data, info, limits.bytes - total)
        total += len(content)
        packed += info.compress_size
        if total > _SMALL and total > limits.ratio * max(packed, 1):
            raise ReadFault(FaultKind.BOMB, f"inflates to more than {limits.ratio} times its size")
        if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
            sheets[info.filename] = _glance(content)
    return sheets


def directory(data: bytes, most: int) -> Sequence[zipfile.ZipInfo]:
    """The directory in order of place. Raises `ReadFault`: unreadable, and bomb for more than `most` members or
    members that overlap."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = sorted(archive.infolist(), key=lambda info: info.header_offset)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise ReadFault(FaultKind.UNREADABLE, f"zip directory: {type(fault).__name__}") from fault
    if len(members) > most:
        raise ReadFault(FaultKind.BOMB, f"{len(members)} members")
    for info, following in pairwise(members):
        if info.header_offset + _LOCAL_HEADER + info.compress_size > following.header_offset:
            raise ReadFault(FaultKind.BOMB, "members overlap")
    return members


def _members(data: bytes, limits: ArchiveLimits) -> Sequence[zipfile.ZipInfo]:
    """The directory of a workbook, which has neither a password nor two members of one name."""
    members = directory(data, limits.members)
    if any(info.flag_bits & 1 for info in members):
        raise ReadFault(FaultKind.PASSWORD, "encrypted member")
    if len({info.filename for info in members}) < len(members):
        raise ReadFault(FaultKind.UNREADABLE, "two members of one name")
    return members


def _inflate(data: bytes, info: zipfile.ZipInfo, room: int) -> bytes:
    """One member's bytes, at most `room` of them."""
    header = data[info.header_offset : info.header_offset + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise ReadFault(FaultKind.UNREADABLE, "local header")
    start = info.header_offset + _LOCAL_HEADER
    start += int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = data[start : start + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        try:
            content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, room + 1)
        except zlib.error as fault:
            raise ReadFault(FaultKind.UNREADABLE, "deflate") from fault
    else:
        raise ReadFault(FaultKind.UNREADABLE, f"compression method {info.compress_type}")
    if len(content) > room:
        raise ReadFault(FaultKind.BOMB, "inflates beyond the limit")
    return content


def _glance(xml: bytes) -> SheetXml:
    return SheetXml(
        rows=sum(1 for _ in _ROW.finditer(xml)),
        content=_VALUE.search(xml) is not None,
        far_row=_FAR_ROW.search(xml) is not None,
        far_column=_FAR_COLUMN.search(xml) is not None,
    )
