"""Rules, reading, explaining, the chain, health and the digest from the shell; and failures that were foreseen."""

import io
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from openpyxl import Workbook

from mailbot.cli.exits import ExitCode
from mailbot.data import rules_dir
from tests.cli.conftest import ALIKE, MIXED
from tests.cli.mails import FIRST_ROW, SENDER, mail, people, workbook
from tests.cli.shell import mailbot

ONE, TWO = "2020-000001", "2020-000002"


def test_good_rules_say_how_many_hold_and_which_version() -> None:
    ran = mailbot("rules", "check")
    assert ran.code == 0
    assert ran.out.startswith("规则有效：")


def test_bad_rules_are_told_with_file_and_line_and_exit_code_4(tmp_path: Path) -> None:
    rules = Path(shutil.copytree(rules_dir(), tmp_path / "rules"))
    text, changed = re.subn(
        r'(?m)^then(\s*)= "ask"', r'then\1= "aks"', (rules / "roster_row.toml").read_text("utf-8"), count=1
    )
    assert changed == 1
    (rules / "roster_row.toml").write_text(text, "utf-8")
    ran = mailbot("rules", "check", "--rules", rules)
    assert ran.code == ExitCode.RULES
    assert "roster_row.toml:" in ran.out
    assert "未启用" in ran.out
    assert mailbot("rules", "list", "--rules", rules).code == ExitCode.RULES
    assert mailbot("rules", "check", "--rules", tmp_path / "none").code == ExitCode.USAGE


def test_rules_and_facts_of_one_record() -> None:
    assert "phone.missing" in mailbot("rules", "list", "row").out
    assert "phone.missing" not in mailbot("rules", "list", "mail").out
    assert "campaign.study_closes" in mailbot("rules", "facts", "mail").out
    wrong = mailbot("rules", "facts", "rows")
    assert (wrong.code, "不认识的记录 rows" in wrong.err) == (ExitCode.REFUSED, True)


def test_a_workbook_is_shown_cell_by_cell_with_its_types(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["姓名", 12.5, 7, True, None, "00123"])
    out = io.BytesIO()
    book.save(out)
    (tmp_path / "x.xlsx").write_bytes(out.getvalue())
    ran = mailbot("read", tmp_path / "x.xlsx")
    assert ran.code == 0, ran.err
    assert "1: 1=“姓名”  2=12.5  3=7  4=True  6=“00123”" in ran.out


def test_reading_masks_unless_told_otherwise_and_knows_mails(tmp_path: Path) -> None:
    (tmp_path / "x.eml").write_bytes(mail(workbook(ALIKE)))
    masked, whole = mailbot("read", tmp_path / "x.eml"), mailbot("read", tmp_path / "x.eml", "--reveal")
    who = ALIKE[0]
    assert who.name in masked.out
    assert who.id_number not in masked.out
    assert who.phone not in masked.out
    assert who.id_number in whole.out
    assert "附件为我单位报名名单。" in masked.out
    assert "另有 7 行" in mailbot("read", tmp_path / "x.eml", "--rows", "1").out


def test_an_unreadable_file_is_a_fault_and_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(workbook(ALIKE)[:900])
    ran = mailbot("read", tmp_path / "x.xlsx")
    assert ran.code == ExitCode.FAILED
    assert "无法读取" in ran.out
    assert mailbot("read", tmp_path / "none.xlsx").code == ExitCode.USAGE


def test_a_case_is_explained_with_hits_and_misses_and_their_facts(filled: Path) -> None:
    page = mailbot("explain", TWO, "--storage", filled / "storage").out
    assert "与判定时相同" in page
    assert "header.unit_missing  否" in page
    assert "phone.missing  是，请发件人更正" in page
    assert "row.remark  是，转人工审核" in page
    quiet = [block for block in page.split("== ") if f"第{FIRST_ROW}行" in block]
    assert "规则均未命中" in quiet[0]


def test_one_row_is_explained_whole_and_masked(filled: Path) -> None:
    page = mailbot("explain", ONE, "--row", str(FIRST_ROW), "--storage", filled / "storage").out
    assert page.count("== ") == 1
    assert page.count("\n") > 40
    assert ALIKE[0].id_number not in page
    assert ALIKE[0].phone not in page
    wrong = mailbot("explain", ONE, "--row", "99", "--storage", filled / "storage")
    assert (wrong.code, wrong.err) == (ExitCode.REFUSED, "mailbot: 没有第 99 行。\n")


def test_a_mail_is_explained_with_its_own_rules_and_its_cases(filled: Path) -> None:
    aside = mailbot("explain", "4", "--storage", filled / "storage").out
    assert "mail.unclaimed  是" in aside
    opened = mailbot("explain", "1", "--storage", filled / "storage").out
    assert "mail.unclaimed  否" in opened
    assert f"{ONE} 整件" in opened
    for unknown in ("99", "2020-999999"):
        assert mailbot("explain", unknown, "--storage", filled / "storage").code == ExitCode.REFUSED


def test_other_rules_than_those_that_judged_are_named(storage: Path, tmp_path: Path) -> None:
    rules = Path(shutil.copytree(rules_dir(), tmp_path / "rules"))
    text, changed = re.subn(r'(?m)^say(\s*)= "', r'say\1= "（新）', (rules / "mail.toml").read_text("utf-8"), count=1)
    assert changed == 1
    (rules / "mail.toml").write_text(text, "utf-8")
    assert mailbot("init", tmp_path).code == 0
    settings = tmp_path / "mailbot.toml"
    settings.write_text(settings.read_text("utf-8").replace('# rules     = "rules"', 'rules = "rules"'), "utf-8")
    page = mailbot("explain", ONE, "--config", settings, "--storage", storage).out
    assert "以下按现行规则推导" in page


def test_an_intact_chain_and_a_broken_one(storage: Path) -> None:
    good = mailbot("audit", "verify", "--storage", storage)
    assert (good.code, good.out.startswith("the chain is intact")) == (0, True)
    with sqlite3.connect(storage / "ledger.sqlite3") as db:
        db.execute("UPDATE events SET actor = 'nobody' WHERE id = 5")
    bad = mailbot("audit", "verify", "--storage", storage)
    assert bad.code == ExitCode.FAILED
    assert "event 5" in bad.out


def test_health_of_a_rehearsal(filled: Path) -> None:
    ran = mailbot("health", "--json", "--storage", filled / "storage")
    assert ran.code == 0, ran.out
    assert ran.json["green"] is True
    assert ran.json["mails"] == {"done": 3, "set_aside": 1}
    assert ran.json["person"]["mails_set_aside"] == 1
    assert "mailbox" not in ran.out
    assert "mode" in mailbot("health", "--storage", filled / "storage").out


def test_a_mail_that_waits_too_long_is_red(storage: Path) -> None:
    assert mailbot("mail", "retry", "4", "--by", "王审核", "--storage", storage).code == 0
    ran = mailbot("health", "--json", "--at", "2020-09-22T12:30:00+08:00", "--storage", storage)
    assert (ran.code, ran.json["red"]) == (ExitCode.NOT_READY, ["oldest"])


def test_today_s_digest_is_printed_and_planned_nowhere(storage: Path) -> None:
    ran = mailbot("digest", "--at", "2020-09-24T09:00:00+08:00", "--storage", storage)
    assert ran.code == 0, ran.err
    assert "今日到期3" in ran.out
    assert "未能处理1" in ran.out
    assert SENDER in ran.out
    assert all(who.id_number not in ran.out for who in (*ALIKE, *MIXED, *people(2, seed=3)))
    assert mailbot("letter", "list", "--json", "--storage", storage).json == []


@pytest.mark.parametrize(
    "words",
    [
        ["case", "list"], ["case", "show", "x"], ["mail", "list"], ["letter", "list"], ["draft", "list"], ["audit", "verify"],
        ["health"], ["digest"], ["explain", "1"], ["mode"], ["resume", "effects", "--by", "x"], ["platform", "batches"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_settings_is_one_line_with_the_remedy(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = mailbot(*words, "--config", tmp_path / "none.toml")
    assert (ran.code, ran.err.count("\n")) == (ExitCode.CONFIG, 1)
    assert "mailbot init DIR" in ran.err


def test_a_folder_that_is_no_rehearsal_is_refused_and_left_alone(tmp_path: Path) -> None:
    ran = mailbot("case", "list", "--storage", tmp_path)
    assert ran.code == ExitCode.UNAVAILABLE
    assert "no state folder of a rehearsal" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_real_site_has_the_real_time(tmp_path: Path) -> None:
    ran = mailbot("case", "list", "--at", "2020-09-24", "--config", tmp_path / "x")
    assert ran.code == ExitCode.USAGE


def test_every_verb_has_a_help_text_in_english() -> None:
    top = mailbot("--help").out
    for verb in ("init", "check", "run", "once", "process", "mode", "pause", "resume", "case", "mail", "letter", "draft",
                 "platform", "explain", "read", "rules", "audit", "health", "digest"):  # fmt: skip
        assert verb in top
    assert mailbot("--version").out.startswith("mailbot ")
    assert mailbot("no-such-verb").code == ExitCode.USAGE
