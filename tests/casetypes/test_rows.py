"""Every code that one row of a table can show, through the shipped rules; and what a row with it may cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.casetypes.roster.fields import ANY_DAY, plain_values, read_fields, read_id, read_name, read_phone
from mailbot.domain.decisions import RowStatus
from mailbot.domain.document import Cell, Special
from mailbot.domain.facts.row import ROW
from mailbot.domain.identity import check_char
from tests.casetypes.support import (
    HEAD,
    document,
    judge,
    labels,
    official,
    person_id,
    phone_of,
    records,
    rulebook,
    sheet,
    situation,
)

GOOD = ("陈晓一", person_id(1), phone_of(1), None)
ERROR, FORMULA = Special(kind="error", text="#N/A"), Special(kind="no_value", text="=A1")
X_ID = next(n for n in (person_id(k) for k in range(1, 300)) if n.endswith("X"))
FOREIGN = "950103198503120" + "01"


def row(name: Cell = "陈晓一", number: Cell = None, phone: Cell = None, remark: Cell = None) -> tuple[Cell, ...]:
    return name, person_id(1) if number is None else number, phone_of(1) if phone is None else phone, remark


CASES: list[tuple[str, tuple[Cell, ...]]] = [
    ("name.inner_space", row("陈 晓一")),
    ("name.inner_space", row("陈　一")),
    ("name.line_break", row("陈晓\n一")),
    ("name.invisible_char", row("陈晓一\u200b")),
    ("name.dot_variant", row("阿依古丽.买买提")),
    ("name.missing", row("无")),
    ("name.lost_char", row("陈?一")),
    ("name.illegal_char", row("陈晓一1")),
    ("name.latin_in_han", row("陈晓y")),
    ("name.remark", row("陈晓一（组长）")),
    ("name.private_use_char", row("陈\ue000一")),
    ("id.lowercase_x", row(number=X_ID.lower())),
    ("id.fullwidth", row(number=person_id(1).replace("5", "５"))),
    ("id.separator", row(number=f"{person_id(1)[:6]}-{person_id(1)[6:]}")),
    ("id.apostrophe", row(number="'" + person_id(1))),
    ("id.invisible_char", row(number="\ufeff" + person_id(1))),
    ("id.missing", row(number="　")),
    ("id.missing", row(number="暂无")),
    ("id.length", row(number=person_id(1)[:17])),
    ("id.length", row(number=12345)),
    ("id.charset", row(number=person_id(1)[:10] + "O" + person_id(1)[11:])),
    ("id.checksum", row(number=person_id(1)[:17] + ("1" if person_id(1)[17] != "1" else "2"))),
    ("id.birth_invalid", row(number=person_id(1, born="19850230"))),
    ("id.birth_invalid", row(number=person_id(1, born="20200714"))),
    ("id.fifteen_digit", row(number="500103850312001")),
    ("id.precision_lost", row(number=5.00103198503120e17)),
    ("id.precision_lost", row(number="5.00103E+17")),
    ("id.masked", row(number="500103********0012")),
    ("id.other_document", row(number="E12345678")),
    ("id.foreigner_pr", row(number=FOREIGN + check_char(FOREIGN))),
    ("id.region_unknown", row(number=person_id(1, region="770103"))),
    ("id.age_unusual", row(number=person_id(1, born="20041201"))),
    ("id.age_unusual", row(number=person_id(1, born="19300101"))),
    ("phone.country_code", row(phone="+86 13800000001")),
    ("phone.separator", row(phone="138-0000-0001")),
    ("phone.fullwidth", row(phone="１３８00000001")),
    ("phone.decimal_tail", row(phone="13800000001.0")),
    ("phone.invisible_char", row(phone="\u202d13800000001")),
    ("phone.missing", row(phone="/")),
    ("phone.format", row(phone="1380000000")),
    ("phone.landline", row(phone="023-67898888")),
    ("phone.several", row(phone="13800000001/13900000001")),
    ("row.merged_fields", ("陈晓一" + phone_of(1), person_id(1), None, None)),
    ("row.merged_fields", (f"陈晓一 {person_id(1)} {phone_of(1)}", None, None, None)),
    ("row.merged_fields", ("陈晓一", person_id(1) + phone_of(1), None, None)),
    ("row.swapped_fields", ("陈晓一", phone_of(1), person_id(1), None)),
    ("row.swapped_fields", (person_id(1), "陈晓一", phone_of(1), None)),
    ("row.swapped_fields", ("陈晓一", None, person_id(1), None)),
    ("cell.error_value", row(ERROR)),
    ("cell.error_value", row(number=ERROR)),
    ("cell.no_cached_value", row(phone=FORMULA)),
    ("row.remark", row(remark="已缴费")),
    ("row.remark", row(remark="7月起离职")),
]


@pytest.mark.parametrize(("code", "cells"), CASES)
def test_one_fault_gives_its_one_code_with_the_severity_of_the_rule(code: str, cells: tuple[Cell, ...]) -> None:
    judged = judge(official([(1, *cells)]))
    rule = next(rule for rule in rulebook().rules["row"] if rule.code == code)
    assert judged.codes(1) == {code}
    assert judged.rows[0][0].severity is rule.then
    if rule.then.word == "fix":
        assert judged.status(1) is RowStatus.FIXED
        assert judged.effects[0] is not None
        assert judged.effects[0].person.phone == phone_of(1)


def test_every_row_code_about_cells_has_a_case_here() -> None:
    elsewhere = {"row.duplicate_exact", "row.hidden", "id.duplicate_conflict", "phone.duplicate", "name.fullwidth"}
    elsewhere |= {"id.sex_mismatch", "id.birth_mismatch"}
    known = {rule.code for rule in rulebook().rules["row"] if not rule.code.startswith("person.")}
    assert known == {code for code, _ in CASES} | elsewhere


@pytest.mark.parametrize(
    "cells",
    [
        GOOD,
        ("陈晓一", X_ID, 13800000001, None),
        ("欧阳娜娜", person_id(1, region="510211"), phone_of(1), "语文组"),
        ("阿依古丽·买买提", person_id(1, region="830000"), phone_of(1), None),
        ("䶮𬀩", person_id(1, born="19410101"), phone_of(1), "未离校"),
        ("陈晓一", person_id(1, born="20040713"), "19900000001", None),
        (" 陈晓一　", person_id(1) + " ", phone_of(1), None),
    ],
)
def test_good_rows_pass_untouched(cells: tuple[Cell, ...]) -> None:
    judged = judge(official([(1, *cells)]))
    assert judged.status(1) is RowStatus.OK
    assert judged.effects[0] is not None


def test_faults_of_several_fields_are_all_named() -> None:
    judged = judge(official([(1, "陈 晓一", person_id(1)[:17], "023-67898888", "退休")]))
    assert judged.codes(1) == {"name.inner_space", "id.length", "phone.landline", "row.remark"}
    assert judged.status(1) is RowStatus.HOLD


def test_a_swap_does_not_hide_the_name() -> None:
    assert judge(official([(1, "陈?一", phone_of(1), person_id(1))])).codes(1) == {
        "name.lost_char",
        "row.swapped_fields",
    }


def test_a_number_in_both_columns_is_no_swap() -> None:
    assert judge(official([(1, "陈晓一", person_id(1), person_id(1))])).codes(1) == {"phone.format"}


def test_hidden_rows_are_held_and_unknown_in_a_quick_reading() -> None:
    rows = [*labels(), HEAD, (1, *GOOD)]
    assert judge(official([(1, *GOOD)], hidden_rows=frozenset({6}))).codes(1) == {"row.hidden"}
    (light,) = records(document(sheet(rows), light=True))
    judged = judge(light)
    assert not judged.codes(1)
    assert "file.quick_read" in judged.case_codes


def test_extra_columns_are_compared_with_the_number() -> None:
    head = ("姓名", "性别", "出生年月", "身份证号", "手机号")
    sex = "女" if int(person_id(1)[16]) % 2 else "男"
    rows: list[tuple[Cell, ...]] = [
        head,
        ("陈晓一", "男" if sex == "女" else "女", "1985年3月", person_id(1), phone_of(1)),
        ("陈晓二", None, "1985-03-13", person_id(2), phone_of(2)),
        ("陈晓三", "女" if sex == "男" else "男", Special(kind="date", text="1985-03-12"), person_id(3), phone_of(3)),
        ("陈晓四", sex, None, person_id(1)[:-1], phone_of(4)),
    ]
    (record,) = records(document(sheet(rows)))
    judged = judge(record)
    assert [judged.codes(n) for n in (1, 2, 3, 4)] == [set(), {"id.birth_mismatch"}, set(), {"id.length"}]
    rows[1] = ("陈晓一", sex, None, person_id(1), phone_of(1))
    (record,) = records(document(sheet(rows)))
    assert judge(record).codes(1) == {"id.sex_mismatch"}


def test_lost_digits_of_a_text_table() -> None:
    lost = person_id(1)[:15] + "000"
    rows = [("姓名", "身份证号", "手机号"), ("陈晓一", lost, phone_of(1))]
    (record,) = records(document(sheet(rows), name="名单.csv", family="text_table"))
    assert judge(record).codes(1) == {"id.precision_lost"}


def test_places_and_masks_of_a_finding() -> None:
    (finding,) = judge(official([(1, "陈 晓一", *GOOD[1:])])).rows[0]
    where = finding.where
    assert (where.sheet, where.row, where.column, where.cell, where.panel, where.field) == (
        "Sheet1",
        6,
        2,
        "B6",
        1,
        "name",
    )
    assert "陈**" in finding.message
    assert "陈晓一" not in finding.message


def test_no_message_holds_a_whole_number() -> None:
    for _, cells in CASES:
        for finding in judge(official([(1, *cells)])).rows[0]:
            text = finding.message + repr(finding.facts)
            assert person_id(1) not in text
            assert phone_of(1) not in text


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_read_without_a_crash_and_a_value_is_never_beside_a_refusing_fault(a: str, b: str, c: str) -> None:
    fields = read_fields(a, b, c, date(2020, 7, 13))
    if fields.phone.value is not None:
        assert not fields.phone.faults
    if fields.id_number.value is not None:
        assert fields.id_number.faults <= {"other_document", "foreigner_pr"}
    if fields.name.value is not None:
        assert fields.name.faults <= {"latin_in_han"}


@given(st.one_of(st.integers(), st.floats(), st.booleans(), st.none()))
def test_any_typed_cell_is_read(cell: Cell) -> None:
    assert read_id(cell, ANY_DAY).value is None or read_id(cell, ANY_DAY).faults
    assert read_name(cell).faults
    assert read_phone(cell).value is None or len(read_phone(cell).value or "") == 11


CELLS = st.sampled_from([cell for _, cells in CASES for cell in cells[:3]] + [13800000001, X_ID, "张二", "A", 1.5])


@given(CELLS, CELLS, CELLS, st.booleans())
def test_the_short_way_says_what_the_long_way_says(a: Cell, b: Cell, c: Cell, text_table: bool) -> None:
    short = plain_values(a, b, c, text_table=text_table)
    fields = read_fields(a, b, c, ANY_DAY, text_table=text_table)
    found = (fields.name, fields.id_number, fields.phone)
    if short is not None:
        assert short == tuple(value.value for value in found)
        assert not any(value.faults or value.changes for value in found)


def test_the_short_way_is_taken() -> None:
    assert plain_values(*GOOD[:3]) == GOOD[:3]
    assert plain_values("陈晓一", person_id(1), 13800000001) == GOOD[:3]


@given(st.sampled_from(CASES))
def test_every_fault_and_repair_has_a_fact(case: tuple[str, tuple[Cell, ...]]) -> None:
    name, number, phone, _ = case[1]
    fields = read_fields(name, number, phone, date(2020, 7, 13))
    for prefix, value in (("name", fields.name), ("id", fields.id_number), ("phone", fields.phone)):
        assert all(f"{prefix}.{word}" in ROW.index for word in value.faults | value.changes)


def test_a_day_of_birth_is_held_against_the_office_s_own_day_of_arrival() -> None:
    """At half past midnight in Chongqing it is still yesterday by the clock that arrivals are kept in."""
    first17 = "50010320200714001"
    just_born = official([(1, *row(number=first17 + check_char(first17)))])
    at = replace(situation(), received_at=datetime(2020, 7, 13, 16, 30, tzinfo=UTC))
    codes = {finding.code for finding in judge(just_born, at).rows[0]}
    assert codes & {"id.birth_invalid", "id.age_unusual"} == {"id.age_unusual"}
    earlier = replace(at, received_at=datetime(2020, 7, 13, 15, 30, tzinfo=UTC))
    assert "id.birth_invalid" in {finding.code for finding in judge(just_born, earlier).rows[0]}
