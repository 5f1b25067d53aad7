"""A site that needs people tells them by its own road, once, and once more when it is well again; and the verbs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sqlalchemy import update

from mailbot import daemon as module
from mailbot.clock import SystemClock
from mailbot.config import Settings, load_settings
from mailbot.domain.ports import PortError
from mailbot.ledger.alarms import WAITS
from mailbot.ledger.tables.mail import mails
from tests.cli.shell import mailbot
from tests.daemon.site import Place, running, until
from tests.flow.office import roster
from tools.stories import units
from tools.stories.people import people
from tools.stories.post import post, when

A, B = people(870, 2)


@pytest.fixture
def told(site: Place) -> Path:
    """The settings name a command that writes what it is told into this file."""
    out, program = site.folder / "told", site.folder / "notify.py"
    program.write_text(f"import sys\nopen({str(out)!r}, 'a').write(sys.stdin.read())\n", "utf-8")
    _set(site, f"command = [{sys.executable!r}, {str(program)!r}]".replace("'", '"'))
    return out


def _set(site: Place, line: str) -> None:
    """Every settings file that this site writes from now on ends with this alarm."""
    written = site.settings

    def settings(**more: str) -> Settings:
        written(**more)
        path = site.folder / "mailbot.toml"
        path.write_text(f"{path.read_text('utf-8')}\n[alarm]\n{line}\n", "utf-8")
        return load_settings(path)

    object.__setattr__(site, "settings", settings)


def lines(out: Path) -> list[str]:
    return out.read_text("utf-8").splitlines() if out.exists() else []


def test_a_refused_mailbox_is_told_once_and_its_recovery_once(site: Place, told: Path) -> None:
    right = site.password.read_text("utf-8")
    site.password.write_text("wrong")
    for _ in range(2):
        with site.daemon() as daemon:
            with pytest.raises(PortError):
                daemon.once()
            daemon.raise_alarms()
            daemon.raise_alarms()
    assert [("roster" in line, "无法登录" in line) for line in lines(told)] == [(True, True)]
    site.password.write_text(right)
    with site.daemon() as daemon:
        daemon.once()
        daemon.raise_alarms()
        daemon.raise_alarms()
        assert daemon.parts.ledger.alarms.standing() == []
    assert [("已恢复" in line) for line in lines(told)] == [False, True]


def test_a_running_daemon_raises_them_by_itself(site: Place, told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ALARMS_SECONDS", 0.2)
    monkeypatch.setattr(module, "RULES_SECONDS", 0.2)
    site.password.write_text("wrong")
    with running(site.daemon()):
        until(lambda: len(lines(told)) == 1)


def test_what_could_not_be_told_is_on_record_and_tried_again(site: Place) -> None:
    _set(site, 'command = ["/nowhere/notify"]')
    site.password.write_text("wrong")
    with site.daemon() as daemon:
        with pytest.raises(PortError):
            daemon.once()
        daemon.raise_alarms()
        [alarm] = daemon.parts.ledger.alarms.standing()
        assert (alarm.told_at, alarm.attempts) == (None, 1)
        daemon.raise_alarms()
        assert daemon.parts.ledger.alarms.standing()[0].attempts == 1
        site.clock.advance(WAITS[0])
        daemon.raise_alarms()
        assert daemon.parts.ledger.alarms.standing()[0].attempts == 2


def test_without_a_road_nothing_is_kept(site: Place) -> None:
    site.password.write_text("wrong")
    with site.daemon() as daemon:
        with pytest.raises(PortError):
            daemon.once()
        daemon.raise_alarms()
        assert daemon.parts.ledger.alarms.standing() == []


def test_the_verbs_try_the_road_and_list_what_stands(site: Place, told: Path) -> None:
    site.settings()
    config = ("--config", site.folder / "mailbot.toml")
    done = mailbot("alarm", "test", *config)
    assert (done.code, done.out.strip()) == (0, "sent by command")
    assert "测试通知" in lines(told)[0]
    site.password.write_text("wrong")
    with site.daemon() as daemon:
        with pytest.raises(PortError):
            daemon.once()
        daemon.raise_alarms()
    listed = mailbot("alarm", "list", "--json", *config).json
    assert [(one["name"], one["told"], one["cleared"]) for one in listed] == [("mailbox.roster", True, False)]
    assert "mailbox.roster" in mailbot("alarm", "list", *config).out
    checked = mailbot("check", "--offline", *config).out
    assert "told by command; mailbot alarm test tries it" in checked


def test_a_road_that_leads_nowhere_fails_its_test_and_none_is_said(site: Place) -> None:
    _set(site, 'command = ["/nowhere/notify"]')
    site.settings()
    config = ("--config", site.folder / "mailbot.toml")
    assert mailbot("alarm", "test", *config).code == 6


def test_without_a_road_check_warns_and_the_test_names_the_remedy(site: Place) -> None:
    site.settings()
    config = ("--config", site.folder / "mailbot.toml")
    assert mailbot("alarm", "test", *config).code == 3
    assert "[alarm] is not set" in mailbot("check", "--offline", *config).out
    assert when("2020-09-16 10:00") == site.clock.now()


def test_reconcile_fills_a_gap_and_says_so(site: Place) -> None:
    """The shell has the real clock: only mail of the last thirty days is looked at."""
    for draft in (roster(A), roster(B, unit=units.HOSPITAL)):
        site.put(post(draft), SystemClock().now())
    config = ("--config", site.folder / "mailbot.toml")
    with site.daemon() as daemon:
        daemon.once()
        ledger = daemon.parts.ledger
        lost = ledger.queries.mails()[0]
        with ledger.db.write("forgot") as unit:
            unit.conn.execute(update(mails).where(mails.c.id == lost.id).values(uid=900_000))
    found = mailbot("mail", "reconcile", "--json", *config)
    assert (found.code, [(one["listed"], one["taken"]) for one in found.json]) == (5, [(2, 1)])
    again = mailbot("mail", "reconcile", *config)
    assert again.code == 0
    assert "INBOX" in again.out
    assert "没有工作人员手写的邮件" in mailbot("mail", "sent", *config).out
    assert mailbot("mail", "sent", "--json", *config).json == []
