"""HTML as text, and which leaf of a mail is its text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.limits import MailLimits
from mailbot.mime.pages import html_text
from mailbot.mime.parse import parse
from tests.mime.mails import HEAD, file_part, mixed, text_part


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>您好</p><p>名单见附件</p>", "您好\n名单见附件"),
        ("a<br>b", "a\nb"),
        ("<div>一 \n 二</div>", "一 二"),
        ("<table><tr><td>姓名</td><td>电话</td></tr><tr><td>甲</td><td>1</td></tr></table>", "姓名\t电话\n甲\t1"),
        ("<style>p{}</style><script>alert(1)</script><!-- x --><p>见附件</p>", "见附件"),
        ("&lt;b&gt; &amp; &nbsp;x", "<b> & \u00a0x"),
        ("<p>开口", "开口"),
        ("", ""),
        ("<?xml version='1.0' encoding='gbk'?><p>a</p>", "a"),
        ("a<br><br>b", "a\n\nb"),
    ],
)
def test_html_as_text(source: str, text: str) -> None:
    assert html_text(source) == text


def test_html_reads_no_file() -> None:
    text = html_text("<!DOCTYPE html [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><p>x&e;y</p>")
    assert "root:" not in text
    assert text.endswith("y")


def test_deep_html_is_survived() -> None:
    assert isinstance(html_text("<div>" * 50_000 + "x"), str)


@given(st.text(max_size=300))
def test_any_text_as_html(source: str) -> None:
    assert isinstance(html_text("<p>" + source), str)


def alternative(*parts: bytes) -> bytes:
    body = b"".join(b"--A\r\n" + part + b"\r\n" for part in parts)
    return b'Content-Type: multipart/alternative; boundary="A"\r\n\r\n' + body + b"--A--\r\n"


PLAIN, HTML = text_part("纯文本".encode()), text_part("<p>网页</p>".encode(), kind=b"html")


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((alternative(PLAIN, HTML),), "纯文本"),
        ((alternative(HTML, PLAIN),), "纯文本"),
        ((alternative(text_part(b" \r\n"), HTML),), "网页"),
        ((alternative(HTML),), "网页"),
        ((HTML, text_part("发自我的手机".encode())), "网页\n\n发自我的手机"),
        ((PLAIN, file_part(b"\x89PNG\r\n\x1a\n"), HTML), "纯文本\n\n网页"),
    ],
)
def test_one_of_each_alternative_in_order(limits: MailLimits, parts: tuple[bytes, ...], text: str) -> None:
    assert parse(mixed(*parts), limits).mail.text == text


def test_text_is_cut_at_its_limit_and_says_so(limits: MailLimits) -> None:
    parsed = parse(HEAD + b"\r\n" + b"a" * (limits.text_characters + 1), limits)
    assert len(parsed.mail.text) == limits.text_characters
    assert "mail.text_cut" in parsed.mail.marks
