"""Text from outside becomes one harmless line; what a server said becomes readable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.outbound.plain import clean, readable


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("a\r\nBcc: x", "a Bcc: x"),
        ("a\tb\x0bc\u2028d\u3000e", "a b c d e"),
        ("\u202eabc\u200b\ufeff", "abc"),
        ("\ud83d\ude00x", "x"),
        ("=?utf-8?B?YQ==?=", "=？utf-8?B?YQ==？="),
        ("  两端  空格  ", "两端 空格"),
        ("", ""),
    ],
)
def test_one_harmless_line(raw: str, line: str) -> None:
    assert clean(raw) == line


@pytest.mark.parametrize(("size", "length"), [(9, 9), (10, 10), (11, 10), (10_000, 10)])
def test_a_long_text_is_cut_with_an_ellipsis(size: int, length: int) -> None:
    cut = clean("名" * size, 10)
    assert len(cut) == length
    assert cut.endswith("…") == (size > 10)


@given(st.text(st.characters(), max_size=200), st.integers(1, 50))
def test_no_text_gets_past(raw: str, limit: int) -> None:
    line = clean(raw, limit)
    assert len(line) <= limit
    assert "=?" not in line
    assert line == line.strip()
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    line.encode("utf-8")


@given(st.text(max_size=100))
def test_a_clean_line_stays_as_it_is(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
def test_a_server_is_readable_in_its_own_encoding(encoding: str) -> None:
    said = "用户名或密码错误，请检查".encode(encoding).decode("utf-8", "surrogateescape")
    assert readable(said) == "用户名或密码错误，请检查"


def test_bytes_of_no_encoding_are_readable_somehow() -> None:
    assert readable(b"535 \xff\xfe\x80 no".decode("utf-8", "surrogateescape")).startswith("535")


def test_a_talkative_server_is_cut() -> None:
    assert len(readable("x" * 5000)) == 300


def test_a_phone_in_an_address_is_not_repeated_by_our_own_log() -> None:
    assert "13912345678" not in readable("550 5.1.1 <13912345678@163.com> no such user")


@pytest.mark.parametrize("raw", [" a", "a ", "a  b", "a=?b", "a\u00a0b", "a\u3000b", "\ue000", "ab", ""])
def test_the_short_way_and_the_long_way_agree(raw: str) -> None:
    assert clean(raw) == clean(raw + "\u200b")
