"""The platform's verbs on a site: what waits, single rows confirmed, the list as a workbook; and what health says."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mailbot.cli.exits import ExitCode
from mailbot.intake.status import Condition, Status
from mailbot.status_file import write_status
from tests.cli.mails import UNIT, mail, people, workbook
from tests.cli.shell import mailbot
from tests.cli.site import PASSWORD_FILE, USER, write_site
from tests.rig.dovecot import Dovecot
from tests.rig.smtp_sink import SmtpSink

pytestmark = pytest.mark.dovecot
SIZE = 4
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with Dovecot(USER, "empty") as dovecot:
        dovecot.append(USER, mail(workbook(people(SIZE))), at=datetime(2020, 9, 22, 2, tzinfo=UTC))
        yield dovecot


@pytest.fixture
def site(server: Dovecot, tmp_path: Path) -> Iterator[Path]:
    """A live site that has fetched one roster; its rows wait at the platform, long overdue by the real clock."""
    with SmtpSink() as sink:
        path = write_site(tmp_path / "site", server, sink)
        assert mailbot("once", "--config", path).code == 0
        yield path


def test_batches_and_rows_say_what_is_overdue(site: Path) -> None:
    [batch] = mailbot("platform", "batches", "--json", "--config", site).json
    assert (batch["rows"], batch["overdue"]) == ({"pending": SIZE}, SIZE)
    assert batch["due_at"].startswith("2020-09-24")
    assert f"逾期 {SIZE}" in mailbot("platform", "batches", "--config", site).out
    rows = mailbot("platform", "worklist", "--json", "--config", site).json
    assert [row["row"] for row in rows] == [2, 3, 4, 5]
    assert {(row["case"], row["unit"], row["overdue"], row["expires"]) for row in rows} == {
        ("2020-000001", UNIT, True, False)
    }
    shown = mailbot("platform", "worklist", "--config", site).out
    for who in people(SIZE):
        assert who.phone not in shown + json.dumps(rows)


def test_the_list_as_a_workbook_is_masked(site: Path, tmp_path: Path) -> None:
    ran = mailbot("platform", "worklist", "--out", tmp_path / "待注册.xlsx", "--config", site)
    assert ran.code == 0, ran.err
    lines = list(load_workbook(tmp_path / "待注册.xlsx").worksheets[0].iter_rows(values_only=True))
    assert lines[0][:4] == ("批次", "行", "事项", "登记编号")
    assert len(lines) == 1 + SIZE
    assert lines[1][:5] == ("0001", "2", "待注册", "2020-000001", UNIT)
    assert people(SIZE)[0].phone not in str(lines)
    gone = mailbot("platform", "worklist", "--out", tmp_path / "none" / "x.xlsx", "--config", site)
    assert gone.code == ExitCode.UNAVAILABLE


def test_rows_are_confirmed_one_by_one_and_the_letter_waits_for_the_rest(site: Path) -> None:
    by = ("--by", "李平台", "--config", site)
    effects = mailbot("case", "show", "2020-000001", "--json", "--config", site).json["effects"]
    first = next(e["key"] for e in effects if e["person"]["name"] == people(SIZE)[0].name)
    ran = mailbot("platform", "confirm", first, *by)
    assert (ran.code, "已确认 1 行已办理" in ran.out) == (0, True)
    again = mailbot("platform", "confirm", first, "--batch", "0001", "--row", "2-3", *by, "--reason", "已核对")
    assert "已确认 1 行已办理" in again.out
    assert "另有 1 行此前已有结果，未改动" in again.out
    states = [row["state"] for row in mailbot("case", "show", "2020-000001", "--json", "--config", site).json["people"]]
    assert states == ["fulfilled", "fulfilled", "approved", "approved"]
    for wrong, code in (
        ((), ExitCode.USAGE),
        (("--row", "3"), ExitCode.USAGE),
        (("--batch", "0001"), ExitCode.USAGE),
        (("nobody",), ExitCode.REFUSED),
        (("--batch", "0009", "--row", "3"), ExitCode.REFUSED),
    ):
        assert mailbot("platform", "confirm", *wrong, *by).code == code
    assert len(mailbot("platform", "worklist", "--json", "--config", site).json) == 2


def sign(site: Path, name: str) -> str:
    lines = mailbot("health", "--config", site).out.splitlines()
    return next((text for text in lines if text.split()[1] == name), "")


def test_health_warns_of_rows_that_are_overdue_at_the_platform(site: Path) -> None:
    assert sign(site, "worklist").startswith("warn")
    assert f"{SIZE} are overdue" in sign(site, "worklist")
    told = mailbot("health", "--json", "--config", site).json
    assert told["worklist"]["waiting"] == told["worklist"]["overdue"] == SIZE
    assert "worklist" in told["warns"]
    mailbot("platform", "confirm", "--batch", "0001", "--row", "2-5", "--by", "李", "--config", site)
    assert sign(site, "worklist").startswith("ok")


@pytest.mark.parametrize(
    ("box", "colour", "said"),
    [
        (Status("roster", Condition.OK, last_ok=NOW), "ok", "read "),
        (
            Status("roster", Condition.REFUSED, last_error="LOGIN failed", last_error_at=NOW, failures=3),
            "RED",
            "LOGIN failed",
        ),
        (
            Status("roster", Condition.WAITING, last_ok=NOW, last_error="reset", failures=2),
            "warn",
            "2 rounds failed: reset",
        ),
        (Status("roster", Condition.WAITING, last_ok=NOW - timedelta(hours=2), last_error="reset"), "RED", "reset"),
        (Status("roster", Condition.OK, last_ok=NOW, unsettled=1), "warn", "1 mails are listed"),
        (Status("another", Condition.REFUSED), "ok", "stored up to UID"),
    ],
)
def test_health_says_how_the_daemon_found_its_mailboxes(site: Path, box: Status, colour: str, said: str) -> None:
    write_status(site.parent / "storage", [box], NOW)
    assert sign(site, "mailbox.roster").startswith(colour)
    assert said in sign(site, "mailbox.roster")


def test_once_leaves_its_word_and_a_refused_password_is_red_afterwards(site: Path) -> None:
    assert "read 20" in sign(site, "mailbox.roster")
    (site.parent / PASSWORD_FILE).write_text("wrong", "utf-8")
    assert mailbot("once", "--config", site).code != 0
    assert sign(site, "mailbox.roster").startswith("RED")
    told = mailbot("health", "--json", "--config", site).json
    assert "mailbox.roster" in told["red"]
    assert told["mailbox.roster"]["condition"] == "refused"
    assert sign(site, "status") == "", "no daemon runs, so none is asked for its word"
