"""What a letter may say is what stands when it is rendered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mailbot.domain.effects import EffectState, LetterKind, Verb
from mailbot.domain.evidence import Where
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.ports import EffectEnd
from mailbot.ledger.ledger import Ledger
from tests.ledger.world import (
    DUE,
    NOW,
    S,
    case,
    claimed,
    deliver,
    effect,
    finished,
    item,
    key_of,
    letter,
    person,
    result,
)

E = EffectState
KEY = "mail:1:1"
FINDING = Finding("id.checksum", Severity.ASK, "身份证号码校验码不符", where=Where(row=7, field="id_number"))


def test_the_view_answers_the_mail_and_shows_each_row(ledger: Ledger) -> None:
    mail = claimed(ledger)
    rows = (item(1), replace(item(2, S.AWAITING_SENDER), findings=(FINDING,)))
    given = replace(case(), items=rows, findings=(FINDING,))
    done = replace(result(mail, given), references=("<a@x>", "<b@x>"))
    ledger.cases.finish(mail, done)
    view = ledger.steps.letter_view(KEY, NOW)
    assert (view.kind, view.to, view.at) == (LetterKind.RESULT, "hr@unit.example", NOW)
    assert (view.subject, view.message_id, view.references) == ("报名 1", "<m1@unit.example>", ("<a@x>", "<b@x>"))
    assert (view.trusted, view.bound, view.mail_id) == (True, False, mail.id)
    [shown] = view.cases
    assert (shown.id, shown.outcome, shown.attachment) == ("2020-000001", "accept", "名单.xlsx")
    assert (shown.due_at, shown.provisional, shown.reason) == (DUE, False, None)
    assert [finding.code for finding in shown.findings] == ["id.checksum"]
    first, second = shown.rows
    assert (first.row, first.serial, first.sheet, first.panel) == (6, "1", "Sheet1", 1)
    assert (first.name, first.id_number, first.phone) == tuple(
        getattr(person(1), field) for field in ("name", "id_number", "phone")
    )
    assert (first.status, first.state, first.effect) == ("ok", S.APPROVED, E.PLANNED)
    assert (second.effect, second.state) == (None, S.AWAITING_SENDER)
    [shown_finding] = second.findings
    assert (shown_finding.severity, shown_finding.field) == ("ask", "id_number")


def test_the_letter_id_is_the_one_it_is_sent_under(ledger: Ledger) -> None:
    finished(ledger, case())
    deliver(ledger)
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    assert ledger.steps.letter_view(KEY, NOW).letter_id == job.message_id


def test_the_cases_own_matter_is_no_row(ledger: Ledger) -> None:
    finished(ledger, replace(case(), items=(item(0, S.HELD), item(1))))
    [shown] = ledger.steps.letter_view(KEY, NOW).cases
    assert [row.row for row in shown.rows] == [6]
    assert shown.state is S.HELD


def test_sections_keep_the_letters_order(ledger: Ledger) -> None:
    mail = claimed(ledger)
    first, second = case("b"), case("a", people=[2])
    ledger.cases.finish(mail, replace(result(mail, first, second), letters=(letter(mail, [first, second]),)))
    assert [shown.id for shown in ledger.steps.letter_view(KEY, NOW).cases] == ["b", "a"]


@pytest.mark.parametrize(
    ("confirmed", "usable"),
    [
        (datetime(2020, 7, 15, 15, 59, tzinfo=UTC), date(2020, 7, 16)),
        (datetime(2020, 7, 15, 16, 1, tzinfo=UTC), date(2020, 7, 17)),
        (datetime(2020, 12, 31, 3, 0, tzinfo=UTC), date(2021, 1, 1)),
    ],
)
def test_codes_can_be_assigned_the_day_after_confirmation_in_the_office(
    ledger: Ledger, confirmed: datetime, usable: date
) -> None:
    finished(ledger, case())
    deliver(ledger, now=confirmed)
    [shown] = ledger.steps.letter_view(KEY, confirmed + timedelta(days=9)).cases
    assert shown.usable_from == usable


def test_the_last_confirmation_so_far_counts(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED, S.APPROVED]))
    deliver(ledger, E.PENDING)
    assert ledger.steps.letter_view(KEY, NOW).cases[0].usable_from is None
    ledger.steps.conclude([EffectEnd(key_of(1), E.DONE)], NOW)
    assert ledger.steps.letter_view(KEY, NOW).cases[0].usable_from == date(2020, 7, 16)
    ledger.steps.conclude([EffectEnd(key_of(2), E.ALREADY)], NOW + timedelta(days=3))
    assert ledger.steps.letter_view(KEY, NOW).cases[0].usable_from == date(2020, 7, 19)


@pytest.mark.parametrize("state", [E.CONFLICT, E.REJECTED, E.UNCERTAIN])
def test_nothing_confirmed_means_no_day(ledger: Ledger, state: EffectState) -> None:
    finished(ledger, case())
    deliver(ledger, state)
    [shown] = ledger.steps.letter_view(KEY, NOW).cases
    assert (shown.usable_from, shown.rows[0].effect, shown.rows[0].state) == (None, state, S.HELD)


def test_of_several_effects_the_one_that_is_not_true_is_shown(ledger: Ledger) -> None:
    grant = replace(effect(1), key="grant:1:2018", verb=Verb.GRANT, year=2018)
    finished(ledger, replace(case(), effects=(effect(1), grant)))
    ledger.steps.claim_effects(9, NOW)
    ledger.steps.conclude([EffectEnd(key_of(1), E.DONE), EffectEnd("grant:1:2018", E.PENDING)], NOW)
    assert ledger.steps.letter_view(KEY, NOW).cases[0].rows[0].effect is E.PENDING


def test_a_mail_without_an_id_is_answered_without_one(ledger: Ledger) -> None:
    mail = claimed(ledger)
    ledger.cases.finish(mail, replace(result(mail, case()), message_id=None))
    view = ledger.steps.letter_view(KEY, NOW)
    assert (view.message_id, view.references) == (None, ())


def test_values_that_nobody_knows_are_none(ledger: Ledger) -> None:
    row = replace(item(1, S.AWAITING_SENDER), values={"name": None}, place={"row": 9})
    finished(ledger, replace(case(), items=(row,), effects=(), claims=()))
    [shown] = ledger.steps.letter_view(KEY, NOW).cases[0].rows
    assert (shown.name, shown.id_number, shown.phone, shown.serial, shown.sheet) == (None,) * 5
    assert (shown.row, shown.panel) == (9, 1)
