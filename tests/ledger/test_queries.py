"""What people look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailbot.domain.effects import EffectState
from mailbot.domain.mail import MailState
from mailbot.domain.states import ItemState
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.settings import Mode
from tests.ledger.world import (
    DUE,
    NOW,
    S,
    case,
    claimed,
    deliver,
    finished,
    item,
    key_of,
    new_mail,
    person,
    result,
    send,
)

E = EffectState


def test_cases_by_state_those_due_first(ledger: Ledger) -> None:
    for n, (state, days) in enumerate([(S.HELD, 3), (S.HELD, 1), (S.AWAITING_SENDER, 2), (S.HELD, 2)], start=1):
        due = None if state is S.AWAITING_SENDER else DUE + timedelta(days=days)
        finished(ledger, replace(case(f"2020-00000{n}", [state]), due_at=due), uid=n)
    assert [line.id[-1] for line in ledger.queries.cases([S.HELD])] == ["2", "4", "1"]
    assert [line.id[-1] for line in ledger.queries.cases()] == ["2", "4", "1", "3"]
    assert [line.id[-1] for line in ledger.queries.cases(limit=1)] == ["2"]
    assert [line.id[-1] for line in ledger.queries.due(DUE + timedelta(days=2))] == ["2", "4"]


def test_a_case_line_counts_its_items(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED, S.APPROVED, S.HELD]))
    [line] = ledger.queries.cases([ItemState.HELD])
    assert line.items == {"approved": 2, "held": 1}
    assert (line.kind, line.version, line.outcome, line.header["unit"]) == ("roster", 1, "accept", "某某公司")


def test_mails_by_state_and_by_bytes(ledger: Ledger) -> None:
    first = finished(ledger, case())
    ledger.mails.store([replace(new_mail(1), arrival=replace(new_mail(1).arrival, mailbox="copy")), new_mail(2)], None)
    assert [line.id for line in ledger.queries.mails()] == [3, 2, 1]
    assert [line.id for line in ledger.queries.mails([MailState.DONE])] == [first.id]
    twins = ledger.queries.mails_with(first.sha256)
    assert [(line.id, line.summary) for line in twins] == [(1, {"subject": "报名 1"}), (2, None)]
    assert ledger.queries.mails_with("0" * 64) == []
    with pytest.raises(LookupError):
        ledger.queries.mail(99)


def test_effects_and_letters_by_state_and_draft(ledger: Ledger) -> None:
    ledger.switches.set_mode(Mode.DRAFTS, "张工", NOW)
    finished(ledger, case(states=[S.APPROVED, S.APPROVED]))
    assert [line.key for line in ledger.queries.letters([E.PLANNED], draft=True)] == ["mail:1:1"]
    assert ledger.queries.letters([E.PLANNED], draft=False) == []
    lines = ledger.queries.effects([E.PLANNED], draft=False)
    assert {(line.person, line.attempts) for line in lines} == {(person(1), 0), (person(2), 0)}
    deliver(ledger, E.CONFLICT)
    assert {line.key for line in ledger.queries.effects([E.CONFLICT])} == {key_of(1), key_of(2)}
    assert len(ledger.queries.effects([E.CONFLICT, E.DONE], limit=1)) == 1


def test_letters_of_a_case_and_of_a_mail(ledger: Ledger) -> None:
    mail = finished(ledger, case())
    finished(ledger, case("2020-000002", people=[2]), uid=2)
    assert [line.key for line in ledger.queries.letters_of_case("2020-000001")] == ["mail:1:1"]
    assert [line.cases for line in ledger.queries.letters_of_mail(mail.id)] == [("2020-000001",)]


def test_the_events_of_a_case_tell_its_life(ledger: Ledger) -> None:
    finished(ledger, case())
    deliver(ledger)
    send(ledger)
    assert [event.kind for event in ledger.queries.events_of(case_id="2020-000001")] == [
        "case.decided",
        "effects.ended",
    ]
    kinds = [event.kind for event in ledger.queries.events_of(mail_id=1)]
    assert kinds == ["mail.stored", "mail.done", "case.decided", "letter.planned", "letter.sent"]


def test_counts_at_a_glance(ledger: Ledger) -> None:
    empty = ledger.queries.counts()
    assert (empty.mails, empty.cases, empty.oldest_waiting) == ({}, {}, None)
    ledger.switches.set_mode(Mode.REHEARSAL, "张工", NOW)
    finished(ledger, case(states=[S.APPROVED, S.HELD]))
    ledger.mails.store([new_mail(5), new_mail(4)], None)
    aside = claimed(ledger, 9)
    ledger.steps.set_aside(aside, "two kinds", NOW)
    counts = ledger.queries.counts()
    assert counts.mails == {"done": 1, "stored": 2, "set_aside": 1}
    assert (counts.cases, counts.effects, counts.letters) == ({"held": 1}, {"planned": 1}, {"planned": 1})
    assert (counts.effect_drafts, counts.letter_drafts, counts.mode) == (1, 1, Mode.REHEARSAL)
    assert counts.paused is False
    assert counts.oldest_waiting is not None


def test_a_set_aside_mail_shows_why(ledger: Ledger) -> None:
    mail = claimed(ledger)
    given = replace(result(mail, kind=None), state=MailState.SET_ASIDE, marks=("mail.no_kind",))
    ledger.cases.finish(mail, given)
    [line] = ledger.queries.mails([MailState.SET_ASIDE])
    assert (line.marks, line.subject) == (("mail.no_kind",), "报名 1")


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


def test_one_letter_by_its_key_is_the_line_of_every_list(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED, S.HELD, S.APPROVED]))
    letter = ledger.queries.letter("mail:1:1")
    assert letter.cases == ("2020-000001",)
    assert ledger.queries.letters_of_case("2020-000001") == ledger.queries.letters_of_mail(1) == [letter]
    with pytest.raises(LookupError):
        ledger.queries.letter("nobody")
