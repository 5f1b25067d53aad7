"""Passwords that a mail names: found beside a word for password, in any of the usual spellings, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.passwords import MASK, find_passwords, in_name, veil_passwords
from tests.examples import examples


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("密码：123456", ("123456",)),
        ("密码:123456", ("123456",)),
        ("密码123456", ("123456",)),
        ("密码 123456", ("123456",)),
        ("密码=Ab12", ("Ab12",)),
        ("密码-8888", ("-8888", "8888")),
        ("密码——8888", ("8888",)),
        ("密码_8888", ("8888",)),
        ("解压密码是abc", ("abc",)),
        ("解压密码为：abc@2020", ("abc@2020",)),
        ("压缩包打开密码均为 cqsl2020，请查收", ("cqsl2020",)),
        ("解压码：x9", ("x9",)),
        ("口令：x9", ("x9",)),
        ("密 码：a1", ("a1",)),
        ("密码是“Ab#12”，请查收", ("Ab#12",)),
        ('密码是"Ab#12"', ("Ab#12",)),
        ("密码「8888」", ("8888",)),
        ("密码『8888』", ("8888",)),
        ("密码【8888】", ("8888",)),
        ("密码（8888）", ("8888",)),
        ("密码(8888)", ("8888",)),
        ("密码：“公需科目2020”", ("公需科目2020",)),
        ("密码：１２３４５６。", ("123456", "１２３４５６")),
        ("密码：ＡＢｃ１。", ("ABc1", "ＡＢｃ１")),
        ("密码见下：\n\nabc123", ("abc123",)),
        ("密码如下\r\nxyz9", ("xyz9",)),
        ("密码统一设置为本单位简称：cqsl", ("cqsl",)),
        ("密码都是一样的：66", ("66",)),
        ("password: Hello.1", ("Hello.1",)),
        ("Password is abc", ("abc",)),
        ("PWD=12,34", ("12,34", "12")),
        ("pw: x", ("x",)),
        ("文件已加密（密码8888）", ("8888",)),
        ("附件一密码abc1，附件二密码def2", ("abc1", "def2")),
    ],
)  # fmt: skip
def test_what_is_called_a_password_is_found(text: str, found: tuple[str, ...]) -> None:
    assert find_passwords([text], 20) == found


def test_a_remark_between_word_and_password_is_passed_over() -> None:
    assert "Abc123" in find_passwords(["密码（区分大小写）：Abc123"], 20)
    assert find_passwords(["密码为：“123456”（数字）"], 20) == ("123456",)


@pytest.mark.parametrize(
    ("text", "plain"), [("密码：abc。", "abc"), ("密码：abc.", "abc"), ("(密码：abc)", "abc"), ("密码:abc;谢谢", "abc")]
)
def test_punctuation_behind_a_password_is_tried_without(text: str, plain: str) -> None:
    assert plain in find_passwords([text], 20)


def test_punctuation_within_a_password_is_kept() -> None:
    assert find_passwords(["密码：cq.2020!"], 20) == ("cq.2020!", "cq.2020")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "见附件",
        "123456",
        "请查收\nabc123",
        "密码",
        "password",
        "密码为手机后四位",
        "密码：手机号后4位",
        "密码为 本单位固定电话后六位",
        "忘记密码怎么办？",
        "密码另行告知",
        "密码：。",
        "密码：……",
        "密码\n\n\n\n\n请查收附件",
        "spwd1234",
        "powers",
        "解压后为 abc123",
    ],
)
def test_descriptions_and_lone_tokens_are_no_passwords(text: str) -> None:
    assert find_passwords([text], 20) == ()


def test_they_come_in_order_each_once_and_at_most_so_many() -> None:
    texts = ["密码：a1", "密码：b2 密码：a1", "密码：c3"]
    assert find_passwords(texts, 20) == ("a1", "b2", "c3")
    assert find_passwords(texts, 2) == ("a1", "b2")
    assert len(find_passwords((f"密码：p{n}" for n in range(500)), 20)) == 20


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("名单（密码8888）.zip", ("8888",)),
        ("名单密码8888.zip", ("8888",)),
        ("名单_密码_8888.xlsx", ("8888",)),
        ("名单 密码abc.12.xlsx.zip", ("abc.12",)),
        ("名单[密码：cq1].RAR", ("cq1",)),
        ("密码.xlsx", ()),
        ("名单.xlsx", ()),
    ],
)
def test_a_file_name_tells_its_password_without_its_ending(name: str, found: tuple[str, ...]) -> None:
    tried = find_passwords([in_name(name)], 20)
    assert tried[-1:] == found


@pytest.mark.parametrize(
    ("text", "veiled"),
    [
        ("名单（密码8888）.zip", f"名单（密码{MASK}）.zip"),
        ("名单 密码：abc123", f"名单 密码：{MASK}"),
        ("密码「x」与口令：y", f"密码「{MASK}」与口令：{MASK}"),
        ("密码（区分大小写）：Abc123", f"密码（{MASK}）：{MASK}"),
        ("密码为手机后四位", "密码为手机后四位"),
        ("2020年公需科目名单", "2020年公需科目名单"),
        ("", ""),
    ],
)
def test_a_veil_lies_over_passwords_alone(text: str, veiled: str) -> None:
    assert veil_passwords(text) == veiled


TEXTS = st.text(st.sampled_from('密码口令为是：:（）()“”"「」 \nab12，。１Ａ-_名单pwd'), max_size=60)


@examples(400)
@given(TEXTS)
def test_whatever_is_found_is_no_longer_readable_behind_the_veil(text: str) -> None:
    assert find_passwords([veil_passwords(text)], 50) == ()


@examples(200)
@given(TEXTS)
def test_candidates_are_short_and_one_line(text: str) -> None:
    for found in find_passwords([text], 50):
        assert 0 < len(found) <= 64
        assert "\n" not in found


@examples(200)
@given(
    st.text("abcXYZ0123456789@#", min_size=1, max_size=20),
    st.sampled_from(["密码：{}", "解压密码是{}", "密码「{}」", "password: {}"]),
)
def test_any_usual_password_in_any_usual_sentence(password: str, sentence: str) -> None:
    if any(char.isalnum() for char in password):
        assert password in find_passwords([sentence.format(password)], 20)


def test_long_texts_cost_little() -> None:
    assert find_passwords(["密码" * 50_000], 20) == ()
    assert find_passwords(["密码（" * 20_000], 20) == ()
