"""The page without the history that it quotes: the fresh words stay, whatever the mail program marks the quote with."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.limits import MailLimits
from mailbot.mime.pages import fresh_page, html_text
from mailbot.mime.parse import parse
from mailbot.mime.quotes import split_quote
from tests.mime.mails import file_part, mixed, text_part

FRESH = "<div>名单如下：</div><table><tr><td>张三</td><td>新</td></tr></table>"
OLD = "<table><tr><td>李四</td><td>旧</td></tr></table>"
FIELDS = "<b>发件人:</b> 2020gxkm<br><b>发送时间:</b> 2020年7月8日<br><b>收件人:</b> 甲<br>"
QUOTES = {
    "qq": f'<div style="font-size:12px">------------------&nbsp;原始邮件&nbsp;------------------</div><div>{FIELDS}</div>{OLD}',
    "netease": f'<div id="isReplyContent"><p>At 2020-07-08, "甲" wrote:</p><blockquote id="isReplyContent">{OLD}</blockquote></div>',
    "netease app": f'<div id="ntes-pcmail-quote"><div>---- 回复的原邮件 ----</div>{OLD}</div>',
    "gmail": f'<div class="gmail_quote"><div>甲 &lt;a@b.example&gt; 于2020年写道：</div><blockquote>{OLD}</blockquote></div>',
    "apple": f'<blockquote type="cite"><div>在 2020年，甲 写道：</div>{OLD}</blockquote>',
    "outlook": f'<div><div style="border-top:solid"><p>{FIELDS}</p></div></div><p>正文</p>{OLD}',
    "outlook app": f'<hr><div id="divRplyFwdMsg">{FIELDS}</div><div>{OLD}</div>',
    "attribution": f"<p>在 2020-07-08 10:00，甲 写道：</p><div><div>{OLD}</div></div>",
    "notes": f"<table><tr><td>收件人</td><td>c@unit.example</td></tr><tr><td>主题</td><td>报名</td></tr></table>{OLD}",
    "text behind a break": f"谢谢<br>-----原始邮件-----<br>{FIELDS}{OLD}",
}


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES)
def test_the_quoted_table_is_cut_off(quote: str) -> None:
    page = fresh_page(f"<html><body>{FRESH}{quote}<div>更早</div></body></html>")
    assert ("张三" in page, "新" in page) == (True, True)
    assert not any(word in page for word in ("李四", "旧", "更早"))


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES)
def test_text_and_page_are_cut_at_the_same_place(quote: str) -> None:
    source = f"<body>{FRESH}{quote}</body>"
    fresh, quoted = split_quote(html_text(source))
    assert "张三" in fresh
    assert "李四" in quoted
    assert html_text(fresh_page(source)) == fresh


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES)
def test_nothing_but_a_quote_is_no_page(quote: str) -> None:
    assert "李四" not in fresh_page(f"<body>{quote}</body>")


def test_an_indented_table_is_fresh() -> None:
    source = f'<blockquote style="margin:0 0 0 40px">{OLD}</blockquote>'
    assert "李四" in fresh_page(source)
    assert ">" not in html_text(source)


def test_a_page_without_quote_stays_whole() -> None:
    assert html_text(fresh_page(FRESH)) == html_text(FRESH) == "名单如下：\n张三\t新"
    assert fresh_page("") == fresh_page("<p> </p>") == ""


def html_part(page: str) -> bytes:
    return text_part(page.encode(), kind=b"html")


def test_the_mail_tells_its_page_where_a_table_is_in_it(limits: MailLimits) -> None:
    parsed = parse(mixed(html_part(f"{FRESH}{QUOTES['qq']}"), file_part(b"x")), limits)
    assert "张三" in parsed.page
    assert "李四" not in parsed.page
    assert parse(mixed(html_part("<p>见附件</p>")), limits).page == ""


def test_a_forwarded_mail_has_no_page_of_ours(limits: MailLimits) -> None:
    inner = file_part(mixed(html_part(FRESH)), b"Content-Type: message/rfc822")
    assert parse(mixed(text_part(b"x"), inner), limits).page == ""


def test_a_page_that_was_cut_says_so(limits: MailLimits) -> None:
    small = limits.model_copy(update={"text_characters": 20})
    assert "mail.text_cut" in parse(mixed(html_part(FRESH + "x" * 300)), small).mail.marks


@given(st.text("<>/divtable =\"'原始邮件-发件人：>写道\n", max_size=200))
def test_any_markup_never_raises(source: str) -> None:
    assert isinstance(fresh_page(source), str)


@pytest.mark.parametrize("piece", ["<div>", "<td>甲</td>", "<br>", "<blockquote type=cite>", "发件人：<br>", "甲 "])
def test_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    fresh_page(piece * (200_000 // len(piece)))
    assert time.process_time() - start < 2
