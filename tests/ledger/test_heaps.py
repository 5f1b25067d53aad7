"""The staff's queue under a flood: one row with a count, and everybody else's rows as ever."""

from __future__ import annotations

import time
from datetime import timedelta

from sqlalchemy import insert

from mailbot.domain.mail import MailState
from mailbot.domain.outcome import MailResult
from mailbot.ledger.heaps import FEW
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.tables.mail import mails
from tests.ledger.world import DUE, MINUTE, NOW, S, case, claimed, result

FLOOD, QUIET = "flood@unit.example", "quiet@unit.example"


def held(ledger: Ledger, sender: str, first: int, count: int) -> list[str]:
    """Cases of one sender that wait for a person; their numbers."""
    ids = []
    for number in range(first, first + count):
        mail = claimed(ledger, number, sender)
        one = case(f"2020-{number:06d}", [S.HELD], people=[number])
        ledger.cases.finish(mail, result(mail, one, kind=None))
        ids.append(one.case_id)
    return ids


def aside(ledger: Ledger, sender: str, first: int, count: int) -> None:
    for number in range(first, first + count):
        mail = claimed(ledger, number, sender)
        ended = MailResult(mail.id, MailState.SET_ASIDE, NOW, None, sender, f"来信 {number}", content=f"c{number}")
        ledger.cases.finish(mail, ended)


def test_a_sender_of_few_has_a_row_for_each(ledger: Ledger) -> None:
    ids = held(ledger, FLOOD, 1, FEW)
    assert [(line.id, line.more) for line in ledger.heaps.cases([S.HELD])] == [(one, 0) for one in ids]


def test_a_sender_of_many_has_one_row_and_hides_nobody(ledger: Ledger) -> None:
    flood = held(ledger, FLOOD, 1, FEW + 5)
    [quiet] = held(ledger, QUIET, 50, 1)
    lines = ledger.heaps.cases([S.HELD], limit=2)
    assert [(line.id, line.sender, line.more) for line in lines] == [
        (flood[0], FLOOD, FEW + 4),
        (quiet, QUIET, 0),
    ]
    assert lines[0].items == {"held": 1}
    assert [line.id for line in ledger.heaps.of_sender(FLOOD.upper())] == flood
    assert [line.id for line in ledger.heaps.of_sender(QUIET, [S.AWAITING_SENDER])] == []


def test_the_row_is_the_one_that_is_due_first(ledger: Ledger) -> None:
    flood = held(ledger, FLOOD, 1, FEW + 2)
    assert ledger.heaps.cases([S.HELD], due_by=DUE)[0].id == flood[0]
    assert ledger.heaps.cases([S.HELD], due_by=DUE - MINUTE) == []
    assert ledger.heaps.cases([S.FULFILLED]) == []


def test_mails_that_were_set_aside_are_gathered_the_latest_first(ledger: Ledger) -> None:
    aside(ledger, FLOOD, 1, FEW + 3)
    aside(ledger, QUIET, 50, 2)
    lines = ledger.heaps.mails([MailState.SET_ASIDE])
    assert [(line.sender, line.more) for line in lines] == [(QUIET, 0), (QUIET, 0), (FLOOD, FEW + 2)]
    assert lines[2].subject == f"来信 {FEW + 3}"
    assert len(ledger.queries.mails([MailState.SET_ASIDE])) == FEW + 5


def test_only_what_arrived_since_is_counted(ledger: Ledger) -> None:
    aside(ledger, FLOOD, 1, FEW + 3)
    since = NOW + timedelta(seconds=FEW)
    assert [line.more for line in ledger.heaps.mails([MailState.SET_ASIDE], since=since)] == [0] * 4


def test_ten_thousand_are_one_row_in_good_time(ledger: Ledger) -> None:
    row = {"account": "roster", "mailbox": "INBOX", "address": "2020gxkm@example.org", "uidvalidity": 7}
    row |= {"sha256": "0" * 64, "size": 10, "received_at": NOW, "lane": FLOOD, "turn": 0, "attempts": 1, "token": 1}
    with ledger.db.write("flood") as unit:
        state = MailState.SET_ASIDE.value
        unit.conn.execute(insert(mails), [{**row, "uid": uid, "state": state} for uid in range(1, 10_001)])
    aside(ledger, QUIET, 20_000, 1)
    started = time.monotonic()
    lines = ledger.heaps.mails([MailState.SET_ASIDE])
    assert [line.more for line in lines] == [0, 9_999]
    assert time.monotonic() - started < 2
