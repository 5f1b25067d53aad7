"""Corrections told in words: taken to the last word or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.casetypes.roster.lexicon import Lexicon, lexicon_of
from mailbot.casetypes.roster.told import MOST, told
from mailbot.domain.records import Amendment
from tests.casetypes.support import form, person_id, phone_of, rulebook

LEXICON: Lexicon = lexicon_of(form())
WORDS = rulebook().forms["enquiry"].says
ID = person_id(7)
PHONE = phone_of(7)


def read(text: str) -> tuple[Amendment, ...]:
    return told(text, LEXICON, WORDS)


def row(row: int | None = None, serial: str | None = None, name: str | None = None, **values: str) -> Amendment:
    return Amendment(dict(values), row, serial, name)


@pytest.mark.parametrize(
    ("text", "amendment"),
    [
        (f"第3行张三身份证应为{ID}", row(3, name="张三", id_number=ID)),
        (f"第 3 行 张三 身份证号码应为 {ID}", row(3, name="张三", id_number=ID)),
        (f"第３行的身份证号更正为：{ID}。", row(3, id_number=ID)),
        (f"原名单第12行王小明的手机号改为{PHONE}", row(12, name="王小明", phone=PHONE)),
        (f"序号7的手机号改成{PHONE}", row(serial="7", phone=PHONE)),
        (f"第9行（序号7）身份证号有误，应为{ID}", row(9, "7", id_number=ID)),
        (f"第9行（序号7）更正如下：身份证号码：{ID}", row(9, "7", id_number=ID)),
        (f"张三身份证号填错了，应该是{ID}", row(name="张三", id_number=ID)),
        (f"张三手机号改为{PHONE}", row(name="张三", phone=PHONE)),
        ("第5行姓名应为欧阳修", Amendment({"name": "欧阳修"}, 5)),
        (f"经核实，第8行，邓晓燕，身份证号码应为{ID}，谢谢！", row(8, name="邓晓燕", id_number=ID)),
        ("缴费订单号：2020070148611513", Amendment({"order_no": "2020070148611513"})),
        ("单位税号应为12500102450973112Q", Amendment({"tax_id": "12500102450973112Q"})),
    ],
)
def test_one_exact_sentence(text: str, amendment: Amendment) -> None:
    assert read(text) == (amendment,)
    assert read(f"老师您好：\n{text}\n谢谢！\n\n嘉澜小学 王老师\n联系电话：023-67890123") == (amendment,)


def test_several_fields_of_one_row_and_several_rows() -> None:
    text = f"第3行张三身份证应为{ID}，手机号应为{PHONE}；第5行手机改成{phone_of(9)}。"
    assert read(text) == (
        row(3, name="张三", id_number=ID),
        row(3, name="张三", phone=PHONE),
        row(5, phone=phone_of(9)),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "已更正，请查收。",
        f"身份证号码应为{ID}",
        f"王老师手机：{PHONE}",
        f"联系人手机号为{PHONE}",
        f"姓名：张三，身份证号：{ID}，手机号：{PHONE}",
        f"第3行张三身份证应为{ID}，第4行请删除。",
        f"第4行请删除，第3行张三身份证应为{ID}",
        f"第3行、第5行手机改成{PHONE}",
        f"第3行张三身份证应为{ID}。第4行请删除。",
        f"第3行张三身份证应为{ID}，另外什么时候能注册好？",
        f"第3行张三身份证应为{ID}，李四不报了",
        f"第3行张三身份证好像是{ID}吧",
        f"第3行张三身份证可能应为{ID}",
        "第3行张三身份证应为abc",
        "第3行张三身份证应为李四",
        f"第3行姓名应为{ID}",
        f"第3行张三身份证应为{ID}或者{person_id(8)}",
        f"请勿将第3行张三身份证改为{ID}",
        f"第3行张三身份证不是{ID}",
        f"第3行张三身份证应为{ID}，随信附上13800000001",
    ],
)
def test_whatever_says_more_or_less_is_not_read_at_all(text: str) -> None:
    assert read(text) == ()


def test_without_the_offices_phrases_nothing_is_understood() -> None:
    assert told(f"第3行张三身份证应为{ID}", LEXICON, {}) == ()


def test_a_whole_list_in_words_is_no_sentence() -> None:
    def lines(count: int) -> str:
        return "\n".join(f"第{n}行手机号改为{phone_of(n)}" for n in range(1, count + 1))

    assert len(read(lines(MOST))) == MOST
    assert read(lines(MOST + 1)) == ()


@given(st.text(alphabet="第行序号张三李四身份证手机应为改更正请删除不报了，。：；、 0123456789X\n", max_size=120))
def test_any_text_is_read_or_left_and_values_are_its_own(text: str) -> None:
    plain = "".join(text.split())
    for amendment in read(text):
        assert amendment.values
        assert all(str(value) in plain for value in amendment.values.values())
        assert amendment.row is None or str(amendment.row) in plain
