"""The fair queue: nobody's thousand mails delay another's one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import event, insert

from mailbot.domain.mail import MailState
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.queue import lane
from mailbot.ledger.tables.mail import mails
from tests.examples import examples
from tests.ledger.world import MINUTE, NOW, claimed, fresh, new_mail, result

LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"From: A <a@b.cn>\r\n\r\n", "a@b.cn"),
        (b"from:a@B.CN\n\nFrom: other@x.cn", "a@b.cn"),
        (b"Subject: x\r\nFrom: =?utf-8?B?5byg?=\r\n <hr@unit.cn>\r\nTo: z@z\r\n\r\n", "hr@unit.cn"),
        (b'From: "x@y, z" <real@unit.cn>, second@unit.cn\r\n\r\n', "x@y"),
        (b"X-From: no@no\r\nSubject: hi\r\n\r\nFrom: body@body.cn\r\n", ""),
        (b"From: \xd5\xc5\xc8\xfd <zs@unit.cn>\r\n\r\n", "zs@unit.cn"),
        (b"From: nobody\r\n\r\n", ""),
        (b"", ""),
        (b"\x00" * 100_000, ""),
    ],
)
def test_the_lane_is_the_rough_sender(raw: bytes, expected: str) -> None:
    assert lane(raw) == expected


def test_a_huge_header_is_read_in_bounded_time() -> None:
    assert lane(b"From: " + b"a" * 5_000_000 + b"@x.cn\r\n\r\n") == ""
    assert lane(b"From: " + b"x <" * 20_000 + b"@" * 20_000) == ""


def test_oldest_first_within_a_sender(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(uid) for uid in (3, 4, 5)], None)
    taken = [ledger.steps.claim_mail(LATER) for _ in range(3)]
    assert [mail.arrival.uid for mail in taken if mail] == [3, 4, 5]
    assert ledger.steps.claim_mail(LATER) is None


def test_a_single_mail_comes_second_behind_a_thousand(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(uid, "flood@unit.example") for uid in range(1, 301)], None)
    ledger.mails.store([new_mail(301, "quiet@unit.example")], None)
    senders = [mail.arrival.uid for _ in range(3) if (mail := ledger.steps.claim_mail(LATER))]
    assert senders == [1, 301, 2]


def test_a_late_comer_waits_for_one_mail_at_most_and_the_flood_goes_on(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(uid, "flood@unit.example") for uid in range(1, 21)], None)
    for _ in range(10):
        assert ledger.steps.claim_mail(LATER)
    ledger.mails.store([new_mail(uid, "quiet@unit.example") for uid in (101, 102)], None)
    order = [mail.arrival.uid for _ in range(6) if (mail := ledger.steps.claim_mail(LATER))]
    assert order == [11, 101, 12, 102, 13, 14]


def test_a_mail_that_is_put_back_waits_behind_the_others(ledger: Ledger) -> None:
    mail = claimed(ledger, 1, "flood@unit.example")
    ledger.mails.store([new_mail(uid, "quiet@unit.example") for uid in (2, 3)], None)
    ledger.steps.put_back(mail, "the platform is silent", LATER + MINUTE)
    first = ledger.steps.claim_mail(LATER)
    assert first is not None
    assert first.arrival.uid == 2
    again = [m.arrival.uid for _ in range(2) if (m := ledger.steps.claim_mail(LATER + MINUTE))]
    assert sorted(again) == [1, 3]


@examples(20, unless=[HealthCheck.function_scoped_fixture])
@given(lanes=st.lists(st.sampled_from("abcd"), min_size=1, max_size=25), pauses=st.lists(st.integers(0, 3), max_size=8))
def test_between_two_waiting_senders_nobody_gets_two_turns(
    tmp_path_factory: pytest.TempPathFactory, lanes: list[str], pauses: list[int]
) -> None:
    """Whoever has a mail waiting for the whole time is served at least every second turn of any other sender."""
    ledger = fresh(tmp_path_factory.mktemp("fair"))
    served: list[str] = []
    plan = [*pauses, *([0] * len(lanes))]
    owner: dict[int, str] = {}
    for uid, (sender, takes) in enumerate(zip(lanes, plan, strict=False), start=1):
        owner[uid] = sender
        ledger.mails.store([new_mail(uid, f"{sender}@unit.example")], None)
        taken = [ledger.steps.claim_mail(LATER) for _ in range(takes)]
        served += [owner[mail.arrival.uid] for mail in taken if mail is not None]
    rest: list[str] = []
    while (mail := ledger.steps.claim_mail(LATER)) is not None:
        rest.append(owner[mail.arrival.uid])
    ledger.close()
    assert len(served) + len(rest) == len(lanes)
    for sender in set(rest):
        last = len(rest) - 1 - rest[::-1].index(sender)
        for other in set(rest) - {sender}:
            ahead = rest[: last + 1].count(other)
            assert ahead <= rest.count(sender) + 1, (sender, other, rest)


def test_turns_stay_fair_when_the_queue_ran_empty(ledger: Ledger) -> None:
    mail = claimed(ledger, 1)
    ledger.cases.finish(mail, result(mail, kind=None))
    ledger.mails.store([new_mail(2, "a@unit.example"), new_mail(3, "a@unit.example")], None)
    ledger.mails.store([new_mail(4, "b@unit.example")], None)
    order = [m.arrival.uid for _ in range(3) if (m := ledger.steps.claim_mail(LATER))]
    assert order == [2, 4, 3]


FLOOD = 10_000


def flood(ledger: Ledger, *, retry_at: datetime | None = None) -> None:
    """Ten thousand waiting mails of one sender, written at once as intake would have written them one by one."""
    row = {
        "account": "roster",
        "mailbox": "INBOX",
        "address": "2020gxkm@example.org",
        "uidvalidity": 7,
        "sha256": "0" * 64,
        "size": 10,
        "received_at": NOW,
        "lane": "flood@unit.example",
        "state": MailState.STORED.value,
        "attempts": 0,
        "token": 0,
        "retry_at": retry_at,
    }
    with ledger.db.write("flood") as unit:
        unit.conn.execute(insert(mails), [{**row, "uid": uid, "turn": uid} for uid in range(1, FLOOD + 1)])


@pytest.mark.parametrize("waits", [False, True])
def test_an_honest_mail_behind_ten_thousand_waits_for_one_of_them(ledger: Ledger, waits: bool) -> None:
    """Neither intake nor a claim reads through the queue: both cost the same as with nobody waiting, as far as SQLite's
    own count of steps tells."""
    flood(ledger, retry_at=LATER + MINUTE if waits else None)
    with steps(ledger) as counted:
        ledger.mails.store([new_mail(FLOOD + 1, "quiet@unit.example")], None)
        taken = [ledger.steps.claim_mail(LATER) for _ in range(2)]
    uids = [mail.arrival.uid for mail in taken if mail]
    assert uids == ([FLOOD + 1] if waits else [1, FLOOD + 1])
    assert counted.thousands < 20


@dataclass
class Counted:
    """Thousands of steps of SQLite's virtual machine."""

    thousands: int = 0


@contextmanager
def steps(ledger: Ledger) -> Iterator[Counted]:
    """Counts the steps of every connection that is opened meanwhile."""
    counted = Counted()

    def tick() -> None:
        counted.thousands += 1

    def watch(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(tick, 1_000)

    event.listen(ledger.db.engine, "checkout", watch)
    try:
        yield counted
    finally:
        event.remove(ledger.db.engine, "checkout", watch)
