"""What a rehearsal is told of the platform before it takes mails in."""

from __future__ import annotations

from pathlib import Path

from tests.cli.mails import AT, mail, people, workbook
from tests.cli.shell import mailbot

KNOWN, NEW = people(2, seed=9)


def export(folder: Path, phone: str) -> Path:
    path = folder / "export.csv"
    path.write_text(f"姓名,身份证号码,手机号码\n{KNOWN.name},{KNOWN.id_number},{phone}\n某人,不详,\n", "utf-8")
    return path


def test_who_is_registered_by_the_export_is_told_so(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    ran = mailbot("platform", "import", "--storage", storage, export(tmp_path, KNOWN.phone))
    assert (ran.code, ran.err) == (0, "")
    assert "新记 1 人" in ran.out
    assert "第 3 行没有正确的身份证号码" in ran.out
    (tmp_path / "1.eml").write_bytes(mail(workbook([KNOWN, NEW])))
    took = mailbot("process", tmp_path / "1.eml", "--storage", storage, "--out", tmp_path / "out", "--at", AT,
                   "--automation", "clean", "--json", "-")  # fmt: skip
    assert took.code == 0, took.err
    [case] = took.json["cases"]
    assert [[f["code"] for f in one["findings"]] for one in case["people"]] == [["person.already_registered"], []]
    again = mailbot("platform", "import", "--storage", storage, export(tmp_path, KNOWN.phone))
    assert "新记 0 人，原已知 1 人" in again.out


def test_a_person_whose_account_says_otherwise_waits(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    assert mailbot("platform", "import", "--storage", storage, export(tmp_path, "13900001111")).code == 0
    (tmp_path / "1.eml").write_bytes(mail(workbook([KNOWN, NEW])))
    took = mailbot("process", tmp_path / "1.eml", "--storage", storage, "--out", tmp_path / "out", "--at", AT,
                   "--automation", "clean", "--json", "-")  # fmt: skip
    [case] = took.json["cases"]
    assert [one["state"] for one in case["people"]] == ["held", "fulfilled"]


def test_the_storage_of_a_site_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mailbot.sqlite").write_bytes(b"")
    ran = mailbot("platform", "import", "--storage", tmp_path, export(tmp_path, KNOWN.phone))
    assert ran.code == 6
    assert "storage of a site" in ran.err
