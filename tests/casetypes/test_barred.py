"""People whom a list itself says are not to be registered: columns that ask, lines, names of sheets and files, columns
that contradict each other, columns that slipped. Each of them is held with those words, nobody else is."""

from __future__ import annotations

import tomllib

import pytest

from mailbot.casetypes.roster.lexicon import lexicon_of
from mailbot.domain.decisions import RowStatus
from mailbot.domain.document import Cell, Merge
from mailbot.domain.evidence import Where
from mailbot.domain.facts.mail import mail_facts
from mailbot.domain.findings import Severity
from mailbot.domain.intents import read_text
from mailbot.domain.mail import Mail
from mailbot.domain.records import RosterRecord
from tests.casetypes.support import (
    HEAD,
    NOW,
    ROOT,
    document,
    form,
    judge,
    labels,
    person_id,
    phone_of,
    records,
    rulebook,
    sheet,
)

WORDS = lexicon_of(form())
PLAIN = ("序号", "姓名", "身份证号", "手机号")


def people(*numbers: int) -> list[tuple[Cell, ...]]:
    return [(n, f"陈晓{'一二三四五六七八九'[n]}", person_id(n), phone_of(n)) for n in numbers]


def held(record: RosterRecord) -> list[int]:
    """The places of the rows that a remark holds, and of no others anything is said."""
    judged = judge(record)
    numbers = range(1, len(record.rows) + 1)
    assert all(judged.status(n) is RowStatus.OK or "row.remark" in judged.codes(n) for n in numbers)
    return [n for n in numbers if "row.remark" in judged.codes(n)]


def read(*rows: tuple[Cell, ...], name: str = "Sheet1", **more: object) -> RosterRecord:
    (record,) = records(document(sheet([*labels(), *rows], name, 0, **more)))
    return record


def asked(heading: str, *answers: Cell) -> RosterRecord:
    rows = [(*row, answer) for row, answer in zip(people(*range(1, len(answers) + 1)), answers, strict=True)]
    return read((*PLAIN, heading), *rows)


@pytest.mark.parametrize(
    ("heading", "answers", "against"),
    [
        ("是否参加", ("是", "否", "是"), [2]),
        ("是否参训（是/否）", ("是", "不参加", "√"), [2]),
        ("是否参加", ("√", None, "√"), [2]),
        ("是否参加", (None, None, None), []),
        ("是否参加", (None, "否", None), [2]),
        ("是否已缴费", ("否", "是", None), [2]),
        ("是否自行缴费", ("否", "已缴费", "未缴费"), [2]),
        ("已缴费", (None, "√", None), [2]),
        ("是否在职", ("是", "是", "否"), [3]),
        ("是否符合条件", ("是", "否", "是"), [2]),
        ("是否党员", ("是", "否", "否"), []),
        ("职称", ("否", "中级", None), []),
        ("参训年度", (2020, "2019年", 2020), [2]),
        ("年度", (2020, 2020, None), []),
        ("缴费情况", ("未缴费", "已自行缴费", None), [2]),
        ("新手机号码", (None, "13900000000", None), [2]),
    ],
)
def test_the_answers_of_a_column_that_asks(heading: str, answers: tuple[Cell, ...], against: list[int]) -> None:
    assert held(asked(heading, *answers)) == against


def test_the_answer_is_the_remark_beside_the_clerks_own() -> None:
    (row, *_) = people(1)
    record = read((*PLAIN, "备注", "是否参加"), (*row, "高级", "否"))
    assert record.rows[0].remark == "高级；是否参加：否"


def test_panels_side_by_side_answer_each_for_itself() -> None:
    (one, two) = people(1, 2)
    head = (*PLAIN[1:], "是否参加")
    assert held(read((*head, *head), (*one[1:], "是", *two[1:], "否"))) == [2]


@pytest.mark.parametrize(
    "line",
    [
        "以下人员不参加培训：",
        "以下为已自行缴费人员（不需注册）",
        "已离职人员名单",
        "二、退休人员",
        "取消人员：",
        "以下请勿注册",
    ],
)
@pytest.mark.parametrize("headed", [False, True])
def test_a_line_that_bars_those_below_it(line: str, headed: bool) -> None:
    more = [PLAIN] if headed else []
    record = read(PLAIN, *people(1, 2), (line,), *more, *people(3, 4))
    assert held(record) == [3, 4]
    assert record.rows[2].remark == line


def test_another_line_ends_what_a_line_said() -> None:
    rows = [("以下人员已离职",), *people(1, 2), ("以下人员参加培训",), *people(3, 4)]
    assert held(read(PLAIN, *rows)) == [1, 2]


@pytest.mark.parametrize(
    ("line", "against"),
    [
        ("以上第2人取消报名", [1, 2]),
        ("以上人员不参加", [1, 2]),
        ("备注：陈晓三已离职", [2]),
        ("陈晓二替换为赵大山", [1]),
        ("注：序号2取消", [1, 2]),
        ("注：第1行为示例，填写时请删除", []),
        ("说明：已自行缴费的人员请勿填报", []),
        ("本名单不含离职、退休人员", []),
        ("以上人员均为在职人员，无离职人员", []),
    ],
)
def test_a_line_below_a_list_about_those_above(line: str, against: list[int]) -> None:
    assert held(read(PLAIN, *people(1, 2), (line,))) == against


@pytest.mark.parametrize("name", ["作废", "离职人员", "已自行缴费", "旧", "名单（旧）", "不参加", "待定"])
def test_the_name_of_a_sheet_or_file_bars_its_people(name: str) -> None:
    assert held(read(PLAIN, *people(1, 2), name=name)) == [1, 2]
    rows = [*labels(), PLAIN, *people(1)]
    for file, member in ((f"{name}.xlsx", None), ("名单.zip", f"{name}/名单.xlsx")):
        (record,) = records(document(sheet(rows), name=file, member=member))
        assert held(record) == [1]


@pytest.mark.parametrize(
    "name", ["最终版", "参训名单", "旧城改造办公室", "名单（不含离职人员）", "以此为准，之前的作废"]
)
def test_other_names_bar_nobody(name: str) -> None:
    assert held(read(PLAIN, *people(1, 2), name=name)) == []


def test_a_sheet_of_people_who_left_is_more_than_an_extract() -> None:
    """It repeats people of the list without their phones, and still speaks against them."""
    left = [PLAIN[1:3], *(row[1:3] for row in people(2))]
    (record,) = records(document(sheet([*labels(), PLAIN, *people(1, 2)]), sheet(left, "离职人员", 1)))
    judged = judge(record)
    assert judged.status(1) is RowStatus.OK
    assert judged.status(2) is not RowStatus.OK


def shifted(column: int) -> list[tuple[Cell, ...]]:
    """Three people and a fourth line, the values of one column a cell further down."""
    rows: list[list[Cell]] = [list(row) for row in people(1, 2, 3)]
    for place, row in enumerate(rows):
        row[column] = people(place)[0][column] if place else None
    return [*map(tuple, rows), tuple(people(3)[0][column] if n == column else None for n in range(4))]


@pytest.mark.parametrize("column", [1, 2, 3])
def test_between_a_gap_and_a_lone_value_nobody_goes_ahead(column: int) -> None:
    record = read(PLAIN, *people(5), *shifted(column), *people(6))
    judged = judge(record)
    assert [judged.status(n) is RowStatus.OK for n in range(1, 7)] == [True, False, False, False, False, True]


def test_a_missing_value_alone_is_asked_for_and_holds_nobody_else() -> None:
    (one, two, three) = people(1, 2, 3)
    assert [judge(read(PLAIN, one, (*two[:3], None), three)).status(n) for n in (1, 2, 3)] == [
        RowStatus.OK,
        RowStatus.ASK,
        RowStatus.OK,
    ]


def test_two_serial_numbers_that_differ_hold_the_row() -> None:
    rows = [(n, *row[1:2], *row[3:], other, row[2]) for n, row, other in zip((1, 2), people(1, 2), (1, 9), strict=True)]
    assert held(read(("序号", "姓名", "手机号", "序号", "身份证号"), *rows)) == [2]


@pytest.mark.parametrize("heads", [("手机号码（旧）", "手机号码（新）"), ("手机号码", "手机号码"), ("手机号码", None)])
def test_two_phones_that_differ_hold_the_row(heads: tuple[str, str | None]) -> None:
    (one, two) = people(1, 2)
    merges = () if heads[1] else (Merge(top=5, left=4, bottom=5, right=5),)
    record = read((*PLAIN[:3], *heads), (*one, one[3]), (*two, phone_of(99)), merges=merges)
    assert held(record) == [2]


@pytest.mark.parametrize("remark", ["替换为赵大山", "由赵大山顶替", "换成赵大山", "更换为赵大山", "无需注册"])
def test_remarks_that_put_somebody_else_in_place(remark: str) -> None:
    assert WORDS.remark(remark) is not None


def test_the_official_form_asks_nothing() -> None:
    assert [WORDS.question(heading) for heading in HEAD] == [None] * len(HEAD)


@pytest.mark.parametrize(
    ("text", "with_list", "stops"),
    [
        ("名单见附件。陈晓二的手机号写错了，应该是13900000000。", True, True),
        ("名单见附件。第2行应为陈晓三。", True, True),
        ("名单见附件，请查收。", True, False),
        ("我单位有一位学员换了手机号。", False, False),
    ],
)
def test_words_that_correct_a_number_beside_a_list_stop_the_case(text: str, with_list: bool, stops: bool) -> None:
    said = read_text(text, tomllib.loads((ROOT / "rules/forms/enquiry.toml").read_text(encoding="utf-8"))["says"])
    campaign = rulebook().campaign
    facts = mail_facts(Mail(), arrived=NOW.date(), claimed=True, campaign=campaign, said=said, with_list=with_list)
    found = {finding.code: finding for finding in rulebook().check("mail", facts, lambda _: Where())}
    assert ("mail.text_corrects" in found) == stops
    assert not stops or found["mail.text_corrects"].severity is Severity.HOLD
