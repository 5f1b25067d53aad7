"""Which mails may be moved on the server, and that each is moved once."""

from __future__ import annotations

import pytest

from mailbot.domain.ports import Cursor
from mailbot.ledger.ledger import Ledger
from tests.ledger.world import NOW, S, case, claimed, finished, new_mail


def uids(ledger: Ledger, *, person: bool, limit: int = 50) -> list[int]:
    return [one.uid for one in ledger.filings.decided("roster", "INBOX", limit, person=person)]


def at_cursor(ledger: Ledger, uidvalidity: int = 7) -> None:
    ledger.mails.move("roster", "INBOX", Cursor(uidvalidity, 100))


def test_a_mail_is_decided_when_its_work_ended(ledger: Ledger) -> None:
    at_cursor(ledger)
    ledger.mails.store([new_mail(9)], None)
    assert uids(ledger, person=False) == []
    mail = finished(ledger, case())
    [one] = ledger.filings.decided("roster", "INBOX", 5, person=False)
    assert (one.mail_id, one.uid, one.uidvalidity) == (mail.id, mail.arrival.uid, mail.arrival.uidvalidity)
    assert one.received_at == mail.arrival.received_at
    assert uids(ledger, person=True) == []


@pytest.mark.parametrize("state", [S.APPROVED, S.AWAITING_SENDER, S.CLOSED])
def test_what_waits_for_no_person_of_the_office_rests(ledger: Ledger, state: S) -> None:
    at_cursor(ledger)
    finished(ledger, case(states=[state]))
    assert (len(uids(ledger, person=False)), uids(ledger, person=True)) == (1, [])


def test_a_mail_of_a_held_case_waits_for_a_person(ledger: Ledger) -> None:
    at_cursor(ledger)
    finished(ledger, case(states=[S.APPROVED, S.HELD]))
    assert (uids(ledger, person=False), len(uids(ledger, person=True))) == ([], 1)


def test_a_mail_that_was_set_aside_waits_for_a_person(ledger: Ledger) -> None:
    at_cursor(ledger)
    ledger.steps.set_aside(claimed(ledger), "not understood", NOW)
    assert (uids(ledger, person=False), len(uids(ledger, person=True))) == ([], 1)


def test_a_mail_whose_bytes_were_never_given_stays_where_it_is(ledger: Ledger) -> None:
    ledger.mails.store_poison(new_mail(3).arrival, "2020gxkm@example.org", 10, "not given", Cursor(7, 3))
    assert uids(ledger, person=True) == []


def test_what_was_noted_is_not_told_again_and_keeps_its_first_folder(ledger: Ledger) -> None:
    at_cursor(ledger)
    mail = finished(ledger, case())
    ledger.filings.note_filed([mail.id], "已处理", NOW)
    ledger.filings.note_filed([mail.id], "", NOW)
    ledger.filings.note_filed([], "已处理", NOW)
    assert uids(ledger, person=False) == []
    with ledger.db.read() as conn:
        assert conn.exec_driver_sql("select folder from filings").scalars().all() == ["已处理"]


def test_mails_under_an_earlier_uidvalidity_are_left_alone(ledger: Ledger) -> None:
    finished(ledger, case())
    assert uids(ledger, person=False) == [], "no cursor, no mailbox"
    at_cursor(ledger, uidvalidity=8)
    assert uids(ledger, person=False) == []
    at_cursor(ledger)
    assert len(uids(ledger, person=False)) == 1


def test_the_lowest_come_first_and_no_more_than_asked_for(ledger: Ledger) -> None:
    at_cursor(ledger)
    for uid in (5, 3, 4):
        ledger.steps.set_aside(claimed(ledger, uid), "not understood", NOW)
    assert uids(ledger, person=True) == [3, 4, 5]
    assert uids(ledger, person=True, limit=2) == [3, 4]
    assert ledger.filings.decided("proofs", "INBOX", 5, person=True) == []
