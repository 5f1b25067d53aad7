"""The platform's export: columns by their headings, and nobody known by a number that cannot be right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from mailbot.domain.ports import PortError
from mailbot.platform.account_file import AccountFile, read_accounts
from mailbot.platform.ledger import Account
from tests.platform.people import person

TODAY = date(2020, 9, 1)
ONE, TWO = person(1), person(2)


def xlsx(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def test_columns_are_found_by_their_headings_below_a_title(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["平台账号导出"],
        ["登录名", "姓名", "手机", "证件号码"],
        ["zhao1990", ONE.name, ONE.phone, ONE.id_number],
        [None, None, None, None],
        [TWO.phone, TWO.name, int(TWO.phone), f"'{TWO.id_number.lower()}"],
    ]
    assert read_accounts(xlsx(tmp_path / "a.xlsx", rows), TODAY) == AccountFile(
        (
            Account(ONE.id_number, ONE.phone, ONE.name, "zhao1990"),
            Account(TWO.id_number, TWO.phone, TWO.name, TWO.phone),
        ),
        (),
    )


def test_what_the_export_does_not_tell_stays_unknown(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"身份证号,手机号\n{ONE.id_number},\n{TWO.id_number},12345\n", "gb18030")
    assert read_accounts(path, TODAY).accounts == (Account(ONE.id_number), Account(TWO.id_number))


@pytest.mark.parametrize(
    "number",
    [
        "",
        "500103",
        ONE.id_number[:17] + ("0" if ONE.id_number[17] != "0" else "1"),
        "5.00103E+17",
        "500103199001010000",
    ],
)
def test_a_number_that_cannot_be_right_makes_nobody_known(tmp_path: Path, number: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"姓名,身份证号码\n赵小明,{number}\n钱小明,{TWO.id_number}\n", "utf-8")
    told = read_accounts(path, TODAY)
    assert (told.accounts, told.unclear) == ((Account(TWO.id_number, None, "钱小明"),), (2,))


def test_digits_that_a_number_cell_lost_are_not_guessed(tmp_path: Path) -> None:
    rows: list[list[object]] = [["姓名", "身份证号码"], ["赵小明", int(ONE.id_number[:17] + "0")]]
    told = read_accounts(xlsx(tmp_path / "a.xlsx", rows), TODAY)
    assert (told.accounts, told.unclear) == ((), (2,))


def test_a_table_without_id_numbers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,手机号\n赵小明,13800000001\n", "utf-8")
    with pytest.raises(PortError, match="身份证号码"):
        read_accounts(path, TODAY)
