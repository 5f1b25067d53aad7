"""Boxes drawn where something was read, on the page as it stands upright."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from mailbot.domain.scan import Box, Scan, SeenField, SeenGroup, SeenLine
from mailbot.sight_boxes import sample, with_boxes

PAGE = (200, 100)


def plain(size: tuple[int, int] = PAGE) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (255, 255, 255)).save(out, "PNG")
    return out.getvalue()


def drawn(scan: Scan, data: bytes | None = None) -> Image.Image:
    return Image.open(io.BytesIO(with_boxes(data or plain(), scan))).convert("RGB")


def scan(line: Box = (20, 40, 90, 60), field: Box = (110, 40, 180, 60), turned: int = 0) -> Scan:
    seen = SeenField(name="amount", value="33.00", box=field)
    return Scan(
        number=1,
        sha256="",
        turned=turned,
        lines=(SeenLine(text="x", box=line, confidence=1),),
        groups=(SeenGroup(about="order", number=1, fields=(seen,)),),
    )


def test_a_line_is_blue_and_a_field_red() -> None:
    page = drawn(scan())
    assert page.getpixel((20, 50)) == (0, 110, 220)
    assert page.getpixel((110, 50)) == (210, 40, 40)
    assert page.getpixel((50, 50)) == (255, 255, 255)


def test_boxes_count_on_the_page_as_it_was_turned() -> None:
    page = drawn(scan(line=(10, 150, 60, 190), turned=90))
    assert page.size == (100, 200)
    assert page.getpixel((10, 170)) == (0, 110, 220)


def test_a_page_turned_clockwise_has_its_left_side_on_top() -> None:
    picture = Image.new("RGB", PAGE, (255, 255, 255))
    picture.paste((0, 0, 0), (0, 0, 40, 100))
    out = io.BytesIO()
    picture.save(out, "PNG")
    page = drawn(Scan(number=1, sha256="", turned=90), out.getvalue())
    assert page.getpixel((50, 5)) == (0, 0, 0)
    assert page.getpixel((50, 195)) == (255, 255, 255)


@pytest.mark.parametrize("box", [(90.0, 60.0, 20.0, 40.0), (-50.0, -50.0, 5000.0, 5000.0), (0.0, 0.0, 0.0, 0.0)])
def test_no_box_breaks_the_drawing(box: Box) -> None:
    assert drawn(scan(line=box, field=box)).size == PAGE


def test_bytes_that_are_no_picture_are_refused() -> None:
    with pytest.raises(OSError, match="identify"):
        with_boxes(b"no picture", scan())


def test_the_sample_is_a_picture_with_ink_for_every_word() -> None:
    data, words = sample()
    page = Image.open(io.BytesIO(data)).convert("L")
    rows = [page.crop((0, 40 + 80 * row, 640, 100 + 80 * row)).getextrema()[0] for row in range(len(words))]
    assert rows == [0] * len(words)
