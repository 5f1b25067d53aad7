"""Entities written anew: only where header lines beneath a boundary line prove that parts follow."""

import pytest

from mailbot.domain.limits import MailLimits
from mailbot.mime.parse import parse
from tests.mime.mails import FILE, HEAD, file_part, mixed, text_part

GOOD = mixed(text_part("名单见附件".encode()), file_part(FILE))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'boundary="B0"', b'boundary="B1"'),
        (b'; boundary="B0"', b""),
        (b'boundary="B0"', b'boundary=""'),
        (b'Content-Type: multipart/mixed; boundary="B0"\r\n', b""),
        (b'boundary="B0"', b"bound=B0"),
    ],
)
def test_parts_behind_a_wrong_boundary_are_found(old: bytes, new: bytes, limits: MailLimits) -> None:
    parsed = parse(GOOD.replace(old, new), limits)
    assert [part.data for part in parsed.parts] == [FILE]
    assert parsed.mail.text == "名单见附件"
    assert "repair.boundary" in parsed.mail.marks


@pytest.mark.parametrize(
    "body",
    [
        b"--B0\r\nno header follows\r\n--B0--\r\n",
        b"a rule\r\n-----\r\nanother rule\r\n-----\r\n",
        b"-- \r\nContent with my regards\r\n",
        b"",
    ],
)
def test_words_with_lines_of_dashes_stay_words(body: bytes, limits: MailLimits) -> None:
    for kind in (b"multipart/mixed; boundary=X", b"text/plain"):
        parsed = parse(HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body, limits)
        assert parsed.parts == ()
        assert parsed.mail.text == body.decode().replace("\r\n", "\n").strip()
        assert "repair.boundary" not in parsed.mail.marks


def test_a_mail_that_shows_another_ones_source_far_down_is_words(limits: MailLimits) -> None:
    shown = HEAD + b"\r\n" + b"The original message follows.\r\n" * 30 + GOOD
    parsed = parse(shown, limits)
    assert parsed.parts == ()
    assert "original message" in parsed.mail.text


def test_what_follows_a_boundary_closed_too_early_is_read(limits: MailLimits) -> None:
    parsed = parse(GOOD.replace(b"\r\n--B0\r\nContent-Disp", b"\r\n--B0--\r\n\r\n--B0\r\nContent-Disp"), limits)
    assert [part.data for part in parsed.parts] == [FILE]
    again = GOOD + b"\r\n--B0\r\n" + file_part(b"second") + b"\r\n--B0--\r\n" + b"--B0\r\n" + file_part(b"third")
    assert [part.data for part in parse(again, limits).parts] == [FILE, b"second", b"third"]


@pytest.mark.parametrize("junk", [b"scanned by gateway\r\n", b"\xa1\xa1 no header \r\n", b"[ok]\r\nX-Y : z\r\n"])
def test_junk_among_the_headers_of_a_part_is_dropped(junk: bytes, limits: MailLimits) -> None:
    named = (
        b"Content-Type: application/octet-stream\r\n" + junk + b'Content-Disposition: attachment; filename="a.xlsx"\r\n'
    )
    part = named + file_part(FILE, b"X-Pad: 1")
    parsed = parse(mixed(part), limits)
    assert [(one.part.name, one.data) for one in parsed.parts] == [("a.xlsx", FILE)]
    assert "repair.part_headers" in parsed.mail.marks


def test_a_part_without_headers_keeps_its_words(limits: MailLimits) -> None:
    parsed = parse(mixed(b"just words\r\nand more\r\n\r\nand a second paragraph"), limits)
    assert parsed.mail.text == "just words\nand more\n\nand a second paragraph"
    assert "repair.part_headers" not in parsed.mail.marks
