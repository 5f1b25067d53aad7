"""Rows that break the pattern of their table are held; the others of the same table go on."""

from __future__ import annotations

import pytest

from mailbot.casetypes.roster.grid import grid_of
from mailbot.casetypes.roster.habits import Habit, numberlike, pattern_of
from mailbot.casetypes.roster.lexicon import lexicon_of
from mailbot.casetypes.roster.sheets import read_sheet
from mailbot.domain.decisions import RowStatus
from mailbot.domain.document import Cell
from tests.casetypes.support import Judged, Rows, form, judge, person_id, phone_of, record_of, sheet

HEAD = ("序号", "姓名", "身份证号码", "手机号码", "科室", "职务")
PARTS = ("内科", "外科", "内科", "外科", "药房", "内科")
OFFICES = ("医生", "医生", "护理", "护理", "医生", "护理")
NAMES = ("陈晓一", "陈晓二", "陈晓三", "陈晓四", "陈晓五", "陈晓六")
GOOD = (RowStatus.OK, RowStatus.FIXED)


def person(n: int) -> list[Cell]:
    return [n + 1, NAMES[n], person_id(n + 1), phone_of(n + 1), PARTS[n], OFFICES[n]]


def verdict(rows: Rows, head: tuple[Cell, ...] = HEAD) -> Judged:
    return judge(record_of([("填表单位：重庆甲医院",), ("缴费订单号：2020090100001234",), head, *rows]))


def going(judged: Judged) -> list[bool]:
    return [judged.status(number) in GOOD for number in range(1, len(judged.rows) + 1)]


def with_row(number: int, cells: list[Cell], head: tuple[Cell, ...] = HEAD) -> list[bool]:
    rows = [person(n) for n in range(6)]
    rows[number] = cells
    return going(verdict(rows, head))


ONLY_THIRD = [True, True, False, True, True, True]


def test_a_table_without_anything_odd_goes() -> None:
    assert with_row(2, person(2)) == [True] * 6
    assert with_row(2, [*person(2)[:4], "团委", "书记"]) == [True] * 6, "a part and an office of one person alone"


@pytest.mark.parametrize(
    "cells",
    [
        [3, "陈", person_id(3), phone_of(3), "晓三", "内科", "护理"],
        [3, "陈晓三", person_id(3), phone_of(3), "财", "外科", "护理"],
        [3, "陈晓三", person_id(3), phone_of(3), "总务办事", "外科"],
        [3, "陈晓三", person_id(3), phone_of(3), "外科", "护理", phone_of(77)],
        [3, "陈晓三", person_id(3), phone_of(3), "外科", "护理", "023-67898888"],
        [3, "陈晓三", person_id(3), phone_of(3), phone_of(77), "护理"],
        [3, "陈晓三", person_id(3), phone_of(3), "外科", person_id(77)],
    ],
)
def test_what_was_pushed_aside_and_other_numbers_hold_their_row_alone(cells: list[Cell]) -> None:
    assert with_row(2, cells) == ONLY_THIRD


@pytest.mark.parametrize("tail", [[None, "联系电话", phone_of(77)], ["联系电话", phone_of(77)], ["已交表"]])
def test_labels_and_notes_beside_the_list_hold_nobody(tail: list[Cell]) -> None:
    assert with_row(2, [*person(2), *tail]) == [True] * 6


def test_a_column_of_numbers_of_its_own_holds_nobody() -> None:
    assert going(verdict([[*person(n), phone_of(70 + n)] for n in range(6)])) == [True] * 6


BESIDE = ("序号", "姓名", "工号", "身份证号码", "手机号码", "性别")


def numbered(n: int, name: Cell = None, number: Cell = None, sex: Cell = "女") -> list[Cell]:
    """A person with a work number right of the name; the sex that fits the ID number."""
    fits = "男" if int(person_id(n + 1)[16]) % 2 else "女"
    return [
        n + 1,
        name or NAMES[n],
        number or f"A{n:03d}",
        person_id(n + 1),
        phone_of(n + 1),
        fits if sex == "女" else sex,
    ]


@pytest.mark.parametrize(
    ("name", "piece", "goes"),
    [
        ("陈晓", "三", False),
        ("陈", "晓三", False),
        ("欧阳", "晓三", False),
        ("扎西·", "次仁", False),
        ("扎西", "·次仁", False),
        ("陈晓三", "无", True),
        ("陈晓三", "待编", False),
        ("阿不都热合曼", "临聘", True),
    ],
)
def test_words_among_numbers_beside_a_short_name_may_be_its_rest(name: str, piece: str, goes: bool) -> None:
    rows = [numbered(n) for n in range(6)]
    rows[2] = numbered(2, name, piece)
    assert going(verdict(rows, BESIDE)) == [True, True, goes, True, True, True]


def test_a_surname_where_the_serial_number_belongs() -> None:
    assert with_row(2, ["陈", "晓三", *person(2)[2:]]) == ONLY_THIRD
    assert with_row(2, ["新增", "陈晓三", *person(2)[2:]]) == [True] * 6


@pytest.mark.parametrize(("remark", "goes"), [("三", False), ("新", True), ("组长", True)])
def test_a_single_character_among_the_remarks(remark: str, goes: bool) -> None:
    head = ("序号", "姓名", "备注", "身份证号码", "手机号码")
    rows: list[list[Cell]] = [[n + 1, NAMES[n], None, person_id(n + 1), phone_of(n + 1)] for n in range(6)]
    rows[2][1:3] = ["陈晓", remark]
    assert going(verdict(rows, head)) == [True, True, goes, True, True, True]


@pytest.mark.parametrize("name", ["陈晓三王小明", "欧阳晓三王小明", "重庆甲医院", "同上", "扎西·次仁语文组"])
def test_what_is_more_than_a_name(name: str) -> None:
    assert with_row(2, [3, name, *person(2)[2:]]) == ONLY_THIRD


@pytest.mark.parametrize("name", ["阿不都热合曼", "欧阳晓三", "努尔斯曼古丽阿卜杜", "扎西·次仁", "难", "孟根高娃"])
def test_rare_names_go(name: str) -> None:
    assert with_row(2, [3, name, *person(2)[2:]]) == [True] * 6


def test_two_short_names_in_one_cell_beside_somebody_without_a_name() -> None:
    rows = [person(n) for n in range(6)]
    rows[2][1], rows[3][1] = "陈晓王明", None
    assert going(verdict(rows)) == [True, True, False, False, True, True]
    rows[2][1] = "欧阳晓三"
    assert going(verdict(rows)) == [True, True, True, False, True, True]


def test_a_name_with_what_the_empty_cell_beside_it_should_hold() -> None:
    head = ("序号", "姓名", "班组", "身份证号码", "手机号码")
    rows: list[list[Cell]] = [[n + 1, NAMES[n], "白云", person_id(n + 1), phone_of(n + 1)] for n in range(6)]
    rows[2][1:3] = ["陈晓三白云", None]
    assert going(verdict(rows, head)) == ONLY_THIRD


@pytest.mark.parametrize("row", [1, 6])
def test_the_sex_behind_the_name_is_asked_about_wherever_the_row_stands(row: int) -> None:
    rows = [numbered(n % 6) for n in range(5)] + [numbered(5)]
    rows[row - 1] = numbered(row - 1, f"{NAMES[row - 1]} 女", sex=None)
    judged = verdict(rows, BESIDE)
    assert judged.codes(row) == {"name.illegal_char"}
    assert going(judged).count(False) == 1


def habit(*cells: str, headed: bool = True, free: bool = False) -> Habit:
    rows = [("姓名", "手机号码", "备注" if free else "其他信息" if headed else None)]
    grid = grid_of(sheet([*rows, *((f"陈晓{n}", phone_of(n), cell) for n, cell in enumerate(cells))]))
    (table,) = read_sheet(grid, lexicon_of(form())).tables
    return pattern_of(grid, table).habits[3]


def test_what_is_foreign_to_a_column() -> None:
    numbers = habit("101", "102", "103", "语文")
    assert numbers.foreign("语文")
    assert not numbers.foreign("无")
    assert not numbers.foreign("104")
    assert numbers.foreign(phone_of(5))
    words = habit("内科", "外科", "内科", "外科")
    assert not words.foreign("药房")
    assert words.odd("药房")
    assert words.native("外科")
    assert not words.native("药房")
    assert not habit("组长", "", "", "", free=True).odd("组长")


def test_numbers_of_people_are_told_from_order_numbers() -> None:
    assert numberlike(phone_of(1))
    assert numberlike(person_id(1))
    assert not numberlike("2020090100001234")
    assert not numberlike(person_id(1)[:17])
