"""Signs of life: each is red only for what people must act on, and says so in words fit for another road."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot import vitals
from mailbot.config_accounts import MailboxAccount
from mailbot.domain.ports import Cursor, SendResult, SendState
from mailbot.domain.server_ports import Swept
from mailbot.intake.status import Condition
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.stops import shut_line
from mailbot.ledger.tables.stops import Scope
from mailbot.status_file import BoxStatus, SiteStatus
from mailbot.vitals import Sign, Site
from tests.ledger.world import NOW, ZONE, S, case, composed, finished, fresh, new_mail

MINUTE = timedelta(minutes=1)
BOX = MailboxAccount(
    account="roster",
    address="2020gxkm@cqhrsp.com",
    user="roster",
    host="imap.cqhrsp.com",
    port=993,
    password_file=Path("secrets/roster"),
)
GOOD = BoxStatus(name="roster", condition=Condition.OK, last_ok=NOW)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = fresh(tmp_path)
    yield made
    made.close()


def signs(ledger: Ledger, status: BoxStatus | None = GOOD, after: timedelta = timedelta(0)) -> dict[str, Sign]:
    told = None if status is None else SiteStatus(at=NOW, mailboxes=(status,))
    site = Site((BOX,), told, Path("/dev/shm"), ZONE)
    return {sign.name: sign for sign in vitals.vitals(ledger, site, NOW + after)}


def alarms(ledger: Ledger, status: BoxStatus | None = GOOD, after: timedelta = timedelta(0)) -> set[str]:
    found = signs(ledger, status, after)
    assert {name for name, sign in found.items() if sign.red} == {name for name, sign in found.items() if sign.alarm}
    return {name for name, sign in found.items() if sign.alarm}


def test_a_calm_site_alarms_nobody(ledger: Ledger) -> None:
    assert alarms(ledger) == set()
    assert alarms(ledger, None) == set()


def test_a_refused_login_and_a_mailbox_that_is_silent_for_an_hour(ledger: Ledger) -> None:
    refused = replace_status(condition=Condition.REFUSED, last_error="535 clerk@x.cn no", last_error_at=NOW)
    assert alarms(ledger, refused) == {"mailbox.roster"}
    assert "授权码" in signs(ledger, refused)["mailbox.roster"].alarm
    assert "535" not in signs(ledger, refused)["mailbox.roster"].alarm, "the server's words go by no other road"
    waiting = replace_status(condition=Condition.WAITING, failures=3, last_error="gone")
    assert alarms(ledger, waiting, 59 * MINUTE) == set()
    assert signs(ledger, waiting, 59 * MINUTE)["mailbox.roster"].warns
    assert alarms(ledger, waiting, 61 * MINUTE) == {"mailbox.roster"}
    assert alarms(ledger, replace_status(condition=Condition.WAITING, last_ok=None)) == {"mailbox.roster"}


def test_mails_that_the_server_holds_and_we_do_not(ledger: Ledger) -> None:
    behind = replace_status(ahead=4, ahead_since=NOW)
    assert alarms(ledger, behind, 29 * MINUTE) == set()
    sign = signs(ledger, behind, 29 * MINUTE)["mailbox.roster"]
    assert sign.warns
    assert "4 mails of the server are not stored yet" in sign.words
    assert alarms(ledger, behind, 31 * MINUTE) == {"mailbox.roster"}


def test_the_cursor_of_an_old_mailbox_says_what_was_left(ledger: Ledger) -> None:
    ledger.mails.move("roster", "INBOX", Cursor(7, 99, stock=90, since=NOW))
    assert "is left alone up to UID 90" in signs(ledger)["mailbox.roster"].words


def test_a_gap_that_the_comparison_found_and_one_that_never_came(ledger: Ledger) -> None:
    ledger.sweeps.begin("roster", NOW)
    assert "sweep.roster" not in signs(ledger)
    ledger.sweeps.note("roster", [Swept("roster", "INBOX", listed=9, taken=2)], NOW)
    assert alarms(ledger) == {"sweep.roster"}
    assert "2 封" in signs(ledger)["sweep.roster"].alarm
    ledger.sweeps.note("roster", [Swept("roster", "INBOX", listed=9)], NOW)
    assert alarms(ledger) == set()
    assert signs(ledger, after=timedelta(days=3))["sweep.roster"].warns


def test_a_mail_that_waits_for_more_than_an_hour(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(1)], None)
    assert alarms(ledger, after=59 * MINUTE) == set()
    assert alarms(ledger, after=62 * MINUTE) == {"oldest"}


def test_a_letter_that_is_due_and_does_not_leave(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD]))
    assert alarms(ledger, after=29 * MINUTE) == set()
    assert alarms(ledger, after=31 * MINUTE) == {"letter"}
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    ledger.steps.store_letter(job.key, composed(), NOW)
    assert ledger.steps.start_sending(job.key, NOW)
    ledger.steps.conclude_letter(job.key, SendResult(SendState.SENT, "250 ok"), NOW)
    assert alarms(ledger, after=31 * MINUTE) == set()


def test_a_letter_that_a_person_paused_is_nobodys_alarm(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD]))
    ledger.stops.pause("张工", "核对模板", NOW)
    assert alarms(ledger, after=31 * MINUTE) == set()
    assert signs(ledger, after=31 * MINUTE)["letter"].warns
    ledger.stops.resume("张工", NOW)
    assert alarms(ledger, after=31 * MINUTE) == {"letter"}


def test_a_letter_that_follows_an_effect_or_waits_for_a_person_is_not_late(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED]))
    assert alarms(ledger, after=31 * MINUTE) == set()
    finished(ledger, case("2020-000002", states=[S.HELD], people=[9]), uid=2)
    ledger.stops.hold_case("2020-000002", "张工", "已电话答复", NOW)
    assert alarms(ledger, after=31 * MINUTE) == set()


def test_what_stops_all_letters_alarms_unless_a_person_did_it(ledger: Ledger) -> None:
    with ledger.db.write("shut") as unit:
        shut_line(unit, Scope.LOGIN, "535 no", NOW)
    assert alarms(ledger) == {"letters.login"}
    assert "拒绝登录" in signs(ledger)["letters.login"].alarm
    ledger.stops.resume("张工", NOW)
    ledger.stops.pause("张工", "盘点", NOW)
    assert alarms(ledger) == set()
    assert signs(ledger)["letters.pause"].warns


def test_a_line_that_rests_alarms_when_it_does_not_come_back(ledger: Ledger) -> None:
    for rests in range(1, 5):
        with ledger.db.write("shut") as unit:
            shut_line(unit, Scope.LINE, "421 slow down", NOW)
        assert alarms(ledger) == ({"letters.line"} if rests == 4 else set())
        assert signs(ledger)["letters.line"].warns is (rests < 4)


def test_a_disk_that_is_nearly_full(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitals, "LOW_BYTES", sys.maxsize)
    assert alarms(ledger) == {"disk"}


def test_every_value_can_be_printed_as_json(ledger: Ledger) -> None:
    ledger.mails.move("roster", "INBOX", Cursor(7, 99, stock=90, since=NOW))
    ledger.mails.store([new_mail(1)], None)
    behind = replace_status(ahead=4, ahead_since=NOW)
    json.dumps({sign.name: sign.value for sign in signs(ledger, behind).values()})


def replace_status(**changes: object) -> BoxStatus:
    return GOOD.model_copy(update=changes)
