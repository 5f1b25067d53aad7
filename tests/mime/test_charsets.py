"""Which text stands in mislabelled bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mime.charsets import codec_of, decode

TEXT = "朱镕基等三人的报名名单，请查收。"


@pytest.mark.parametrize("label", ["gb2312", "GBK", "x-gbk", "cp936", "GB_2312-80", "'gb18030'", "euc-cn", "chinese"])
def test_the_gb_family_is_gb18030(label: str) -> None:
    assert codec_of(label) == "gb18030"
    assert decode("镕喆䶮𠀀".encode("gb18030"), label).text == "镕喆䶮𠀀"


@pytest.mark.parametrize(
    "label", ["", None, "x-unknown", "base64", "punycode", "idna", "unicode_escape", "rot13", "a" * 300]
)
def test_what_is_no_charset_of_text_is_none(label: str | None) -> None:
    assert codec_of(label) is None


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("gb18030", "gb2312"),
        ("gb18030", "utf-8"),
        ("gb18030", "us-ascii"),
        ("gb18030", "iso-8859-1"),
        ("gb18030", None),
        ("utf-8", "gbk"),
        ("utf-8", "gb2312"),
        ("utf-8", "us-ascii"),
        ("utf-8-sig", "gbk"),
        ("utf-16", "gbk"),
        ("big5", "big5"),
        ("hz", "hz-gb-2312"),
        ("utf-7", "utf-7"),
    ],
)
def test_finds_the_text(written: str, label: str | None) -> None:
    text = "報名名單" if written == "big5" else TEXT.replace("镕", "容")
    found = decode(text.encode(written), label)
    assert (found.text, found.lossy) == (text, False)


def test_html_says_its_own_charset() -> None:
    page = '<html><head><meta http-equiv=Content-Type content="text/html; charset=big5"></head>報名</html>'
    assert "報名" in decode(page.encode("big5"), None, html=True).text


def test_says_when_it_mended_and_when_it_lost() -> None:
    assert decode(TEXT.encode("gbk"), "utf-8").mended
    assert not decode(TEXT.encode("gbk"), "gbk").mended
    damaged = decode(TEXT.encode() + b"\xff\xfe\xff", "utf-8")
    assert damaged.lossy
    assert damaged.text.startswith(TEXT)


def test_western_text_of_a_western_label_is_kept() -> None:
    assert decode("café".encode("latin-1"), "iso-8859-1").text == "café"


@given(st.text(min_size=1), st.sampled_from(["utf-8", "gb18030"]))
def test_a_right_label_gives_the_text_back(text: str, charset: str) -> None:
    found = decode(text.encode(charset, "ignore"), charset)
    if charset == "utf-8" and not text.startswith("\ufeff"):
        assert found.text == text.encode(charset, "ignore").decode(charset)
    assert not found.lossy


@given(st.binary(max_size=300), st.sampled_from([None, "gbk", "utf-8", "utf-7", "utf-16", "hz", "big5", "iso-2022-jp"]))
def test_any_bytes_give_text_without_surrogates(data: bytes, label: str | None) -> None:
    decode(data, label, html=True).text.encode()


@pytest.mark.parametrize(
    "label", ["gb18030-2000", "csGB2312", "windows-936", "cn-gb", "zh-cn", "chinese", "GB2312_CHARSET"]
)
def test_more_names_of_the_gb_family(label: str) -> None:
    assert codec_of(label) == "gb18030"


def test_hz_that_nobody_declared() -> None:
    data = "名单见附件，请查收".encode("hz")
    assert decode(data, "us-ascii").text == "名单见附件，请查收"
    assert decode(data).mended
    assert decode(b"a ~{ b ~} c", "us-ascii").text == "a ~{ b ~} c"


def test_a_notice_below_in_another_charset() -> None:
    text = decode("名单见附件，请查收\n".encode() + "本邮件已检查".encode("gbk"), "utf-8")
    assert text.text == "名单见附件，请查收\n本邮件已检查"
    assert (text.mended, text.lossy) == (True, False)


def test_a_damaged_line_is_not_read_as_another_charset() -> None:
    data = "我单位公需科目名单\n".encode() + "请查收谢谢老师".encode().replace(b"\xe6\x9f\xa5", b"\xe6\x9f")
    found = decode(data, "utf-8")
    assert found.lossy
    assert "我单位公需科目名单" in found.text
    assert "谢谢老师" in found.text
