"""Effects on their way: intent first, evidence with the item states, the result letter in the same commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.domain.decisions import Decision, Verdict
from mailbot.domain.effects import EffectState, LetterKind, Verb
from mailbot.domain.ports import EffectEnd, EffectJob
from mailbot.domain.states import ItemState
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.settings import Mode
from tests.ledger.world import (
    MINUTE,
    NOW,
    TERMS,
    S,
    case,
    deliver,
    effect,
    finished,
    item,
    key_of,
    opened,
    person,
    send,
    watched,
)

E = EffectState


def end(ledger: Ledger, state: EffectState, who: int = 1, detail: str = "said so") -> None:
    ledger.steps.conclude([EffectEnd(key_of(who), state, detail)], NOW)


def state_of(ledger: Ledger, case_id: str = "2020-000001") -> ItemState:
    return ledger.cases.load_case(case_id).state


def test_a_claim_commits_the_intent_and_counts(ledger: Ledger) -> None:
    finished(ledger, case())
    assert ledger.steps.claim_effects(9, NOW) == [EffectJob(key_of(1), Verb.OPEN_ACCOUNT, person(1), None, 1)]
    [line] = ledger.queries.effects([E.DOING])
    assert (line.attempts, line.draft) == (1, False)
    assert ledger.steps.claim_effects(9, NOW) == []


def test_claims_are_bounded_and_due_in_order(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED] * 5))
    assert [len(ledger.steps.claim_effects(n, NOW)) for n in (2, 0, 2, 9)] == [2, 0, 2, 1]


def test_nothing_starts_before_its_time_while_paused_or_as_a_draft(ledger: Ledger) -> None:
    finished(ledger, case())
    assert ledger.steps.claim_effects(9, NOW - MINUTE) == []
    ledger.switches.pause("张工", "platform is down", NOW)
    assert ledger.steps.claim_effects(9, NOW) == []
    ledger.switches.resume("张工", NOW)
    assert len(ledger.steps.claim_effects(9, NOW)) == 1


def test_the_undo_window_comes_before_the_first_attempt(tmp_path: Path) -> None:
    ledger = opened(tmp_path, terms=replace(TERMS, undo=10 * MINUTE))
    finished(ledger, case())
    assert ledger.steps.claim_effects(9, NOW + 9 * MINUTE) == []
    assert len(ledger.steps.claim_effects(9, NOW + 10 * MINUTE)) == 1
    ledger.close()


@pytest.mark.parametrize(
    ("state", "item_state"),
    [
        (E.DONE, S.FULFILLED),
        (E.ALREADY, S.FULFILLED),
        (E.PENDING, S.APPROVED),
        (E.CONFLICT, S.HELD),
        (E.REJECTED, S.HELD),
        (E.UNCERTAIN, S.HELD),
    ],
)
def test_every_end_moves_the_item_where_it_belongs(ledger: Ledger, state: EffectState, item_state: ItemState) -> None:
    finished(ledger, case())
    deliver(ledger, state)
    stored = ledger.cases.load_case("2020-000001")
    assert (stored.state, stored.effect_states[key_of(1)]) == (item_state, state.value)
    assert stored.result.items[0].state is item_state
    [line] = ledger.queries.effects([state])
    assert line.evidence == "said so"
    assert (line.ended_at == NOW) is (state is not E.PENDING)


def test_a_retry_is_planned_again_with_its_attempts(ledger: Ledger) -> None:
    finished(ledger, case())
    ledger.steps.claim_effects(9, NOW)
    ledger.steps.conclude([EffectEnd(key_of(1), E.PLANNED, "site is down", NOW + MINUTE)], NOW)
    assert ledger.steps.claim_effects(9, NOW) == []
    assert [job.attempts for job in ledger.steps.claim_effects(9, NOW + MINUTE)] == [2]


def pending(ledger: Ledger) -> list[str]:
    """The effects that wait for the platform's word."""
    return [effect.key for effect in ledger.queries.effects([E.PENDING])]


def test_pending_waits_and_is_answered_later(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED, S.APPROVED]))
    deliver(ledger, E.PENDING)
    assert sorted(pending(ledger)) == sorted([key_of(1), key_of(2)])
    end(ledger, E.DONE, 1)
    assert (pending(ledger), state_of(ledger)) == ([key_of(2)], S.APPROVED)
    end(ledger, E.CONFLICT, 2)
    assert (pending(ledger), state_of(ledger)) == ([], S.HELD)


def test_a_second_word_about_a_settled_effect_changes_nothing_and_is_noted(ledger: Ledger) -> None:
    finished(ledger, case())
    deliver(ledger, E.DONE)
    before = ledger.queries.effects([E.DONE])
    events = ledger.audit.verify().events
    end(ledger, E.DONE, detail="again")
    assert ledger.audit.verify().events == events
    end(ledger, E.REJECTED, detail="no")
    assert ledger.queries.effects([E.DONE]) == before
    assert ledger.audit.verify().events == events + 1
    assert state_of(ledger) is S.FULFILLED


def test_the_world_may_still_answer_about_an_uncertain_effect(ledger: Ledger) -> None:
    finished(ledger, case())
    deliver(ledger, E.UNCERTAIN)
    end(ledger, E.DONE)
    stored = ledger.cases.load_case("2020-000001")
    assert (stored.state, stored.effect_states[key_of(1)]) == (S.HELD, "done")


def test_an_answer_about_nobody_is_noted_and_harms_no_other(ledger: Ledger) -> None:
    finished(ledger, case())
    ledger.steps.claim_effects(9, NOW)
    ledger.steps.conclude([EffectEnd(key_of(1), E.DONE), EffectEnd("who?", E.REJECTED, "no such batch")], NOW)
    assert state_of(ledger) is S.FULFILLED
    with ledger.db.read() as conn:
        noted = "SELECT detail FROM event_details JOIN events ON id = event_id WHERE kind = 'answer.for_nobody'"
        assert conn.exec_driver_sql(noted).scalars().all() == ['{"key":"who?","said":"no such batch"}']


def test_a_crash_between_intent_and_end_asks_again_with_the_attempt_counted(ledger: Ledger) -> None:
    finished(ledger, case())
    ledger.steps.claim_effects(9, NOW)
    ledger.steps.recover(NOW)
    assert [job.attempts for job in ledger.steps.claim_effects(9, NOW)] == [2]


def test_a_batch_over_many_cases_is_one_commit(ledger: Ledger) -> None:
    for n in (1, 2, 3):
        finished(ledger, case(f"2020-00000{n}", people=[n]), uid=n)
    ledger.steps.claim_effects(9, NOW)
    ends = [EffectEnd(key_of(1), E.DONE), EffectEnd(key_of(2), E.CONFLICT), EffectEnd(key_of(3), E.PENDING)]
    ledger.steps.conclude(ends, NOW)
    assert [state_of(ledger, f"2020-00000{n}") for n in (1, 2, 3)] == [S.FULFILLED, S.HELD, S.APPROVED]


# The result that a sender who was told to wait is owed.


def letters(ledger: Ledger) -> list[tuple[str, str]]:
    return [(line.key, line.kind) for line in ledger.queries.letters(list(E))]


def waiting(ledger: Ledger, *states: ItemState) -> None:
    """A case whose sender was told, by a letter that was sent, to wait."""
    finished(ledger, case(states=states), kind=LetterKind.RECEIPT)
    deliver(ledger, E.PENDING)
    assert send(ledger) == "mail:1:1"


def test_who_was_told_to_wait_is_told_the_end(ledger: Ledger) -> None:
    waiting(ledger, S.APPROVED, S.APPROVED)
    end(ledger, E.DONE, 1)
    assert letters(ledger) == [("mail:1:1", "receipt")]
    end(ledger, E.ALREADY, 2)
    assert letters(ledger) == [("mail:1:1", "receipt"), ("result:2020-000001:1", "result")]
    [line] = ledger.queries.letters([E.PLANNED])
    assert (line.to, line.mail_id, line.draft) == ("hr@unit.example", 1, False)
    view = ledger.steps.letter_view(line.key, NOW)
    assert (view.trusted, view.message_id) == (True, "<m1@unit.example>")
    assert send(ledger) == "result:2020-000001:1"
    assert send(ledger) is None


def test_who_was_told_everything_hears_nothing_more(ledger: Ledger) -> None:
    finished(ledger, case())
    deliver(ledger)
    assert send(ledger) == "mail:1:1"
    assert letters(ledger) == [("mail:1:1", "result")]


def test_a_letter_still_to_be_rendered_tells_the_end_itself(ledger: Ledger) -> None:
    finished(ledger, case(), kind=LetterKind.RECEIPT)
    deliver(ledger)
    assert letters(ledger) == [("mail:1:1", "receipt")]
    assert send(ledger) == "mail:1:1"
    assert send(ledger) is None


def test_a_result_with_a_held_rest_is_followed_by_another_one(ledger: Ledger) -> None:
    waiting(ledger, S.APPROVED, S.APPROVED)
    ledger.steps.conclude([EffectEnd(key_of(1), E.DONE), EffectEnd(key_of(2), E.CONFLICT)], NOW)
    assert send(ledger) == "result:2020-000001:1"
    stored = ledger.cases.load_case("2020-000001")
    assert stored.state is S.HELD
    decided = replace(stored.result, items=(replace(item(2), decided_by="staff"),), effects=(effect(2),), claims=())
    decision = Decision("张工", "核对无误", "2020-000001", stored.result.seen or 0, {2: Verdict.APPROVE})
    ledger.cases.finish_case(decided, (), decision, NOW)
    assert deliver(ledger) == 1
    assert send(ledger) == "result:2020-000001:2"
    assert send(ledger) is None
    assert state_of(ledger) is S.FULFILLED


def test_results_of_a_rehearsing_site_wait_for_a_person(ledger: Ledger) -> None:
    waiting(ledger, S.APPROVED)
    ledger.switches.set_mode(Mode.DRAFTS, "张工", NOW)
    end(ledger, E.DONE)
    [line] = ledger.queries.letters([E.PLANNED], draft=True)
    assert line.key == "result:2020-000001:1"
    assert send(ledger) is None


def test_a_case_without_a_letter_is_owed_none(ledger: Ledger) -> None:
    finished(ledger, case(), kind=None)
    deliver(ledger, E.PENDING)
    end(ledger, E.DONE)
    assert letters(ledger) == []


def test_a_large_batch_concludes_in_few_statements(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED] * 200))
    jobs = ledger.steps.claim_effects(500, NOW)
    with watched(ledger) as statements:
        ledger.steps.conclude([EffectEnd(job.key, E.DONE) for job in jobs], NOW + timedelta(minutes=1))
    assert 0 < len(statements) < 20
    assert state_of(ledger) is S.FULFILLED
