"""Where the quoted history begins, in the style of the clients used in China."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mime.quotes import quote_at, quoted_lines, split_quote

FRESH = "您好，补充订单号 500720200801234。\n谢谢！"
BLOCK = "发件人：2020gxkm<2020gxkm@cqhrsp.com>\n发送时间：2020年7月8日(星期三) 上午10:00\n收件人：甲<a@unit.example>\n主题：回复"
QUOTES = {
    "qq": "------------------ 原始邮件 ------------------\n" + BLOCK,
    "qq html": "------------------\u00a0原始邮件\u00a0------------------\n" + BLOCK,
    "qq english": "------------------ Original ------------------\nFrom: a\nDate: b",
    "netease web": '在 2020-07-08 10:00:00，"2020gxkm" <2020gxkm@cqhrsp.com> 写道：\n> 已收到',
    "netease app": "---- 回复的原邮件 ----\n| 发件人 | 2020gxkm |",
    "netease forward": "-------- 转发邮件信息 --------\n" + BLOCK,
    "netease english": 'At 2020-07-08 10:00:00, "2020gxkm" <2020gxkm@cqhrsp.com> wrote:\n>text',
    "coremail": "-----原始邮件-----\n" + BLOCK,
    "aliyun": "------------------------------------------------------------------\n" + BLOCK,
    "outlook zh": "发件人: 2020gxkm <2020gxkm@cqhrsp.com> \n发送时间: 2020年7月8日 10:00\n收件人: 甲\n主题: 回复",
    "outlook rule": "________________________________\nFrom: 2020gxkm\nSent: Wednesday\nTo: a",
    "outlook bold": "*发件人:* 2020gxkm\n*发送时间:* 2020年7月8日 10:00",
    "apple zh": "> 在 2020年7月8日，上午10:00，2020gxkm <2020gxkm@cqhrsp.com> 写道：\n> 已收到",
    "apple en": "> On 8 Jul 2020, at 10:00, 2020gxkm <2020gxkm@cqhrsp.com> wrote:",
    "apple forward": "Begin forwarded message:\n\nFrom: a",
    "gmail zh": "2020gxkm <2020gxkm@cqhrsp.com> 于2020年7月8日周三 上午10:00写道：\n\n> 已收到",
    "gmail en in two lines": "On Wed, Jul 8, 2020 at 10:00 AM 2020gxkm <2020gxkm@cqhrsp.com>\nwrote:\n\n> x",
    "139": "----邮件原文----\n" + BLOCK,
    "notes memo": "收件人: c@unit.example\n抄送:\n主题: 报名名单",
    "notes table": "收件人\tc@unit.example, d@unit.example\n抄送\t\n主题\t报名名单",
    "notes en": "To: c@unit.example\ncc: d@unit.example\nSubject: x",
    "wide spaces": "发 件 人：甲\n发送时间：昨天",
}


@pytest.mark.parametrize("name", QUOTES)
def test_cuts_at_the_separator(name: str) -> None:
    fresh, quoted = split_quote(f"{FRESH}\n\n{QUOTES[name]}\n更早的内容 500720200800000")
    assert fresh == FRESH
    assert quoted.startswith(QUOTES[name][:8].strip())
    assert "500720200800000" in quoted


@pytest.mark.parametrize(
    "text",
    [
        "单位：重庆某公司\n联系人：甲\n手机：13800000000",
        "发件人：请回复到本邮箱",
        "收件人：市人服中心\n主题：报名名单\n单位：重庆某公司",
        "收件人：c@unit.example\n请转交",
        "我们的主管写道很多次了，2020年的名单请看附件",
        "-- \n甲\n重庆某公司",
        "请见下文\n----------\n名单共 3 人",
        "",
    ],
)
def test_leaves_a_text_without_quote_whole(text: str) -> None:
    assert split_quote(text) == (text.strip(), "")


def test_a_bare_quote_has_no_fresh_text() -> None:
    assert split_quote(QUOTES["qq"])[0] == ""


@pytest.mark.parametrize("piece", ["-", "> ", "发件人：\n", "写道", "在 2020", "1", "_\n", "于2020年写道 ", "&nbsp;"])
def test_takes_linear_time(piece: str) -> None:
    start = time.perf_counter()
    split_quote(piece * (200_000 // len(piece)))
    assert time.perf_counter() - start < 1.5


@pytest.mark.parametrize(
    "piece",
    ["> 在 2020年7月8日 写道：\n", "> x\ny\n", "在 2020年7月8日 写道：\n> x\n", "x 在2020年7月8日，", "--原始邮件"],
)
def test_marks_and_separators_without_end_take_linear_time(piece: str) -> None:
    start = time.perf_counter()
    fresh, quoted = split_quote(piece * (200_000 // len(piece)))
    assert fresh or quoted
    assert time.perf_counter() - start < 1.5


@given(st.text(alphabet="> 在写道：\n发件人主题原始邮件-2020年1月a@b.c<>", max_size=200))
def test_every_line_is_either_fresh_or_quoted(text: str) -> None:
    lines = text.split("\n")
    flags = quoted_lines(lines)
    assert len(flags) == len(lines)
    assert quote_at(lines) == next((n for n, quoted in enumerate(flags) if quoted), len(lines))
    fresh, quoted = split_quote(text)
    assert sorted("".join(fresh.split()) + "".join(quoted.split())) == sorted("".join(text.split()))


def test_an_answer_stands_between_marks_or_behind_an_empty_line() -> None:
    assert split_quote("> 旧\n新\n> 旧")[0] == "新"
    assert split_quote("> 旧\n\n新")[0] == "新"
    assert split_quote("> 旧\n仍旧")[0] == ""
    assert split_quote("> " + "旧" * 40 + "\n的下半句\n> 旧")[0] == ""
