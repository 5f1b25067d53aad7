"""Lists typed as lines of text: which lines are one, and which value stands in which column."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.readers.lines import tables_in
from tests.examples import examples

ANNA = "500103199003070017"
BERT = "500103199003070025"
WRONG = "500103199003070013"
"""A well-formed number whose check character is not right."""


def table(*lines: str) -> list[list[str]]:
    found = [part for part in tables_in(lines) if not isinstance(part, str)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("apart", ["\t", " ", "   ", "\u3000", ",", "，", "、", "；", "|", " | ", ", ", "/", "\u00a0"])
def test_values_apart_by_anything(apart: str) -> None:
    rows = [["张三", ANNA, "13800000000"], ["李四", BERT, "13800000001"]]
    assert table(*(apart.join(row) for row in rows)) == rows


@pytest.mark.parametrize("serial", ["1、", "1.", "1．", "（1）", "(1)", "①", "1) "])
def test_a_number_before_the_name_is_a_value_of_its_own(serial: str) -> None:
    assert table(f"{serial}张三 {ANNA} 13800000000") == [[serial.strip(), "张三", ANNA, "13800000000"]]


def test_a_heading_above_the_list_belongs_to_it() -> None:
    head = "姓名 身份证号码 手机号码"
    assert table("各位老师好：", head, f"张三 {ANNA} 13800000000", "谢谢！")[0] == head.split()


def test_a_heading_with_a_serial_stands_over_its_columns() -> None:
    assert table("序号 姓名 身份证 手机", f"1 张三 {ANNA} 13800000000") == [
        ["序号", "姓名", "身份证", "手机"],
        ["1", "张三", ANNA, "13800000000"],
    ]
    assert table("姓名 身份证 手机", f"1、张三 {ANNA} 13800000000")[0] == ["", "姓名", "身份证", "手机"]


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        ("序号 姓名   身份证号码   手机号码   备注", ["序号", "姓名", "身份证号码", "手机号码", "备注"]),
        ("序号   姓名   身份证号码   手机号码", ["序号", "姓名", "身份证号码", "手机号码"]),
        ("姓 名   身份证号码   手机号码", ["", "姓 名", "身份证号码", "手机号码"]),
        ("学员 姓名全称 请填   身份证   手机", ["", "学员 姓名全称 请填", "身份证", "手机"]),
    ],
)
def test_the_heading_of_a_narrow_column_of_numbers_is_one_of_its_own(head: str, columns: list[str]) -> None:
    """As text of a PDF without ruling lines has it: a narrow column stands close to the next."""
    first, second = table(head, f"1   张三   {ANNA}   13800000000")
    assert first == columns
    assert second == ["1", "张三", ANNA, "13800000000"]


def test_labels_before_every_value_become_the_heading() -> None:
    lines = [f"姓名：张三，身份证号：{ANNA}，电话：13800000000", f"姓名：李四，身份证号：{WRONG}，电话：13800000001"]
    whole = [
        ["姓名", "身份证号", "电话"],
        ["张三", ANNA, "13800000000"],
        ["李四", WRONG, "13800000001"],
    ]
    assert table(*lines) == whole
    assert table(*reversed(lines)) == [whole[0], whole[2], whole[1]]


def test_words_glued_to_a_number_are_taken_off() -> None:
    assert table(f"张三 身份证{ANNA} 手机13800000000") == [["张三", ANNA, "13800000000"]]


def test_a_number_written_in_groups_is_one_value() -> None:
    assert table("张三 500103 19900307 0017 138 0000 0000") == [["张三", "500103 19900307 0017", "138 0000 0000"]]


def test_a_name_set_wide_is_one_value() -> None:
    assert table(f"张 三 {ANNA} 13800000000") == [["张 三", ANNA, "13800000000"]]
    assert table(f"欧 阳 修 {ANNA} 13800000000")[0][0] == "欧 阳 修"
    assert table(f"张三 男 {ANNA} 13800000000")[0][:2] == ["张三", "男"]


def test_a_missing_value_leaves_its_column_empty() -> None:
    people = [f"张三 {ANNA} 13800000000", f"李四 {BERT} 13800000001", "王五 暂无手机号码 13800000002"]
    assert table(*people, f"赵六 {BERT}")[-1] == ["赵六", BERT]
    assert table(f"张三,{ANNA},13800000000", "李四,,13800000001")[-1] == ["李四", "", "13800000001"]
    assert table(f"1、张三 {ANNA} 13800000000", f"2、李四 {BERT} 13800000001", "3、王五 13800000002")[-1] == [
        "3、",
        "王五",
        "",
        "13800000002",
    ]


@pytest.mark.parametrize("line", ["王五 身份证稍后补", "3、王五 待补", "王五 50010319900307 13800000002"])
def test_somebody_with_a_damaged_number_stays_in_the_list(line: str) -> None:
    assert len(table(f"张三 {ANNA} 13800000000", line)) == 2


def test_words_between_two_people_stay_in_the_list() -> None:
    rows = table(f"张三 {ANNA} 13800000000", "以下为二支部", f"李四 {BERT} 13800000001")
    assert [row[0] for row in rows] == ["张三", "以下为二支部", "李四"]


def test_another_label_block_ends_a_list() -> None:
    lines = [f"张三 {ANNA} 13800000000", "单位：某小学 联系人：王五 电话：13900000000", f"李四 {BERT} 13800000001"]
    found = list(tables_in(lines))
    assert [isinstance(part, str) for part in found] == [False, True, False]


@pytest.mark.parametrize(
    "line",
    [
        f"我是张三，我的身份证号码是{ANNA}，手机号码是13800000000，请帮我注册。",
        f"我是张三，身份证号码{ANNA}，手机13800000000，请注册。",
        f"请给李四 {ANNA} 13800000000 注册",
        "单位：某小学，订单号：202009142020091234，联系人：王五",
        "联系人：王五 电话：13900000000",
        "王五 13900000000",
        "此致 敬礼",
        "2020年9月14日",
        ANNA,
    ],
)
def test_prose_labels_and_signatures_are_no_list(line: str) -> None:
    assert list(tables_in(["您好", line, "谢谢"])) == ["您好", line, "谢谢"]


def test_rows_by_tabs_are_a_list_whatever_they_say() -> None:
    assert table("姓名\t身份证号码\t手机号码", "张三\t\t") == [["姓名", "身份证号码", "手机号码"], ["张三"]]
    assert table("姓名\t单位\t手机号码", "张三\t某小学\t待补") == [
        ["姓名", "单位", "手机号码"],
        ["张三", "某小学", "待补"],
    ]


@examples(200)
@given(st.lists(st.text("张三 1238X0\t，、：；()\n", max_size=40), max_size=12))
def test_no_line_is_lost(lines: list[str]) -> None:
    whole = "".join(found if isinstance(found, str) else "".join(map("".join, found)) for found in tables_in(lines))
    for word in ("张", "三"):
        assert whole.count(word) == sum(line.count(word) for line in lines)


@pytest.mark.parametrize("piece", ["1 ", "张三 ", "，", "\t", "1、", "：", f"{ANNA} ", "500103 ", "-", "138 0000 "])
def test_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    list(tables_in([piece * (100_000 // len(piece))]))
    list(tables_in([piece * 5] * (20_000 // len(piece))))
    assert time.process_time() - start < 1.5
