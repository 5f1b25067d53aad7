"""PDF files built for tests: ruled and unruled rosters, scans, files under a password. All people are invented."""

import io
from collections.abc import Sequence

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

FONT = "STSong-Light"
WIDTHS = (12 * mm, 24 * mm, 46 * mm, 30 * mm, 30 * mm)
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
PLAIN = ParagraphStyle("plain", fontName=FONT, fontSize=11, leading=15, wordWrap="CJK")

Rows = Sequence[Sequence[str]]


def ruled(
    above: Sequence[str], rows: Rows, *, widths: Sequence[float] = WIDTHS, repeat: int = 0, wrap: bool = False
) -> bytes:
    """Lines of text, then a table with ruling lines over as many pages as it needs; `wrap` breaks long cells."""
    out = io.BytesIO()
    cells = [[Paragraph(cell, PLAIN) if wrap else cell for cell in row] for row in rows]
    table = Table(cells, colWidths=widths[: len(rows[0])], repeatRows=repeat)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), FONT, 10)]))
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build([*(Paragraph(line, PLAIN) for line in above), table])
    return out.getvalue()


def typed(lines: Sequence[str | Sequence[tuple[float, str]]], *, password: str = "", font: str = FONT) -> bytes:
    """Lines without any rule: a text, or words at their places (mm from the left)."""
    out = io.BytesIO()
    lock = StandardEncryption(password, ownerPassword="owner", canPrint=1) if password else None
    page = canvas.Canvas(out, pagesize=A4, encrypt=lock, invariant=1)
    page.setFont(font, 11)
    for number, line in enumerate(lines):
        for left, word in [(20.0, line)] if isinstance(line, str) else line:
            page.drawString(left * mm, (280 - 7 * number) * mm, word)
    page.save()
    return out.getvalue()


def scan(pages: int = 1, *, text: str = "") -> bytes:
    """Pages that are pictures, with recognised text behind them if given."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4, invariant=1)
    for _ in range(pages):
        _picture(page, text)
    page.save()
    return out.getvalue()


def mixed(lines: Sequence[str]) -> bytes:
    """A page of text, and behind it one that is a picture."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4, invariant=1)
    page.setFont(FONT, 11)
    for number, line in enumerate(lines):
        page.drawString(20 * mm, (280 - 7 * number) * mm, line)
    page.showPage()
    _picture(page, "")
    page.save()
    return out.getvalue()


def _picture(page: canvas.Canvas, text: str) -> None:
    page.drawInlineImage(Image.new("L", (200, 280), 200), 0, 0, *A4)
    if text:
        words = page.beginText(20 * mm, 200 * mm)
        words.setFont(FONT, 11)
        words.setTextRenderMode(3)
        words.textLine(text)
        page.drawText(words)
    page.showPage()
