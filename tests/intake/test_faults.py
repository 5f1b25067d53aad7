"""The server's words: readable in any of the encodings they come in, and told apart by their codes."""

import imaplib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient.exceptions import LoginError

from mailbot.intake.faults import LoginRefused, Lost, Refused, code_of, readable, server_text

WORDS = "登录失败，请使用授权码登录"


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "gbk"])
def test_chinese_of_either_encoding_is_readable(charset: str) -> None:
    assert readable(WORDS.encode(charset)) == WORDS


@given(st.binary())
def test_no_text_of_a_server_can_break_a_log_line(raw: bytes) -> None:
    text = readable(raw)
    assert len(text) <= 300
    assert text.isprintable()


def test_the_bytes_are_found_below_the_repr_that_imapclient_makes_of_them() -> None:
    try:
        try:
            raise imaplib.IMAP4.error(b"[AUTHENTICATIONFAILED] " + WORDS.encode("gbk"))
        except imaplib.IMAP4.error as error:
            raise LoginError(str(error))  # noqa: B904 -- as imapclient does it
    except LoginError as error:
        told = server_text(error)
    assert told == f"[AUTHENTICATIONFAILED] {WORDS}"


def test_an_error_without_words_is_named_by_its_type() -> None:
    assert server_text(TimeoutError()) == "TimeoutError"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[UNAVAILABLE] try later", "UNAVAILABLE"),
        ("NO [AUTHENTICATIONFAILED] wrong", "AUTHENTICATIONFAILED"),
        ("LOGIN Login error password error", ""),
        ("[LIMIT]", "LIMIT"),
    ],
)
def test_the_code_stands_in_brackets(text: str, code: str) -> None:
    assert code_of(text) == code


def test_what_may_be_tried_again() -> None:
    assert Lost("gone").retry
    assert Refused("x", "UNAVAILABLE").retry
    assert LoginRefused("x", "LIMIT").retry
    assert not LoginRefused("x", "AUTHENTICATIONFAILED").retry
    assert not Refused("x").retry
