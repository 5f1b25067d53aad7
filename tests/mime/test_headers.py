"""The headers of a mail as later steps see them."""

import pytest

from mailbot.domain.limits import MailLimits
from mailbot.mime.headers import Headers, read_headers
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.tree import parse_tree


def headers(raw: bytes, limits: MailLimits, marks: Marks | None = None) -> Headers:
    marks = marks or Marks()
    return read_headers(parse_tree(raw, limits, marks), limits, marks)


@pytest.mark.parametrize(
    "name",
    [
        "Authentication-Results",
        "ARC-Authentication-Results",
        "Return-Path",
        "Auto-Submitted",
        "Precedence",
        "List-Id",
        "List-Unsubscribe",
        "X-Autoreply",
        "X-Failed-Recipients",
        "X-Loop",
        "X-QQ-mid",
        "Disposition-Notification-To",
        "Reply-To",
        "Sender",
        "Delivered-To",
        "Resent-From",
        "Content-Type",
    ],
)
def test_keeps_what_later_steps_judge_by(name: str, limits: MailLimits) -> None:
    found = headers(f"{name}: value\r\n{name.upper()}: other\r\n\r\n".encode(), limits)
    assert found.kept()[name.lower()] == ("value", "other")


@pytest.mark.parametrize("name", ["Subject", "To", "DKIM-Signature", "Comments", "Keywords", "Evil\x01"])
def test_leaves_out_the_rest(name: str, limits: MailLimits) -> None:
    assert name.lower() not in headers(f"{name}: value\r\n\r\n".encode(), limits).kept()


def test_values_are_unfolded_and_decoded(limits: MailLimits) -> None:
    found = headers(
        b"X-A: one\r\n\ttwo\r\n three\r\nSubject: =?gbk?Q?=C3=FB=B5=A5?=\r\n =?gbk?Q?=A1=A3?=\r\n\r\n", limits
    )
    assert found.first("x-a") == "one two three"
    assert found.first("subject") == "名单。"
    assert found.first("absent") == ""
    assert found.all("absent") == ()


def test_an_empty_return_path_is_known_as_such(limits: MailLimits) -> None:
    assert headers(b"Return-Path: <>\r\n\r\n", limits).kept()["return-path"] == ("<>",)


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        (b"<a@b> <c@d>", ("<a@b>", "<c@d>")),
        (b"<a@b>\r\n\t<c@d>", ("<a@b>", "<c@d>")),
        (b"text <a@b> (comment)", ("<a@b>",)),
        (b"a@b", ()),
        (b"<a b>", ()),
        (b"", ()),
    ],
)
def test_references(value: bytes, ids: tuple[str, ...], limits: MailLimits) -> None:
    assert headers(b"References: " + value + b"\r\n\r\n", limits).message_ids("references") == ids


def test_only_the_last_hundred_references_count(limits: MailLimits) -> None:
    raw = b"References: " + b" ".join(b"<%d@x>" % n for n in range(500)) + b"\r\n\r\n"
    found = headers(raw, limits).message_ids("references")
    assert len(found) == 100
    assert found[-1] == "<499@x>"


def test_several_address_headers_are_one_list(limits: MailLimits) -> None:
    found = headers(b'To: a@b.example\r\nTo: "x, y" <c@d.example>, e@f.example\r\n\r\n', limits)
    assert found.addresses("to", 10, Marks()) == ("a@b.example", '"x, y" <c@d.example>', "e@f.example")


@pytest.mark.parametrize("name", [b"Subject", b"From", b"Date", b"Message-ID"])
def test_a_header_that_may_stand_once_is_marked_when_it_stands_twice(name: bytes, limits: MailLimits) -> None:
    marks = Marks()
    headers(name + b": 1\r\n" + name + b": 2\r\n\r\n", limits, marks)
    assert Mark.REPEATED_HEADER in marks


def test_the_number_of_headers_is_bounded(limits: MailLimits) -> None:
    marks = Marks()
    found = headers(b"".join(b"X-%d: v\r\n" % n for n in range(3_000)) + b"\r\n", limits, marks)
    assert len(found.kept()) == limits.headers
    assert Mark.HEADERS_CUT in marks
