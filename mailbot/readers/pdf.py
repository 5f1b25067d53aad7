"""PDF files that hold text: first whether every page can be read as text at all, then its tables and lines.

A page that is a picture, also one with recognised text laid behind it, is for recognition and not for this reader: the
whole file is then a scan, for half a roster is none.
"""

from __future__ import annotations

import ctypes
import io
import re
import struct
import zlib
from typing import Final

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import PdfminerException

from mailbot.domain.document import FaultKind
from mailbot.domain.limits import DocumentLimits, Limits
from mailbot.readers.base import Content, ReadFault
from mailbot.readers.pdf_lock import is_locked
from mailbot.readers.pdf_page import Pages
from mailbot.readers.scroll import Scroll

PDF: Final = "application/pdf"
_FAULTS: Final = (
    PSException,
    PdfminerException,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    OverflowError,
    ZeroDivisionError,
    NotImplementedError,
    OSError,
    EOFError,
    struct.error,
    zlib.error,
)
"""What pdfminer really raises on broken files that pdfium opens."""
_COVERED: Final = 0.6
"""A picture over this share of a page is the page."""
_UNREADABLE_CHARACTERS: Final = re.compile("[\0\ufffd\ufffe\uffff\ue000-\uf8ff]")
_LOST: Final = 0.2
"""From this share of characters without a meaning on, the page's fonts tell only what to draw."""


class PdfReader:
    """Reads text PDFs."""

    name = "pdf"

    def claims(self, media_type: str) -> bool:
        return media_type == PDF

    def read(self, data: bytes, limits: Limits) -> Content:
        """The whole file as one sheet. Raises `ReadFault`: password_needed, unreadable, ocr_only, too_many_rows."""
        _survey(data, limits.document)
        scroll = Scroll(limits.sheet)
        pages = Pages(scroll, limits.sheet.cell_characters)
        try:
            with pdfplumber.open(io.BytesIO(data)) as file:
                for number, page in enumerate(file.pages, start=1):
                    pages.lay(page, number)
                    page.close()
        except _FAULTS as fault:
            raise ReadFault(FaultKind.UNREADABLE, type(fault).__name__) from fault
        if pages.lost > _LOST * pages.chars:
            raise ReadFault(FaultKind.OCR_ONLY, "characters without meaning")
        return Content("document", (scroll.sheet(),))


def _survey(data: bytes, limits: DocumentLimits) -> None:
    """Opens the file and looks at every page. Raises `ReadFault` for a file that is not to be read as text."""
    try:
        file = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        kind = FaultKind.PASSWORD if is_locked(fault) else FaultKind.UNREADABLE
        raise ReadFault(kind, "not opened by pdfium") from fault
    try:
        if len(file) > limits.pages:
            raise ReadFault(FaultKind.TOO_MANY_ROWS, f"{len(file)} pages")
        texts = [_page_text(file[number], limits) for number in range(len(file))]
    except pypdfium2.PdfiumError as fault:
        raise ReadFault(FaultKind.UNREADABLE, "a page is broken") from fault
    finally:
        file.close()
    if not any(texts):
        raise ReadFault(FaultKind.OCR_ONLY, "no text on any page")
    if sum(map(len, texts)) > limits.characters:
        raise ReadFault(FaultKind.TOO_MANY_ROWS, f"more than {limits.characters} characters")


def _page_text(page: pypdfium2.PdfPage, limits: DocumentLimits) -> str:
    """The text of a page, empty for an empty one. Raises `ReadFault`: ocr_only for a picture of text, bomb for a page
    of endless drawings."""
    if pdfium.FPDFPage_CountObjects(page) > limits.drawn:
        raise ReadFault(FaultKind.BOMB, "a page of endless drawings")
    text: str = page.get_textpage().get_text_range().strip()
    lost = len(_UNREADABLE_CHARACTERS.findall(text))
    pictured = _pictured(page)
    page.close()
    if pictured >= _COVERED or (pictured and not text):
        raise ReadFault(FaultKind.OCR_ONLY, "a page is a picture")
    if lost > _LOST * len(text):
        raise ReadFault(FaultKind.OCR_ONLY, "a page of characters without meaning")
    return text


def _pictured(page: pypdfium2.PdfPage) -> float:
    """The share of the page that its largest picture covers."""
    width, height = page.get_size()
    shares = [0.0]
    for found in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=4):
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if pdfium.FPDFPageObj_GetBounds(found.raw, left, bottom, right, top) and width and height:
            shares.append(abs((right.value - left.value) * (top.value - bottom.value)) / (width * height))
    return max(shares)


READER = PdfReader()
