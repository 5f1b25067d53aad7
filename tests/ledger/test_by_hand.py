"""What persons do besides a verdict, the notices to staff, and the frozen versions of a case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.domain.effects import EffectState
from mailbot.domain.letters import Composed
from mailbot.domain.mail import MailState
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.settings import Mode
from tests.ledger.world import NOW, S, case, claimed, composed, finished, item, new_mail, result, send


def test_a_mail_that_was_set_aside_is_taken_in_again(ledger: Ledger) -> None:
    mail = claimed(ledger)
    ledger.steps.set_aside(mail, "two kinds", NOW)
    assert ledger.by_hand.retry(mail.id, "张工", NOW) is True
    again = ledger.steps.claim_mail(NOW)
    assert again is not None
    assert (again.id, again.attempts) == (mail.id, 1)
    assert again.token > mail.token
    ledger.cases.finish(again, result(again, case()))
    assert ledger.queries.mail(mail.id).cases == (("2020-000001", "opens"),)
    kinds = [event.kind for event in ledger.queries.events_of(mail_id=mail.id)]
    assert kinds[:3] == ["mail.stored", "mail.set_aside", "mail.retried"]


def test_a_second_pass_of_a_mail_keeps_what_the_first_one_said(ledger: Ledger) -> None:
    finished(ledger, case())
    mail = claimed(ledger, 2)
    aside = replace(result(mail, kind=None), state=MailState.SET_ASIDE, follows=("2020-000001",))
    ledger.cases.finish(mail, aside)
    assert ledger.by_hand.retry(mail.id, "张工", NOW)
    again = ledger.steps.claim_mail(NOW)
    assert again is not None
    ledger.cases.finish(again, replace(aside, state=MailState.DONE))
    assert ledger.queries.mail(mail.id).cases == (("2020-000001", "follows"),)


def test_only_what_was_set_aside_and_has_bytes_can_be_retried(ledger: Ledger) -> None:
    done = finished(ledger, case())
    ledger.mails.store_poison(new_mail(9).arrival, "a@x", 5, "FETCH says NO", None)
    assert ledger.by_hand.retry(done.id, "张工", NOW) is False
    [poison] = ledger.queries.mails([MailState.SET_ASIDE])
    assert ledger.by_hand.retry(poison.id, "张工", NOW) is False
    with pytest.raises(LookupError):
        ledger.by_hand.retry(99, "张工", NOW)


def test_a_look_at_whole_values_is_an_event_with_a_name(ledger: Ledger) -> None:
    finished(ledger, case())
    ledger.by_hand.revealed("张工", "电话核实", NOW, case_id="2020-000001")
    last = ledger.queries.events_of(case_id="2020-000001")[-1]
    assert (last.kind, last.actor, last.detail) == ("values.revealed", "张工", {"reason": "电话核实"})


def test_a_notice_is_rendered_and_planned_once_per_key(ledger: Ledger) -> None:
    asked: list[str] = []

    def compose(message_id: str) -> Composed:
        asked.append(message_id)
        return composed(f"digest {message_id}")

    assert ledger.notices.plan("digest:2020-07-15", "staff@example.org", compose, NOW) is True
    assert ledger.notices.plan("digest:2020-07-15", "staff@example.org", compose, NOW) is False
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    assert [job.message_id] == asked
    assert job.raw == composed(f"digest {job.message_id}").raw
    assert send(ledger) == "digest:2020-07-15"
    assert send(ledger) is None


def test_a_rehearsing_site_keeps_its_notices_too(ledger: Ledger) -> None:
    ledger.switches.set_mode(Mode.REHEARSAL, "张工", NOW)
    ledger.notices.plan("digest:1", "staff@example.org", lambda _: composed(), NOW)
    [line] = ledger.queries.letters([EffectState.PLANNED], draft=True)
    assert (line.key, send(ledger)) == ("digest:1", None)


def test_versions_stay_as_they_were_judged(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.AWAITING_SENDER]))
    mail = claimed(ledger, 2)
    second = replace(case(), version=2, seen=1, items=(item(1, S.HELD),), effects=(), claims=(), rulebook="rules-2")
    ledger.cases.finish(mail, result(mail, second))
    first, latest = ledger.queries.versions("2020-000001")
    assert (first.version, first.rulebook, first.mail_id) == (1, "rules-1", 1)
    assert (latest.version, latest.rulebook, latest.mail_id) == (2, "rules-2", 2)
    assert first.context == {"now": NOW.isoformat()}
    assert ledger.queries.versions("nobody") == []


def test_one_letter_and_the_effects_of_one_case(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED, S.HELD, S.APPROVED]))
    assert ledger.queries.letter("mail:1:1").cases == ("2020-000001",)
    assert len(ledger.queries.effects_of_case("2020-000001")) == 2
    assert ledger.queries.effects_of_case("nobody") == []
    with pytest.raises(LookupError):
        ledger.queries.letter("nobody")
