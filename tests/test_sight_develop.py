"""A picture decoded: upright, plain, within its bounds; whatever else it is, is a fault and nothing worse."""

from __future__ import annotations

import io
import struct
import tomllib
import zlib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mailbot.data import rules_dir
from mailbot.domain.limits import parse_limits
from mailbot.domain.ports import PortError
from mailbot.domain.scan import PictureRef, Plate
from mailbot.opening import open_mail
from mailbot.sandbox.darkroom import Darkroom
from mailbot.sight import DEVELOP, DEVELOP_WARM_UP
from mailbot.sight_develop import plate
from mailbot.sight_find import Held

LIMITS = parse_limits(tomllib.loads((rules_dir() / "limits.toml").read_text(encoding="utf-8")))


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def halves(size: tuple[int, int] = (200, 100)) -> Image.Image:
    """Dark on the left, light on the right."""
    picture = Image.new("RGB", size, (250, 250, 250))
    picture.paste((10, 10, 10), (0, 0, size[0] // 2, size[1]))
    return picture


def developed(data: bytes, kind: str, page: int | None = None) -> Plate:
    ref = PictureRef(number=1, page=page, sha256="", size=len(data), type=kind, name="")
    return plate(Held(ref, data), LIMITS.picture)


def seen(found: Plate) -> Image.Image:
    assert found.fault is None
    return Image.open(io.BytesIO(found.data))


def tone(picture: Image.Image, at: tuple[int, int]) -> int:
    return picture.convert("L").tobytes()[at[1] * picture.width + at[0]]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP", "GIF", "TIFF"])
def test_every_kind_comes_out_plain(kind: str) -> None:
    picture = seen(developed(saved(halves(), kind), f"image/{kind.lower()}"))
    assert picture.format == ("JPEG" if kind in ("JPEG", "WEBP") else "PNG")
    assert picture.size == (200, 100)
    assert tone(picture, (50, 50)) < 40
    assert tone(picture, (150, 50)) > 220


def test_a_photo_stands_as_its_camera_was_held_and_tells_nothing_else() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera"
    picture = seen(developed(saved(halves(), "JPEG", exif=exif), "image/jpeg"))
    assert picture.size == (100, 200)
    assert tone(picture, (50, 50)) < 40
    assert not picture.getexif()
    assert "exif" not in picture.info


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "CMYK", "I;16", "I", "F"])
def test_every_mode_becomes_grey_or_rgb(mode: str) -> None:
    source = Image.new("F", (60, 50), 1.0) if mode == "F" else Image.new(mode, (60, 50))
    assert seen(developed(saved(source, "TIFF"), "image/tiff")).mode in ("L", "RGB")


def test_what_is_seen_through_is_white() -> None:
    picture = seen(developed(saved(Image.new("RGBA", (60, 60), (0, 0, 0, 0)), "PNG"), "image/png"))
    assert tone(picture, (30, 30)) == 255


def test_the_page_that_is_asked_for() -> None:
    pages = [Image.new("L", (60, 60), shade) for shade in (10, 120, 240)]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert tone(seen(developed(data, "image/tiff", 2)), (5, 5)) == 120
    assert developed(data, "image/tiff", 9).fault == "unreadable"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head claims to be that large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(7000, 7000), (12_001, 50), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_what_is_too_large_is_not_decoded(width: int, height: int) -> None:
    assert developed(bomb(width, height), "image/png").fault == "too_large"


def test_what_is_too_small_holds_no_text() -> None:
    assert developed(saved(Image.new("L", (300, 20)), "PNG"), "image/png").fault == "too_small"


def test_a_picture_that_is_cut_off_is_broken() -> None:
    assert developed(saved(halves((900, 900)), "JPEG")[:800], "image/jpeg").fault == "unreadable"


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg"])
def test_only_the_format_that_it_was_taken_for_is_tried(kind: str) -> None:
    assert developed(saved(halves(), "TIFF"), kind).fault == "unreadable"


def test_a_kind_that_nobody_opens_is_unsupported() -> None:
    assert developed(b"<svg/>", "image/svg+xml").fault == "unsupported"


@given(st.binary(max_size=400), st.sampled_from(["PNG", "JPEG", "BMP", "WEBP", "GIF", "TIFF"]), st.integers(0, 60))
def test_no_bytes_are_more_than_a_fault(tail: bytes, kind: str, kept: int) -> None:
    found = developed(saved(halves(), kind)[:kept] + tail, f"image/{kind.lower()}")
    assert bool(found.data) != bool(found.fault)


def mail(*files: tuple[str, bytes]) -> bytes:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "x", "a@example.cn", "b@example.cn"
    made.set_content("见附件")
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


@pytest.fixture(scope="module")
def room() -> Iterator[Darkroom]:
    found = Darkroom(LIMITS, DEVELOP, DEVELOP_WARM_UP)
    yield found
    found.close()


def test_every_picture_of_a_mail_develops_in_a_child(room: Darkroom) -> None:
    scan = saved(halves((600, 800)), "PDF", resolution=72.0)
    raw = mail(("a.jpg", saved(halves(), "JPEG")), ("b.pdf", scan), ("c.png", bomb(9000, 9000)))
    plates = [room.develop(raw, ref) for ref in open_mail(raw, LIMITS).pictures]
    assert [found.fault for found in plates] == [None, None, "too_large"]
    page = seen(plates[1])
    assert page.size == pytest.approx((600 * 220 / 72, 800 * 220 / 72), abs=2)
    assert tone(page, (100, 100)) < 40


def test_a_picture_that_is_no_longer_there_is_a_fault(room: Darkroom) -> None:
    raw = mail(("a.jpg", saved(halves(), "JPEG")))
    [ref] = open_mail(raw, LIMITS).pictures
    assert room.develop(raw, ref.model_copy(update={"sha256": "0"})).fault == "unreadable"


def test_no_process_runs_before_the_first_picture() -> None:
    idle = Darkroom(LIMITS, "no.such:target")
    idle.close()
    with pytest.raises(PortError, match="no zygote"):
        idle.develop(b"", PictureRef(number=1, sha256="", size=0, type="image/png", name=""))
