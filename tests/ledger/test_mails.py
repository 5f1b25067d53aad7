"""Commit 1: stored once, for ever, and the cursor only together with the mails."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailbot.domain.mail import MailState
from mailbot.domain.ports import Cursor, FetchTry
from mailbot.ledger.ledger import Ledger
from tests.ledger.world import NOW, ZONE, new_mail, opened, raw


def test_mails_and_cursor_stand_together_and_survive_a_restart(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ids = ledger.mails.store([new_mail(4), new_mail(9)], Cursor(7, 9))
    ledger.close()
    again = opened(tmp_path)
    assert again.mails.cursor("roster", "INBOX") == Cursor(7, 9)
    assert again.mails.known_uids("roster", "INBOX", 7) == {4, 9}
    assert [again.queries.mail(number).size for number in ids] == [len(raw(4)), len(raw(9))]
    assert again.cases.raw(again.queries.mail(ids[1]).sha256) == raw(9)
    again.close()


def test_a_known_uid_is_skipped_even_with_other_bytes(ledger: Ledger) -> None:
    [first] = ledger.mails.store([new_mail(1)], None)
    assert ledger.mails.store([replace(new_mail(1), raw=b"other"), new_mail(1)], Cursor(7, 1)) == []
    assert ledger.queries.mail(first).size == len(raw(1))
    assert len(ledger.queries.mails()) == 1


def test_the_same_uid_is_another_mail_in_another_mailbox_or_validity(ledger: Ledger) -> None:
    mail = new_mail(1)
    others = [
        replace(mail, arrival=replace(mail.arrival, account="proofs")),
        replace(mail, arrival=replace(mail.arrival, mailbox="已处理")),
        replace(mail, arrival=replace(mail.arrival, uidvalidity=4_294_967_295)),
    ]
    assert len(ledger.mails.store([mail, *others], None)) == 4
    assert ledger.mails.known_uids("roster", "INBOX", 4_294_967_295) == {1}


def test_the_ids_are_in_the_order_given(ledger: Ledger) -> None:
    ids = ledger.mails.store([new_mail(uid) for uid in (5, 2, 8)], None)
    assert [ledger.queries.mail(number).received_at for number in ids] == [
        new_mail(uid).arrival.received_at for uid in (5, 2, 8)
    ]


def test_a_cursor_follows_the_server_also_downwards(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(9)], Cursor(7, 9))
    ledger.mails.store([new_mail(1)], Cursor(8, 1))
    assert ledger.mails.cursor("roster", "INBOX") == Cursor(8, 1)
    assert ledger.mails.cursor("proofs", "INBOX") is None


def test_a_cursor_needs_exactly_one_mailbox(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="one mailbox"):
        ledger.mails.store([], Cursor(7, 1))
    with pytest.raises(ValueError, match="one mailbox"):
        ledger.mails.store([new_mail(1), new_mail(2, account="proofs")], Cursor(7, 2))
    assert ledger.queries.mails() == []


def test_nothing_to_store_is_nothing_done(ledger: Ledger) -> None:
    assert ledger.mails.store([], None) == []


def test_arrival_keeps_its_moment_across_zones(ledger: Ledger) -> None:
    at = datetime(2020, 7, 15, 9, 0, tzinfo=ZONE)
    mail = new_mail(1)
    ledger.mails.store([replace(mail, arrival=replace(mail.arrival, received_at=at))], None)
    claimed = ledger.steps.claim_mail(NOW)
    assert claimed is not None
    assert claimed.arrival.received_at == at


def test_a_naive_time_is_refused_and_nothing_stays(ledger: Ledger) -> None:
    mail = new_mail(1)
    naive = replace(mail, arrival=replace(mail.arrival, received_at=datetime(2020, 7, 15)))  # noqa: DTZ001 - the fault
    with pytest.raises(Exception, match=r"timezone|aware|naive"):
        ledger.mails.store([new_mail(2), naive], Cursor(7, 2))
    assert ledger.queries.mails() == []
    assert ledger.mails.cursor("roster", "INBOX") is None


def test_poison_is_a_row_for_a_person_and_never_work(ledger: Ledger) -> None:
    arrival = new_mail(13).arrival
    for _ in range(2):
        ledger.mails.store_poison(arrival, "2020gxkm@example.org", 5_000_000, "FETCH says NO\x00", Cursor(7, 13))
    [line] = ledger.queries.mails([MailState.SET_ASIDE])
    assert (line.size, line.sha256, line.last_error) == (5_000_000, "", "FETCH says NO�")
    assert ledger.mails.cursor("roster", "INBOX") == Cursor(7, 13)
    assert ledger.mails.known_uids("roster", "INBOX", 7) == {13}
    assert ledger.steps.claim_mail(NOW) is None
    assert [event.kind for event in ledger.queries.events_of(mail_id=line.id)] == ["mail.poison"]


def test_a_cursor_keeps_since_when_an_old_mailbox_is_read(ledger: Ledger) -> None:
    first = Cursor(7, 0, stock=100_000, since=NOW)
    ledger.mails.move("roster", "INBOX", first)
    assert ledger.mails.cursor("roster", "INBOX") == first
    ledger.mails.store([new_mail(9)], replace(first, high_water=9))
    assert ledger.mails.cursor("roster", "INBOX") == replace(first, high_water=9)
    assert ledger.mails.cursor("proof", "INBOX") is None


def test_the_newest_are_told_by_uid_and_without_those_never_given(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(uid) for uid in (3, 5, 4)], None)
    ledger.mails.store_poison(new_mail(8).arrival, "x@y.cn", 1, "NO", None)
    found = ledger.mails.newest("roster", "INBOX", 7, 2)
    assert [(one.uid, one.size) for one in found] == [(5, len(raw(5))), (4, len(raw(4)))]
    assert ledger.mails.raw(found[0].sha256) == raw(5)
    assert found[0].received_at == new_mail(5).arrival.received_at
    assert ledger.mails.newest("roster", "INBOX", 8, 2) == []


def test_tries_survive_a_restart_and_are_replaced_whole(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    tries = [FetchTry(9, 3, NOW + timedelta(minutes=5), "NO \x00损坏"), FetchTry(4, 6, NOW, "gone")]
    ledger.mails.keep_tries("roster", "INBOX", 7, tries)
    ledger.mails.keep_tries("proof", "INBOX", 7, tries[:1])
    ledger.close()
    again = opened(tmp_path)
    assert again.mails.tries("roster", "INBOX", 7) == [tries[1], replace(tries[0], detail="NO �损坏")]
    assert again.mails.tries("roster", "INBOX", 8) == []
    again.mails.keep_tries("roster", "INBOX", 8, tries[:1])
    assert again.mails.tries("roster", "INBOX", 7) == []
    again.mails.keep_tries("roster", "INBOX", 8, [])
    assert again.mails.tries("roster", "INBOX", 8) == []
    assert len(again.mails.tries("proof", "INBOX", 7)) == 1
    again.close()
