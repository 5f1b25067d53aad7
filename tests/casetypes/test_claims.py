"""Is this part mine? By content, and only by content."""

from __future__ import annotations

import pytest

from mailbot.domain.document import Cell, FaultKind
from tests.casetypes.support import (
    HEAD,
    Rows,
    broken,
    document,
    kind,
    labels,
    opened,
    person_id,
    phone_of,
    records,
    sheet,
)

ROSTER = document(sheet([*labels(), HEAD, (1, "陈晓一", person_id(1), phone_of(1))]))
PROOF: Rows = [
    ("2016-2019年公需科目缴费凭证",),
    ("姓名", "陈晓一", "手机号码", phone_of(1)),
    ("身份证号码", person_id(1)),
    ("缴费年度", "订单编号", "付款人", "缴费时间", "缴费平台"),
    ("2018", "2018100900001", "陈晓一", "2018-10-09", "某平台"),
]


def claimed(*rows: Rows, name: str = "附件.xlsx") -> bool:
    return kind().claims(opened(document(*(sheet(r, f"S{n}", n) for n, r in enumerate(rows)), name=name))) == {1}


def test_a_roster_is_claimed_whatever_it_is_called() -> None:
    assert kind().claims(opened(ROSTER)) == {1}
    assert claimed([("姓名", "手机号"), ("陈晓一", phone_of(1))], name="1.xlsx")
    assert claimed([()], [("x",)], [("姓名", "身份证号"), ("陈晓一", person_id(1))])


def test_rows_without_heading_are_claimed() -> None:
    assert claimed([("陈晓一", person_id(1), phone_of(1)), ("李二", person_id(2), phone_of(2))])
    assert claimed([("1", "陈晓一", phone_of(1)), ("2", "李二", phone_of(2))])


@pytest.mark.parametrize(
    "rows",
    [
        [("部门", "预算"), ("教务处", 3)],
        [("周敏", "13900000000")],
        [("订单号", "金额"), (person_id(1), 33)],
        [(person_id(1),), (person_id(2),)],
        [],
    ],
)
def test_a_table_that_is_no_list_of_people_is_nobodys(rows: list[tuple[Cell, ...]]) -> None:
    assert not claimed(rows)


def test_another_form_is_not_claimed_even_though_it_names_a_person() -> None:
    assert not claimed(PROOF, name="报名名单.xlsx")
    assert not claimed([("缴费承诺书",), ("姓名", "手机号码"), ("陈晓一", phone_of(1))])


def test_a_workbook_with_both_forms_is_a_roster_and_the_other_sheet_is_named() -> None:
    book = document(sheet([*labels(), HEAD, (1, "陈晓一", person_id(1), phone_of(1))]), sheet(PROOF, "附件2", 1))
    (record,) = records(book)
    assert len(record.rows) == 1
    assert record.ignored == ("附件2",)


def test_a_table_under_a_rosters_name_is_claimed_only_without_a_real_one() -> None:
    other = document(sheet([("部门", "人数"), ("教务处", 3)]), number=2, name="学员名单统计.xlsx")
    assert kind().claims(opened(other)) == {2}
    assert kind().claims(opened(ROSTER, other)) == {1}


@pytest.mark.parametrize("fault", list(FaultKind))
def test_a_part_nobody_could_read_is_claimed_unless_it_is_of_an_unsupported_kind(fault: FaultKind) -> None:
    assert kind().claims(opened(broken(fault, 3))) == (frozenset() if fault is FaultKind.UNSUPPORTED else {3})


def test_only_the_claimed_parts_are_read() -> None:
    second = document(sheet([*labels("某校"), HEAD, (1, "李二", person_id(2), phone_of(2))]), number=2, name="二.xlsx")
    found = kind().extract(opened(ROSTER, second), frozenset({2}))
    assert [record.source.number for record in found] == [2]
    assert found[0].source.attachment == "二.xlsx"


def test_the_same_bytes_twice_are_read_once() -> None:
    twin = ROSTER.model_copy(update={"number": 2, "member": "名单.xlsx"})
    assert len(records(ROSTER, twin)) == 1
