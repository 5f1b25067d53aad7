"""Pictures found by bytes alone: what a part is, holds or shows, in the same order each time, and nothing of the broken."""

from __future__ import annotations

import hashlib
import io
import struct
import tomllib
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from mailbot.data import rules_dir
from mailbot.domain.limits import Limits, parse_limits
from mailbot.domain.mail import Part
from mailbot.sight_find import Held, pictures_of

LIMITS = parse_limits(tomllib.loads((rules_dir() / "limits.toml").read_text(encoding="utf-8")))


@pytest.fixture
def limits() -> Limits:
    return LIMITS


def drawn(kind: str = "PNG", size: tuple[int, int] = (400, 300), tone: int = 9) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (tone, tone, tone)).save(out, kind)
    return out.getvalue()


def part(data: bytes, *, decoration: bool = False) -> Part:
    sha256 = hashlib.sha256(data).hexdigest()
    return Part(number=3, name="a", sha256=sha256, size=len(data), type="", decoration=decoration)


def found(data: bytes, limits: Limits) -> tuple[Held, ...]:
    return pictures_of(part(data), data, limits)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP", "GIF", "TIFF"])
def test_a_part_that_is_a_picture(kind: str, limits: Limits) -> None:
    data = drawn(kind)
    [held] = found(data, limits)
    assert (held.ref.number, held.ref.index, held.ref.page) == (3, 1, None)
    assert held.ref.sha256 == hashlib.sha256(data).hexdigest()
    assert held.ref.type == f"image/{kind.lower()}"


def test_a_decoration_stays_one(limits: Limits) -> None:
    data = drawn()
    [held] = pictures_of(part(data, decoration=True), data, limits)
    assert held.ref.decoration


def test_every_frame_of_a_scan_up_to_the_limit_of_pages(limits: Limits) -> None:
    out = io.BytesIO()
    pages = [Image.new("L", (60, 80), tone) for tone in range(25)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    held = found(out.getvalue(), limits)
    assert [one.ref.page for one in held] == list(range(1, limits.document.pages + 1))
    assert len({one.ref.sha256 for one in held}) == len(held)
    assert held[4].ref.sha256.endswith(":5")


def test_a_chain_of_frames_that_bites_its_tail_ends(limits: Limits) -> None:
    head = b"II*\0" + struct.pack("<I", 8)
    loop = struct.pack("<H", 1) + bytes(12) + struct.pack("<I", 8)
    assert len(found(head + loop, limits)) == 1


def office(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def test_pictures_inside_a_document_by_their_numbers_and_only_once(limits: Limits) -> None:
    data = office(
        word__media__image10_dot_png=drawn(tone=10),
        word__media__image2_dot_png=drawn(tone=2),
        word__media__image3_dot_png=drawn(tone=2),
        word__media__logo_dot_png=drawn(size=(120, 60)),
        word__media__image4_dot_emf=b"\x01\x00\x00\x00 no picture that we open",
        word__document_dot_xml=drawn(tone=77),
    )
    held = found(data, limits)
    assert [(one.data, one.ref.decoration) for one in held] == [
        (drawn(tone=2), False),
        (drawn(tone=10), False),
        (drawn(size=(120, 60)), True),
    ]
    assert [one.ref.index for one in held] == [1, 2, 3]


def test_no_more_pictures_than_a_mail_may_hold(limits: Limits) -> None:
    data = office(**{f"xl__media__image{number}_dot_png": drawn(tone=number) for number in range(60)})
    assert len(found(data, limits)) == limits.picture.pictures


def pdf(*pages: tuple[str, tuple[float, float, float, float] | None]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for words, place in pages:
        if words:
            canvas.drawString(72, 800, words)
        if place:
            canvas.drawImage(ImageReader(io.BytesIO(drawn("JPEG"))), *place)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_pages_that_are_pictures_and_large_pictures_on_the_others(limits: Limits) -> None:
    text = "a page with so many words that it is read by them"
    data = pdf(
        (text, None), ("", (0, 0, 595, 842)), (text, (72, 300, 200, 150)), ("- 4 -", (72, 300, 90, 60)), ("", None)
    )
    held = found(data, limits)
    sha256 = hashlib.sha256(data).hexdigest()
    assert [(one.ref.page, one.embedded) for one in held] == [(2, None), (3, 0), (4, None)]
    assert [one.ref.sha256 for one in held][::2] == [f"{sha256}:2", f"{sha256}:4"]
    assert [one.ref.index for one in held] == [1, 2, 3]


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"II*\0", b"\x89PNG", b"plain text", drawn("PDF")[:400]]
)
def test_what_is_broken_or_no_picture_holds_none_or_one(data: bytes, limits: Limits) -> None:
    assert len(found(data, limits)) <= 1


@given(st.binary(max_size=300), st.sampled_from([b"PK\x03\x04", b"II*\0", b"MM\0*", b"%PDF-1.4\n", b"\xff\xd8\xff"]))
def test_no_bytes_raise(tail: bytes, head: bytes) -> None:
    pictures_of(part(head + tail), head + tail, LIMITS)
