"""What clerks add around a list: words around column names, signatures below, sheets that repeat a part of it."""

from __future__ import annotations

import pytest

from mailbot.casetypes.roster.lexicon import lexicon_of
from mailbot.domain.decisions import RowStatus
from mailbot.domain.document import Cell, Special
from mailbot.domain.records import RosterRecord
from tests.casetypes.support import (
    HEAD,
    Rows,
    document,
    form,
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
    return [(n, f"陈晓{'一二三四五六七八九'[n]}", person_id(n), phone_of(n), None) for n in numbers]


def names(record: RosterRecord) -> list[str | None]:
    return [row.name for row in record.rows]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("专技人员姓名", "name"),
        ("参加人员姓名", "name"),
        ("1.姓名", "name"),
        ("姓名\nName", "name"),
        ("身份证号/护照号码", "id_number"),
        ("身份证号 ID No.", "id_number"),
        ("ID号码", "id_number"),
        ("手机号码/用户名", "phone"),
        ("学员手机长号（必填）", "phone"),
        ("Tel", "phone"),
        *((other, None) for other in ("联系人姓名", "部门负责人姓名", "家长姓名", "姓名拼音", "姓名/身份证号")),
        *(
            (other, None)
            for other in ("联系人电话", "紧急联系人手机", "单位电话", "办公电话", "手机短号", "联系人/电话")
        ),
        *((other, None) for other in ("身份证有效期", "配偶身份证号", "职工号", "人员类别", "张三", "教师")),
    ],
)
def test_words_around_a_column_name_count_only_when_they_say_nothing_of_whose_it_is(
    text: str, column: str | None
) -> None:
    found = lexicon_of(form()).column(text)
    assert (found and found[0]) == column


def test_a_plain_column_name_goes_before_a_dressed_one() -> None:
    record = record_of(
        [("姓名", "身份证号码", "职工电话", "手机号码"), ("陈晓一", person_id(), "13900000000", phone_of())]
    )
    assert record.rows[0].phone == phone_of()


@pytest.mark.parametrize(
    "line",
    [
        (None, None, "重庆市某中学（盖章）"),
        (None, None, "二〇二〇年九月一日"),
        (None, None, None, "2020-09-01"),
        (None, None, None, Special(kind="date", text="2020-09-01")),
        (None, "校长：", "张大山"),
        (None, "填表日期：", "2020.9.1"),
        ("人事处长", "李大海"),
        ("分管领导:", "李二海", "部门负责人：", "王一一"),
    ],
)
def test_signatures_below_a_list_are_no_people(line: tuple[Cell, ...]) -> None:
    assert names(official([*people(1, 2), (), line])) == ["陈晓二", "陈晓三"]


def test_names_without_numbers_below_a_signature_line_are_no_people_but_numbers_are() -> None:
    tail = [("单位盖章：", None, "2020年9月1日"), ("重庆市某中学",), ("人事科 李四",)]
    more = ("陈晓四", person_id(4), phone_of(4))
    rows = [PLAIN[1:4], ("陈晓一", person_id(1), phone_of(1)), ("陈晓二",), *tail, more]
    assert names(record_of([*labels(), *rows])) == ["陈晓一", "陈晓二", "陈晓四"]


def test_a_numbered_row_is_a_person_whatever_it_says() -> None:
    assert len(official([(1, "校长：", "张大山"), (2, "姓名", None)]).rows) == 2


def test_a_heading_that_only_content_explains_is_no_person_and_labels_above_do_not_hide_a_column() -> None:
    rows = [*labels(), ("序号", "姓名", "证照编码", "通讯号码"), *people(1, 2)]
    record = record_of(rows)
    assert record.inferred
    assert [(row.id_number, row.phone) for row in record.rows] == [(person_id(n), phone_of(n)) for n in (1, 2)]


LISTED = [(f"陈晓{'一二三四五六七八九'[n]}", person_id(n), phone_of(n)) for n in (1, 2)]


@pytest.mark.parametrize(
    "extra",
    [
        [("姓名", "身份证号码"), *((name, number) for name, number, _ in LISTED)],
        [("姓名", "手机号码"), *((name, mobile) for name, _, mobile in LISTED)],
        [("姓名", "手机号码"), (LISTED[0][0], LISTED[0][2])],
        [
            ("单位", "姓名", "联系电话", "报名人数"),
            ("甲中学", "周敏", phone_of(8), 1),
            ("乙中学", "吴敏", phone_of(9), 1),
        ],
        [
            ("单位", "联系人", "联系电话", "人数"),
            ("甲中学", "周敏", phone_of(8), 1),
            ("乙中学", "吴敏", phone_of(9), 1),
        ],
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_sheet_that_only_repeats_a_part_of_the_list_costs_nobody_the_account(extra: Rows, first: bool) -> None:
    whole = sheet([*labels(), HEAD, *people(1, 2)], "名单", 1 if first else 0)
    other = sheet(extra, "核对", 0 if first else 1)
    (record,) = records(document(*((other, whole) if first else (whole, other))))
    judged = judge(record)
    assert record.ignored == ("核对",)
    assert [judged.status(n) for n in (1, 2)] == [RowStatus.OK, RowStatus.OK]
    assert "header.inferred" not in judged.case_codes


@pytest.mark.parametrize(
    "extra",
    [
        [("姓名", "身份证号码"), ("陈晓八", person_id(1))],
        [("姓名", "手机号码"), ("陈晓二", phone_of(1)), ("陈晓八", phone_of(8))],
        [("姓名", "手机号码", "备注"), ("陈晓二", phone_of(1), "已离职")],
    ],
)
def test_a_partial_list_that_says_more_or_otherwise_is_read(extra: Rows) -> None:
    whole = sheet([*labels(), HEAD, *people(1, 2)], "名单", 0)
    (record,) = records(document(whole, sheet(extra, "核对", 1)))
    assert len(record.rows) == 2 + len(extra) - 1


def test_a_hidden_sheet_asks_the_clerk_for_no_heading_of_its_own() -> None:
    shown = sheet([*labels(), HEAD, *people(1)], "名单", 0)
    hidden = sheet([HEAD, *people(2)], "旧", 1, visible=False)
    first, second = records(document(shown, hidden))
    assert (second.header.unit, second.header.order_no) == (first.header.unit, first.header.order_no)
    assert not judge(second).case_codes & {"header.unit_missing", "header.order_missing"}


@pytest.mark.parametrize(
    ("remark", "status"),
    [
        (f"新号{phone_of(9)}", RowStatus.HOLD),
        (f"身份证应为 {person_id(9)}", RowStatus.HOLD),
        (f"手机{phone_of(1)}已核对", RowStatus.OK),
        (f"证号{person_id(1)}", RowStatus.OK),
        ("工号 20200713001", RowStatus.OK),
    ],
)
def test_a_remark_with_another_number_than_the_row_s_own_goes_to_a_person(remark: str, status: RowStatus) -> None:
    judged = judge(official([(1, "陈晓一", person_id(1), phone_of(1), remark)]))
    assert judged.status(1) is status
    assert judged.codes(1) == ({"row.remark"} if status is RowStatus.HOLD else set())


@pytest.mark.parametrize(
    ("total", "declared"),
    [
        (("合计", 3), 3),
        (("合计", None, None, 3), 3),
        (("合计", None, None, None, None, 99), None),
        (("合计", None, None, None, 3, 99), 3),
        (("合计", None, None, None, None, "共3人"), 3),
    ],
)
def test_a_sum_below_another_column_is_no_number_of_people(total: tuple[Cell, ...], declared: int | None) -> None:
    rows = [(*line, 33) for line in people(1, 2, 3)]
    assert record_of([*labels(), (*PLAIN, "金额"), *rows, total]).declared_count == declared


@pytest.mark.parametrize(
    ("cell", "orders"),
    [
        ("2020 0901 0000 1234 5", ("20200901000012345",)),
        ("2020090100001234 5", ("20200901000012345",)),
        ("202009010001 202009010002", ("202009010001", "202009010002")),
        ("订单 1：202009010001、订单 2：202009010002", ("202009010001", "202009010002")),
    ],
)
def test_an_order_number_in_groups_keeps_its_last_digit(cell: str, orders: tuple[str, ...]) -> None:
    assert record_of([*labels(order=cell), HEAD, *people(1)]).header.order_no == orders
