"""What an operator meets less often: broken rules, the last weeks of study, drafts of a mode left behind, files that are
nothing, letters cancelled, mail that was only filed."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from mailbot import assembly
from mailbot.assembly import locked
from mailbot.cli import read
from mailbot.cli.exits import ExitCode
from mailbot.data import rules_dir
from mailbot.ledger.ledger import FILE
from mailbot.status_file import write_status
from tests.cli.mails import FIRST_ROW, LATER, mail, people, workbook
from tests.cli.shell import Ran, mailbot
from tests.cli.site import write_site
from tests.flow.office import InProcess

ONE, TWO, THREE = "2020-000001", "2020-000002", "2020-000003"
BY = ("--by", "王审核")


@pytest.fixture(autouse=True)
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails are opened in this process: a child for every run would take longer than the test."""
    monkeypatch.setattr(assembly, "Sandbox", InProcess)
    monkeypatch.setattr(read, "Sandbox", InProcess)


def process(storage: Path, raw: bytes, at: str = LATER) -> dict[str, object]:
    path = storage.parent / f"{at[11:16].replace(':', '')}.eml"
    path.write_bytes(raw)
    ran = mailbot("process", path, "--storage", storage, "--out", storage.parent / "out", "--at", at, "--json", "-")
    assert ran.code == 0, ran.err
    line = json.loads(ran.out)
    assert isinstance(line, dict)
    return line


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The settings of a site whose rules have a fault."""
    path = write_site(tmp_path / "site", None, None)
    rules = Path(shutil.copytree(rules_dir(), tmp_path / "site" / "rules"))
    (rules / "mail.toml").write_text("[[rule]]\n", "utf-8")
    path.write_text(path.read_text("utf-8").replace("[site]\n", '[site]\nrules = "rules"\n'), "utf-8")
    return path


def test_cases_are_listed_while_the_rules_are_broken_and_nothing_is_decided(storage: Path, broken: Path) -> None:
    place = ("--config", broken, "--storage", storage)
    listed = mailbot("case", "list", "--json", *place)
    assert [case["id"] for case in listed.json] == [ONE, TWO, THREE]
    assert mailbot("case", "show", ONE, *place).code == 0
    decided = mailbot("case", "decide", ONE, "--all", "--approve", *BY, "--reason", "x", "--yes", *place)
    assert decided.code == ExitCode.RULES
    assert "mail.toml:" in decided.err
    assert mailbot("rules", "check", "--config", broken).code == ExitCode.RULES


def test_what_would_come_too_late_is_listed_first_and_by_itself(storage: Path, tmp_path: Path) -> None:
    early, late = "2020-12-15T10:00:00+08:00", "2020-12-30T10:00:00+08:00"
    rosters = {"2020-12-14T10:00:00+08:00": 31, late: 32}
    for at, number in rosters.items():
        process(storage, mail(workbook(people(1, seed=number), order=f"20200702972231{number}"), number=number), at)
    place = ("--storage", storage, "--json")
    found = mailbot("case", "list", "--due", "expiring", "--at", late, *place).json
    assert "2020-000006" in [case["id"] for case in found]
    assert all(case["expires"] for case in found)
    assert mailbot("case", "list", "--due", "expiring", "--at", "2020-12-14T12:00:00+08:00", *place).json == []
    assert mailbot("case", "list", "--at", late, *place).json[0]["expires"]
    one = mailbot("case", "list", "--due", "expiring", "--limit", "1", "--at", late, "--storage", storage).out
    assert "（将过学习截止日）" in one
    assert "只列出前 1 件，用 --limit 列出更多。" in one
    assert mailbot("case", "list", "--due", "today", "--state", "declined", "--at", early, *place).json == []


def test_a_mode_left_behind_leaves_its_drafts_and_says_so(storage: Path) -> None:
    assert mailbot("mode", "rehearsal", *BY, "--storage", storage).code == 0
    decided = mailbot(
        "case", "decide", ONE, "--proposed", "--approve", *BY, "--reason", "可", "--yes", "--storage", storage
    )
    assert "当前模式 rehearsal" in decided.out
    ran = mailbot("mode", "live", *BY, "--storage", storage)
    assert "此前的草稿不会自动办理：办理事项 3 项，信件 0 封。" in ran.out
    assert "mailbot draft release" in ran.out
    assert len(mailbot("draft", "list", "--json", "--storage", storage).json["effects"]) == 3


def test_a_letter_is_cancelled_before_it_goes_and_not_twice(storage: Path) -> None:
    assert mailbot("mode", "drafts", *BY, "--storage", storage).code == 0
    by = (*BY, "--reason", "名单有误", "--storage", storage)
    assert mailbot("case", "decide", TWO, "--row", str(FIRST_ROW), "--decline", "--yes", *by).code == 0
    [letter] = mailbot("letter", "list", "--drafts", "--json", "--storage", storage).json
    cancelled = mailbot("letter", "cancel", letter["key"], *by)
    assert (cancelled.code, cancelled.out) == (0, "已取消 1 项。\n")
    again = mailbot("letter", "cancel", letter["key"], *by)
    assert (again.code, again.err) == (ExitCode.REFUSED, "mailbot: 没有可处理的：所列 1 项已开始办理或不存在。\n")
    sent = mailbot("letter", "cancel", "mail:1:1", *by)
    assert sent.code == ExitCode.REFUSED
    assert mailbot("letter", "release", letter["key"], *BY, "--storage", storage).code == ExitCode.REFUSED
    assert mailbot("letter", "cancel", letter["key"], *BY, "--storage", storage).code == ExitCode.USAGE


@pytest.fixture
def filed(storage: Path) -> Path:
    """A machine's mail came in: it is mail 5, filed and nothing else."""
    raw = b"Auto-Submitted: auto-replied\r\n" + mail(None, subject="自动回复：收到", text="正在休假。", number=50)
    assert process(storage, raw)["state"] == "ignored"
    return storage


def test_a_filed_mail_is_explained_as_one(filed: Path) -> None:
    page = mailbot("explain", "5", "--storage", filed)
    assert page.code == 0
    assert "本邮件只存档，未立案：不经规则判定。" in page.out
    refused = mailbot("mail", "retry", "5", *BY, "--storage", filed)
    assert (refused.code, "现为“只存档”" in refused.err) == (ExitCode.REFUSED, True)
    assert mailbot("letter", "list", "--state", "planned", "--json", "--storage", filed).json == []


@pytest.mark.parametrize("about", ["", "０１", "-1", "1 ", "2020-000001-9", "mail:1:1", "9" * 30, "9" * 5000])
def test_what_names_neither_case_nor_mail_is_refused(filed: Path, about: str) -> None:
    ran = mailbot("explain", "--storage", filed, "--", about)
    assert ran.code in (ExitCode.REFUSED, ExitCode.USAGE)
    assert ran.out == ""
    assert ran.err.count("\n") == 1 or ran.code == ExitCode.USAGE


@pytest.mark.parametrize("verb", [("show",), ("retry", *BY), ("raw", "--out", "-")])
@pytest.mark.parametrize("number", ["0", "77", str(2**63), "9" * 30])
def test_a_number_that_no_mail_has_is_one_line(filled: Path, verb: tuple[str, ...], number: str) -> None:
    ran = mailbot("mail", verb[0], number, *verb[1:], "--storage", filled / "storage")
    assert (ran.code, ran.err) == (ExitCode.REFUSED, f"mailbot: 没有编号为 {number} 的邮件。\n")


@pytest.mark.parametrize("limit", ["0", "-1", "many", "9" * 30])
def test_a_list_is_of_one_line_to_a_million(filled: Path, limit: str) -> None:
    for words in (("case", "list"), ("mail", "list"), ("letter", "list"), ("draft", "list")):
        assert mailbot(*words, "--limit", limit, "--storage", filled / "storage").code == ExitCode.USAGE
        assert mailbot(*words, "--limit", "1000000", "--storage", filled / "storage").code == 0
    assert mailbot("replay", "--last", limit, "--storage", filled / "storage").code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("空.txt", b"", ExitCode.FAILED, "无法读取：unreadable an empty file"),
        ("图.png", b"\x89PNG\r\n\x1a\n" + bytes(20), 0, "图片 1 张"),
        ("半.xlsx", b"PK\x03\x04" + bytes(30), ExitCode.FAILED, "无法读取"),
        ("表.csv", "姓名,手机\n张三,13800001234\n".encode("gb18030"), 0, "138****1234"),
    ],
)
def test_any_file_is_read_as_far_as_it_goes(tmp_path: Path, name: str, content: bytes, code: int, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    ran = mailbot("read", path)
    assert ran.code == code
    assert words in ran.out
    assert "Traceback" not in ran.err


def test_what_is_neither_text_nor_number_is_told_apart(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([datetime(2020, 7, 1), "#REF!"])  # noqa: DTZ001 - a cell has no zone
    sheet["B1"].data_type = "e"
    sheet.append(["=1+1"])
    sheet.row_dimensions[2].hidden = True
    book.create_sheet("藏").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    ran = mailbot("read", tmp_path / "a.xlsx")
    for words in ("<date ", "<error #REF!>", "2（隐藏）: 1=<no_value", "工作表“藏”：0 行，隐藏"):
        assert words in ran.out, ran.out


def test_read_refuses_a_folder_in_words(tmp_path: Path) -> None:
    ran = mailbot("read", tmp_path)
    assert ran.code == ExitCode.USAGE
    assert "Traceback" not in ran.err


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site that ran before and nobody works in now; its settings are found in the current folder."""
    path = write_site(tmp_path / "site", None, None, mode="rehearsal")
    assert mailbot("mode", "rehearsal", *BY, "--config", path).code == 0
    monkeypatch.chdir(path.parent)
    return path


def test_settings_of_the_current_folder_are_meant(site: Path) -> None:
    assert mailbot("mode").out.startswith("rehearsal")
    assert mailbot("case", "list", "--json").json == []
    assert mailbot("sender", "list").code == 0


def test_a_site_that_never_ran_says_how_it_will_begin(tmp_path: Path) -> None:
    path = write_site(tmp_path / "site", None, None, mode="drafts")
    shown = mailbot("mode", "--config", path)
    assert (shown.code, "尚未运行过，将按设置文件开始" in shown.out) == (0, True)
    assert shown.out.startswith("drafts")
    for words in (("case", "list"), ("health",), ("explain", "1"), ("replay", "--last", "1")):
        ran = mailbot(*words, "--config", path)
        assert (ran.code, "no ledger yet" in ran.err) == (ExitCode.NOT_READY, True), words
    assert not (tmp_path / "site" / "storage" / FILE).exists()


def test_a_daemon_that_says_nothing_of_its_mailboxes_is_noticed(site: Path) -> None:
    storage = site.parent / "storage"
    with locked(storage):
        silent = mailbot("health", "--config", site).out
        assert "the daemon has not said how its mailboxes do at all" in silent
        write_status(storage, [], datetime.now(UTC) - timedelta(hours=3))
        assert "how its mailboxes do since " in mailbot("health", "--config", site).out
        write_status(storage, [], datetime.now(UTC))
        assert "has not said" not in mailbot("health", "--config", site).out


def test_a_ledger_that_is_damaged_is_told_with_the_remedy(site: Path) -> None:
    (site.parent / "storage" / FILE).write_bytes(b"SQLite format 3\x00" + bytes(200))
    for words in (("case", "list"), ("health",), ("mode",)):
        ran = mailbot(*words)
        assert (ran.code, ran.err.count("\n"), "Traceback" in ran.err) == (ExitCode.UNAVAILABLE, 1, False), words
    checked = mailbot("check", "--offline")
    assert checked.code == ExitCode.NOT_READY
    assert "FAIL ledger" in checked.out
    assert "restore the last backup" in checked.out


def test_a_verdict_that_was_seen_before_a_colleague_decided_is_not_given(storage: Path) -> None:
    shown = mailbot("case", "show", ONE, "--json", "--storage", storage).json
    given = ("--row", str(FIRST_ROW), *BY, "--reason", "x", "--yes", "--storage", storage)
    assert mailbot("case", "decide", ONE, "--close", "--seen", str(shown["seen"]), *given).code == 0
    for seen in (shown["seen"], shown["seen"] + 7, 0):
        ran: Ran = mailbot("case", "decide", ONE, "--reopen", "--seen", str(seen), *given)
        assert (ran.code, "已有变化" in ran.err) == (ExitCode.REFUSED, True)
    assert mailbot("case", "show", ONE, "--json", "--storage", storage).json["people"][0]["state"] == "closed"


def test_names_and_reasons_are_kept_as_they_were_given(storage: Path) -> None:
    odd = "王‘审核’ <a@b>; DROP TABLE cases"
    ran = mailbot("case", "decide", ONE, "--all", "--close", "--by", f" {odd} ", "--reason", "第一行\n第二行", "--yes",
                  "--storage", storage)  # fmt: skip
    assert ran.code == 0, ran.err
    events = mailbot("case", "show", ONE, "--json", "--storage", storage).json["events"]
    [decided] = [event for event in events if event["actor"] == odd]
    assert decided["detail"]["reason"] == "第一行\n第二行"
    assert mailbot("audit", "verify", "--storage", storage).code == 0
