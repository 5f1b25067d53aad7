"""A corrected roster: the shell shows both versions, explains the one in force, and decides on what stands now."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import MIXED, mixed
from tests.cli.mails import FIRST_ROW, LATER, mail, people, workbook
from tests.cli.shell import mailbot

TWO = "2020-000002"
SOON = "2020-09-22T12:00:00+08:00"


@pytest.fixture
def corrected(storage: Path, tmp_path: Path) -> Path:
    """The sender answered our letter about case 2 with the missing phone filled in."""
    [letter] = [one for one in mailbot("letter", "list", "--state", "done", "--json", "--storage", storage).json
                if one["cases"] == [TWO]]  # fmt: skip
    rows = mixed()
    rows[2] = replace(rows[2], phone=MIXED[2].phone)
    raw = mail(workbook(rows, order="2020070297223099"), number=20, answers=letter["message_id"])
    (tmp_path / "20.eml").write_bytes(raw)
    ran = mailbot("process", tmp_path / "20.eml", "--storage", storage, "--out", tmp_path, "--at", LATER, "--json", "-")
    assert ran.code == 0, ran.err
    assert [case["id"] for case in json.loads(ran.out)["cases"]] == [TWO]
    return storage


def test_both_versions_stand_with_their_mails(corrected: Path) -> None:
    found = mailbot("case", "show", TWO, "--json", "--storage", corrected).json
    assert (found["version"], [version["version"] for version in found["versions"]]) == (2, [1, 2])
    assert [version["mail"] for version in found["versions"]] == [2, 5]
    assert found["mails"] == [2, 5]
    assert len(found["people"]) == 4
    assert found["people"][2]["findings"] == []
    page = mailbot("case", "show", TWO, "--storage", corrected).out
    assert "第 2 版：邮件 5" in page


def test_the_version_in_force_is_explained_from_its_own_mail(corrected: Path) -> None:
    page = mailbot("explain", TWO, "--row", str(FIRST_ROW + 2), "--storage", corrected).out
    assert "phone.missing  否" in page
    whole = mailbot("explain", TWO, "--storage", corrected)
    assert whole.code == 0
    assert "row.remark  是" in whole.out


def test_what_stands_now_is_decided(corrected: Path) -> None:
    by = ("--by", "王审核", "--reason", "已核对", "--yes", "--storage", corrected)
    old = mailbot("case", "decide", TWO, "--proposed", "--approve", "--seen", "1", *by)
    assert "已有变化" in old.err
    ran = mailbot("case", "decide", TWO, "--proposed", "--approve", *by)
    assert ran.code == 0, ran.err
    assert ran.out.count("办理事项：注册账号") == 3
    found = mailbot("case", "show", TWO, "--json", "--storage", corrected).json
    assert [row["state"] for row in found["people"]] == ["approved", "approved", "approved", "held"]


def test_a_long_verdict_is_told_in_short(storage: Path, tmp_path: Path) -> None:
    (tmp_path / "40.eml").write_bytes(mail(workbook(people(40, seed=9), order="2020070297221111"), number=40))
    words = ("--storage", storage, "--out", tmp_path, "--at", SOON)
    assert mailbot("process", tmp_path / "40.eml", *words, "--json", "-").code == 0
    by = ("--by", "王审核", "--reason", "已核对", "--storage", storage)
    ran = mailbot("case", "decide", "2020-000005", "--proposed", "--approve", *by, stdin="n\n")
    proposed = [row for row in mailbot("case", "show", "2020-000005", "--json", "--storage", storage).json["people"]
                if row["proposed"]]  # fmt: skip
    assert len(proposed) > 30
    assert f"另有 {len(proposed) - 30} 项同样办理" in ran.out
    assert f"办理事项：共 {len(proposed)} 项" in ran.out
    assert ran.out.count("\n") < 80


def test_a_sender_without_one_plain_address_gets_no_letter_and_is_not_bound(storage: Path, tmp_path: Path) -> None:
    raw = mail(workbook(people(2, seed=11), order="2020070297222222"), number=50)
    (tmp_path / "50.eml").write_bytes(raw.replace(b"From: hr@yunling-test.cn", b"From: a@b.cn, c@d.cn"))
    words = ("--storage", storage, "--out", tmp_path, "--at", SOON, "--json", "-")
    [case] = json.loads(mailbot("process", tmp_path / "50.eml", *words).out)["cases"]
    decide = ("case", "decide", case["id"], "--all", "--by", "王审核", "--reason", "核对", "--storage", storage)
    codes = [f["code"] for f in case["findings"] if f["severity"] in ("ask", "hold")]
    waive = [word for code in codes for word in ("--waive", f"{code}=电话确认")]
    shown = mailbot(*decide, "--approve", *waive, stdin="n\n")
    assert "信件：无（来信人地址不可用）" in shown.out
    refused = mailbot(*decide, "--approve", *waive, "--bind", "--yes")
    assert "无法确认" in refused.err


def test_a_roster_without_a_unit_binds_nobody(storage: Path, tmp_path: Path) -> None:
    (tmp_path / "60.eml").write_bytes(
        mail(workbook(people(2, seed=12), unit=None, order="2020070297223333"), number=60)
    )
    words = ("--storage", storage, "--out", tmp_path, "--at", SOON, "--json", "-")
    [case] = json.loads(mailbot("process", tmp_path / "60.eml", *words).out)["cases"]
    ran = mailbot("case", "decide", case["id"], "--item", "1", "--approve", "--bind", "--yes", "--by", "王审核", "--reason", "x",
                  "--storage", storage)  # fmt: skip
    assert "没有单位名称和税号" in ran.err
