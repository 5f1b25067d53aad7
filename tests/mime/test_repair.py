"""The header block after repair is one that a strict reader takes whole."""

import email

from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.limits import MailLimits
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.repair import repair
from tests.mime.mails import HEAD, MAILS


def mended(raw: bytes, limits: MailLimits) -> tuple[bytes, Marks]:
    marks = Marks()
    return repair(raw, limits, marks), marks


def test_a_sound_mail_is_not_touched(limits: MailLimits) -> None:
    raw = MAILS["mislabelled gb2312"]
    clean, marks = mended(raw, limits)
    assert clean is raw
    assert not list(marks)


def test_junk_before_the_headers_is_dropped(limits: MailLimits) -> None:
    for name in ("bom and blank lines", "mbox line"):
        clean, marks = mended(MAILS[name], limits)
        assert clean.startswith(b"From: ")
        assert Mark.LEADING_LINES in marks


def test_a_line_that_is_no_header_does_not_end_them(limits: MailLimits) -> None:
    clean, marks = mended(MAILS["junk header line"], limits)
    assert email.message_from_bytes(clean).get_content_type() == "multipart/mixed"
    assert Mark.HEADER_LINES in marks


def test_text_right_behind_the_headers_stays_text(limits: MailLimits) -> None:
    clean, _ = mended(HEAD + b"Dear office,\r\nthe roster is attached\r\n\r\nsecond paragraph", limits)
    message = email.message_from_bytes(clean)
    assert message["to"] == "2020gxkm@cqhrsp.com"
    assert message.get_payload() == "Dear office,\r\nthe roster is attached\r\n\r\nsecond paragraph"


def test_a_text_without_headers_is_kept(limits: MailLimits) -> None:
    clean, _ = mended(MAILS["no headers"], limits)
    assert b"just text" in clean.split(b"\r\n\r\n", 1)[1]


def test_line_ends_of_old_programs_and_gateways(limits: MailLimits) -> None:
    for name in ("bare cr", "cr cr lf"):
        clean, marks = mended(MAILS[name], limits)
        assert len(email.message_from_bytes(clean).get_payload()) == 1
        assert Mark.LINE_ENDS in marks


def test_endless_headers_are_cut_and_the_ones_that_matter_stay(limits: MailLimits) -> None:
    raw = b"".join(b"X-%d: %s\r\n" % (n, b"a" * 60) for n in range(5_000)) + HEAD + b"Subject: s\r\n\r\nbody"
    clean, marks = mended(raw, limits)
    message = email.message_from_bytes(clean)
    assert len(clean) <= limits.header_bytes + 100
    assert len(message.keys()) <= limits.headers
    assert (message["subject"], message.get_payload()) == ("s", "body")
    assert Mark.HEADERS_CUT in marks


def test_one_endless_header_is_cut(limits: MailLimits) -> None:
    raw = b"To: " + b"a@b.example, " * 20_000 + b"\r\nSubject: s\r\n\r\nbody"
    clean, marks = mended(raw, limits)
    assert email.message_from_bytes(clean)["subject"] == "s"
    assert len(clean) < limits.header_bytes
    assert Mark.HEADERS_CUT in marks


@given(st.data())
def test_any_bytes_in_the_header_leave_no_broken_line(limits: MailLimits, data: st.DataObject) -> None:
    junk = data.draw(st.binary(max_size=60))
    clean, _ = mended(b"From: a@b.example\r\n" + junk + b"\r\nSubject: s\r\n\r\nbody", limits)
    assert clean.rstrip(b"\r\n")
