"""Claims of mails: counted before the work, fenced, and given to a person after too many attempts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailbot.domain.mail import MailState
from mailbot.domain.outcome import LostMail
from mailbot.ledger.ledger import Ledger
from tests.ledger.world import MINUTE, NOW, claimed, new_mail, result

LATER = NOW + timedelta(hours=1)


def test_a_claim_counts_the_attempt_at_once(ledger: Ledger) -> None:
    mail = claimed(ledger)
    assert (mail.attempts, mail.state) == (1, MailState.WORKING)
    assert ledger.queries.mail(mail.id).attempts == 1
    assert ledger.steps.claim_mail(LATER) is None


def test_a_mail_that_is_put_back_waits_and_counts_on(ledger: Ledger) -> None:
    mail = claimed(ledger)
    ledger.steps.put_back(mail, "the platform is silent", LATER)
    assert ledger.steps.claim_mail(LATER - MINUTE) is None
    again = ledger.steps.claim_mail(LATER)
    assert again is not None
    assert (again.id, again.attempts) == (mail.id, 2)
    assert again.token > mail.token
    assert ledger.queries.mail(mail.id).last_error == "the platform is silent"


def test_after_three_attempts_a_person_gets_it_with_the_last_reason_and_others_go_on(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(1)], None)
    for attempt in range(3):
        mail = ledger.steps.claim_mail(NOW + attempt * MINUTE)
        assert mail is not None
        ledger.steps.put_back(mail, "KeyError in roster.py:7", NOW + (attempt + 1) * MINUTE)
    ledger.mails.store([new_mail(2)], None)
    after = ledger.steps.claim_mail(NOW + timedelta(days=9))
    assert after is not None
    assert after.arrival.uid == 2
    [aside] = ledger.queries.mails([MailState.SET_ASIDE])
    assert aside.last_error == "given up after 3 attempts: KeyError in roster.py:7"
    assert ledger.queries.events_of(mail_id=aside.id)[-1].kind == "mail.set_aside"


def test_three_crashes_set_a_mail_aside_and_fewer_do_not(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(1)], None)
    for crash in range(3):
        assert ledger.steps.claim_mail(NOW) is not None, crash
        ledger.steps.recover(NOW)
    assert ledger.steps.claim_mail(NOW) is None
    [aside] = ledger.queries.mails([MailState.SET_ASIDE])
    assert aside.attempts == 3
    assert "given up after 3 attempts" in (aside.last_error or "")


def test_setting_aside_tells_why(ledger: Ledger) -> None:
    mail = claimed(ledger)
    ledger.steps.set_aside(mail, "mail.two_kinds", LATER)
    line = ledger.queries.mail(mail.id)
    assert (line.state, line.last_error) == (MailState.SET_ASIDE, "mail.two_kinds")
    ledger.steps.recover(LATER)
    assert ledger.queries.mail(mail.id).state is MailState.SET_ASIDE


@pytest.mark.parametrize("stale", [-1, 1])
def test_whoever_lost_the_claim_changes_nothing(ledger: Ledger, stale: int) -> None:
    mail = claimed(ledger)
    other = replace(mail, token=mail.token + stale)
    before = ledger.queries.mail(mail.id)
    ledger.steps.put_back(other, "late", LATER)
    ledger.steps.set_aside(other, "late", LATER)
    with pytest.raises(LostMail):
        ledger.cases.finish(other, result(mail, kind=None))
    assert ledger.queries.mail(mail.id) == before
    ledger.cases.finish(mail, result(mail, kind=None))


def test_a_finished_mail_cannot_be_finished_or_put_back_again(ledger: Ledger) -> None:
    mail = claimed(ledger)
    ledger.cases.finish(mail, result(mail, kind=None))
    with pytest.raises(LostMail):
        ledger.cases.finish(mail, result(mail, kind=None))
    ledger.steps.put_back(mail, "again", NOW)
    assert ledger.steps.claim_mail(LATER) is None


def test_recovery_of_a_quiet_ledger_changes_nothing(ledger: Ledger) -> None:
    mail = claimed(ledger)
    ledger.cases.finish(mail, result(mail, kind=None))
    before = ledger.audit.verify().events
    ledger.steps.recover(LATER)
    ledger.steps.recover(LATER)
    assert ledger.audit.verify().events == before


def test_a_fault_of_the_site_is_no_attempt_of_the_mail(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(1)], None)
    for turn in range(10):
        mail = ledger.steps.claim_mail(NOW + turn * MINUTE)
        assert mail is not None
        assert mail.attempts == 1
        ledger.steps.put_back(mail, "the platform is silent", NOW + (turn + 1) * MINUTE, counts=False)
    assert ledger.queries.mails([MailState.SET_ASIDE]) == []
