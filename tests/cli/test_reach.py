"""From the shell: a letter that came back is seen on its case, with the telephone, until the next letter leaves; and a
sender of very many has one row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.mails import AT, LATER, SENDER, mail, people, workbook
from tests.cli.shell import mailbot

TELEPHONE = "13800001234"


def returned(message_id: str) -> bytes:
    """A mail server's report about a letter."""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.cqhrsp.com\r\nTo: 2020gxkm@cqhrsp.com\r\nSubject: Undelivered Mail\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; {SENDER}\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n--b--\r\n"
    ).encode()


def process(home: Path, name: str, raw: bytes, at: str = AT) -> None:
    (home / name).write_bytes(raw)
    ran = mailbot("process", home / name, "--storage", home / "storage", "--out", home / "out", "--at", at,
                  "--automation", "clean", "--json", home / "lines.jsonl")  # fmt: skip
    assert ran.code == 0, ran.err


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A roster that was done and answered, and the answer came back."""
    process(tmp_path, "1.eml", mail(workbook(people(1))))
    [letter] = mailbot("case", "show", "2020-000001", "--json", "--storage", tmp_path / "storage").json["letters"]
    process(tmp_path, "2.eml", returned(letter["message_id"]), LATER)
    return tmp_path


def test_the_case_says_that_it_cannot_be_reached_and_whom_to_call(home: Path) -> None:
    shown = mailbot("case", "show", "2020-000001", "--json", "--storage", home / "storage").json
    lost = shown["unreached"]
    assert (lost["to"], lost["why"], lost["sure"]) == (SENDER, "对方邮箱已满", True)
    assert (lost["contact"], lost["phone"]) == ("王敏", TELEPHONE)
    assert shown["state"] == "fulfilled"
    page = mailbot("case", "show", "2020-000001", "--storage", home / "storage").out
    assert f"联系不上：发给 {SENDER} 的信被退回（对方邮箱已满），请打电话：王敏 {TELEPHONE}" in page


def test_the_list_marks_the_case(home: Path) -> None:
    storage = home / "storage"
    assert "（联系不上）" in mailbot("case", "list", "--storage", storage, "--at", LATER).out
    [line] = mailbot("case", "list", "--json", "--storage", storage, "--at", LATER).json
    assert line["unreached"] is True


def test_a_case_whose_letters_arrive_says_nothing(tmp_path: Path) -> None:
    process(tmp_path, "1.eml", mail(workbook(people(1))))
    assert mailbot("case", "show", "2020-000001", "--json", "--storage", tmp_path / "storage").json["unreached"] is None
    assert "联系不上" not in mailbot("case", "list", "--storage", tmp_path / "storage", "--at", LATER).out


def test_a_sender_of_very_many_has_one_row(tmp_path: Path) -> None:
    names = []
    for number in range(1, 13):
        names.append(tmp_path / f"{number}.eml")
        names[-1].write_bytes(
            mail(None, subject=f"咨询 {number}", text=f"第{number}次询问，名单怎么交？", number=number)
        )
    ran = mailbot("process", *names, "--storage", tmp_path / "storage", "--out", tmp_path / "out", "--at", AT,
                  "--json", tmp_path / "lines.jsonl")  # fmt: skip
    assert ran.code == 0, ran.err
    storage = tmp_path / "storage"
    page = mailbot("mail", "list", "--state", "set_aside", "--storage", storage).out
    whole = mailbot("mail", "list", "--state", "set_aside", "--all", "--storage", storage).out
    told = mailbot("mail", "list", "--state", "set_aside", "--json", "--storage", storage).json
    assert len(told) == 12
    assert page.count("咨询") == 1
    assert "11" in page
    assert whole.count("咨询") == 12
