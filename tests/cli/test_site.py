"""`once`, `run` and the platform's verbs on a real IMAP server and an SMTP sink."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from mailbot.assembly import locked
from mailbot.cli.exits import ExitCode
from mailbot.config import load_settings
from tests.cli.mails import mail, people, workbook
from tests.cli.shell import mailbot
from tests.cli.site import PASSWORD_FILE, USER, write_site
from tests.rig.dovecot import Dovecot
from tests.rig.smtp_sink import SmtpSink

pytestmark = pytest.mark.dovecot


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with Dovecot(USER, "empty") as dovecot:
        yield dovecot


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as running:
        yield running


ARRIVED = datetime(2020, 9, 22, 2, tzinfo=UTC)
SIZE = 3


@pytest.fixture
def site(server: Dovecot, sink: SmtpSink, tmp_path: Path) -> Path:
    """A live site whose mailbox holds one roster of three people; automation lets clean rows go."""
    with server.client(USER) as client:
        client.select_folder("INBOX")
        client.delete_messages(client.search())
        client.expunge()
    server.append(USER, mail(workbook(people(SIZE))), at=ARRIVED)
    return write_site(tmp_path / "site", server, sink)


def case(path: Path, case_id: str = "2020-000001") -> dict[str, Any]:
    found = mailbot("case", "show", case_id, "--json", "--config", path).json
    assert isinstance(found, dict)
    return found


def test_once_fetches_works_answers_and_ends(site: Path, sink: SmtpSink) -> None:
    ran = mailbot("once", "--config", site)
    assert ran.code == 0, ran.err
    assert "fetched roster: 1 mails" in ran.out
    assert "1 mails worked through" in ran.out
    assert "mode live" in ran.out
    assert [row["state"] for row in case(site)["people"]] == ["approved"] * SIZE
    assert len(sink.messages) == 1
    again = mailbot("once", "--config", site)
    assert "nothing was due" in again.out
    assert len(sink.messages) == 1


def test_the_platform_s_word_ends_the_rows_and_the_result_goes_out(site: Path, sink: SmtpSink) -> None:
    assert mailbot("once", "--config", site).code == 0
    [batch] = mailbot("platform", "batches", "--json", "--config", site).json
    assert batch["rows"] == {"pending": SIZE}
    book = load_workbook(batch["file"])
    assert book.worksheets[0].max_row == 1 + SIZE
    assert "0001" in mailbot("platform", "batches", "--config", site).out
    rest = ("--rest", "done", "--reason", "平台页面已核对")
    ran = mailbot("platform", "result", batch["batch"], *rest, "--by", "李平台", "--config", site)
    assert ran.code == 0, ran.err
    assert f"已确认 {SIZE} 行已办理" in ran.out
    assert f"已计入 {SIZE} 项结果" in ran.out
    assert case(site)["state"] == "fulfilled"
    assert mailbot("once", "--config", site).code == 0
    assert len(sink.messages) == 2
    assert mailbot("platform", "batches", "--json", "--config", site).json[0]["rows"] == {"done": SIZE}


def test_an_error_file_and_single_rows_answer_only_for_themselves(site: Path, tmp_path: Path) -> None:
    assert mailbot("once", "--config", site).code == 0
    first, second, third = people(SIZE)
    errors = Workbook()
    errors.worksheets[0].append(["用户名", "错误信息"])
    errors.worksheets[0].append([first.phone, "身份证号码已存在"])
    errors.worksheets[0].append(["13900000000", "格式不对"])
    errors.save(tmp_path / "errors.xlsx")
    result = ("platform", "result", "0001", "--by", "李平台", "--config", site)
    fed = mailbot(*result, tmp_path / "errors.xlsx")
    assert fed.code == 0, fed.err
    assert "错误文件已读入：1 行有结果" in fed.out
    assert "第 3 行：找不到对应的待办行" in fed.out
    assert "另有 2 行没有提到，仍待确认" in fed.out
    again = mailbot(*result, tmp_path / "errors.xlsx")
    assert (again.code, "错误文件已读入：0 行有结果" in again.out, "此前已登记，未改动" in again.out) == (0, True, True)
    states = {effect["person"]["name"]: effect["state"] for effect in case(site)["effects"]}
    assert states == {first.name: "conflict", second.name: "pending", third.name: "pending"}
    assert mailbot(*result, "--row", "3").code == 0
    states = {effect["person"]["name"]: effect["state"] for effect in case(site)["effects"]}
    assert states == {first.name: "conflict", second.name: "done", third.name: "pending"}
    rejected = mailbot(*result, "--row", "4", "--as", "rejected", "--detail", "工号不存在")
    assert rejected.code == 0
    assert [row["state"] for row in case(site)["people"]] == ["held", "fulfilled", "held"]


def test_the_rest_is_not_confirmed_while_a_line_speaks_of_nobody_known(site: Path, tmp_path: Path) -> None:
    """The masked line is one of the rest: whoever failed must not be told to be registered."""
    assert mailbot("once", "--config", site).code == 0
    first, second, third = people(SIZE)
    errors = tmp_path / "errors.csv"
    masked = f"{first.phone[:3]}****{first.phone[-4:]}"
    errors.write_text(f"用户名,错误信息\n{masked},姓名不符\n,姓名不符\n{second.phone},工号不存在\n", "utf-8")
    result = ("platform", "result", "0001", "--by", "李平台", "--config", site)
    rest = ("--rest", "done", "--reason", "其余均已导入")
    ran = mailbot(*result, errors, *rest)
    assert (ran.code, ran.err.count("\n")) == (ExitCode.REFUSED, 1)
    assert "第 2、3 行：找不到对应的待办行" in ran.out
    assert "错误文件有 2 行不知说的是谁" in ran.err
    states = {effect["person"]["name"]: effect["state"] for effect in case(site)["effects"]}
    assert states == {first.name: "pending", second.name: "rejected", third.name: "pending"}
    assert mailbot(*result, "--row", "2", "--as", "rejected", "--detail", "姓名不符").code == 0
    assert "已确认 1 行已办理" in mailbot(*result, *rest).out
    states = {effect["person"]["name"]: effect["state"] for effect in case(site)["effects"]}
    assert states == {first.name: "rejected", second.name: "rejected", third.name: "done"}


def test_a_row_that_was_answered_before_is_said_to_stay(site: Path) -> None:
    assert mailbot("once", "--config", site).code == 0
    result = ("platform", "result", "0001", "--by", "李平台", "--config", site)
    assert "此前" not in mailbot(*result, "--row", "2").out
    again = mailbot(*result, "--row", "2-3", "--as", "rejected", "--detail", "工号不存在")
    assert "已登记 1 行：平台拒绝" in again.out
    assert "另有 1 行此前已有结果，未改动" in again.out


def test_a_batch_or_row_that_is_not_there_is_refused(site: Path) -> None:
    assert mailbot("once", "--config", site).code == 0
    result = ("platform", "result")
    by = ("--by", "李平台", "--config", site)
    for words in (
        ("0009", "--rest", "done", "--reason", "已核对"),
        ("0001", "--rest", "done"),
        ("0001", "--row", "9"),
        ("0001", "--row", "1"),
        ("0001", "none.xlsx"),
    ):
        ran = mailbot(*result, *words, *by)
        assert (ran.code, ran.err.count("\n")) == (ExitCode.REFUSED, 1)
    for wrong in (("0001",), ("0001", "--row", "9-2"), ("0001", "--row", "x"), ("0001", "--rest", "maybe")):
        assert mailbot(*result, *wrong, *by).code == ExitCode.USAGE
    assert {effect["state"] for effect in case(site)["effects"]} == {"pending"}


def test_check_proves_every_part_of_a_site_that_works(site: Path) -> None:
    ran = mailbot("check", "--config", site)
    assert ran.code == 0, ran.out
    abouts = {text.split()[1] for text in ran.out.splitlines() if text.startswith(("OK", "WARN"))}
    assert {
        "settings",
        "rules",
        "letters",
        "calendar",
        "clock",
        "storage",
        "secrets",
        "platform",
        "imap",
        "smtp",
    } <= abouts
    assert "logged in as roster" in ran.out
    assert ran.out.rstrip().endswith("ready")


def test_check_names_what_is_wrong_with_each_server(server: Dovecot, tmp_path: Path) -> None:
    path = write_site(tmp_path / "site", server, None)
    (tmp_path / "site" / PASSWORD_FILE).write_text("wrong", "utf-8")
    ran = mailbot("check", "--config", path)
    assert ran.code == ExitCode.NOT_READY
    failed = [text for text in ran.out.splitlines() if text.startswith("FAIL")]
    assert [text.split()[1] for text in failed] == ["imap", "smtp"]
    assert "授权码" in failed[0]
    assert mailbot("check", "--offline", "--config", path).code == 0


def test_once_on_a_dead_server_is_one_line_and_nothing_is_lost(server: Dovecot, tmp_path: Path) -> None:
    path = write_site(tmp_path / "site", None, None)
    ran = mailbot("once", "--config", path)
    assert ran.code == ExitCode.UNAVAILABLE
    assert "Traceback" not in ran.err


def test_rows_of_the_ledger_are_read_and_switched_while_another_works_here(site: Path) -> None:
    assert mailbot("once", "--config", site).code == 0
    with locked(load_settings(site).site.storage):
        for words in (("case", "list"), ("mail", "list"), ("mode", "drafts", "--by", "王"), ("audit", "verify")):
            ran = mailbot(*words, "--config", site)
            assert ran.code == 0, ran.err
        assert "a mailbot works here now" in mailbot("check", "--offline", "--config", site).out
        assert mailbot("health", "--json", "--config", site).json["daemon"] is True
        refused = mailbot("once", "--config", site)
        assert (refused.code, refused.err.count("\n")) == (ExitCode.LOCKED, 1)
    assert mailbot("health", "--config", site).code == ExitCode.NOT_READY


def test_the_daemon_answers_while_it_runs_and_ends_by_a_signal(site: Path, sink: SmtpSink) -> None:
    command = [sys.executable, "-m", "mailbot", "run", "--config", str(site)]
    daemon = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        give_up = time.monotonic() + 30
        while not sink.messages and time.monotonic() < give_up and daemon.poll() is None:
            time.sleep(0.1)
        assert sink.messages
        assert mailbot("health", "--config", site).code == 0
        assert mailbot("once", "--config", site).code == ExitCode.LOCKED
    finally:
        daemon.send_signal(signal.SIGTERM)
        _, log = daemon.communicate(timeout=50)
    assert daemon.returncode == 0, log
    assert "running" in log
    assert all(who.phone not in log and who.id_number not in log for who in people(SIZE))


def test_a_live_site_on_the_rehearsal_platform_is_refused(server: Dovecot, sink: SmtpSink, tmp_path: Path) -> None:
    path = write_site(tmp_path / "site", server, sink, adapter="ledger")
    ran = mailbot("check", "--offline", "--config", path)
    assert ran.code == ExitCode.NOT_READY
    assert "FAIL platform" in ran.out
    refused = mailbot("mode", "live", "--by", "王审核", "--config", path)
    assert (refused.code, "worklist" in refused.err) == (ExitCode.REFUSED, True)
    assert mailbot("mode", "rehearsal", "--by", "王审核", "--config", path).code == 0
    assert "WARN platform" in mailbot("check", "--offline", "--config", path).out
    assert mailbot("platform", "batches", "--config", path).code == ExitCode.REFUSED
