"""Why a login was refused: real sentences of providers, and how long each makes us wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.faults import LoginRefused, code_of
from mailbot.intake.refusals import TEMPORARY, Cause, cause_of, long_pause
from tests.intake.helpers import limits

QQ = (
    "Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system "
    "is busy. More information at https://help.mail.qq.com/detail/108/1023"
)


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (Cause.CREDENTIALS, "LOGIN Login error or password error"),
        (Cause.CREDENTIALS, "LOGIN Login error password error"),
        (Cause.CREDENTIALS, "[AUTHENTICATIONFAILED] Authentication failed."),
        (Cause.CREDENTIALS, "[AUTHENTICATIONFAILED] Invalid credentials (Failure)"),
        (Cause.CREDENTIALS, "LOGIN failed."),
        (Cause.CREDENTIALS, "incorrect username or password"),
        (Cause.CREDENTIALS, "登录失败：用户名或密码错误"),
        (Cause.CREDENTIALS, "no"),
        (Cause.CODE, "Please using authorized code to login."),
        (Cause.CODE, "Authorized code is incorrect"),
        (Cause.CODE, "Login fail. Please using weixin token"),
        (Cause.CODE, "ERR.LOGIN.REQCODE"),
        (Cause.CODE, "[ALERT] Application-specific password required: https://support.google.com/accounts"),
        (Cause.CODE, "[ALERT] Please log in via your web browser"),
        (Cause.CODE, "请使用授权码登录"),
        (Cause.CODE, "您的帐号未开启IMAP服务"),
        (Cause.CODE, "IMAP is disabled for this account"),
        (Cause.CROWDED, "Login frequency limited"),
        (Cause.CROWDED, "Too many simultaneous connections"),
        (Cause.CROWDED, "登录过于频繁"),
        (Cause.MOMENT, "System is busy, please try again later"),
        (Cause.MOMENT, "[UNAVAILABLE] Temporary authentication failure"),
        (Cause.MOMENT, "[INUSE] password store locked"),
        (Cause.MOMENT, "系统繁忙，请稍后再试"),
        (Cause.UNCLEAR, QQ),
        (Cause.UNCLEAR, "Too many failed logins, check your password"),
        (Cause.UNCLEAR, "密码错误次数过多，请稍后再试"),
    ],
)
def test_case_02_what_a_refusal_blames(cause: Cause, said: str) -> None:
    assert cause_of(said, code_of(said)) is cause


@pytest.mark.parametrize("code", sorted(TEMPORARY))
def test_case_02_a_code_that_blames_the_server_counts_for_more_than_its_words(code: str) -> None:
    assert cause_of("password incorrect", code) is Cause.MOMENT


def test_case_02_only_what_passes_by_itself_may_be_tried_again() -> None:
    assert {cause for cause in Cause if cause.passes} == {Cause.CROWDED, Cause.MOMENT}
    assert not LoginRefused("x", said=QQ).retry
    assert LoginRefused("x", said="Login frequency limited").retry
    assert LoginRefused("login of password@busy.example refused: wrong", said="wrong").cause is Cause.CREDENTIALS


@pytest.mark.parametrize(
    ("cause", "wary", "pauses"),
    [
        (Cause.CREDENTIALS, False, [None, None, 60, 60]),
        (Cause.CODE, False, [None, None, 60, 60]),
        (Cause.CREDENTIALS, True, [None, 900, 900, 900]),
        (Cause.UNCLEAR, False, [None, 900, 900, 900]),
        (Cause.UNCLEAR, True, [None, 900, 900, 900]),
        (Cause.CROWDED, False, [900, 900, 900, 900]),
        (Cause.MOMENT, True, [None, None, None, None]),
    ],
)
def test_case_02_after_how_many_refusals_a_long_pause_comes(cause: Cause, wary: bool, pauses: list[int | None]) -> None:
    assert [long_pause(cause, number, limits(), wary=wary) for number in (1, 2, 3, 9)] == pauses


@given(st.text(max_size=200), st.text(max_size=12))
def test_any_words_have_one_cause_and_a_pause_that_is_bounded(said: str, code: str) -> None:
    cause = cause_of(said, code)
    for number in range(1, 6):
        pause = long_pause(cause, number, limits(), wary=True)
        assert pause is None or 0 < pause <= 900
