"""What a list tells of the platform's people: shown first, then taken in, and known to the next mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.mails import AT, Who, mail, people, workbook
from tests.cli.shell import Ran, mailbot
from tests.cli.site import write_site

KNOWN, NEW = people(2, seed=9)


def export(folder: Path, *, phone: str = "", more: str = "", head: str = "") -> Path:
    path = folder / "export.csv"
    row = f"{KNOWN.name},{KNOWN.id_number},{phone or KNOWN.phone}{more}"
    path.write_text(f"姓名,身份证号码,手机号码{head}\n{row}\n某人,不详,\n", "utf-8")
    return path


def take(storage: Path, file: Path, *more: str) -> Ran:
    return mailbot("platform", "import", "--storage", storage, file, *more)


def processed(storage: Path, folder: Path, *rows: Who) -> Ran:
    (folder / "1.eml").write_bytes(mail(workbook(rows or [KNOWN, NEW])))
    took = mailbot("process", folder / "1.eml", "--storage", storage, "--out", folder / "out", "--at", AT,
                   "--automation", "clean", "--json", "-")  # fmt: skip
    assert took.code == 0, took.err
    return took


def codes(took: Ran) -> list[list[str]]:
    [case] = took.json["cases"]
    return [[finding["code"] for finding in one["findings"]] for one in case["people"]]


def test_who_is_registered_by_the_list_is_told_so_and_gets_no_second_account(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    ran = take(storage, export(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    assert "新 1，更改 0，不变 0" in ran.out
    assert "export.csv 第 3 行：没有身份证号码，未记入" in ran.out
    took = processed(storage, tmp_path)
    assert codes(took) == [["person.already_registered"], []]
    [case] = took.json["cases"]
    assert [(effect["row"], effect["state"]) for effect in case["effects"]] == [(6, "already"), (7, "done")]
    assert "新 0，更改 0，不变 1" in take(storage, export(tmp_path)).out


def test_nothing_of_a_person_stands_whole_in_the_preview(tmp_path: Path) -> None:
    ran = take(tmp_path / "storage", export(tmp_path, more=",某科", head=",部门"), "--preview")
    assert KNOWN.id_number not in ran.out
    assert KNOWN.phone not in ran.out
    assert "部门" in ran.out
    assert "不认识，未使用" in ran.out
    assert "只是预览" in ran.out
    assert codes(processed(tmp_path / "storage", tmp_path)) == [[], []]


def test_who_bought_was_assigned_or_is_done_is_noted(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    file = export(tmp_path, head=",个人购买,已分配激活码,已完成年度", more=",2020,2020,2020")
    assert take(storage, file).code == 0
    [found, _] = codes(processed(storage, tmp_path))
    assert {"person.already_paid", "person.code_assigned", "person.year_completed"} <= set(found)


def test_a_person_whose_account_says_otherwise_waits(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    assert take(storage, export(tmp_path, phone="13900001111")).code == 0
    [case] = processed(storage, tmp_path).json["cases"]
    assert [one["state"] for one in case["people"]] == ["held", "fulfilled"]
    found = {finding["code"]: finding["message"] for finding in case["people"][0]["findings"]}
    assert "手机号码" in found["person.registration_differs"]
    assert "13900001111" not in str(case)


def test_a_newer_list_supersedes_and_an_older_one_does_not(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    assert take(storage, export(tmp_path, phone="13900001111"), "--as-of", "2020-09-01").code == 0
    ran = take(storage, export(tmp_path), "--as-of", "2020-09-10")
    assert "更改 1" in ran.out
    assert "的手机号码" in ran.out
    assert "已有更新的清单 1" in take(storage, export(tmp_path, phone="13900001111"), "--as-of", "2020-09-05").out
    assert codes(processed(storage, tmp_path)) == [["person.already_registered"], []]


def test_the_storage_of_a_site_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mailbot.sqlite").write_bytes(b"")
    ran = take(tmp_path, export(tmp_path))
    assert ran.code == 6
    assert "storage of a site" in ran.err


def test_a_site_asks_before_it_takes_a_list_in(tmp_path: Path) -> None:
    config = write_site(tmp_path / "site", None, None)
    ran = mailbot("platform", "import", "--config", config, export(tmp_path))
    assert ran.code == 7
    assert "--yes" in ran.err
    again = mailbot("platform", "import", "--config", config, export(tmp_path), "--yes", "--by", "张工")
    assert (again.code, "新 1" in again.out, "已写入 1 人" in again.out) == (0, True, True)
    assert "不变 1" in mailbot("platform", "import", "--config", config, export(tmp_path), "--preview").out


def test_a_day_to_come_is_refused_for_a_site(tmp_path: Path) -> None:
    config = write_site(tmp_path / "site", None, None)
    ran = mailbot("platform", "import", "--config", config, export(tmp_path), "--yes", "--as-of", "2999-01-01")
    assert ran.code == 7
    assert "还没有到" in ran.err


@pytest.mark.parametrize("day", ["2020-13-01", "gestern"])
def test_a_day_that_is_none_is_a_wrong_word(tmp_path: Path, day: str) -> None:
    assert take(tmp_path / "storage", export(tmp_path), "--as-of", day).code == 2


def test_an_html_table_under_an_excel_name_is_read(tmp_path: Path) -> None:
    cells = "".join(f"<td>{value}</td>" for value in (KNOWN.name, KNOWN.id_number, KNOWN.phone))
    page = f"<html><table><tr><td>姓名<td>身份证号码<td>手机号码</tr><tr>{cells}</tr></table></html>"
    (tmp_path / "export.xls").write_text(page, "utf-8")
    assert "新 1" in take(tmp_path / "storage", tmp_path / "export.xls").out


def test_a_list_without_a_day_is_not_older_than_the_one_before_it(tmp_path: Path) -> None:
    """The first list came in when the rehearsal had no time yet, the second at that of its last mail, years earlier."""
    storage = tmp_path / "storage"
    assert take(storage, export(tmp_path, phone="13900001111")).code == 0
    processed(storage, tmp_path, NEW)
    assert "更改 1" in take(storage, export(tmp_path)).out
