"""uuencode: files come out whole, words that only look like it stay words."""

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mime.uu import decoded, unwound


def coded(data: bytes, name: bytes = b"a.xls", end: bytes = b"`\nend\n") -> bytes:
    lines = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    return b"begin 644 " + name + b"\n" + lines + end


@given(st.binary(min_size=1, max_size=400), st.sampled_from([b"\n", b"\r\n"]))
def test_a_file_comes_out_and_the_words_stay(data: bytes, line_end: bytes) -> None:
    found = unwound((b"before\n" + coded(data) + b"after\n").replace(b"\n", line_end), 9)
    assert [(file.name, file.data, file.whole) for file in found.files] == [("a.xls", data, True)]
    assert found.text == b"before\nafter\n".replace(b"\n", line_end)


@given(st.binary(min_size=1, max_size=300))
def test_base64_of_uuencode(data: bytes) -> None:
    text = b"begin-base64 644 list.xlsx\n" + base64.encodebytes(data) + b"====\nbye"
    found = unwound(text, 9)
    assert [(file.name, file.data) for file in found.files] == [("list.xlsx", data)]
    assert found.text == b"bye"


def test_blanks_that_a_gateway_took_away_are_made_up() -> None:
    data = bytes(range(90)) + bytes(40)
    text = coded(data).replace(b"`", b" ")
    stripped = b"\n".join(line.rstrip() for line in text.split(b"\n"))
    assert unwound(text, 9).files[0].data == data
    assert len(unwound(stripped, 9).files[0].data) >= 90


def test_a_name_in_gbk() -> None:
    assert unwound(coded(b"x", "名单.xls".encode("gbk")), 9).files[0].name == "名单.xls"


@pytest.mark.parametrize(
    "text",
    [
        b"begin 644 days\nas agreed, with you all\n",
        b"begin 644 a.xls\n",
        b"we begin 644 a\nM" + b"a" * 60 + b"\n",
        b"begin 999 a.xls\nM\nend\n",
        b"begin 644 a.xls\nend\n",
    ],
)
def test_words_stay_words(text: bytes) -> None:
    found = unwound(text, 9)
    assert found.files == ()
    assert found.text == text


def test_no_more_files_than_asked_for() -> None:
    text = b"\n".join(coded(b"x%d" % n) for n in range(5))
    assert len(unwound(text, 3).files) == 3
    assert unwound(text, 0).text == text


def test_a_file_without_its_end_is_told_as_such() -> None:
    found = unwound(coded(b"y" * 200, end=b""), 9).files
    assert [(file.data, file.whole) for file in found] == [(b"y" * 200, False)]


def test_a_whole_part() -> None:
    assert decoded(coded(b"abc")) == b"abc"
    assert decoded(b"no such thing") is None


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(text: bytes) -> None:
    found = unwound(b"begin 644 a\n" + text, 2)
    assert isinstance(found.text, bytes)
