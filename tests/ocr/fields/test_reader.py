"""Pages of every kind, read whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.domain.scan import SeenGroup
from mailbot.ocr.fields import read
from tests.ocr.fields.pages import HandMade, Second, column, line, ruled

ALIPAY = "2018050321001004560512345678"
WECHAT = "4200000123201806157712345678"


def value(group: SeenGroup, name: str) -> str | None:
    seen = group.get(name)
    assert seen is not None, name
    return seen.value


def test_alipay_labels_left_values_right() -> None:
    page = column(
        ("付款方式", "余额宝"),
        ("商品说明", "2018年度公需科目培训"),
        ("创建时间", "2018-05-03 12:33:21"),
        ("付款时间", "2018-05-03 12:33:40"),
        ("订单号", ALIPAY),
        ("商家订单号", "T200P1234567890"),
        ("收款方", "某某培训网"),
    )
    page = HandMade((line("-33.00", 400, 20), line("交易成功", 420, 50), *page.lines))
    kind, (order,) = read(page, None)
    assert kind == "order"
    assert value(order, "order_id") == ALIPAY
    assert value(order, "merchant_order_id") == "T200P1234567890"
    assert value(order, "paid_at") == "2018-05-03 12:33:40"
    assert value(order, "created_at") == "2018-05-03 12:33:21"
    assert value(order, "amount") == "33.00"
    assert value(order, "status") == "paid"
    assert value(order, "year") == "2018"


def test_wechat_number_wraps_onto_a_second_line() -> None:
    page = HandMade(
        (
            line("当前状态：支付成功", 40, 100),
            line("支付时间", 40, 160),
            line("2018年6月15日 08:09:10", 300, 160),
            line("交易单号", 40, 220),
            line(WECHAT[:20], 300, 220),
            line(WECHAT[20:], 300, 246),
            line("商户单号", 40, 300),
            line("1234567890", 300, 300),
        )
    )
    _, (order,) = read(page, None)
    number = order.get("order_id")
    assert number is not None
    assert number.value == WECHAT
    assert number.failed == ()
    assert number.complete is True
    assert value(order, "merchant_order_id") == "1234567890"
    assert value(order, "paid_at") == "2018-06-15 08:09:10"


def test_a_cut_number_is_not_complete() -> None:
    page = HandMade((*column(("当前状态", "支付成功"), ("交易单号", "")).lines, line(WECHAT[:10], 900, 160)))
    _, (order,) = read(page, None)
    number = order.get("order_id")
    assert number is not None
    assert number.complete is False


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("交易成功", "paid"),
        ("已全额退款", "refunded"),
        ("部分退款", "partly_refunded"),
        ("交易关闭", "closed"),
        ("等待付款", "unpaid"),
        ("某种新状态", None),
    ],
)
def test_status_is_never_paid_by_default(words: str, status: str | None) -> None:
    _, (order,) = read(column(("订单编号", "E20180503123456"), ("交易状态", words)), None)
    assert value(order, "status") == status


def test_a_refund_anywhere_wins() -> None:
    page = column(("订单号", ALIPAY), ("当前状态", "支付成功"), ("退款金额", "33.00"))
    _, (order,) = read(page, None)
    assert value(order, "status") == "refunded"


def test_labels_above_values_and_lists() -> None:
    heads = [line(text, 40 + 240 * n, 100) for n, text in enumerate(("订单编号", "下单时间", "支付状态", "课程名称"))]
    rows = [
        ("E1000001", "2017-03-04", "已支付", "2017年度公需科目"),
        ("E1000002", "2018-03-04", "已取消", "2018年度公需科目"),
    ]
    body = [line(text, 40 + 240 * n, 160 + 60 * r) for r, row in enumerate(rows) for n, text in enumerate(row)]
    kind, groups = read(HandMade((*heads, *body)), None)
    assert kind == "order_list"
    assert [value(group, "order_id") for group in groups] == ["E1000001", "E1000002"]
    assert [value(group, "status") for group in groups] == ["paid", "closed"]
    assert [value(group, "year") for group in groups] == ["2017", "2018"]
    assert read(HandMade((*heads, *body[:4])), None)[0] == "order"


def test_the_form_by_cells() -> None:
    table = ruled(
        [
            ["缴费年度", "订单编号", "付款人", "缴费时间", "缴费平台"],
            ["2018", ALIPAY[:16] + "\n" + ALIPAY[16:], "陈小雨", "2018-05-03", "支付宝"],
            ["", "", "", "", ""],
        ]
    )
    head = (
        line("2016-2019年公需科目缴费凭证", 200, 20),
        line("姓名", 40, 100),
        line("陈小雨", 200, 100),
        line("手机号码", 400, 100),
        line("13912345678", 600, 100),
        line("身份证号码", 40, 160),
        line("11010519491231002X", 200, 160),
    )
    kind, (person, row) = read(HandMade((*head, *table.lines), table.cells), None)
    assert kind == "proof_form"
    assert (value(person, "name"), value(person, "phone")) == ("陈小雨", "13912345678")
    assert value(person, "id_number") == "11010519491231002X"
    assert value(row, "order_id") == ALIPAY
    assert (value(row, "payer"), value(row, "year"), value(row, "paid_at")) == ("陈小雨", "2018", "2018-05-03")


def test_a_line_across_two_cells_of_a_roster_is_cut() -> None:
    table = ruled([["序号", "姓名", "身份证号码", "手机号码", "备注"], ["1", "陈小雨", "", "", ""]])
    joined = line("11010519491231002X13912345678", 380, 390, width=360 * 29 / 32)
    page = HandMade((*table.lines, joined), tuple(table.cells))
    kind, (row,) = read(page, None)
    assert kind == "roster"
    assert value(row, "name") == "陈小雨"
    assert len(value(row, "id_number") or "") + len(value(row, "phone") or "") == 29


def test_the_letter() -> None:
    lines = (
        line("缴费承诺书", 300, 20),
        line("本人陈小雨，身份证号码：11010519491231002X，手机号码：13912345678，已于2017年", 20, 60),
        line("5月6日缴费报名参加2017年度公需科目学习。因截图丢失原因，无法提供缴费凭证。", 20, 100),
        line("用户名为13912345678，现申请免费参加2017年继续教育公需科目的学习", 20, 140),
        line("承诺人：陈小雨", 20, 300),
        line("时间：2020年8月1日", 20, 340),
    )
    kind, (person,) = read(HandMade(lines), None)
    assert kind == "commitment"
    assert value(person, "name") == "陈小雨"
    assert value(person, "id_number") == "11010519491231002X"
    assert (value(person, "paid_on"), value(person, "signed_on")) == ("2017-05-06", "2020-08-01")
    assert (value(person, "reason"), value(person, "signed")) == ("截图丢失", "yes")
    assert value(person, "apply_years") == "2017"
    _, (unsigned,) = read(HandMade((*lines[:4], line("承诺人：", 20, 300), lines[5])), None)
    assert value(unsigned, "signed") is None


def test_cards_and_other_things() -> None:
    card = column(("姓名", "陈小雨"), ("公民身份号码", "11010519491231002X"))
    assert read(card, None)[0] == "identity_card"
    assert read(HandMade((line("今天天气很好", 10, 10),)), None) == ("other", ())
    assert read(HandMade(()), None) == ("other", ())


def test_engines_that_differ_do_not_agree() -> None:
    page = column(("当前状态", "支付成功"), ("交易单号", WECHAT))
    _, (order,) = read(page, Second((("v6", WECHAT), ("tesseract", WECHAT[:-1]))))
    number = order.get("order_id")
    assert number is not None
    assert (number.value, number.agreed, len(number.readings)) == (WECHAT, False, 2)
    _, (same,) = read(page, Second((("v6", WECHAT), ("tesseract", WECHAT))))
    again = same.get("order_id")
    assert again is not None
    assert again.agreed


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=30), st.integers(0, 900), st.integers(0, 900)), max_size=25))
def test_any_page_is_read(rows: list[tuple[str, int, int]]) -> None:
    lines = tuple(line(text, x, y, width=50) for text, x, y in rows)
    _, groups = read(HandMade(lines), None)
    told = {reading for one in lines for reading in one.text}
    for seen in (seen for group in groups for seen in group.fields if seen.name in ("order_id", "phone")):
        assert seen.value is None or seen.readings or set(seen.value) <= told
