"""Links: where they lead and under what words, told apart from those of a signature, and none out of a quote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.limits import MailLimits
from mailbot.mime.links import links_of_page, links_of_text
from mailbot.mime.parse import parse
from tests.mime.mails import mixed, text_part


def test_a_link_stands_under_its_line_and_the_one_above() -> None:
    [link] = links_of_text(
        "从QQ邮箱发来的超大附件\n\n进入下载页面：https://mail.qq.com/cgi-bin/ftnExs_download?k=1，谢谢"
    )
    assert link.url == "https://mail.qq.com/cgi-bin/ftnExs_download?k=1"
    assert "超大附件" in link.words
    assert not link.signed


@pytest.mark.parametrize("mark", ["-- ", "--", "————", "________"])
def test_below_the_mark_of_a_signature(mark: str) -> None:
    first, second = links_of_text(f"见 https://pan.baidu.com/s/1a\n{mark}\n某公司 https://pan.baidu.com/s/2b")
    assert (first.signed, second.signed) == (False, True)


@pytest.mark.parametrize("name", ["mail_signature", "Signature", "qqmail_sign", "foxmail_sign_1"])
def test_in_an_element_that_is_a_signature(name: str) -> None:
    page = f'<p><a href="https://a.example/x">甲</a></p><div id="{name}"><a href="https://b.example/y">乙</a></div>'
    assert [(link.url, link.signed) for link in links_of_page(page)] == [
        ("https://a.example/x", False),
        ("https://b.example/y", True),
    ]


def test_the_words_around_an_anchor() -> None:
    page = "<div><span>来自网易邮箱的云附件</span><div><a href='https://u.163.com/x'>下载</a></div></div>"
    assert "云附件" in links_of_page(page)[0].words


@pytest.mark.parametrize(
    "page",
    [
        "<p>没有链接</p>",
        '<html xmlns:o="http://www.w3.org/TR/REC-html40"><p>x</p></html>',
        '<a href="mailto:a@b.example">信</a><a href="cid:1">图</a><a href="javascript:1">x</a>',
        '<p>新</p><div>-----原始邮件-----</div><a href="https://pan.baidu.com/s/1">旧</a>',
    ],
)
def test_no_link(page: str) -> None:
    assert links_of_page(page) == ()


def test_each_address_once_with_what_the_page_says(limits: MailLimits) -> None:
    url = "https://pan.baidu.com/s/1a"
    body = b'Content-Type: multipart/alternative; boundary="A"\r\n\r\n--A\r\n' + text_part(f"见 {url}".encode())
    body += (
        b"\r\n--A\r\n" + text_part(f'<p>名单在<a href="{url}">网盘</a></p>'.encode(), kind=b"html") + b"\r\n--A--\r\n"
    )
    [link] = parse(mixed(body), limits).mail.links
    assert (link.url, link.words) == (url, "名单在网盘")


def test_the_number_and_length_are_bounded() -> None:
    many = links_of_text("\n".join(f"https://a.example/{n}" for n in range(500)))
    assert len(many) == 30
    [long] = links_of_text("https://a.example/" + "x" * 1_900 + " " + "字" * 999)
    assert len(long.url) == 300
    assert len(long.words) == 120


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    links_of_text("https://" + text)
    links_of_page("<a href='https://" + text)
