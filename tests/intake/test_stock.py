"""The start date of an old mailbox: listed in pieces, not fetched, and gone on with after a restart."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from mailbot.clock import FixedClock
from mailbot.credentials import Password
from mailbot.domain.ports import Cursor
from mailbot.intake.faults import Lost
from mailbot.intake.mailbox import Mailbox
from tests.intake.helpers import NOW, PW, USER, account, limits, mail
from tests.intake.store import MemoryStore
from tests.rig.dovecot import Dovecot
from tests.rig.fake_imap import Box, FakeImap

CHINA = timezone(timedelta(hours=8))
SINCE = datetime(2020, 7, 7, tzinfo=CHINA)
OLD = '"06-Jul-2020 23:59:59 +0800"'
FRESH = '"07-Jul-2020 00:00:00 +0800"'


def stock(old: int, fresh: int = 0) -> Box:
    """An old mailbox: so many mails from before the start, then so many after."""
    box = Box(mails={uid: mail(uid) for uid in range(1, old + fresh + 1)})
    box.dates = {uid: OLD if uid <= old else FRESH for uid in box.mails}
    return box


def reader(server: FakeImap, store: MemoryStore, since: datetime | None = SINCE, **changes: int) -> Mailbox:
    ours = account(server.port)
    ours = type(ours)(ours.name, ours.address, ours.server, since=since)
    return Mailbox(ours, PW, store, FixedClock(NOW), limits(**changes), lambda low, _: low / 10)


def fetched(server: FakeImap) -> list[str]:
    return [command for command in server.asked("UID FETCH") if "BODY" in command]


def test_case_51_what_is_older_is_listed_and_not_fetched_and_the_cursor_says_so() -> None:
    store = MemoryStore()
    with FakeImap(stock(40, 3)) as server:
        box = reader(server, store, listing_mails=10)
        report = box.poll_once()
        box.close()
        assert (report.stored, report.more, report.ahead) == (3, False, 0)
        assert len(fetched(server)) == 1
    assert store.uids == [41, 42, 43]
    assert store.cursors["roster", "INBOX"] == Cursor(7, 43, stock=43, since=SINCE)


def test_case_51_the_look_goes_on_where_it_was_cut() -> None:
    store = MemoryStore()
    box = stock(120, 2)
    with FakeImap(box) as server:
        first = reader(server, store, listing_mails=10)
        assert first.poll_once().more
        first.close()
        assert store.cursors["roster", "INBOX"] == Cursor(7, 100, stock=122, since=SINCE)
        box.commands.clear()
        again = reader(server, store, listing_mails=10)
        assert not again.poll_once().more
        again.close()
        listed = [command for command in server.asked("UID FETCH") if "BODY" not in command]
        assert not any(command.startswith("UID FETCH 1,") for command in listed)
    assert store.uids == [121, 122]


def test_case_51_a_mail_that_comes_later_is_taken_whatever_its_date() -> None:
    store, box = MemoryStore(), stock(5)
    with FakeImap(box) as server:
        ours = reader(server, store)
        ours.poll_once()
        box.mails[6] = mail(6)
        box.dates[6] = OLD
        ours.poll_once()
        ours.close()
    assert store.uids == [6]


@pytest.mark.parametrize("date", ["", '"01-Jan-1970 00:00:00 +0000"'])
def test_an_old_mail_of_unknown_date_is_taken_and_its_received_line_tells_when(date: str) -> None:
    store, box = MemoryStore(), stock(2)
    box.dates[2] = date
    line = b"Received: from a by mx.cqhrsp.com; Thu, 2 Jul 2020 09:00:00 +0800\r\n"
    box.mails[2] = line + mail(2)
    with FakeImap(box) as server:
        ours = reader(server, store)
        ours.poll_once()
        ours.close()
    assert [m.arrival.received_at for m in store.mails] == [datetime(2020, 7, 2, 9, tzinfo=CHINA)]


def test_without_a_start_date_everything_is_taken() -> None:
    store = MemoryStore()
    with FakeImap(stock(4)) as server:
        ours = reader(server, store, since=None)
        ours.poll_once()
        ours.close()
    assert len(store.mails) == 4
    assert store.cursors["roster", "INBOX"] == Cursor(7, 4)


def test_an_earlier_start_date_fetches_what_was_left_and_nothing_twice() -> None:
    store = MemoryStore()
    with FakeImap(stock(4, 2)) as server:
        reader(server, store).drain(_never())
        reader(server, store, SINCE - timedelta(days=30)).drain(_never())
        assert sorted(store.uids) == [1, 2, 3, 4, 5, 6]
        assert len(store.batches) == 2
        assert store.cursors["roster", "INBOX"].since == SINCE - timedelta(days=30)


def test_case_08_under_another_uidvalidity_what_is_older_is_left_again() -> None:
    store, box = MemoryStore(), stock(4, 1)
    with FakeImap(box) as server:
        reader(server, store).drain(_never())
        box.uidvalidity = 8
        reader(server, store).drain(_never())
    assert [(m.arrival.uidvalidity, m.arrival.uid) for m in store.mails] == [(7, 5), (8, 5)]


def test_a_line_lost_while_looking_counts_against_no_mail() -> None:
    store, box = MemoryStore(), stock(4, 2)
    box.kills_listing = 1
    with FakeImap(box) as server:
        ours = reader(server, store)
        with pytest.raises(Lost):
            ours.poll_once()
        assert store.trying == {}
        assert ours.poll_once().stored == 2
        ours.close()


@pytest.mark.dovecot
def test_case_51_on_a_real_server_two_thousand_old_mails_are_listed_and_not_fetched() -> None:
    store = MemoryStore()
    with Dovecot(USER) as server:
        server.drop(USER, *(mail(number) for number in range(2_000)), at=SINCE - timedelta(days=9))
        server.drop(USER, *(mail(number) for number in range(5_000, 5_007)), at=SINCE + timedelta(hours=1))
        here = replace(account(server.imap), since=SINCE)
        secret = Password(lambda: server.password)
        many = limits(listing_mails=500, poll_deadline_seconds=30)
        report = Mailbox(here, secret, store, FixedClock(NOW), many).drain(_never())
        with server.client(USER) as client:
            client.select_folder("INBOX", readonly=True)
            assert len(client.search("UNSEEN")) == 2_000
    assert (report.stored, report.ahead) == (7, 0)
    assert sorted(store.raws) == sorted(mail(number) for number in range(5_000, 5_007))
    assert store.cursors["roster", "INBOX"].stock == 2_007


def _never() -> threading.Event:
    return threading.Event()
