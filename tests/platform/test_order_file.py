"""The platform's list of orders: what is told, what is refused and why, and nothing guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from mailbot.domain.lists import Order
from mailbot.domain.ports import PortError
from mailbot.platform.account_file import account_form
from mailbot.platform.list_file import UNDATED
from mailbot.platform.order_file import OrderFile, differing, read_orders

TODAY = date(2020, 9, 1)
HEAD = "订单编号,购买单位,税号,数量,支付状态"
TAX = "91500000203006749" + "G"


def csv(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "orders.csv"
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8")
    return path


def read(path: Path, as_of: date | None = None) -> OrderFile:
    return read_orders(path, TODAY, as_of)


def why(folder: Path, *lines: str) -> dict[int, str]:
    return {row.line: row.why for row in read(csv(folder, *lines)).bad}


def test_a_list_with_every_column(tmp_path: Path) -> None:
    told = read(
        csv(tmp_path, "2020-0701-0001,某某公司,,43个,已支付", "D2020070002,乙校,无,5,待支付", ",,,,", "合计,,,48,")
    )
    assert told.orders == (
        Order("2020-0701-0001", "某某公司", None, 43, paid=True),
        Order("D2020070002", "乙校", None, 5, paid=False),
    )
    assert (told.bad, told.repeated, told.head.as_of, told.dated_by) == ((), (), TODAY, UNDATED)


def test_numbers_of_a_workbook_are_read_as_far_as_they_are_whole(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["订单清单"], ["订单号", "单位", "数量"], [202007010001, "甲", 3.0], ["202007010002", "乙", "4"]):
        book.worksheets[0].append(row)
    book.worksheets[0].append([2020070148611513, "丙", 5])
    book.save(tmp_path / "orders.xlsx")
    told = read(tmp_path / "orders.xlsx")
    assert [(order.order_no, order.codes) for order in told.orders] == [("202007010001", 3), ("202007010002", 4)]
    [lost] = told.bad
    assert lost.line == 5
    assert "末几位已经丢失" in lost.why


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2.02007E+15,甲,,3,已支付", "末几位已经丢失"),
        ("202007014861151000,甲,,3,已支付", "末几位已经丢失"),
        (",甲,,3,已支付", "没有订单号"),
        ("待补,甲,,3,已支付", "不是一个订单号"),
        ("20200701 和 20200702,甲,,3,已支付", "不是一个订单号"),
        ("2020070100,甲,,三,已支付", "激活码数量“三”不是个数"),
        ("2020070100,甲,,-3,已支付", "不是个数"),
        ("2020070100,甲,,3,处理中", "不认识的缴费状态“处理中”"),
        ("2020070100,甲,12345,3,已支付", "纳税人识别号"),
        ("2020070100,甲,9.15E+17,3,已支付", "末几位已经丢失"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_with_its_reason(tmp_path: Path, line: str, reason: str) -> None:
    found = why(tmp_path, line, "2020070199,乙,,1,已支付")
    assert set(found) == {2}
    assert reason in found[2]


def test_rows_of_one_order_are_put_together(tmp_path: Path) -> None:
    told = read(csv(tmp_path, "2020070100,甲,,,已支付", "2020070100,,,3,", "2020070100,甲,,3,已支付"))
    assert told.orders == (Order("2020070100", "甲", None, 3, paid=True),)
    assert told.repeated == (3, 4)


def test_rows_that_contradict_each_other_are_refused_all(tmp_path: Path) -> None:
    found = why(tmp_path, "2020070100,甲,,3,已支付", "2020070101,乙,,1,", "2020-070100,丙,,4,已支付")
    assert set(found) == {2, 4}
    assert found[2] == "第 2、4 行是同一订单号，而单位、激活码数量不同"


@pytest.mark.parametrize(
    ("title", "day"),
    [("截至2020年8月20日", date(2020, 8, 20)), ("导出于 2020-08-21 10:00", date(2020, 8, 21)), ("2020年", TODAY)],
)
def test_a_title_may_tell_the_day(tmp_path: Path, title: str, day: date) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(f"{title}\n{HEAD}\n2020070100,甲,,3,已支付\n", "utf-8")
    assert read(path).head.as_of == day
    assert read(path, date(2020, 1, 1)).head.as_of == date(2020, 1, 1)


def test_columns_that_nobody_knows_and_those_that_are_not_there_are_named(tmp_path: Path) -> None:
    told = read(csv(tmp_path, "2020070100,x,y", head="订单号,支付宝交易号,经办人"))
    assert told.table.unused == ("支付宝交易号", "经办人")
    assert set(told.table.missing) == {"单位", "纳税人识别号", "激活码数量", "缴费状态"}
    assert told.orders == (Order("2020070100"),)


def test_the_preferred_heading_counts_where_two_would_do(tmp_path: Path) -> None:
    told = read(csv(tmp_path, "9999999999,2020070100", head="订单编号,缴费订单号"))
    assert told.orders[0].order_no == "2020070100"
    assert told.table.unused == ("订单编号",)


@pytest.mark.parametrize("text", ["", "姓名,身份证号码\n甲,1\n", "随便什么\n"])
def test_another_file_is_refused_by_name_with_what_was_found(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(PortError, match=r"wrong\.csv 不是订单清单") as refused:
        read_orders(path, TODAY, others=[account_form()])
    assert ("看来是人员清单" in str(refused.value)) == ("身份证号码" in text)


def test_the_sheet_that_has_the_headings_is_read(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["说明"])
    sheet = book.create_sheet("订单")
    sheet.append(["订单号", "数量"])
    sheet.append(["2020070100", 2])
    book.save(tmp_path / "orders.xlsx")
    told = read(tmp_path / "orders.xlsx")
    assert (told.table.sheet, told.orders) == ("订单", (Order("2020070100", codes=2),))


def test_what_differs_is_named() -> None:
    assert differing(Order("1", codes=3), Order("1", codes=4, paid=True)) == "激活码数量、缴费状态"
