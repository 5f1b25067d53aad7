"""Where clerks put things: headings, label blocks, offsets, panels, page breaks, totals, notes, several sheets."""

from __future__ import annotations

import pytest

from mailbot.domain.document import Cell, Merge
from mailbot.domain.records import RosterRecord
from tests.casetypes.support import (
    HEAD,
    Rows,
    document,
    judge,
    labels,
    official,
    person_id,
    phone_of,
    record_of,
    records,
    sheet,
)

PLAIN = ("序号", "姓名", "身份证号", "手机号", "备注")


def people(*numbers: int) -> list[tuple[Cell, ...]]:
    return [(n, f"陈晓{'一二三四五六七八九'[n % 9]}", person_id(n), phone_of(n), None) for n in numbers]


def places(record: RosterRecord) -> list[tuple[int, int]]:
    return [(row.row, row.panel) for row in record.rows]


def names(record: RosterRecord) -> list[str | None]:
    return [row.name for row in record.rows]


def test_the_official_form() -> None:
    record = official([*people(1, 2), (3, "　", "　", None, None), (4,)])
    assert places(record) == [(6, 1), (7, 1)]
    assert record.rows[0].serial == "1"
    assert record.columns == ({"serial": 1, "name": 2, "id_number": 3, "phone": 4, "remark": 5},)
    assert (record.header.unit, record.header.contact) == ("重庆市某中学", "周敏")
    assert (record.header.contact_phone, record.header.tax_id) == ("023-60000000", None)
    assert record.header.order_no == ("202007120001",)
    assert record.form_year == 2020
    assert not record.inferred
    where = record.header.where["order_no"]
    assert (where.sheet, where.row, where.column, where.cell, where.field) == ("Sheet1", 4, 1, "A4", "order_no")


def test_the_blank_official_form_is_an_empty_roster() -> None:
    record = official([(n,) for n in range(1, 17)] + [("注意：1.需提供此表格1份，文件格式要求为Excel格式；",)])
    assert not record.rows
    assert "roster.empty" in judge(record).case_codes


@pytest.mark.parametrize(
    "rows",
    [
        [("单位名称", "某医院", None, "联系人", "周敏"), ("订单号", "20200712ABCD", None, "联系电话", "13900000000")],
        [("填报单位", "联系人", "联系电话", "订单号"), ("某医院", "周敏", "13900000000", "20200712ABCD")],
        [("单位（盖章）：某医院  联 系 人：周敏  联系电话：13900000000 缴费订单编号：20200712ABCD",)],
        [("填表单位:\n某医院\n联系人：周敏",), ("联系人电话", None, "13900000000"), ("缴费订单号", "20200712ABCD")],
        [("填表单位 某医院",), ("联系人 周敏",), ("联系人手机：", 13900000000), ("缴费订单号：", 20200712000)],
    ],
)
def test_label_blocks(rows: list[tuple[Cell, ...]]) -> None:
    header = record_of([*rows, PLAIN, *people(1)]).header
    assert (header.unit, header.contact, header.contact_phone) == ("某医院", "周敏", "13900000000")
    assert header.order_no in (("20200712ABCD",), ("20200712000",))


@pytest.mark.parametrize("gap", [0, 1, 3])
def test_labels_below_the_table(gap: int) -> None:
    rows: Rows = [PLAIN, *people(1, 2), *[()] * gap, ("填表单位：某医院",), ("缴费订单号", "20200712001")]
    record = record_of(rows)
    assert names(record) == ["陈晓二", "陈晓三"]
    assert record.header.unit == "某医院"
    assert record.header.order_no == ("20200712001",)


def test_a_contact_below_the_table_is_no_person() -> None:
    foot: Rows = [("联系人", "周敏", "联系电话", "13900000000"), ("经办人：周敏", None, None, "13900000000")]
    record = official([*people(1), *foot])
    assert places(record) == [(6, 1)]


def test_who_is_marked_as_contact_stays_a_person() -> None:
    record = official([(1, "周敏", None, phone_of(1), "联系人"), (None, "陈晓一", person_id(2), phone_of(2), "联系人")])
    assert names(record) == ["周敏", "陈晓一"]


def test_a_short_label_inside_a_longer_word_is_none() -> None:
    assert record_of([("主管单位：市教委",), PLAIN, *people(1)]).header.unit is None


def test_offset_table_with_blank_rows_and_columns() -> None:
    rows: Rows = [(), (), (None, None, *PLAIN), (None, None, *people(1)[0]), (), (None, None, *people(2)[0])]
    record = record_of(rows)
    assert places(record) == [(4, 1), (6, 1)]
    assert record.columns[0]["name"] == 4


@pytest.mark.parametrize(
    "head",
    [
        ("姓 名", "身份证号码（18位）", "联系电话（手机）"),
        ("*姓名", "证件号码", "移动电话"),
        ("学员姓名", "公民身份号码", "手机号"),
        ("姓名\r\n（姓名中间不能有空格）", "身份证\n号码", "手机\n号码"),
        ("姓名【必填】", "身份证件号码", "联系方式"),
        ("ＩＤ号", "姓名", "手机"),
    ],
)
def test_renamed_and_moved_columns(head: tuple[str, ...]) -> None:
    values = {"姓": "陈晓一", "身": person_id(1), "证": person_id(1), "公": person_id(1), "Ｉ": person_id(1)}
    row = tuple(values.get(title.lstrip("*学员")[0], phone_of(1)) for title in head)
    record = record_of([head, row])
    found = record.rows[0]
    assert (found.name, found.id_number, found.phone) == ("陈晓一", person_id(1), phone_of(1))
    assert not record.inferred


def test_the_better_alias_wins() -> None:
    head = ("姓名", "身份证号", "联系电话", "手机号码")
    record = record_of([head, ("陈晓一", person_id(1), "023-60000000", phone_of(1))])
    assert record.rows[0].phone == phone_of(1)


def test_two_row_heading() -> None:
    rows: Rows = [
        ("序号", "姓名", "证件", None, "联系方式", None),
        (None, None, "类型", "号码", "手机", "座机"),
        (1, "陈晓一", "身份证", person_id(1), phone_of(1), "023-60000000"),
    ]
    merges = (
        *(Merge(top=1, left=c, bottom=2, right=c) for c in (1, 2)),
        Merge(top=1, left=3, bottom=1, right=4),
        Merge(top=1, left=5, bottom=1, right=6),
    )
    record = record_of(rows, merges=merges)
    assert record.columns[0] == {"serial": 1, "name": 2, "id_number": 4, "phone": 5}
    assert names(record) == ["陈晓一"]


def test_the_first_person_is_no_second_heading_row() -> None:
    record = record_of([PLAIN, (None, "陈晓一", "12", None, "其他"), *people(2)])
    assert names(record) == ["陈晓一", "陈晓三"]


def test_headings_repeat_at_page_breaks() -> None:
    page = [labels()[0], *labels()[1:2], HEAD]
    record = official([*people(1, 2), *page, *people(3), HEAD, *people(4)])
    assert [row.serial for row in record.rows] == ["1", "2", "3", "4"]


def test_a_heading_that_moves_in_the_middle() -> None:
    record = record_of([PLAIN, *people(1), ("手机号", "姓名", "身份证号"), (phone_of(2), "陈晓二", person_id(2))])
    assert [row.table for row in record.rows] == [1, 2]
    assert record.rows[1].id_number == person_id(2)


def test_two_panels_side_by_side() -> None:
    left, right = people(1, 2), people(3)
    record = record_of([*labels(), (*PLAIN, *PLAIN), (*left[0], *right[0]), left[1]])
    assert places(record) == [(6, 1), (6, 2), (7, 1)]
    assert record.columns[1]["name"] == 7


def test_panels_with_a_gap_and_without_serial_numbers() -> None:
    head = ("姓名", "手机号", "身份证号", None, "姓名", "手机号", "身份证号")
    row = ("陈晓一", phone_of(1), person_id(1), None, "陈晓二", phone_of(2), person_id(2))
    assert [r.id_number for r in record_of([head, row]).rows] == [person_id(1), person_id(2)]


@pytest.mark.parametrize(
    "head",
    [
        ("姓名电话", "身份证号", "手机号", "姓名", "身份证号", "手机号"),
        ("职务", "身份证号", "手机号", "姓名", "身份证号", "手机号", "姓名", "身份证号", "手机号"),
        ("姓名", "身份证号", "手机号", "姓名", "手机号", "身份证号"),
        (None, "身份证号", "手机号", "姓名", "身份证号", "手机号", "姓名"),
    ],
)
def test_panels_with_a_damaged_heading_are_for_a_person(head: tuple[Cell, ...]) -> None:
    row = [cell for n in (1, 2, 3) for cell in (f"陈晓{n}", person_id(n), phone_of(n))]
    found = records(document(sheet([*labels(), head, row[: len(head)], row[: len(head)]])))
    judged = [judge(record) for record in found]
    goes = [effect for one in judged for effect in one.effects if effect]
    assert not goes or all("header.inferred" in one.case_codes for one in judged)


@pytest.mark.parametrize(
    ("tail", "declared"),
    [
        ([("合计", None, "2人")], 2),
        ([("合计", 2)], 2),
        ([("合计：43人",)], 43),
        ([("以上共计 2 人",)], 2),
        ([("合计", None, "1419元")], None),
        ([("总计", 43, None, 1419)], None),
        ([("小计", 2)], None),
        ([("注：本表共2人，均已核对",)], 2),
        ([], None),
    ],
)
def test_totals_and_notes_are_no_people(tail: list[tuple[Cell, ...]], declared: int | None) -> None:
    record = official([*people(1, 2), *tail])
    assert len(record.rows) == 2
    assert record.declared_count == declared


def test_a_count_among_the_labels() -> None:
    assert record_of([("参训人数：43人",), *labels(), PLAIN, *people(1)]).declared_count == 43


@pytest.mark.parametrize(
    "line",
    [
        ("说明：以上人员均为在职",),
        ("以下空白",),
        ("（盖章）",),
        (None, "（必填）", "（18位）", "（11位）"),
        ("一、教务处",),
        (None, "本表请于7月10日前报送，逾期不再受理；谢谢配合"),
        (17,),
        (None, "5"),
        ("填表人：", None, "审核人："),
    ],
)
def test_lines_that_are_no_people(line: tuple[Cell, ...]) -> None:
    record = official([*people(1), line, *people(2)])
    assert [row.serial for row in record.rows] == ["1", "2"]


@pytest.mark.parametrize(
    "line",
    [
        (None, "陈晓一"),
        (None, None, person_id(3)),
        (None, None, None, phone_of(3)),
        (3, "陈晓一", "12345"),
        (3, "？", None, None),
        (None, "张三丰", "暂无", "暂无"),
    ],
)
def test_lines_that_are_people_with_faults(line: tuple[Cell, ...]) -> None:
    assert len(official([*people(1), line, *people(2)]).rows) == 3


def test_a_sample_row_is_skipped_but_never_a_person_in_it() -> None:
    sample = ("示例", "张三", "500000000000000000", "13800000000", None)
    written_over = ("例", "陈晓九", person_id(8), phone_of(8), None)
    assert [row.serial for row in official([sample, *people(1)]).rows] == ["1"]
    kept = official([written_over, *people(1)])
    assert names(kept) == ["陈晓九", "陈晓二"]


def test_a_remark_merged_over_rows_holds_for_each() -> None:
    rows = [*labels(), HEAD, *people(1, 2, 3)]
    rows[5] = (*rows[5][:4], "已缴费")
    record = record_of(rows, merges=(Merge(top=6, left=5, bottom=7, right=5),))
    assert [row.remark for row in record.rows] == ["已缴费", "已缴费", None]


def test_hidden_rows() -> None:
    record = official(people(1, 2), hidden_rows=frozenset({7}))
    assert [row.hidden for row in record.rows] == [False, True]


def test_the_unit_may_stand_in_a_column() -> None:
    head = ("单位", "姓名", "身份证号", "手机号")
    one = record_of(
        [head, ("某医院", "陈晓一", person_id(1), phone_of(1)), ("某 医院", "陈晓二", person_id(2), phone_of(2))]
    )
    assert one.header.unit == "某医院"


def test_units_in_a_column_are_one_roster_each_and_parts_of_a_unit_are_none() -> None:
    head = ("单位", "姓名", "身份证号", "手机号")

    def listed(*units: str | None) -> Rows:
        return [head, *((unit, *people(n)[0][1:4]) for n, unit in enumerate(units, start=1))]

    both = records(document(sheet(listed("某医院", "某校", "同上", None, "某医院"))))
    assert [(r.header.unit, [row.row for row in r.rows]) for r in both] == [("某医院", [2, 6]), ("某校", [3, 4, 5])]
    assert record_of(listed("内科", "外科")).header.unit is None
    labelled = record_of([("填表单位：某区教委",), *listed("甲中学", "乙中学")])
    assert (labelled.header.unit, len(labelled.rows)) == ("某区教委", 2)


def test_people_outside_the_table_are_counted() -> None:
    rows: Rows = [
        *labels(),
        HEAD,
        *people(1),
        (),
        (None,) * 7 + ("漏报", person_id(9)),
        ("补充：李四 " + person_id(8),),
    ]
    record = record_of(rows)
    assert len(record.rows) == 1
    assert record.unread_people == 2
    assert "sheet.unread_people" in judge(record).case_codes


def test_columns_without_a_heading() -> None:
    record = record_of([("填表单位：某医院",), *people(1, 2), (3, "陈晓九", person_id(9), phone_of(9), "已缴费")])
    assert record.inferred
    assert [row.id_number for row in record.rows] == [person_id(1), person_id(2), person_id(9)]
    assert record.rows[2].remark == "已缴费"
    assert record.header.unit == "某医院"


def test_a_phone_column_under_an_unknown_heading_is_inferred() -> None:
    head = ("姓名", "身份证号", "性别", "本人常用号")
    record = record_of([head, ("陈晓一", person_id(1), "女", phone_of(1)), ("陈晓二", person_id(2), "女", phone_of(2))])
    assert record.inferred
    assert [row.phone for row in record.rows] == [phone_of(1), phone_of(2)]
    assert "header.inferred" in judge(record).case_codes


def test_two_units_in_one_sheet() -> None:
    first, second = labels("某医院", "2020000001"), labels("某校", "2020000002")
    one, two = records(document(sheet([*first, HEAD, *people(1), (), *second, HEAD, *people(2)])))
    assert (one.header.unit, two.header.unit) == ("某医院", "某校")
    assert (one.source.block, two.source.block) == (1, 2)
    assert names(two) == ["陈晓三"]


def test_two_orders_of_one_unit_share_its_name() -> None:
    rows: Rows = [*labels("某医院", "2020000001"), HEAD, *people(1), ("缴费订单号：2020000002",), *people(2)]
    one, two = records(document(sheet(rows)))
    assert one.header.unit == two.header.unit == "某医院"
    assert (one.header.order_no, two.header.order_no) == (("2020000001",), ("2020000002",))


def test_sheets_of_one_unit_are_one_roster() -> None:
    book = document(
        sheet([*labels(), HEAD, *people(1)], "一支部"),
        sheet([PLAIN[1:], people(2)[0][1:]], "二支部", 1),
        sheet([("本年度安排",)], "说明", 2),
    )
    (record,) = records(book)
    assert [(row.sheet, row.row, row.table) for row in record.rows] == [("一支部", 6, 1), ("二支部", 2, 2)]
    assert record.columns[1]["name"] == 1
    assert record.ignored == ("说明",)


def test_sheets_of_several_units_and_years() -> None:
    old = [("2019年公需科目培训学员报名名单",), *labels()[1:], HEAD, *people(4)]
    book = document(
        sheet([*labels("某医院"), HEAD, *people(1)], "医院"),
        sheet([*labels("某校"), HEAD, *people(2)], "学校", 1),
        sheet(old, "去年", 2),
    )
    assert [(r.header.unit, r.form_year) for r in records(book)] == [
        ("某医院", 2020),
        ("某校", 2020),
        ("重庆市某中学", 2019),
    ]


def test_a_copy_of_a_sheet_is_left_out_and_named() -> None:
    page = [*labels(), HEAD, *people(1, 2)]
    (record,) = records(document(sheet(page), sheet(page, "Sheet1 (2)", 1)))
    assert len(record.rows) == 2
    assert record.ignored == ("Sheet1 (2)",)


def test_a_hidden_sheet_is_a_roster_of_its_own_with_every_row_hidden() -> None:
    book = document(sheet([*labels(), HEAD, *people(1)]), sheet([HEAD, *people(2)], "旧", 1, visible=False))
    shown, hidden = records(book)
    assert not shown.hidden_sheet
    assert hidden.hidden_sheet
    assert judge(hidden).codes(1) == {"row.hidden"}


def test_the_same_list_twice_in_one_mail_is_read_once() -> None:
    page = [*labels(), HEAD, *people(1, 2)]
    (record,) = records(
        document(sheet(page)),
        document(sheet([*labels(), PLAIN, *reversed(people(1, 2))]), number=2, name="名单2.csv", family="text_table"),
    )
    assert record.ignored == ("名单2.csv",)
