"""How words are compared, and what a form's words find in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.casetypes.roster.extract import cell_name
from mailbot.casetypes.roster.folding import blank, bracketed, fold, squeeze, text_of
from mailbot.casetypes.roster.lexicon import Spoken, lexicon_of, year_in
from mailbot.casetypes.roster.likeness import idlike, ids_inside, namelike, phonelike, phones_inside
from mailbot.domain.document import Cell, Special
from tests.casetypes.support import form, person_id, phone_of

WORDS = lexicon_of(form())


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("姓名\n（姓名中间不能有空格）", "姓名"),
        ("＊姓　名：", "姓名"),
        ("手机号码(11位)【必填】", "手机号码"),
        ("（公章）", "公章"),
        ("ＩＤ Ｎo.", "idno"),
        ("姓\u200b名\xa0", "姓名"),
        ("", ""),
        ("——", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(st.characters(categories=["Lo", "Ll", "Nd", "Zs", "Cf", "Po", "Ps", "Pe"]), max_size=40))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)
    assert fold(fold(text)) == fold(text)


def test_brackets_alone() -> None:
    assert bracketed("（必填）")
    assert not bracketed("姓名（必填）")
    assert not bracketed("（）")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (3, "3"),
        (3.0, "3"),
        (3.5, "3.5"),
        (True, "TRUE"),
        (Special(kind="date", text="2020-07-01"), "2020-07-01"),
    ],
)
def test_text_of(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize("cell", [None, "", " ", "　", "\u200b", "\xa0\n"])
def test_what_cannot_be_seen_is_blank(cell: Cell) -> None:
    assert blank(cell)


@pytest.mark.parametrize("cell", [0, False, "无", Special(kind="error", text="")])
def test_what_can_be_seen_is_not(cell: Cell) -> None:
    assert not blank(cell)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("填表单位：某中学", [Spoken("unit", "某中学")]),
        ("联 系 人：周敏  联系人电话:139", [Spoken("contact", "周敏"), Spoken("contact_phone", "139")]),
        ("单位纳税人识别号：", [Spoken("tax_id", "")]),
        ("单位（盖章）：某中学", [Spoken("unit", "某中学")]),
        ("缴费订单号２：8899", [Spoken("order_no", "8899")]),
        ("填表单位 某中学", [Spoken("unit", "某中学")]),
        ("主管单位：市教委", []),
        ("各单位请于7月报送", []),
        ("联系人", []),
    ],
)
def test_labels_in_a_text(text: str, spoken: list[Spoken]) -> None:
    assert WORDS.labels_in(text) == spoken


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("合计 43 人", 43),
        ("以上共４３人", 43),
        ("总人数43", 43),
        ("合计：43", 43),
        ("合计1419元", None),
        ("共计", None),
    ],
)
def test_counts(text: str, count: int | None) -> None:
    assert WORDS.count_in(text) == count


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("重庆市2020年专业技术人员", 2020),
        ("2019-2020学年", 2020),
        ("2016—2019年度", 2019),
        ("20200712", None),
        ("名单", None),
    ],
)
def test_years(title: str, year: int | None) -> None:
    assert year_in(title) == year


@pytest.mark.parametrize(
    "remark",
    ["已缴费", "7月离职", "不 参 加", "已退休", "换号", "自行缴费了", "已经缴费", "已交钱", "本人已买", "已报名"],
)
def test_remarks_that_decide(remark: str) -> None:
    assert WORDS.remark(remark) is not None


@pytest.mark.parametrize(
    "remark", ["语文组", "高级", "未缴费", "代课教师", "班主任", "在职", "由单位统一缴费", "未报名"]
)
def test_remarks_that_are_only_carried_along(remark: str) -> None:
    assert WORDS.remark(remark) is None


@pytest.mark.parametrize("mark", ["示例", "例：张三", "（例）", "样例 1"])
def test_samples(mark: str) -> None:
    assert WORDS.is_example(mark)


def test_a_name_with_that_character_is_no_sample() -> None:
    assert not WORDS.is_example("陈例")


@pytest.mark.parametrize(
    "cell", [person_id(1), person_id(1).lower(), f"'{person_id(1)}", "500103850312001", 5.0e17, "500103-19850312-0012"]
)
def test_idlike(cell: Cell) -> None:
    assert idlike(cell)


@pytest.mark.parametrize("cell", [None, True, 33, phone_of(1), "陈晓一", "12345", Special(kind="error", text="#N/A")])
def test_not_idlike(cell: Cell) -> None:
    assert not idlike(cell)


@pytest.mark.parametrize("cell", [phone_of(1), 13800000001, 13800000001.0, "+86 138-0000-0001", "138 0000 0001"])
def test_phonelike(cell: Cell) -> None:
    assert phonelike(cell)


@pytest.mark.parametrize("cell", [None, False, 138, "023-67898888", person_id(1), "12800000001"])
def test_not_phonelike(cell: Cell) -> None:
    assert not phonelike(cell)


def test_numbers_among_other_text() -> None:
    text = f"陈晓一，{person_id(1).lower()}，电话{phone_of(1)}"
    assert ids_inside(text) == [person_id(1)]
    assert phones_inside(text) == [phone_of(1)]
    stuck = person_id(1) + phone_of(1)
    assert (ids_inside(stuck), phones_inside(stuck)) == ([person_id(1)], [phone_of(1)])
    assert phones_inside(person_id(1)) == []


def test_names() -> None:
    assert namelike("欧阳娜娜")
    assert namelike("阿依古丽·买买提")
    assert not namelike("A12")
    assert not namelike("李")


@given(st.integers(1, 5000), st.integers(1, 20000))
def test_cell_names_are_those_of_a_spreadsheet(row: int, column: int) -> None:
    name = cell_name(row, column)
    letters = name.rstrip("0123456789")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    assert (number, int(name[len(letters) :])) == (column, row)
