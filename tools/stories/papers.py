"""Rosters on paper, as files: Word documents, PDFs with and without ruling lines, scans. Same input, same bytes."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from typing import Any, Final

import docx
from docx.oxml import OxmlElement
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from tools.stories.books import patched

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FONT: Final = "STSong-Light"
_WIDTHS: Final = (12 * mm, 24 * mm, 46 * mm, 30 * mm, 40 * mm)
_PLAIN: Final = ParagraphStyle("plain", fontName=_FONT, fontSize=10.5, leading=15, wordWrap="CJK")
_LEFTS: Final = (20.0, 34.0, 60.0, 112.0, 150.0)

Rows = Sequence[Sequence[str]]


def word(*parts: str | Rows, struck: Sequence[str] = ()) -> bytes:
    """Paragraphs and tables in order. Rows whose first cell stands in `struck` were deleted under tracked changes."""
    document: Any = docx.Document()  # Any: the library ships no types
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(rows=0, cols=max(map(len, part)))
        for line in part:
            _word_row(table.add_row(), line, gone=line[0] in struck)
    out = io.BytesIO()
    document.save(out)
    return patched(out.getvalue(), lambda _member, data: data)


def _word_row(row: Any, line: Sequence[str], *, gone: bool) -> None:  # noqa: ANN401 - as above
    for cell, text in zip(row.cells, line, strict=False):
        cell.text = text
    if len(line) < len(row.cells):
        row.cells[len(line) - 1].merge(row.cells[-1])
    if gone:
        row._tr.get_or_add_trPr().append(OxmlElement("w:del"))  # noqa: SLF001 - the library has no other way


def pdf(above: Sequence[str], rows: Rows) -> bytes:
    """Lines of text, then a table with ruling lines whose heading stands again on every page."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    out = io.BytesIO()
    table = Table([[Paragraph(cell, _PLAIN) for cell in row] for row in rows], colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")]))
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build([*(Paragraph(line, _PLAIN) for line in above), table])
    return out.getvalue()


def pdf_without_rules(above: Sequence[str], rows: Rows) -> bytes:
    """Lines of text and columns that only their places tell."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4, invariant=1)
    page.setFont(_FONT, 10.5)
    lines = [[(_LEFTS[0], line)] for line in above] + [list(zip(_LEFTS, row, strict=False)) for row in rows]
    for number, line in enumerate(lines):
        for left, text in line:
            page.drawString(left * mm, (280 - 7 * number) * mm, text)
    page.save()
    return out.getvalue()


def photo(seed: int) -> bytes:
    """A grey picture as a telephone takes it, too grainy to be packed away to nothing."""
    grain = random.Random(seed)  # noqa: S311 - noise
    out = io.BytesIO()
    Image.frombytes("L", (160, 120), grain.randbytes(160 * 120)).save(out, "PNG")
    return out.getvalue()


def scan(seed: int) -> bytes:
    """A PDF of one page that is a picture."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4, invariant=1)
    page.drawInlineImage(Image.open(io.BytesIO(photo(seed))), 0, 0, *A4)
    page.save()
    return out.getvalue()


def old_word() -> bytes:
    """The beginning of a Word 97 file: its container and the name of its stream (MS-DOC, 2.1)."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(488)
