"""Pictures: how large they are drawn, which of them show nothing, and those inside of HTML."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.limits import MailLimits
from mailbot.mime.parse import parse
from mailbot.mime.pictures import dimensions, is_decoration, lifted
from tests.mime.mails import mixed, text_part
from tools.hard.pen import picture


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + bytes(20)


def bmp(width: int, height: int) -> bytes:
    return b"BM" + bytes(16) + width.to_bytes(4, "little") + (-height).to_bytes(4, "little", signed=True) + bytes(8)


def jpeg(width: int, height: int) -> bytes:
    frame = b"\x00\x11\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + bytes(10)
    return b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(10) + b"\xff\xff\xdb\x00\x04ab" + b"\xff\xc2" + frame


MAKERS = [("image/png", picture), ("image/gif", gif), ("image/bmp", bmp), ("image/jpeg", jpeg)]


@pytest.mark.parametrize(("kind", "make"), MAKERS)
def test_the_head_tells_width_and_height(kind: str, make: object) -> None:
    assert callable(make)
    assert dimensions(make(640, 480), kind) == (640, 480)
    assert dimensions(make(640, 480)[:9], kind) is None


@given(st.binary(max_size=80))
def test_any_bytes_are_survived(data: bytes) -> None:
    for kind, _ in MAKERS:
        dimensions(b"\xff\xd8" + data, kind)


@pytest.mark.parametrize(
    ("width", "height", "inline", "shows_nothing"),
    [
        (1, 1, False, True),
        (600, 2, False, True),
        (120, 40, True, True),
        (256, 256, True, True),
        (256, 257, True, False),
        (120, 40, False, False),
        (1080, 2340, True, False),
        (300, 500, True, False),
    ],
)
def test_what_shows_nothing(width: int, height: int, inline: bool, shows_nothing: bool, limits: MailLimits) -> None:
    assert is_decoration(picture(width, height), "image/png", limits, inline=inline) is shows_nothing


def test_what_has_no_head_is_kept(limits: MailLimits) -> None:
    assert not is_decoration(b"\x89PNG\r\n\x1a\n", "image/png", limits, inline=True)
    assert not is_decoration(picture(1, 1), "image/webp", limits, inline=True)


def test_pictures_in_a_page_become_parts_and_leave_the_text(limits: MailLimits) -> None:
    shot, dot = picture(800, 600), picture(1, 1)
    tags = "".join(f'<img src="data:image/png;base64,{base64.b64encode(one).decode()}">' for one in (shot, dot))
    parsed = parse(mixed(text_part(f"<p>凭证如下{tags}谢谢</p>".encode(), kind=b"html")), limits)
    assert [part.data for part in parsed.parts] == [shot, dot]
    assert [(part.inline, part.decoration) for part in parsed.mail.parts] == [(True, False), (True, True)]
    assert [part.type for part in parsed.mail.files] == ["image/png"]
    assert parsed.mail.text == "凭证如下谢谢"


@pytest.mark.parametrize("coded", [b"iVBORw0KGgo", b"iVBOR\r\n w0KGgo=", b"iVBORw0KGgo%3D", b"iVBORw0KGgox"])
def test_however_their_base64_is_written(coded: bytes) -> None:
    page = lifted(b'<p><img src="data:image/png;base64,' + coded + b'"></p>', 9)
    assert page.html == b'<p><img src=""></p>'
    assert page.pictures[0].startswith(b"\x89PNG\r\n\x1a\n")


def test_no_more_pictures_than_asked_for() -> None:
    html = b'<img src="data:image/gif;base64,R0lGODlh">' * 7
    page = lifted(html, 3)
    assert len(page.pictures) == 3
    assert b"base64" not in page.html


def test_a_large_picture_does_not_cut_the_text(limits: MailLimits) -> None:
    large = base64.b64encode(picture(3000, 2000) + bytes(3_000_000)).decode()
    raw = mixed(text_part(f'<img src="data:image/png;base64,{large}"><p>名单见附件</p>'.encode(), kind=b"html"))
    parsed = parse(raw, limits)
    assert parsed.mail.text == "名单见附件"
    assert "mail.text_cut" not in parsed.mail.marks
