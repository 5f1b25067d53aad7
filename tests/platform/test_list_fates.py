"""Whatever stands in a list that staff hand in: every line has a fate, no whole number is told, nothing is guessed."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.chart import BarChart

from mailbot.domain.lists import Order
from mailbot.domain.ports import PortError
from mailbot.platform import table_file
from mailbot.platform.account_file import AccountFile, read_accounts
from mailbot.platform.list_file import BadRow
from mailbot.platform.order_file import OrderFile, read_orders
from mailbot.platform.table_file import read_file
from tests.examples import examples
from tests.platform.people import person

TODAY = date(2020, 9, 1)
ORDERS = ("订单号", "单位", "税号", "数量", "支付状态")
PEOPLE = ("姓名", "身份证号码", "手机号码", "年度", "激活码状态", "已完成年度")
ONE, TWO = person(1), person(2)
ANY = st.text(alphabet="0123456789.,甲乙-xX*+E\n\"'=；无合计", max_size=12)
ORDER_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["2020070100", "2020-07 0100", "D20200702", "", "待补", "2.02E+17", "合计"]) | ANY,
        st.sampled_from(["甲校", "乙校", "", "无"]) | ANY,
        st.sampled_from(["", "12345"]) | ANY,
        st.sampled_from(["", "3", "3个", "4.0", "三"]) | ANY,
        st.sampled_from(["", "已支付", "待支付", "处理中"]) | ANY,
    ),
    max_size=6,
)
PERSON_ROWS = st.lists(
    st.tuples(
        st.sampled_from([ONE.name, TWO.name, "", "张*"]) | ANY,
        st.sampled_from([ONE.id_number, TWO.id_number, f"'{ONE.id_number}", "500***********1234", ""]) | ANY,
        st.sampled_from([ONE.phone, TWO.phone, "", "138****0002"]) | ANY,
        st.sampled_from(["", "2019年", "去年", f"手机{ONE.phone}"]),
        st.sampled_from(["", "个人购买", "单位分配", "已冻结", ONE.id_number]),
        st.sampled_from(["", "2016、2017", "无", "很多", TWO.id_number]),
    ),
    max_size=6,
)


def written(folder: Path, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    path = folder / "list.csv"
    path.write_text(out.getvalue(), "utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lists")


def lines(bad: tuple[BadRow, ...]) -> list[int]:
    return [row.line for row in bad]


@examples(60)
@given(rows=ORDER_ROWS)
def test_every_line_of_a_list_of_orders_is_told_refused_or_repeated(folder: Path, rows: list[tuple[str, ...]]) -> None:
    told: OrderFile = read_orders(written(folder, ORDERS, rows), TODAY)
    assert len(told.orders) + len(told.bad) + len(told.repeated) == len(told.table.rows)
    assert not set(lines(told.bad)) & set(told.repeated)
    assert lines(told.bad) == sorted(lines(told.bad))
    assert len({order.key for order in told.orders}) == len(told.orders)
    assert all(row.why for row in told.bad)


@examples(60)
@given(rows=PERSON_ROWS)
def test_every_person_of_a_list_is_known_once_by_a_number_that_can_be(
    folder: Path, rows: list[tuple[str, ...]]
) -> None:
    told: AccountFile = read_accounts(written(folder, PEOPLE, rows), TODAY, year=2020)
    known = [account.id_number for account in told.accounts]
    assert len(set(known)) == len(known)
    assert set(known) <= {ONE.id_number, TWO.id_number}
    phones = [account.phone for account in told.accounts if account.phone]
    assert len(set(phones)) == len(phones)
    assert {line for line, _ in told.table.rows} >= {*lines(told.bad), *told.repeated}
    assert len(told.accounts) + len(set(lines(told.bad))) <= len(told.table.rows)


@examples(60)
@given(rows=PERSON_ROWS)
def test_no_reason_tells_a_whole_number(folder: Path, rows: list[tuple[str, ...]]) -> None:
    told = read_accounts(written(folder, PEOPLE, rows), TODAY, year=2020)
    for row in told.bad:
        assert re.search(r"\d{15}|1[3-9]\d{9}", row.why) is None


@pytest.mark.parametrize("column", [0, 2, 3, 4])
@pytest.mark.parametrize("cell", [f"身份证{ONE.id_number}", f"某某{ONE.phone}某", f"证件号码：{ONE.id_number}张三李四"])
def test_a_person_in_a_list_of_orders_is_told_masked(tmp_path: Path, column: int, cell: str) -> None:
    row = ["2020070100", "甲校", "", "3", "已支付"]
    row[column] = cell
    [bad] = read_orders(written(tmp_path, ORDERS, [tuple(row)]), TODAY).bad
    assert "*" in bad.why
    assert ONE.id_number[6:14] not in bad.why
    assert ONE.phone[3:7] not in bad.why


@given(rows=ORDER_ROWS)
@examples(40)
def test_the_order_of_its_lines_does_not_matter(folder: Path, rows: list[tuple[str, ...]]) -> None:
    def told(in_order: list[tuple[str, ...]]) -> set[Order]:
        read = read_orders(written(folder, ORDERS, in_order), TODAY)
        return {Order(one.key, one.unit, one.tax_id, one.codes, one.paid) for one in read.orders}

    assert told(rows) == told(rows[::-1])


@pytest.mark.parametrize(
    ("rows", "orders"),
    [
        ([("2020070100", "甲", "", "3", "已支付"), ("2020070100", "甲", "", "", "")], 1),
        ([("2020070100", "", "", "", ""), ("2020070100", "甲", "", "", ""), ("2020070100", "乙", "", "", "")], 0),
        ([("2020070100", "无", "-", "/", "暂无")], 1),
        ([("合计", "", "", "3", ""), ("2020070100", "合计", "", "", "")], 1),
        ([("ＡＢ２０２００７０１", "", "", "３", "已支付")], 1),
    ],
)
def test_lines_of_one_order(tmp_path: Path, rows: list[tuple[str, ...]], orders: int) -> None:
    told = read_orders(written(tmp_path, ORDERS, rows), TODAY)
    assert len(told.orders) == orders


def test_wide_digits_are_the_same_order_and_count(tmp_path: Path) -> None:
    told = read_orders(written(tmp_path, ORDERS, [("ＡＢ２０２００７０１", "", "", "３份", "已支付")]), TODAY)
    assert told.orders == (Order("AB20200701", codes=3, paid=True),)


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_file, "MAX_ROWS", 3)
    book = Workbook()
    for number in range(3):
        book.worksheets[0].append([number])
    book.save(tmp_path / "a.xlsx")
    text = tmp_path / "a.csv"
    text.write_text("1\n2\n3\n", "utf-8")
    assert len(read_file(text).sheets[0][1]) == len(read_file(tmp_path / "a.xlsx").sheets[0][1]) == 3
    text.write_text("1\n2\n3\n4\n", "utf-8")
    book.worksheets[0].append([4])
    book.save(tmp_path / "a.xlsx")
    for path in (text, tmp_path / "a.xlsx"):
        with pytest.raises(PortError, match="more than 3 rows") as refused:
            read_file(path)
        assert refused.value.retry is False


def test_a_workbook_of_charts_alone_is_named_as_one_without_a_sheet(tmp_path: Path) -> None:
    book = Workbook()
    data = book.worksheets[0]
    book.create_chartsheet("图").add_chart(BarChart())
    book.remove(data)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(PortError, match=r"a\.xlsx is a workbook without a sheet"):
        read_file(tmp_path / "a.xlsx")


def test_a_cell_without_end_is_no_csv_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n"' + "x" * 200_000 + "\n", "utf-8")
    with pytest.raises(PortError, match=r"a\.csv is no readable csv file") as refused:
        read_file(path)
    assert refused.value.retry is False


def test_a_folder_or_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.xlsx"):
        with pytest.raises(PortError, match="cannot be read") as refused:
            read_file(path)
        assert (refused.value.retry, "\n" in str(refused.value)) == (False, False)


def test_columns_behind_the_last_that_is_read_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(f"c{n}" for n in range(200)) + "\n", "utf-8")
    [(_, [row])] = read_file(path).sheets
    assert (len(row), row[-1]) == (64, "c63")
