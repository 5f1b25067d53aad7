"""The platform's list of people: columns by their headings, and nobody known by a number that cannot be right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from mailbot.domain.ports import PortError
from mailbot.platform.account_file import AccountFile, differing, read_accounts
from mailbot.platform.known import Account, Group
from mailbot.platform.order_file import order_form
from tests.platform.people import person

TODAY = date(2020, 9, 1)
ONE, TWO = person(1), person(2)
FIRST = f"{ONE.name},{ONE.id_number},{ONE.phone}"


def xlsx(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def csv(folder: Path, *lines: str, head: str = "姓名,身份证号码,手机号码") -> Path:
    path = folder / "a.csv"
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8")
    return path


def read(path: Path) -> AccountFile:
    return read_accounts(path, TODAY, year=2020)


def reasons(told: AccountFile) -> dict[int, str]:
    return {row.line: row.why for row in told.bad}


def test_columns_are_found_by_their_headings_below_a_title(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["平台账号导出 截至2020年8月30日"],
        ["登录名", "姓 名", "手机（必填）", "证件号码", "部门"],
        ["zhao1990", ONE.name, ONE.phone, ONE.id_number, "一部"],
        [None, None, None, None],
        [TWO.phone, TWO.name, int(TWO.phone), f"'{TWO.id_number.lower()}"],
        ["合计", 2],
    ]
    told = read(xlsx(tmp_path / "a.xlsx", rows))
    assert told.accounts == (
        Account(ONE.id_number, ONE.phone, ONE.name, "zhao1990"),
        Account(TWO.id_number, TWO.phone, TWO.name, TWO.phone),
    )
    assert (told.bad, told.head.as_of, told.table.unused) == ((), date(2020, 8, 30), ("部门",))
    assert told.groups == {Group.ACCOUNT}


def test_what_the_list_does_not_tell_stays_unknown(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"身份证号,手机号,姓名\n{ONE.id_number},,张*\n{TWO.id_number},138****0002,\n", "gb18030")
    assert read(path).accounts == (Account(ONE.id_number), Account(TWO.id_number))


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("", "没有身份证号码"),
        ("500103", "不正确"),
        (ONE.id_number[:17] + ("0" if ONE.id_number[17] != "0" else "1"), "校验位"),
        ("5.00103E+17", "末几位已经丢失"),
        ("500103199001010000", "末几位已经丢失"),
        ("500***********1234", "遮盖"),
        ("500103900101001", "15位"),
    ],
)
def test_a_number_that_cannot_be_right_makes_nobody_known(tmp_path: Path, number: str, why: str) -> None:
    told = read(csv(tmp_path, f"赵小明,{number},", f"钱小明,{TWO.id_number},"))
    assert told.accounts == (Account(TWO.id_number, None, "钱小明"),)
    assert why in reasons(told)[2]


def test_digits_that_a_number_cell_lost_are_not_guessed(tmp_path: Path) -> None:
    rows: list[list[object]] = [["姓名", "身份证号码"], ["赵小明", int(ONE.id_number[:17] + "0")]]
    told = read(xlsx(tmp_path / "a.xlsx", rows))
    assert told.accounts == ()
    assert "末几位已经丢失" in reasons(told)[2]


def test_codes_and_years_of_several_rows_are_put_together(tmp_path: Path) -> None:
    head = "姓名,身份证号码,手机号码,年度,激活码状态,学习状态"
    told = read(
        csv(
            tmp_path,
            f"{FIRST},2019年,单位分配,已结业",
            f"{FIRST},2020,个人购买,学习中",
            f"{TWO.name},{TWO.id_number},{TWO.phone},,未购买,",
            head=head,
        )
    )
    one, two = told.accounts
    assert (one.bought, one.assigned, one.completed) == ((2020,), (2019,), (2019,))
    assert (two.bought, two.assigned, two.completed) == ((), (), ())
    assert told.groups == {Group.ACCOUNT, Group.CODES, Group.YEARS}


def test_a_state_without_a_year_is_that_of_the_campaign(tmp_path: Path) -> None:
    [one] = read(csv(tmp_path, f"{FIRST},已分配", head="姓名,身份证号码,手机号码,激活码")).accounts
    assert (one.bought, one.assigned) == ((), (2020,))
    assert read_accounts(csv(tmp_path, f"{FIRST},是", head="姓名,身份证号码,手机号码,个人购买"), TODAY,
                         year=2021).accounts[0].bought == (2021,)  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "years"),
    [("2016、2017", (2016, 2017)), ("2018年度", (2018,)), ("", ()), ("无", ()), ("2017；2016 ", (2016, 2017))],
)
def test_a_cell_may_name_the_years_that_are_done(tmp_path: Path, cell: str, years: tuple[int, ...]) -> None:
    [one] = read(csv(tmp_path, f"{FIRST},{cell}", head="姓名,身份证号码,手机号码,已完成年度")).accounts
    assert one.completed == years


def test_a_column_for_each_year_is_understood(tmp_path: Path) -> None:
    head = "姓名,身份证号码,手机号码,2018年度,2019年完成情况,2020年度备注"
    told = read(csv(tmp_path, f"{FIRST},已完成,学习中,x", head=head))
    assert told.accounts[0].completed == (2018,)
    assert told.table.unused == ("2020年度备注",)


@pytest.mark.parametrize(
    ("column", "cell"),
    [("激活码状态", "已冻结"), ("学习状态", "80%"), ("年度", "去年"), ("已完成年度", "2016到2018之间")],
)
def test_a_word_that_is_not_known_refuses_its_row(tmp_path: Path, column: str, cell: str) -> None:
    told = read(csv(tmp_path, f"{FIRST},{cell}", head=f"姓名,身份证号码,手机号码,{column}"))
    assert told.accounts == ()
    assert cell in reasons(told)[2]


def test_one_number_with_two_names_is_refused_whole(tmp_path: Path) -> None:
    told = read(csv(tmp_path, FIRST, f"{TWO.name},{TWO.id_number},{TWO.phone}", f"孙小红,{ONE.id_number},{ONE.phone}"))
    assert [one.id_number for one in told.accounts] == [TWO.id_number]
    assert set(reasons(told)) == {2, 4}
    assert "姓名不同" in reasons(told)[2]
    assert ONE.id_number not in reasons(told)[2]


def test_one_phone_with_two_people_is_refused_whole(tmp_path: Path) -> None:
    told = read(csv(tmp_path, FIRST, f"{TWO.name},{TWO.id_number},{ONE.phone}"))
    assert told.accounts == ()
    assert all("同一手机号码" in why for why in reasons(told).values())


def test_a_row_that_stands_there_twice_counts_once(tmp_path: Path) -> None:
    told = read(csv(tmp_path, FIRST, FIRST))
    assert (len(told.accounts), told.repeated, told.bad) == (1, (3,), ())


def test_the_day_of_the_list(tmp_path: Path) -> None:
    head = "姓名,身份证号码,手机号码,导出日期"
    dated = csv(tmp_path, f"{FIRST},2020/8/3", f"{TWO.name},{TWO.id_number},,2020-08-05", head=head)
    assert (read(dated).head.as_of, read(dated).dated_by) == (date(2020, 8, 5), "截至日期")
    assert read_accounts(dated, TODAY, date(2020, 1, 2)).head.as_of == date(2020, 1, 2)
    assert read(csv(tmp_path, FIRST)).head.as_of == TODAY
    told = read(csv(tmp_path, f"{FIRST},昨天", head=head))
    assert "昨天" in reasons(told)[2]


def test_a_table_without_id_numbers_is_refused_and_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("订单编号,单位,数量\n2020070100000001,某校,3\n", "utf-8")
    with pytest.raises(PortError, match="看来是订单清单") as refused:
        read_accounts(path, TODAY, others=[order_form()])
    assert "身份证号码" in str(refused.value)
    assert refused.value.retry is False


def test_what_differs_is_named() -> None:
    assert differing(Account("1", "2", "甲", bought=(2020,)), Account("1", "2", "乙", bought=())) == "姓名、自行购买"
