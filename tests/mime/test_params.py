"""Parameters of structured headers, as they are really written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mime.params import parse_field


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b'attachment; filename="a b.xlsx"', "a b.xlsx"),
        (b"attachment; filename=a.xlsx; size=3", "a.xlsx"),
        (b"attachment;filename = 'a.xlsx'", "'a.xlsx'"),
        (b'attachment; filename="a\\"b;c.xlsx"', 'a"b;c.xlsx'),
        (b"attachment; filename*=UTF-8''%E5%90%8D%E5%8D%95.xlsx", "名单.xlsx"),
        (b"attachment; filename*=gb2312''%C3%FB%B5%A5.xlsx; filename=x.xlsx", "名单.xlsx"),
        (b"attachment; filename*0*=gbk''%C3; filename*1*=%FB%B5%A5; filename*2=.xlsx", "名单.xlsx"),
        (b"attachment; filename*1=.xlsx; filename*0=list", "list.xlsx"),
        (b'attachment; filename*0="=?utf-8?B?5ZCN?="; filename*1="=?utf-8?B?5Y2V?="', "名单"),
        (b'attachment; filename="=?gb2312?B?w/u1pS54bHN4?="', "名单.xlsx"),
        ('attachment; filename="名单.xlsx"'.encode("gbk"), "名单.xlsx"),
        ('attachment; filename="名单.xlsx"'.encode(), "名单.xlsx"),
        (b'attachment; filename="a\r\nBcc: v.xlsx"', "a Bcc: v.xlsx"),
        (b'attachment; filename="unclosed.xlsx', "unclosed.xlsx"),
    ],
)
def test_reads_the_name(raw: bytes, name: str) -> None:
    field = parse_field(raw)
    assert field.value == "attachment"
    assert field.parameters["filename"] == name


def test_a_backslash_that_is_half_a_character_stays() -> None:
    raw = 'attachment; filename="誠\\.xlsx"'.encode("big5")
    assert b"\\" in raw
    assert parse_field(b'text/plain; name="' + "乗".encode("gbk") + b'"').parameters["name"] == "乗"


@given(st.binary(max_size=300))
def test_nothing_raises(raw: bytes) -> None:
    field = parse_field(raw)
    assert all("\n" not in value for value in field.parameters.values())


@given(st.lists(st.sampled_from([b"; boundary*0*=", b"a'b'", b"%", b"*=", b'"', b";", b"=", b"x", b"\\"]), max_size=30))
def test_nothing_raises_on_pieces_of_syntax(pieces: list[bytes]) -> None:
    parse_field(b"multipart/mixed" + b"".join(pieces))


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b'x; filename="a "b" c.xlsx"; size=1', 'a "b" c.xlsx'),
        ('x; filename="乗云乗"'.encode("gbk"), "乗云乗"),
        (b'x; filename="%E5%90%8D%E5%8D%95.xlsx"', "名单.xlsx"),
        (b'x; filename="100%25 50%.xlsx"', "100%25 50%.xlsx"),
        (b"x; filename*0*=gbk''%C3%FB%B; filename*1*=5%A5.xlsx", "名单.xlsx"),
        (b"x; filename*1*=%B5%A5.xlsx; filename*0*=gbk''%C3%FB", "名单.xlsx"),
    ],
)
def test_more_ways_of_programs(raw: bytes, name: str) -> None:
    assert parse_field(raw).parameters["filename"] == name
