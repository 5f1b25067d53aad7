"""People who do not stand in one row of single cells, lists on their side, and people written as texts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.casetypes.roster.grid import grid_of
from mailbot.casetypes.roster.lexicon import lexicon_of
from mailbot.casetypes.roster.loose import LONGEST, loosened
from mailbot.casetypes.roster.rows import Raw, take
from mailbot.casetypes.roster.torn import absorbed, joined, named, numbered, sexed, surrounded
from mailbot.casetypes.roster.turned import MOST_CELLS, lies_on_side, turned
from mailbot.domain.document import Cell, Merge
from tests.casetypes.support import document, form, kind, person_id, phone_of, record_of, records, sheet
from tests.examples import examples

WORDS = lexicon_of(form())
COLUMNS = {"serial": 1, "name": 2, "id_number": 3, "phone": 4, "remark": 5, "unit": 6}
HEADED = frozenset({1, 2, 3, 5})
WHO = ("陈晓一", person_id(1), phone_of(1))


def raw(*cells: Cell, row: int = 1) -> Raw:
    return take(cells, COLUMNS, row, 1, 0)


@given(st.integers(1, 17))
def test_an_id_number_in_two_pieces_is_one_wherever_it_is_cut(cut: int) -> None:
    cells = (1, "陈晓一", person_id(1)[:cut], person_id(1)[cut:])
    found = joined(raw(*cells), cells, COLUMNS, HEADED)
    assert found.id_number == f"{person_id(1)[:cut]} {person_id(1)[cut:]}"


@pytest.mark.parametrize(
    "cells",
    [
        (1, "陈晓一", person_id(1)[:6], person_id(2)[6:17] + "9"),
        (1, "陈晓一", person_id(1)[:6], None, person_id(1)[6:]),
        (1, "陈晓一", person_id(1), "工号"),
        (1, "陈晓一", None, person_id(1)),
        (1, "陈晓一", person_id(1)[:6], 1985.5),
    ],
)
def test_pieces_that_make_no_valid_number_stay_apart(cells: tuple[Cell, ...]) -> None:
    assert joined(raw(*cells), cells, COLUMNS, HEADED) == raw(*cells)


def test_pieces_under_headings_of_their_own_stay_apart() -> None:
    cells = (1, "陈晓一", person_id(1)[:6], person_id(1)[6:])
    assert joined(raw(*cells), cells, COLUMNS, frozenset({1, 2, 3, 4})) == raw(*cells)


@pytest.mark.parametrize(
    ("name", "rest", "together"),
    [
        ("王", "秀敏", "王 秀敏"),
        ("王秀", "敏", "王秀|敏"),
        ("王秀敏", "女", "王秀敏"),
        ("师", "王秀敏", "师|王秀敏"),
        ("扎西·", "次仁", "扎西· 次仁"),
        ("古丽娜尔", "·阿不都热合曼", "古丽娜尔 ·阿不都热合曼"),
        ("王秀敏", "教研室", "王秀敏|教研室"),
        ("王秀敏", "语文教研室", "王秀敏"),
        ("欧阳娜娜", "敏", "欧阳娜娜"),
    ],
)
def test_a_name_that_goes_on_beside_itself_is_nobody_s_to_guess(name: str, rest: str, together: str) -> None:
    cells = (1, name, rest)
    assert named(raw(1, name), cells, COLUMNS, frozenset({1, 2})).name == together
    assert named(raw(1, name), cells, COLUMNS, frozenset({1, 2, 3})).name == name


def test_the_sex_behind_a_name_whose_own_column_is_empty() -> None:
    columns = {**COLUMNS, "sex": 7}
    who = take((1, "王秀敏女"), columns, 1, 1, 0)
    assert sexed(who, columns).name == "王秀敏|女"
    told = take((1, "欧阳胜男", None, None, None, None, "女"), columns, 1, 1, 0)
    assert sexed(told, columns).name == "欧阳胜男"
    assert sexed(replace(told, sex=None, name="李胜男"), columns).name == "李胜男"
    assert sexed(replace(told, sex=None, name="李胜 女"), columns).name == "李胜|女"
    assert sexed(replace(told, sex=None, name="李胜女"), COLUMNS).name == "李胜女", "no column for it"


@pytest.mark.parametrize(
    ("cell", "serial", "name"),
    [
        ("1.陈晓一", "1", "陈晓一"),
        (" 12、 陈晓一", "12", "陈晓一"),
        ("3）陈晓一", "3", "陈晓一"),
        ("陈晓一3", None, "陈晓一3"),
    ],
)
def test_a_serial_number_before_the_name(cell: str, serial: str | None, name: str) -> None:
    found = numbered(raw(None, cell))
    assert (found.serial, found.name) == (serial, name)


def test_a_serial_number_of_its_own_leaves_the_name_as_it_is() -> None:
    assert numbered(raw(1, "2.陈晓一")).name == "2.陈晓一"


MERGED = grid_of(sheet([(1, *WHO), ()], merges=[Merge(top=1, left=2, bottom=2, right=2)]))


def test_the_lower_part_of_a_merged_name_adds_its_telephone() -> None:
    above = raw(1, *WHO)
    below = absorbed(MERGED, raw(None, None, None, phone_of(2), row=2), COLUMNS, above)
    assert below is not None
    assert below.phone == f"{phone_of(1)}/{phone_of(2)}"
    first = raw(1, *WHO[:2], None)
    assert absorbed(MERGED, raw(None, None, None, phone_of(2), row=2), COLUMNS, first).phone == phone_of(2)  # type: ignore[union-attr]  # it is absorbed


def test_a_row_of_its_own_is_not_absorbed() -> None:
    above = raw(1, *WHO)
    assert absorbed(MERGED, raw(None, "李四", None, phone_of(2), row=2), COLUMNS, above) is None
    assert absorbed(grid_of(sheet([(), ()])), raw(None, None, None, phone_of(2), row=2), COLUMNS, above) is None
    assert absorbed(MERGED, raw(None, None, None, phone_of(2), row=2), COLUMNS, None) is None


def test_what_is_merged_over_rows_and_the_group_s_unit_hold_for_each_row() -> None:
    rows = [(1, *WHO, "已缴费", "甲医院"), (2, *WHO, None, None)]
    merges = [Merge(top=1, left=5, bottom=2, right=5), Merge(top=1, left=6, bottom=2, right=6)]
    grid = grid_of(sheet(rows, merges=merges))
    second = surrounded(grid, raw(*rows[1], row=2), COLUMNS, "乙医院")
    assert (second.remark, second.unit) == ("已缴费", "甲医院")
    alone = surrounded(grid_of(sheet(rows)), raw(*rows[1], row=2), COLUMNS, "乙医院")
    assert (alone.remark, alone.unit) == (None, "乙医院")


SIDE = [
    ("填表单位：甲医院",),
    ("姓名", "陈晓一", "陈晓二"),
    ("身份证号", person_id(1), person_id(2)),
    ("手机", phone_of(1), phone_of(2)),
]


def test_a_list_on_its_side_is_turned_without_the_labels_around_it() -> None:
    found = turned(grid_of(sheet(SIDE)), WORDS)
    assert found is not None
    assert found.sheet.rows[0] == (None, "姓名", "身份证号", "手机")
    assert lies_on_side(grid_of(sheet(SIDE)), WORDS)
    assert not lies_on_side(grid_of(sheet([line[:2] for line in SIDE])), WORDS)


def test_places_of_a_list_on_its_side_are_those_of_the_sheet() -> None:
    record = record_of(SIDE, hidden_columns=frozenset({3}))
    assert [(row.row, row.panel, row.hidden) for row in record.rows] == [(2, 1, False), (2, 2, True)]
    where = kind().where(record, 2, "phone")
    assert (where.row, where.column, where.cell) == (4, 3, "C4")
    assert record.header.unit == "甲医院"


def test_a_table_from_the_top_and_a_huge_sheet_are_not_turned() -> None:
    assert turned(grid_of(sheet([("姓名", "身份证号", "手机"), WHO])), WORDS) is None
    wide = [("姓名", *["陈"] * MOST_CELLS), ("身份证号",)]
    assert turned(grid_of(sheet(wide)), WORDS) is None


@pytest.mark.parametrize("gap", [" ", "，", "、", "  ", ";", "|", ", "])
def test_a_person_in_one_cell(gap: str) -> None:
    record = record_of([("姓名", None), *[(gap.join(WHO),)]])
    assert record.inferred
    assert [(row.name, row.id_number, row.phone) for row in record.rows] == [WHO]
    assert kind().where(record, 1, "phone").cell is None


def test_values_behind_their_labels_in_one_cell() -> None:
    line = (f"姓名：{WHO[0]} 身份证号码：{WHO[1]} 手机号码：{WHO[2]}",)
    record = record_of([line])
    assert [(row.name, row.id_number, row.phone) for row in record.rows] == [WHO]


def test_prose_is_not_taken_apart() -> None:
    assert loosened(grid_of(sheet([("各位老师" * LONGEST + person_id(1),)])), WORDS) is None
    assert loosened(grid_of(sheet([(person_id(1),), ("陈晓一",)])), WORDS) is None


@examples(60)
@given(st.lists(st.text(st.sampled_from("姓名身份证号手机：，、 13800000001陈晓"), max_size=30), max_size=6))
def test_no_text_breaks_the_taking_apart(lines: list[str]) -> None:
    for record in records(document(sheet([(line,) for line in [*lines, " ".join(WHO)]]))):
        assert all(row.phone in (None, phone_of(1)) or row.id_number is None for row in record.rows)
