"""What named persons do: decide, release, cancel, switch, bind. Always with an event that names them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.domain.decisions import Decision, Verdict
from mailbot.domain.effects import EffectState, LetterKind, PlannedLetter
from mailbot.domain.outcome import CaseResult, Claim, ClaimTaken, ItemResult, StaleCase, StoredCase
from mailbot.domain.ports import EffectEnd
from mailbot.domain.states import IllegalMove, ItemState
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.settings import Mode
from tests.ledger.world import NOW, S, case, deliver, effect, finished, item, key_of, send

E = EffectState
CASE = "2020-000001"


def decided(stored: StoredCase, verdicts: dict[int, tuple[Verdict, ItemState]]) -> tuple[CaseResult, Decision]:
    """A person's verdict over a stored case, as the desk computes it."""
    seen = stored.result.seen
    assert seen is not None
    items: list[ItemResult] = []
    for row in stored.result.items:
        state = verdicts[row.number][1] if row.number in verdicts else row.state
        items.append(replace(row, state=state, decided_by="staff") if row.number in verdicts else row)
    going = [n for n, (verdict, _) in verdicts.items() if verdict is Verdict.APPROVE and n]
    result = replace(
        stored.result,
        items=tuple(items),
        effects=tuple(effect(n) for n in going),
        claims=tuple(Claim(f"account:{n}", n) for n in going),
    )
    words = {n: verdict for n, (verdict, _) in verdicts.items()}
    return result, Decision("张工", "已电话核实", CASE, seen, words, {"id.age_unusual": "核对了身份证"})


def give(ledger: Ledger, verdicts: dict[int, tuple[Verdict, ItemState]], *letters: PlannedLetter) -> None:
    result, decision = decided(ledger.cases.load_case(CASE), verdicts)
    ledger.cases.finish_case(result, letters, decision, NOW)


APPROVE = (Verdict.APPROVE, S.APPROVED)
ASK = (Verdict.ASK, S.AWAITING_SENDER)
DECLINE = (Verdict.DECLINE, S.DECLINED)
CLOSE = (Verdict.CLOSE, S.CLOSED)
REOPEN = (Verdict.REOPEN, S.RECEIVED)


def states(ledger: Ledger) -> list[ItemState]:
    return [row.state for row in ledger.cases.load_case(CASE).result.items]


def test_a_verdict_moves_items_plans_effects_and_names_the_person(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD] * 4))
    give(ledger, {1: APPROVE, 2: ASK, 3: DECLINE, 4: CLOSE})
    assert states(ledger) == [S.APPROVED, S.AWAITING_SENDER, S.DECLINED, S.CLOSED]
    stored = ledger.cases.load_case(CASE)
    assert (stored.result.items[0].decided_by, stored.result.seen) == ("staff", 2)
    assert stored.effect_states == {key_of(1): "planned"}
    event = ledger.queries.events_of(case_id=CASE)[-1]
    assert (event.kind, event.actor) == ("case.decided", "张工")
    assert event.detail is not None
    assert event.detail["reason"] == "已电话核实"
    assert event.detail["waived"] == {"id.age_unusual": "核对了身份证"}
    assert event.detail["verdicts"] == {"1": "approve", "2": "ask", "3": "decline", "4": "close"}
    assert event.detail["moves"] == {
        "held>approved": "1",
        "held>awaiting_sender": "2",
        "held>declined": "3",
        "held>closed": "4",
    }
    assert deliver(ledger) == 1


def test_the_reason_goes_to_the_sender_only_with_what_is_asked_or_declined(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD, S.HELD]))
    give(ledger, {1: APPROVE})
    assert ledger.steps.letter_view("mail:1:1", NOW).cases[0].reason is None
    give(ledger, {2: DECLINE})
    assert ledger.steps.letter_view("mail:1:1", NOW).cases[0].reason == "已电话核实"


def test_who_saw_an_older_case_decides_nothing(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD, S.APPROVED]))
    result, decision = decided(ledger.cases.load_case(CASE), {1: APPROVE})
    deliver(ledger)
    before = ledger.cases.load_case(CASE)
    with pytest.raises(StaleCase):
        ledger.cases.finish_case(result, (), decision, NOW)
    fresh = replace(result, seen=before.result.seen)
    with pytest.raises(StaleCase):
        ledger.cases.finish_case(fresh, (), decision, NOW)
    assert ledger.cases.load_case(CASE) == before


def test_two_people_cannot_both_decide(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD]))
    stored = ledger.cases.load_case(CASE)
    first, second = decided(stored, {1: APPROVE}), decided(stored, {1: DECLINE})
    ledger.cases.finish_case(first[0], (), first[1], NOW)
    with pytest.raises(StaleCase):
        ledger.cases.finish_case(second[0], (), second[1], NOW)
    assert states(ledger) == [S.APPROVED]


def test_only_who_gave_a_verdict_on_an_item_may_leave_its_end(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD, S.HELD]))
    give(ledger, {1: DECLINE})
    stored = ledger.cases.load_case(CASE)
    sneaked = replace(stored.result, items=(replace(item(1), state=S.RECEIVED),), effects=(), claims=())
    decision = Decision("张工", "x", CASE, stored.result.seen or 0, {2: Verdict.APPROVE})
    with pytest.raises(IllegalMove):
        ledger.cases.finish_case(sneaked, (), decision, NOW)
    give(ledger, {1: REOPEN})
    assert states(ledger) == [S.RECEIVED, S.HELD]


def test_reopening_what_was_done_does_it_only_once(ledger: Ledger) -> None:
    finished(ledger, case())
    deliver(ledger)
    give(ledger, {1: REOPEN})
    give(ledger, {1: APPROVE})
    assert states(ledger) == [S.FULFILLED]
    assert ledger.steps.claim_effects(9, NOW) == []


def test_a_person_may_have_a_failed_effect_tried_again(ledger: Ledger) -> None:
    finished(ledger, case())
    deliver(ledger, E.REJECTED)
    assert states(ledger) == [S.HELD]
    give(ledger, {1: APPROVE})
    [job] = ledger.steps.claim_effects(9, NOW)
    assert (job.key, job.attempts) == (key_of(1), 2)


def test_a_verdict_cannot_take_what_another_case_holds(ledger: Ledger) -> None:
    finished(ledger, case("2020-000009", people=[1]))
    finished(ledger, case(states=[S.HELD]), uid=2)
    before = ledger.cases.load_case(CASE)
    with pytest.raises(ClaimTaken):
        give(ledger, {1: APPROVE})
    assert ledger.cases.load_case(CASE) == before


def test_the_cases_own_matter_is_settled_without_an_effect(ledger: Ledger) -> None:
    finished(ledger, replace(case(), items=(item(0, S.HELD), item(1))), kind=LetterKind.RECEIPT)
    deliver(ledger)
    assert send(ledger) == "mail:1:1"
    give(ledger, {0: (Verdict.APPROVE, S.FULFILLED)})
    assert states(ledger) == [S.FULFILLED, S.FULFILLED]
    assert send(ledger) == f"result:{CASE}:1"


def test_closing_tells_nobody_by_itself(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD]), kind=LetterKind.RECEIPT)
    assert send(ledger) == "mail:1:1"
    give(ledger, {1: CLOSE})
    assert send(ledger) is None


def test_the_desks_letter_goes_out_behind_its_effects(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD, S.HELD]), kind=LetterKind.RECEIPT)
    assert send(ledger) == "mail:1:1"
    stored = ledger.cases.load_case(CASE)
    assert (stored.to, stored.mail_id, stored.trusted) == ("hr@unit.example", 1, True)
    told = PlannedLetter(f"case:{CASE}:1", "hr@unit.example", LetterKind.RESULT, (CASE,), (key_of(1),), 1)
    give(ledger, {1: APPROVE, 2: DECLINE}, told)
    assert send(ledger) is None
    deliver(ledger)
    assert send(ledger) == f"case:{CASE}:1"
    assert send(ledger) is None


def test_a_verdict_may_bind_the_sender(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD]))
    result, decision = decided(ledger.cases.load_case(CASE), {1: APPROVE})
    ledger.cases.finish_case(replace(result, bind=("HR@unit.example", "91500000X")), (), decision, NOW)
    with ledger.db.read() as conn:
        rows = conn.exec_driver_sql("SELECT sender_key, unit_key, actor FROM bindings").all()
    assert [tuple(row) for row in rows] == [("hr@unit.example", "91500000X", "张工")]


@pytest.mark.parametrize(
    ("sender_key", "bound"),
    [("HR@unit.example", True), ("unit.example", True), ("@unit.example", True), ("other@unit.example", False)],
)
def test_the_letters_behind_a_binding_know_of_it(ledger: Ledger, sender_key: str, bound: bool) -> None:
    finished(ledger, case(states=[S.HELD]), kind=LetterKind.RECEIPT)
    assert send(ledger) == "mail:1:1"
    result, decision = decided(ledger.cases.load_case(CASE), {1: APPROVE})
    ledger.cases.finish_case(replace(result, bind=(sender_key, "91500000X")), (), decision, NOW)
    assert ledger.cases.load_case(CASE).bound is bound
    deliver(ledger)
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    assert ledger.steps.letter_view(job.key, NOW).bound is bound


def test_a_machine_binds_nobody(ledger: Ledger) -> None:
    finished(ledger, replace(case(), bind=("hr@unit.example", "91500000X")))
    with ledger.db.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM bindings").scalar() == 0


def test_unchanged_items_are_not_written_again(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD] * 30))
    result, decision = decided(ledger.cases.load_case(CASE), {7: DECLINE})
    tampered = replace(result, items=tuple(replace(i, values={"name": "other"}) for i in result.items))
    ledger.cases.finish_case(tampered, (), decision, NOW)
    names = [row.values["name"] for row in ledger.cases.load_case(CASE).result.items]
    assert names.count("other") == 1


# Drafts, switches.


def test_a_rehearsing_site_lets_nothing_go_until_a_person_says_so(ledger: Ledger) -> None:
    ledger.switches.set_mode(Mode.REHEARSAL, "张工", NOW)
    finished(ledger, case())
    ledger.switches.set_mode(Mode.LIVE, "张工", NOW)
    assert deliver(ledger) == 0
    assert send(ledger) is None
    assert ledger.drafts.release([key_of(1), "mail:1:1", "nobody"], "李工", NOW) == 2
    assert ledger.drafts.release([key_of(1), "mail:1:1"], "李工", NOW) == 0
    assert deliver(ledger) == 1
    assert send(ledger) == "mail:1:1"
    with ledger.db.read() as conn:
        released = "SELECT actor FROM events WHERE kind = 'drafts.released'"
        assert conn.exec_driver_sql(released).scalars().all() == ["李工"]


def test_a_cancelled_effect_hands_its_item_to_a_person_and_frees_the_claim(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED, S.APPROVED]))
    assert ledger.drafts.cancel([key_of(1)], "张工", "wrong unit", NOW) == 1
    stored = ledger.cases.load_case(CASE)
    assert states(ledger) == [S.HELD, S.APPROVED]
    assert stored.effect_states[key_of(1)] == "cancelled"
    assert stored.result.claims == (Claim("account:2", 2),)
    assert stored.result.seen == 2
    assert deliver(ledger) == 1


def test_what_has_started_cannot_be_cancelled(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED, S.APPROVED]))
    ledger.steps.claim_effects(1, NOW)
    started = ledger.queries.effects([E.DOING])[0].key
    assert ledger.drafts.cancel([started], "张工", "too late", NOW) == 0
    ledger.steps.recover(NOW)
    assert ledger.drafts.cancel([started], "张工", "too late", NOW) == 0


def test_a_cancelled_letter_is_not_sent_and_its_sender_still_hears_the_end(ledger: Ledger) -> None:
    finished(ledger, case(), kind=LetterKind.RECEIPT)
    deliver(ledger, E.PENDING)
    assert ledger.drafts.cancel(["mail:1:1"], "张工", "called them", NOW) == 1
    assert send(ledger) is None
    ledger.steps.conclude([EffectEnd(key_of(1), E.DONE)], NOW)
    assert send(ledger) == f"result:{CASE}:1"


def test_switches_are_events_with_a_name(ledger: Ledger) -> None:
    ledger.switches.set_mode(Mode.DRAFTS, "李工", NOW)
    ledger.switches.pause("李工", "platform is down", NOW)
    assert (ledger.switches.mode(), ledger.switches.paused()) == (Mode.DRAFTS, True)
    ledger.switches.resume("王工", NOW)
    assert ledger.switches.paused() is False
    with ledger.db.read() as conn:
        rows = conn.exec_driver_sql("SELECT kind, about, actor FROM events WHERE kind LIKE 'site.%' ORDER BY id").all()
    assert [tuple(row) for row in rows][1:] == [
        ("site.mode", "drafts", "李工"),
        ("site.paused", "yes", "李工"),
        ("site.paused", "no", "王工"),
    ]
