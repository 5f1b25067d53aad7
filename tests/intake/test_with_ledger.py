"""Intake into the real ledger: what the port promises is what the rounds rely on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete

from mailbot.clock import FixedClock
from mailbot.domain.mail import MailState
from mailbot.domain.ports import Cursor
from mailbot.intake.mailbox import Mailbox
from mailbot.intake.place import EPOCH
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.tables.mail import cursors
from tests.intake.helpers import NOW, PW, StillClock, account, limits
from tests.rig.fake_imap import Box, FakeImap


@pytest.fixture
def server() -> Iterator[FakeImap]:
    with FakeImap(Box().add(1, 2, 3)) as server:
        yield server


def mailbox(server: FakeImap, ledger: Ledger) -> Mailbox:
    return Mailbox(account(server.port), PW, ledger.mails, StillClock(), limits())


def test_rows_blobs_and_cursor_stand_after_one_round(server: FakeImap, ledger: Ledger) -> None:
    box = mailbox(server, ledger)
    assert box.poll_once().stored == 3
    assert box.poll_once().stored == 0
    box.close()
    lines = ledger.queries.mails()
    assert {ledger.cases.raw(line.sha256) for line in lines} == set(server.box.mails.values())
    assert {line.state for line in lines} == {MailState.STORED}
    assert ledger.mails.cursor("roster", "INBOX") == Cursor(7, 3)


def test_a_mail_that_cannot_be_had_waits_for_a_person_and_the_rest_goes_on(server: FakeImap, ledger: Ledger) -> None:
    server.box.refuses = {2}
    clock = FixedClock(NOW)
    for _ in range(4):
        box = Mailbox(account(server.port), PW, ledger.mails, clock, limits())
        box.poll_once()
        box.close()
        clock.advance(timedelta(minutes=5))
    assert len(ledger.queries.mails([MailState.STORED])) == 2
    assert len(ledger.queries.mails([MailState.SET_ASIDE])) == 1
    assert ledger.mails.cursor("roster", "INBOX") == Cursor(7, 3)


def test_uids_counted_anew_become_rows_of_their_own(server: FakeImap, ledger: Ledger) -> None:
    box = mailbox(server, ledger)
    box.poll_once()
    server.box.mails = {1: b"Subject: other\r\n\r\nanother mail under an old number\r\n"}
    box.poll_once()
    box.close()
    assert len(ledger.queries.mails()) == 4
    assert ledger.mails.cursor("roster", "INBOX") == Cursor(7 + EPOCH, 1)


def test_a_restart_with_a_lost_cursor_stores_nothing_twice(server: FakeImap, ledger: Ledger) -> None:
    box = mailbox(server, ledger)
    box.poll_once()
    with ledger.db.write("lost") as unit:
        unit.conn.execute(delete(cursors))
    assert box.poll_once().stored == 0
    box.close()
    assert len(ledger.queries.mails()) == 3
