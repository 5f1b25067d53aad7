"""Marks: each once, in order, and each leads somewhere."""

import pytest

from mailbot.domain.limits import MailLimits
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.parse import parse
from tests.mime.mails import FILE, MAILS, file_part, mixed, text_part


def test_each_mark_stands_once_in_the_order_noticed() -> None:
    marks = Marks()
    for mark in (Mark.CHARSET, Mark.TOO_BIG, Mark.CHARSET):
        marks.add(mark)
    assert list(marks) == ["repair.charset", "mail.too_big"]
    assert Mark.CHARSET in marks
    assert Mark.TOO_DEEP not in marks


def test_every_mark_says_whether_a_rule_or_a_person_reads_it() -> None:
    assert {mark.value.split(".")[0] for mark in Mark} == {"mail", "repair"}


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("plain", ()),
        ("mislabelled gb2312", ()),
        ("gbk called utf-8", ("repair.charset",)),
        ("utf-8 called gbk", ("repair.charset",)),
        ("punycode charset", ("repair.charset", "repair.lost_characters")),
        ("bom and blank lines", ("repair.leading_lines",)),
        ("mbox line", ("repair.leading_lines",)),
        ("junk header line", ("repair.header_lines",)),
        ("bare cr", ("repair.line_ends",)),
        ("cr cr lf", ("repair.line_ends",)),
        ("base64 with a tail", ("repair.transfer_encoding",)),
        ("two subjects", ("repair.repeated_header",)),
        ("rfc 2231", ()),
        ("forward", ()),
    ],
)
def test_what_was_mended_is_said(name: str, marks: tuple[str, ...], limits: MailLimits) -> None:
    assert parse(MAILS[name], limits).mail.marks == marks


def test_what_a_forwarded_mail_needed_is_said_of_the_whole(limits: MailLimits) -> None:
    inner = mixed(text_part("名单".encode("gbk"), b"utf-8"), file_part(FILE))
    assert parse(mixed(b"Content-Type: message/rfc822\r\n\r\n" + inner), limits).mail.marks == ("repair.charset",)
