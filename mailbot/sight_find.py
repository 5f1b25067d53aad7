"""The pictures that a part of a mail is or holds, found by bytes alone: nothing is decoded.

The opening child lists them; the child that decodes one finds it again by the same walk.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from mailbot.domain.content import media_type
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Part
from mailbot.domain.scan import PictureRef
from mailbot.mime.pictures import is_decoration

PDF: Final = "application/pdf"
TIFF: Final = "image/tiff"
PICTURES: Final = frozenset(
    {"image/png", "image/jpeg", "image/bmp", "image/webp", "image/gif", "image/heic", "image/heif", TIFF}
)
_MEDIA: Final = re.compile(r"(?:word/media|xl/media|ppt/media|Pictures|media)/[^/]+")
"""Where Word, Excel, PowerPoint and the OpenDocument programs keep the pictures of a file."""
_DIGITS: Final = re.compile(r"(\d+)")
_ZIP_FAULTS: Final = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
_HALF: Final = 0.5
"""A picture that covers half of a page is what the page shows, whatever stands beside it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A picture and its bytes; of a page or frame, the bytes of the whole document."""

    ref: PictureRef
    data: bytes
    embedded: int | None = None
    """Which of its page's pictures it is, from 0; `None` for a page as a whole."""


def pictures_of(part: Part, data: bytes, limits: Limits) -> tuple[Held, ...]:
    """The pictures of one part in their order, up to the limit of a mail; `data` is the part without its password."""
    return tuple(islice(_walk(part, data, limits), limits.picture.pictures))


def _walk(part: Part, data: bytes, limits: Limits) -> Iterator[Held]:
    kind = media_type(data)
    if kind in PICTURES:
        frames = _frames(data, limits.document.pages) if kind == TIFF else 1
        for frame in range(1, frames + 1):
            page = frame if frames > 1 else None
            yield Held(_ref(part, frame, data, kind, _page_key(part, page), page, decoration=part.decoration), data)
    elif kind == PDF:
        yield from _of_pdf(part, data, limits)
    elif data[:4] == b"PK\x03\x04":
        for index, (found, inner) in enumerate(_of_zip(data, limits), start=1):
            decoration = is_decoration(found, inner, limits.mail, inline=True)
            yield Held(_ref(part, index, found, inner, _sha(found), decoration=decoration), found)


def _page_key(part: Part, page: int | None) -> str:
    """What a page or frame is known by: the bytes of its document as they came, and its number."""
    return part.sha256 if page is None else f"{part.sha256}:{page}"


def _ref(
    part: Part, index: int, data: bytes, kind: str, sha256: str, page: int | None = None, *, decoration: bool = False
) -> PictureRef:
    return PictureRef(
        number=part.number,
        index=index,
        page=page,
        sha256=sha256,
        size=len(data),
        type=kind,
        name=part.name,
        member=part.member,
        decoration=decoration,
    )


def _of_zip(data: bytes, limits: Limits) -> Iterator[tuple[bytes, str]]:
    """The pictures inside an Office file, by the numbers in their names, each only once."""
    seen: set[bytes] = set()
    left = limits.archive.bytes
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = islice(archive.infolist(), limits.archive.members)
            named = sorted((one for one in members if _MEDIA.fullmatch(one.filename)), key=_by_number)
            for info in named[: limits.picture.pictures]:
                if info.file_size > min(left, limits.container.member_bytes):
                    continue
                with archive.open(info) as file:
                    found = file.read(info.file_size)
                left -= len(found)
                kind, digest = media_type(found), hashlib.sha256(found).digest()
                if kind in PICTURES and digest not in seen:
                    seen.add(digest)
                    yield found, kind
    except _ZIP_FAULTS:
        return  # a broken file is its reader's finding, not ours


def _by_number(info: zipfile.ZipInfo) -> tuple[tuple[int, str], ...]:
    return tuple((int(word), "") if word.isdigit() else (-1, word) for word in _DIGITS.split(info.filename[:200]))


def _of_pdf(part: Part, data: bytes, limits: Limits) -> Iterator[Held]:
    """Pages that are pictures, and the large pictures of the others."""
    try:
        with pypdfium2.PdfDocument(data) as file:
            index = 0
            for number in range(min(len(file), limits.document.pages)):
                page = file[number]
                for found in _of_page(part, data, page, number + 1, index, limits):
                    index = found.ref.index
                    yield found
                page.close()
    except pypdfium2.PdfiumError:
        return  # a broken file is its reader's finding, not ours


def _of_page(
    part: Part, data: bytes, page: pypdfium2.PdfPage, number: int, index: int, limits: Limits
) -> Iterator[Held]:
    """One page whole where it has no text of its own, or its pictures that are large enough to show something."""
    if 0 <= pdfium.FPDFPage_CountObjects(page) <= limits.document.drawn and _is_picture(page, limits):
        yield Held(_ref(part, index + 1, data, PDF, _page_key(part, number), number), data)
        return
    for place, image in enumerate(page_images(page)):
        width, height = image.get_px_size()
        if width * height <= limits.mail.logo_pixels or min(width, height) < limits.picture.least_side:
            continue
        index += 1
        found = bytes(image.get_data())
        yield Held(_ref(part, index, found, PDF, _sha(found), number), data, place)


def page_images(page: pypdfium2.PdfPage) -> Iterator[pypdfium2.PdfImage]:
    """The pictures that stand on a page, in the order they are drawn."""
    for found in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=4):
        if isinstance(found, pypdfium2.PdfImage):
            yield found


def _is_picture(page: pypdfium2.PdfPage, limits: Limits) -> bool:
    """Whether a page has hardly any text and something drawn on it, or is covered by one picture."""
    if pdfium.FPDFPage_CountObjects(page) == 0:
        return False
    width, height = page.get_size()
    for image in page_images(page):
        left, bottom, right, top = image.get_bounds()
        if width and height and abs((right - left) * (top - bottom)) >= _HALF * width * height:
            return True
    text = page.get_textpage().get_text_range()
    return len("".join(text.split())) < limits.picture.page_characters


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _frames(data: bytes, most: int) -> int:
    """The frames of a TIFF by its chain of directories (TIFF 6.0, section 2), at least one."""
    order = "<" if data[:2] == b"II" else ">"
    count, at, seen = 0, _number(data, 4, order + "I"), set[int]()
    while at and at not in seen and count < most:
        seen.add(at)
        entries = _number(data, at, order + "H")
        if not entries:
            break
        count += 1
        at = _number(data, at + 2 + 12 * entries, order + "I")
    return max(count, 1)


def _number(data: bytes, at: int, form: str) -> int:
    """The number that stands there, 0 beyond the end."""
    if at + struct.calcsize(form) > len(data):
        return 0
    value: int = struct.unpack_from(form, data, at)[0]
    return value
