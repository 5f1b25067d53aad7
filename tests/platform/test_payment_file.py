"""A register of the old platforms' payments: what is told, what is refused and why, and nothing guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from mailbot.domain.payments import STATUSES
from mailbot.domain.ports import PortError
from mailbot.platform.list_file import UNDATED
from mailbot.platform.order_file import order_form
from mailbot.platform.payment_file import PaidOrder, PaymentFile, payment_form, read_payments
from tests.platform.people import person

TODAY = date(2020, 9, 1)
HEAD = "订单号,姓名,身份证号,年度,金额,状态,缴费时间"
WHO = person(1)


def csv(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "register.csv"
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8")
    return path


def read(path: Path, as_of: date | None = None) -> PaymentFile:
    return read_payments(path, TODAY, TODAY, as_of)


def why(folder: Path, *lines: str) -> dict[int, str]:
    return {row.line: row.why for row in read(csv(folder, *lines)).bad}


def test_a_register_with_every_column(tmp_path: Path) -> None:
    told = read(
        csv(
            tmp_path, f"2018060500001,{WHO.name},{WHO.id_number},2018年度,33,已支付,2018-06-05 12:33:21", "合计,,,,33,,"
        )
    )
    [one] = told.payments
    assert one == PaidOrder("2018060500001", WHO.name, WHO.id_number, 2018, "33.00", "paid", date(2018, 6, 5))
    assert (told.bad, told.repeated, told.head.as_of, told.dated_by) == ((), (), TODAY, UNDATED)


def test_what_the_register_does_not_tell_is_unknown(tmp_path: Path) -> None:
    told = read(csv(tmp_path, "T2018060500001,张*,500***********0018,2018,,,", "T2018060500002,,,,,,"))
    assert told.payments == (PaidOrder("T2018060500001", year=2018), PaidOrder("T2018060500002"))


def test_numbers_of_a_workbook_are_read_as_far_as_they_are_whole(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["订单号", "年度", "金额"], ["2018060500001", 2018, 33], [2018060500148611513, 2018, 33.5]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "register.xlsx")
    told = read(tmp_path / "register.xlsx")
    assert [(one.year, one.amount) for one in told.payments] == [(2018, "33.00")]
    [lost] = told.bad
    assert (lost.line, "末几位已经丢失" in lost.why) == (3, True)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2.01806E+15,,,2018,33,已支付,", "末几位已经丢失"),
        (",张三,,2018,33,已支付,", "没有订单号"),
        ("待补,张三,,2018,33,已支付,", "不是一个订单号"),
        ("T20180605,张三,50010119900101001,2018,33,已支付,", "身份证号码"),
        ("T20180605,张三,,二零一八,33,已支付,", "年度“二零一八”不是一个年度"),
        ("T20180605,张三,,2018,三十三,已支付,", "金额“三十三”不是金额"),
        ("T20180605,张三,,2018,33.005,已支付,", "不是金额"),
        ("T20180605,张三,,2018,33,处理中,", "不认识的状态“处理中”"),
        ("T20180605,张三,,2018,33,已支付,夏天", "缴费时间“夏天”不是日期"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_with_line_and_reason(tmp_path: Path, line: str, reason: str) -> None:
    found = why(tmp_path, line, "T20180606,乙,,2018,33,已支付,")
    assert set(found) == {2}
    assert reason in found[2]
    assert "50010119900101001" not in found[2]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("交易成功", "paid"),
        ("待付款", "unpaid"),
        ("已退款", "refunded"),
        ("部分退款", "partly_refunded"),
        ("已关闭", "closed"),
    ],
)
def test_the_words_of_a_status_mean_what_pictures_say(tmp_path: Path, word: str, status: str) -> None:
    assert status in STATUSES
    assert read(csv(tmp_path, f"T20180605,,,2018,33,{word},")).payments[0].status == status


def test_every_meaning_of_the_form_is_a_status() -> None:
    assert set(payment_form().words["status"]) == set(STATUSES)


def test_an_order_for_several_years_is_known_and_its_year_is_not(tmp_path: Path) -> None:
    told = read(
        csv(tmp_path, "T20180605,张三,,2017,66,已支付,", "T-2018 0605,张三,,2018,66,已支付,", "T20180606,,,2018,,,")
    )
    assert told.payments == (
        PaidOrder("T20180605", "张三", None, None, "66.00", "paid"),
        PaidOrder("T20180606", year=2018),
    )
    assert (told.repeated, told.bad) == ((3,), ())


def test_an_order_that_was_paid_and_refunded_tells_no_status(tmp_path: Path) -> None:
    [one] = read(csv(tmp_path, "T20180605,,,2018,33,已支付,", "T20180605,,,2018,33,已退款,")).payments
    assert one.status is None


@pytest.mark.parametrize("money", ["33", "33.0", "￥33.00", "33元", "¥ 33.00 元"])
def test_an_amount_is_the_same_however_it_is_written(tmp_path: Path, money: str) -> None:
    assert read(csv(tmp_path, f"T20180605,,,2018,{money},,")).payments[0].amount == "33.00"


def test_the_day_is_its_own_or_the_one_given(tmp_path: Path) -> None:
    path = csv(tmp_path, "T20180605,2018,2020-08-01", head="订单号,年度,截至日期")
    assert read(path).head.as_of == date(2020, 8, 1)
    assert read(path, date(2020, 8, 5)).head.as_of == date(2020, 8, 5)


def test_a_list_of_another_kind_is_named(tmp_path: Path) -> None:
    path = csv(tmp_path, "T20180605,某校,3", head="订单号,购买单位,数量")
    with pytest.raises(PortError, match="缴费记录，看来是订单清单") as fault:
        read_payments(path, TODAY, TODAY, others=[order_form()])
    assert fault.value.retry is False
