"""The boxes of a reading drawn onto the picture, for people who want to see what was read where."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from mailbot.domain.scan import Box, Scan

_LINE: Final = (0, 110, 220)
_FIELD: Final = (210, 40, 40)
_FONT: Final = 14
_WORDS: Final = ("2018", "33.00", "13800000000")
"""What stands on the sample: digits, which every engine reads."""


def with_boxes(plain: bytes, scan: Scan) -> bytes:
    """The upright picture as PNG: every line in blue, every field in red under its name. `plain` is what the readers
    were given. Raises `OSError` for bytes that are no picture."""
    with Image.open(io.BytesIO(plain), formats=("PNG", "JPEG")) as opened:
        page = opened.convert("RGB").rotate(-scan.turned, expand=True, fillcolor=(255, 255, 255))
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=_FONT)
    for line in scan.lines:
        pen.rectangle(_ordered(line.box), outline=_LINE)
    for group in scan.groups:
        for field in group.fields:
            left, top, _, _ = box = _ordered(field.box)
            pen.rectangle(box, outline=_FIELD, width=2)
            pen.text((left, max(0.0, top - _FONT)), f"{group.about}{group.number}.{field.name}", fill=_FIELD, font=font)
    return _png(page)


def sample() -> tuple[bytes, tuple[str, ...]]:
    """A picture of our own as PNG, and the words that stand on it: what a check lets its readers read."""
    page = Image.new("RGB", (640, 320), (255, 255, 255))
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=44)
    for row, word in enumerate(_WORDS):
        pen.text((60, 40 + 80 * row), word, fill=(0, 0, 0), font=font)
    return _png(page), _WORDS


def _ordered(box: Box) -> Box:
    left, top, right, bottom = box
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


def _png(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "PNG", compress_level=1)
    return out.getvalue()
