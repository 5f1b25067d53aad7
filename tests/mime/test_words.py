"""Header values: encoded-words joined by bytes, raw bytes, control characters, addresses that cannot be faked."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mime.words import decode_addresses, decode_value, plain, split_addresses


def word(data: bytes, charset: str = "gb2312") -> bytes:
    return b"=?%s?B?%s?=" % (charset.encode(), base64.b64encode(data))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (word("报名名单".encode("gbk")), "报名名单"),
        (word("朱镕基喆䶮𠀀".encode("gb18030")), "朱镕基喆䶮𠀀"),
        (word("报名".encode(), "UTF-8") + b"\r\n " + word("名单".encode(), "utf-8"), "报名名单"),
        (b"Re: " + word("名单".encode("gbk"), "GBK") + b" (2)", "Re: 名单 (2)"),
        (b"=?utf-8?Q?=E6=8A=A5_a=?=", "报 a="),
        (b"=?utf-8*zh?B?5oql?=", "报"),
        (b"=?utf-8?B?5oql5ZCN5ZCN5Y2V?=x", "报名名单x"),
        ("报名名单".encode("gbk"), "报名名单"),
        ("报名名单".encode(), "报名名单"),
        (b"a\r\nBcc: v@x", "a Bcc: v@x"),
        (word(b"a\r\nBcc: v@x"), "a Bcc: v@x"),
        (b"=?utf-8?B?5oq?=", "\ufffd"),
        (b"=?x-unknown?B?" + base64.b64encode("名单".encode("gbk")) + b"?=", "名单"),
        ("\u202egnp.exe".encode(), "gnp.exe"),
    ],
)
def test_decodes_as_people_read_it(raw: bytes, text: str) -> None:
    assert decode_value(raw) == text


@given(st.integers(1, 11), st.sampled_from(["gb18030", "utf-8"]))
def test_a_character_cut_between_words_survives(cut: int, charset: str) -> None:
    data = "报名名单镕喆".encode(charset)
    assert decode_value(word(data[:cut], charset) + b"\r\n " + word(data[cut:], charset)) == "报名名单镕喆"


@given(st.binary(max_size=200))
def test_any_bytes_give_one_clean_line(raw: bytes) -> None:
    for text in (decode_value(raw), decode_addresses(raw)):
        assert text == plain(text)
        assert text.isprintable() or not any(char in text for char in "\r\n\0\x1b")
        text.encode()


def test_an_encoded_name_cannot_pose_as_an_address() -> None:
    raw = word(b'real@unit.example> , "x', "utf-8") + b" <evil@evil.example>"
    shown = decode_addresses(raw)
    assert split_addresses(shown, 10) == (shown,)
    assert shown == '"real@unit.example> , x" <evil@evil.example>'


def test_an_encoded_word_inside_quotes_is_decoded_and_stays_inside() -> None:
    raw = b'"' + word('张"三'.encode("gbk")) + b'" <a@b.example>'
    assert decode_addresses(raw) == '"张三" <a@b.example>'


@pytest.mark.parametrize(
    ("value", "entries"),
    [
        ("a@b.c, d@e.f", ("a@b.c", "d@e.f")),
        ('"甲, 乙" <a@b.c>, 丙 <d@e.f>', ('"甲, 乙" <a@b.c>', "丙 <d@e.f>")),
        ("x (a, b) <c@d.e>; f@g.h", ("x (a, b) <c@d.e>", "f@g.h")),
        ('"a\\", b" <c@d.e>', ('"a\\", b" <c@d.e>',)),
        (" , ,", ()),
        ("", ()),
    ],
)
def test_cuts_an_address_list_at_its_real_commas(value: str, entries: tuple[str, ...]) -> None:
    assert split_addresses(value, 10) == entries


def test_an_address_list_is_bounded() -> None:
    assert len(split_addresses(",".join(f"a{n}@b.c" for n in range(9_000)), 1_000)) == 1_000


def test_base64_cut_inside_of_a_group() -> None:
    letters = base64.b64encode("公需科目报名名单".encode("gbk"))
    for cut in range(1, len(letters)):
        raw = b"=?gb2312?B?" + letters[:cut] + b"?= =?gb2312?B?" + letters[cut:] + b"?="
        assert decode_value(raw) == "公需科目报名名单"


def test_padding_left_out_of_every_word() -> None:
    words = [base64.b64encode(part.encode("gbk")).rstrip(b"=") for part in ("公需科", "目报名", "名单")]
    raw = b" ".join(b"=?gb2312?B?" + word + b"?=" for word in words)
    assert decode_value(raw) == "公需科目报名名单"


def test_a_question_mark_inside_of_a_word() -> None:
    assert decode_value(b"=?UTF-8?Q?=E5=90=97?ok?= =?utf-8?Q?!?=") == "吗?ok!"
