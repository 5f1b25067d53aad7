"""Stored mails from the shell: lists, one mail, another try, the exact bytes."""

from pathlib import Path

import pytest

from mailbot.cli.exits import ExitCode
from tests.cli.conftest import ALIKE
from tests.cli.mails import LATER, SENDER, mail
from tests.cli.shell import mailbot


def test_the_list_has_the_latest_first_and_says_why_one_was_set_aside(filled: Path) -> None:
    found = mailbot("mail", "list", "--json", "--storage", filled / "storage").json
    assert [mail["id"] for mail in found] == [4, 3, 2, 1]
    assert [mail["state"] for mail in found] == ["set_aside", "done", "done", "done"]
    assert found[0]["findings"]
    page = mailbot("mail", "list", "--state", "set_aside", "--storage", filled / "storage").out
    assert "未能处理，待审核" in page
    assert SENDER in page
    assert "2020-000001" not in page


def test_a_short_list_says_that_it_is_short(filled: Path) -> None:
    assert "只列出最近 2 封" in mailbot("mail", "list", "--limit", "2", "--storage", filled / "storage").out
    assert mailbot("mail", "list", "--limit", "0", "--storage", filled / "storage").code == ExitCode.USAGE


def test_one_mail_with_parts_cases_letters_and_events(filled: Path) -> None:
    page = mailbot("mail", "show", "1", "--storage", filled / "storage").out
    for text in ("名单.xlsx", "2020-000001（opens）", "mail:1:1", "mail.stored", "附件为我单位报名名单。"):
        assert text in page
    found = mailbot("mail", "show", "1", "--json", "--storage", filled / "storage").json
    assert found["cases"] == [{"id": "2020-000001", "role": "opens"}]
    assert found["letters"][0]["state"] == "done"


def test_numbers_in_a_mail_s_own_text_are_masked(storage: Path, tmp_path: Path) -> None:
    who = ALIKE[0]
    told = mail(None, subject=f"{who.id_number} 报名", text=f"{who.name} {who.id_number} {who.phone}", number=9)
    (tmp_path / "9.eml").write_bytes(told)
    ran = mailbot("process", tmp_path / "9.eml", "--storage", storage, "--out", tmp_path, "--at", LATER, "--json", "-")
    assert ran.code == 0
    pages = [
        mailbot("mail", *verb, "--storage", storage).out for verb in (["list"], ["show", "5"], ["show", "5", "--json"])
    ]
    assert all(who.id_number not in page and who.phone not in page for page in pages)
    assert who.name in pages[1]


def test_a_mail_that_was_set_aside_is_taken_in_again_under_a_name(storage: Path, filled: Path, tmp_path: Path) -> None:
    ran = mailbot("mail", "retry", "4", "--by", "王审核", "--storage", storage)
    assert ran.code == 0, ran.err
    assert mailbot("mail", "show", "4", "--json", "--storage", storage).json["state"] == "stored"
    drained = mailbot(
        "process", filled / "1.eml", "--storage", storage, "--out", tmp_path, "--at", LATER, "--json", "-"
    )
    assert drained.code == 0
    found = mailbot("mail", "show", "4", "--json", "--storage", storage).json
    kinds = [(event["kind"], event["actor"]) for event in found["events"]]
    assert found["state"] in ("stored", "set_aside")
    assert ("mail.retried", "王审核") in kinds


@pytest.mark.parametrize(("number", "why"), [("1", "现为“已处理”"), ("77", "没有编号为 77 的邮件")])
def test_only_a_mail_that_was_set_aside_is_tried_again(storage: Path, number: str, why: str) -> None:
    ran = mailbot("mail", "retry", number, "--by", "王审核", "--storage", storage)
    assert ran.code == ExitCode.REFUSED
    assert why in ran.err


def test_the_exact_bytes_into_a_file_of_the_owner_and_the_look_is_an_event(storage: Path, filled: Path) -> None:
    out = storage.parent / "raw.eml"
    ran = mailbot("mail", "raw", "1", "--out", out, "--by", "王审核", "--reason", "核对原件", "--storage", storage)
    assert ran.code == 0
    assert out.read_bytes() == (filled / "1.eml").read_bytes()
    assert out.stat().st_mode & 0o777 == 0o600
    events = mailbot("mail", "show", "1", "--json", "--storage", storage).json["events"]
    assert events[-1]["kind"] == "values.revealed"
    assert events[-1]["actor"] == "王审核"
    again = mailbot("mail", "raw", "1", "--out", out, "--storage", storage)
    assert (again.code, "文件已存在" in again.err) == (ExitCode.REFUSED, True)


def test_raw_bytes_on_stdout_are_exactly_the_mail(storage: Path, filled: Path) -> None:
    ran = mailbot("mail", "raw", "1", "--out", "-", "--storage", storage)
    assert ran.out.encode() == (filled / "1.eml").read_bytes()
