"""A sender whose day has come is told what stands by then, once; the result follows when the rest has settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailbot.domain.effects import EffectState, LetterKind
from mailbot.domain.ports import EffectEnd
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.settings import Mode
from mailbot.ledger.waits import WaitLine, waits_of
from tests.ledger.test_plans import filled, scans
from tests.ledger.world import (
    DUE,
    MINUTE,
    NOW,
    S,
    case,
    deliver,
    finished,
    key_of,
    letter,
    person,
    result,
    send,
    watched,
)
from tests.ledger.world import claimed as claim

E = EffectState
LATE = DUE + MINUTE
NOON = NOW + timedelta(hours=4)


def receipt(ledger: Ledger, rows: int = 3) -> None:
    """A roster whose rows all wait at the platform; its sender was told so."""
    finished(ledger, case(states=[S.APPROVED] * rows), kind=LetterKind.RECEIPT)
    deliver(ledger, E.PENDING)
    assert send(ledger) == "mail:1:1"


def confirm(ledger: Ledger, *numbers: int, state: EffectState = E.DONE) -> None:
    ledger.steps.conclude([EffectEnd(key_of(n), state) for n in numbers], NOON)


def letters(ledger: Ledger) -> list[str]:
    return [line.key for line in ledger.queries.letters(list(E))]


def test_what_is_confirmed_is_told_when_the_day_has_come_and_once(ledger: Ledger) -> None:
    receipt(ledger)
    confirm(ledger, 1, 2)
    assert ledger.interims.plan(DUE - MINUTE) == 0
    assert ledger.interims.plan(LATE) == 1
    assert send(ledger, LATE) == "interim:2020-000001:0"
    view = ledger.steps.letter_view("interim:2020-000001:0", LATE)
    assert (view.kind, view.to, view.trusted, view.mail_id) == (LetterKind.RESULT, "hr@unit.example", True, 1)
    assert [row.effect for row in view.cases[0].rows] == [E.DONE, E.DONE, E.PENDING]
    confirm(ledger, 3)
    assert ledger.interims.plan(LATE + timedelta(days=9)) == 0
    assert send(ledger, LATE) == "result:2020-000001:1"


def test_the_clock_of_the_rest_runs_on(ledger: Ledger) -> None:
    receipt(ledger)
    confirm(ledger, 1)
    ledger.interims.plan(LATE)
    [line] = ledger.queries.due(LATE)
    assert (line.due_at, line.items) == (DUE, {"fulfilled": 1, "approved": 2})


def test_it_is_planned_once_also_before_it_left(ledger: Ledger) -> None:
    receipt(ledger)
    confirm(ledger, 1)
    assert (ledger.interims.plan(LATE), ledger.interims.plan(LATE)) == (1, 0)
    assert letters(ledger) == ["mail:1:1", "interim:2020-000001:0"]


@pytest.mark.parametrize("state", [E.CONFLICT, E.REJECTED, E.UNCERTAIN])
def test_what_went_wrong_is_no_news_for_the_sender(ledger: Ledger, state: EffectState) -> None:
    receipt(ledger)
    confirm(ledger, 1, state=state)
    assert ledger.interims.plan(LATE) == 0


def test_nothing_confirmed_nothing_told(ledger: Ledger) -> None:
    receipt(ledger)
    assert ledger.interims.plan(LATE) == 0


def test_nothing_under_way_is_the_results_matter(ledger: Ledger) -> None:
    receipt(ledger, rows=2)
    confirm(ledger, 1, 2)
    assert ledger.interims.plan(LATE) == 0
    assert send(ledger, LATE) == "result:2020-000001:1"


def test_a_letter_that_is_still_to_be_written_will_tell_it(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED] * 2), kind=LetterKind.RECEIPT)
    deliver(ledger, E.PENDING)
    confirm(ledger, 1)
    assert ledger.interims.plan(LATE) == 0
    assert letters(ledger) == ["mail:1:1"]


def test_what_the_last_letter_told_is_not_told_again(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED] * 2), kind=LetterKind.RECEIPT)
    deliver(ledger, E.PENDING)
    ledger.steps.conclude([EffectEnd(key_of(1), E.DONE)], NOW)
    send(ledger, NOW + MINUTE)
    assert ledger.interims.plan(LATE) == 0


def test_a_row_that_a_person_looks_at_does_not_hide_the_news(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED, S.APPROVED, S.HELD]), kind=LetterKind.RECEIPT)
    deliver(ledger, E.PENDING)
    send(ledger)
    confirm(ledger, 1)
    assert ledger.interims.plan(LATE) == 1


def test_a_site_that_sends_nothing_by_itself_has_it_as_a_draft(ledger: Ledger) -> None:
    receipt(ledger)
    confirm(ledger, 1)
    ledger.switches.set_mode(Mode.DRAFTS, "张工", NOW)
    assert ledger.interims.plan(LATE) == 1
    assert [line.key for line in ledger.queries.letters([E.PLANNED], draft=True)] == ["interim:2020-000001:0"]
    assert send(ledger, LATE) is None


def test_neither_statement_scans(ledger: Ledger) -> None:
    filled(ledger)
    finished(ledger, case("2020-000090", [S.APPROVED] * 2, people=[91, 92]), uid=90, kind=LetterKind.RECEIPT)
    deliver(ledger, E.PENDING)
    send(ledger)
    confirm(ledger, 91)
    with watched(ledger) as statements:
        assert ledger.interims.plan(LATE) == 1
        waits_of(ledger.db, [key_of(91), key_of(92)])
    assert scans(ledger, statements) == []


def test_an_effect_tells_whose_time_runs_for_it(ledger: Ledger) -> None:
    receipt(ledger, rows=2)
    confirm(ledger, 1)
    opened = ledger.queries.cases()[0].opened_at
    assert waits_of(ledger.db, [key_of(1), key_of(2), "nobody"]) == {
        key_of(2): WaitLine("2020-000001", "某某公司", DUE, opened)
    }


def test_of_two_cases_the_one_that_is_due_first_counts(ledger: Ledger) -> None:
    receipt(ledger, rows=1)
    mail = claim(ledger, 2)
    later = case("2020-000002", [S.APPROVED], claim=False)
    row = replace(later.items[0], due_at=DUE - timedelta(days=1))
    second = replace(later, items=(row,), header={"unit": None})
    ledger.cases.finish(mail, replace(result(mail, second), letters=(letter(mail, [second]),)))
    found = waits_of(ledger.db, [key_of(1)])[key_of(1)]
    assert (found.case_id, found.unit, found.due_at) == ("2020-000002", None, DUE - timedelta(days=1))
    assert person(1).phone not in repr(found)
