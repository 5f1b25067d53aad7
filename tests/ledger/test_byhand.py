"""What named persons do besides a verdict: another try for a mail, a look that is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailbot.domain.mail import Arrival, MailState
from mailbot.ledger.byhand import RETRIED, REVEALED
from mailbot.ledger.ledger import Ledger
from tests.ledger.world import NOW, case, claimed, finished, new_mail, result

LATER = NOW + timedelta(days=2)


def aside(ledger: Ledger, uid: int = 1) -> int:
    mail = claimed(ledger, uid)
    ledger.steps.set_aside(mail, "no reader", NOW)
    return mail.id


def test_a_mail_that_was_set_aside_is_claimed_again_with_its_attempts_counted_anew(ledger: Ledger) -> None:
    number = aside(ledger)
    assert ledger.by_hand.retry(number, "张工", LATER)
    line = ledger.queries.mail(number)
    assert (line.state, line.attempts, line.last_error) == (MailState.STORED, 0, None)
    again = ledger.steps.claim_mail(LATER)
    assert again is not None
    assert (again.id, again.attempts) == (number, 1)
    ledger.cases.finish(again, result(again, case()))
    done = ledger.queries.mail(number)
    assert (done.state, done.cases) == (MailState.DONE, (("2020-000001", "opens"),))
    kinds = [event.kind for event in ledger.queries.events_of(mail_id=number)]
    assert kinds[:3] == ["mail.stored", "mail.set_aside", RETRIED]
    [event] = [event for event in ledger.queries.events_of(mail_id=number) if event.kind == RETRIED]
    assert (event.actor, event.detail) == ("张工", {"before": "no reader"})
    assert ledger.audit.verify().intact


def test_it_waits_behind_the_others_of_its_sender(ledger: Ledger) -> None:
    number = aside(ledger)
    [second] = ledger.mails.store([new_mail(2)], None)
    assert ledger.by_hand.retry(number, "张工", LATER)
    order = [mail.id for mail in (ledger.steps.claim_mail(LATER), ledger.steps.claim_mail(LATER)) if mail]
    assert order == [second, number]


def test_a_mail_at_work_done_or_without_bytes_is_not_tried_again(ledger: Ledger) -> None:
    working = claimed(ledger)
    assert not ledger.by_hand.retry(working.id, "张工", LATER)
    ledger.cases.finish(working, result(working))
    assert not ledger.by_hand.retry(working.id, "张工", LATER)
    ledger.mails.store_poison(Arrival("roster", "INBOX", 7, 9, NOW), "a@example.org", 5, "not given", None)
    [poison] = ledger.queries.mails([MailState.SET_ASIDE])
    assert not ledger.by_hand.retry(poison.id, "张工", LATER)
    assert ledger.queries.mail(poison.id).state is MailState.SET_ASIDE
    with pytest.raises(LookupError):
        ledger.by_hand.retry(999, "张工", LATER)


def test_a_look_is_an_event_of_its_case_or_mail(ledger: Ledger) -> None:
    mail = finished(ledger, case())
    [(case_id, _)] = ledger.queries.mail(mail.id).cases
    ledger.by_hand.revealed("张工", "核对", LATER, case_id=case_id)
    ledger.by_hand.revealed("李工", "", LATER, mail_id=mail.id)
    assert ledger.queries.events_of(case_id=case_id)[-1].kind == REVEALED
    last = ledger.queries.events_of(mail_id=mail.id)[-1]
    assert (last.kind, last.actor, last.at) == (REVEALED, "李工", LATER)
    assert ledger.queries.last_event_at() == LATER
    assert ledger.audit.verify().intact


def test_a_second_pass_of_a_mail_keeps_what_the_first_one_said(ledger: Ledger) -> None:
    finished(ledger, case())
    mail = claimed(ledger, 2)
    aside_ = replace(result(mail, kind=None), state=MailState.SET_ASIDE, follows=("2020-000001",))
    ledger.cases.finish(mail, aside_)
    assert ledger.by_hand.retry(mail.id, "张工", NOW)
    again = ledger.steps.claim_mail(NOW)
    assert again is not None
    ledger.cases.finish(again, replace(aside_, state=MailState.DONE))
    assert ledger.queries.mail(mail.id).cases == (("2020-000001", "follows"),)
