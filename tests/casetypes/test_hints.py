"""What the mail says of a gap in the header: shown to staff, never taken for a value."""

from __future__ import annotations

import pytest

from mailbot.domain.document import Opened
from mailbot.domain.mail import Mail
from mailbot.domain.records import RosterRecord
from tests.casetypes.support import HEAD, Rows, document, judge, kind, labels, person_id, phone_of, sheet

ORDER = "2020090100001234"
PERSON = (1, "陈晓一", person_id(1), phone_of(1))


def of_mail(rows: Rows, mail: Mail | None = None, name: str = "名单.xlsx") -> RosterRecord:
    mailed = Opened(mail=mail or Mail(), documents=(document(sheet(rows), name=name),))
    (record,) = kind().extract(mailed, frozenset({1}))
    return record


@pytest.mark.parametrize(
    ("text", "order"),
    [
        (f"订单号：{ORDER}", ORDER),
        (f"我单位团购的订单号是{ORDER}，请查收", ORDER),
        (f"缴费订单编号 {ORDER}", ORDER),
        (f"订单{ORDER}已付款。订单号：{ORDER}", ORDER),
        (f"订单号：{ORDER}\n另一订单号：2020090100009999", None),
        ("订单号见附件", None),
        (f"联系电话13800000000，金额{ORDER}", None),
        ("", None),
    ],
)
def test_an_order_number_in_the_mail_is_a_hint(text: str, order: str | None) -> None:
    record = of_mail([("填表单位：甲医院",), HEAD, PERSON], Mail(text=text))
    assert record.header.order_no == ()
    assert record.hints.get("order_no") == order
    codes = judge(record).case_codes
    assert "header.order_missing" in codes
    assert ("header.order_hint" in codes) == (order is not None)


@pytest.mark.parametrize(
    ("fresh", "quoted", "order"),
    [
        ("请查收", f"订单号：{ORDER}", ORDER),
        (f"订单号：{ORDER}", "订单号：2020090100009999", ORDER),
        (f"订单号：{ORDER}\n另一订单号：2020090100009999", f"订单号：{ORDER}", None),
        ("请查收", f"订单号：{ORDER}\n订单号：2020090100009999", None),
    ],
)
def test_the_fresh_words_are_asked_before_the_quoted_ones(fresh: str, quoted: str, order: str | None) -> None:
    record = of_mail([("填表单位：甲医院",), HEAD, PERSON], Mail(text=fresh, quoted=quoted))
    assert record.header.order_no == ()
    assert record.hints.get("order_no") == order


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("重庆市某医院2020年公需科目参训人员名单", "重庆市某医院"),
        ("重庆市某医院学员报名名单", "重庆市某医院"),
        ("重庆市人力资源开发服务中心2020年公需科目报名名单", None),
        ("2020年公需科目参训人员名单", None),
        ("教务处参训人员名单", None),
    ],
)
def test_a_unit_in_the_title_is_a_hint(title: str, unit: str | None) -> None:
    record = of_mail([(title,), HEAD, PERSON])
    assert record.header.unit is None
    assert record.hints.get("unit") == unit
    assert "header.unit_missing" in judge(record).case_codes


def test_a_unit_in_the_file_s_name_and_two_different_ones() -> None:
    assert of_mail([HEAD, PERSON], name="重庆市某中学_名单.xlsx").hints["unit"] == "重庆市某中学"
    both = of_mail([HEAD, PERSON], Mail(subject="重庆市另一中学 报名"), name="重庆市某中学_名单.xlsx")
    assert "unit" not in both.hints


def test_titles_of_two_lists_are_the_hints_of_each() -> None:
    rows = [
        ("甲市医院学员名单",),
        HEAD,
        PERSON,
        (),
        ("乙市医院学员名单",),
        HEAD,
        (2, "陈晓二", person_id(2), phone_of(2)),
    ]
    mailed = Opened(mail=Mail(), documents=(document(sheet(rows)),))
    assert [record.hints for record in kind().extract(mailed, frozenset({1}))] == [
        {"unit": "甲市医院"},
        {"unit": "乙市医院"},
    ]


def test_a_header_without_gaps_asks_for_no_hint() -> None:
    record = of_mail([*labels(), HEAD, PERSON], Mail(text=f"订单号：{ORDER}"))
    assert record.hints == {}
