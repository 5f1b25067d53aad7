"""Why a letter came back, in words; whose name a notice speaks in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.bounces import UNKNOWN_WHY, in_our_name, why
from mailbot.domain.mail import Fate, Notice


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        ("5.1.1", "", "收件地址不存在或已停用"),
        ("5.2.1", "disabled", "收件地址不存在或已停用"),
        (None, "550 User unknown in virtual mailbox table", "收件地址不存在或已停用"),
        ("5.0.0", "Mailbox not found", "收件地址不存在或已停用"),
        ("5.0.0", "该用户不存在", "收件地址不存在或已停用"),
        ("5.2.2", "", "对方邮箱已满"),
        ("4.2.2", "mailbox full", "对方邮箱已满"),
        (None, "收件人空间不足", "对方邮箱已满"),
        ("5.4.4", "Host or domain name not found", "找不到对方的邮件服务器"),
        ("5.3.4", "message size exceeds", "信件超过对方的大小限制"),
        ("5.7.1", "blocked", "被对方服务器拒收"),
        (None, "554 DT:SPM 垃圾邮件", "被对方服务器拒收"),
        ("4.4.7", "delivery time expired", "对方服务器长时间连接不上"),
        ("4.4.1", "connection timed out", "对方服务器长时间连接不上"),
        ("5.0.0", "", UNKNOWN_WHY),
        (None, "", UNKNOWN_WHY),
        (None, "whatever", UNKNOWN_WHY),
    ],
)
def test_the_reason_in_a_few_words(status: str | None, said: str, expected: str) -> None:
    assert why(status, said) == expected


def test_the_code_outweighs_the_words() -> None:
    assert why("5.2.2", "user unknown") == "对方邮箱已满"


@given(st.none() | st.text(max_size=12), st.text(max_size=200))
def test_any_words_have_a_reason(status: str | None, said: str) -> None:
    assert why(status, said)


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        (("<a.b@cqhrsp.com>",), True),
        (("<a@other.cn>", "<a.b@CQHRSP.com>"), True),
        (("<a.b@mail.cqhrsp.com>",), False),
        (("<cqhrsp.com@other.cn>",), False),
        ((), False),
    ],
)
def test_a_notice_speaks_in_our_name_by_the_domain_of_an_id(returned: tuple[str, ...], expected: bool) -> None:
    assert in_our_name(Notice(fate=Fate.FAILED, returned=returned), "cqhrsp.com") is expected
