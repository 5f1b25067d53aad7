"""How rows, columns, days and subjects are named."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.outbound.wording import (
    Naming,
    day,
    field_labels,
    field_of,
    harmless,
    naming,
    place,
    places,
    reply_subject,
    sentences,
    serial_of,
)
from tests.outbound.letters import CHECKSUM, NO_PHONE, SPACE, asked, finding, id_number, phone


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "第9行（序号4）"),
        ({"serial": None}, "第9行"),
        ({"serial": ""}, "第9行"),
        ({"panel": 2}, "第9行第2栏（序号4）"),
        ({"serial": "1" * 40}, "第9行（序号11111111111…）"),
    ],
)
def test_a_row_has_its_sheet_row_and_the_clerks_serial(changes: dict[str, object], name: str) -> None:
    assert place(replace(asked(4), **changes), Naming()) == name  # type: ignore[arg-type]  # keywords of many types


def test_a_row_has_its_sheet_where_there_are_several() -> None:
    assert place(asked(4), Naming(sheets=True)) == "“Sheet1”第9行（序号4）"
    assert place(replace(asked(4), sheet=None), Naming(sheets=True)) == "第9行（序号4）"


def test_rows_of_several_mails_lists_are_named_by_their_list() -> None:
    """The same row number stands in each of them."""
    added = replace(asked(4), listed=date(2020, 7, 15))
    by = naming([asked(4), added])
    assert by == Naming(sheets=False, lists=True)
    assert (place(asked(4), by), place(added, by)) == ("原名单第9行（序号4）", "7月15日名单第9行（序号4）")
    assert places([asked(3), asked(4), replace(asked(5), listed=added.listed)], 9, by) == (
        "原名单第8至9行（序号3至4）、7月15日名单第10行（序号5）",
        False,
    )
    assert naming([added, added]) == Naming(), "a list that came back whole is the only one"


def test_a_serial_that_is_a_number_of_a_person_is_masked() -> None:
    assert id_number(4) not in place(replace(asked(4), serial=id_number(4)), Naming())
    assert phone(4) not in place(replace(asked(4), serial=phone(4), sheet=phone(4)), Naming(sheets=True))


@pytest.mark.parametrize(
    "serial", ["7", "07", "7.", "7、", "（三）", "十二", "第3号", "A-07", "B", "财务2", "①", "1-2", "-", "甲"]
)
def test_what_numbers_rows_is_shown_as_it_stands(serial: str) -> None:
    assert serial_of(replace(asked(4), serial=serial)) == serial


@pytest.mark.parametrize(
    "serial", ["何蕾雪", "欧阳一", "张三", "Mike", "请点击 http://evil.example/1", id_number(4), phone(4), " ", ""]
)
def test_a_name_or_number_of_somebody_in_a_slipped_row_is_no_serial(serial: str) -> None:
    """A letter names people by their first character alone, and repeats no sender's link."""
    row = replace(asked(4), serial=serial)
    assert serial_of(row) == ""
    assert place(row, Naming()) == "第9行"


@given(st.text(max_size=30))
def test_a_serial_is_short_and_one_line(serial: str) -> None:
    shown = serial_of(replace(asked(4), serial=serial))
    assert len(shown) <= 12
    assert "\n" not in shown


def test_columns_are_named_as_the_form_names_them() -> None:
    merged = finding("row.merged_fields", "ask", "几项内容写在一格里。")
    assert field_labels((CHECKSUM, NO_PHONE, CHECKSUM, SPACE)) == "身份证号码、手机号码、姓名"
    assert field_labels((merged,)) == "整行"


def test_a_finding_without_a_field_is_known_by_its_code() -> None:
    assert field_of(finding("phone.format", "ask", "格式不符。")) == "phone"
    assert field_of(finding("cell.error_value", "ask", "单元格有错误。", "id_number")) == "id_number"
    assert field_of(finding("row.hidden", "hold", "隐藏行。")) is None


def test_sentences_stand_once_and_without_their_stop() -> None:
    assert sentences((CHECKSUM, CHECKSUM, NO_PHONE)) == ("身份证号码校验位不符，请核对", "缺少手机号码")


def test_a_day_is_written_out() -> None:
    assert day(date(2020, 7, 10)) == "2020年7月10日"


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("名单", "回复：名单"),
        ("RE:Re：回复:名单", "回复：名单"),
        ("Re[12]: 名单", "回复：名单"),
        ("re：", "回复：（无主题）"),
        ("报" * 100, "回复：" + "报" * 59 + "…"),
        ("报" * 60, "回复：" + "报" * 60),
        ("Report: x", "回复：Report: x"),
        ("Re: 名单（解压密码8888）", "回复：名单（解压密码****）"),
    ],
)
def test_a_subject_is_answered_once_and_cut(subject: str, line: str) -> None:
    assert reply_subject(subject, 60) == line


@given(st.text(st.characters(), max_size=300))
def test_no_subject_doubles_the_answer_mark_or_grows(subject: str) -> None:
    line = reply_subject("Re: " + subject, 60)
    assert line.startswith("回复：")
    assert len(line) <= 63
    assert not line[3:].lower().startswith(("re:", "re：", "回复：", "回复:"))


@given(st.text(st.characters(exclude_categories=["Nd"]), max_size=60), st.integers(0, 400), st.integers(5, 120))
def test_no_cut_bares_a_number(words: str, number: int, limit: int) -> None:
    line = harmless(f"{words} {id_number(number)} {phone(number)} {words}", limit)
    assert id_number(number) not in line
    assert id_number(number)[:12] not in line
    assert phone(number)[:9] not in line


@pytest.mark.parametrize("prefix", ["", "0", "+86 ", "0086-", "电话"])
def test_a_phone_is_masked_however_it_is_dialled(prefix: str) -> None:
    assert phone(5) not in harmless(f"联系 {prefix}{phone(5)}。")
