"""Stops: what holds up all letters, some of them, or those of one case, and what lets them go."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from mailbot.domain.decisions import Decision, Verdict
from mailbot.domain.effects import EffectState, LetterKind, PlannedLetter
from mailbot.domain.ports import About, SendResult, SendState
from mailbot.ledger.bounces import UNREACHED
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.outbox import plan_letter
from mailbot.ledger.tables.stops import Scope
from tests.ledger.test_letter_caps import bare, state_of
from tests.ledger.world import MINUTE, NOW, S, case, composed, deliver, finished, send, with_seen

E = EffectState
R = LetterKind.RESULT
DAYS = timedelta(days=1)


def tried(ledger: Ledger, key: str, result: SendResult, now: datetime = NOW) -> None:
    """One attempt at the due letter, which must be this one, ending like this."""
    job = ledger.steps.due_letter(now)
    assert job is not None
    assert job.key == key
    if job.raw is None:
        ledger.steps.store_letter(key, composed(key), now)
    assert ledger.steps.start_sending(key, now)
    ledger.steps.conclude_letter(key, result, now)


def shut(about: About, said: str = "421 HL:REP too fast", *, offered: bool = False) -> SendResult:
    return SendResult(SendState.DEFERRED, said, about, offered=offered)


def test_case_44_a_shut_line_rests_for_all_letters_and_longer_each_time(ledger: Ledger) -> None:
    first, second = bare(ledger, 1, R), bare(ledger, 2, R)
    now = NOW
    for turn, minutes in enumerate([1, 5, 15, 15, 15]):
        tried(ledger, (first, second)[turn % 2], shut(About.LINE), now)
        assert ledger.steps.due_letter(now + minutes * MINUTE - timedelta(seconds=1)) is None
        now += minutes * MINUTE
    [stop] = ledger.stops.active(now - timedelta(seconds=1))
    assert (stop.scope, stop.count, stop.reason) == (Scope.LINE, 5, "421 HL:REP too fast")
    tried(ledger, second, SendResult(SendState.SENT, "250 ok"), now)
    assert ledger.stops.active(NOW) == []
    assert send(ledger, now) == first


def test_case_44_an_attempt_that_never_showed_the_letter_is_none_of_its_own(ledger: Ledger) -> None:
    key, now = bare(ledger, 1, R), NOW
    for _ in range(20):
        tried(ledger, key, shut(About.LINE), now)
        now += 15 * MINUTE
    [line] = ledger.queries.letters([E.PLANNED])
    assert line.attempts == 0
    tried(ledger, key, SendResult(SendState.SENT, "250 ok"), now)


def test_case_44_one_that_was_shown_counts_and_ends_with_staff(ledger: Ledger) -> None:
    key, now = bare(ledger, 1, R), NOW
    for _ in range(6):
        tried(ledger, key, shut(About.LINE, offered=True), now)
        now += timedelta(hours=5)
    assert state_of(ledger, key)[0] is E.UNCERTAIN


def test_case_44_a_refused_login_rests_long_and_no_letter_is_lost(ledger: Ledger) -> None:
    key = bare(ledger, 1, R)
    tried(ledger, key, shut(About.LOGIN, "535 wrong"))
    assert ledger.steps.due_letter(NOW + 14 * MINUTE) is None
    tried(ledger, key, shut(About.LOGIN, "535 wrong"), NOW + 15 * MINUTE)
    assert ledger.steps.due_letter(NOW + 44 * MINUTE) is None
    [stop] = ledger.stops.active(NOW + 16 * MINUTE)
    assert (stop.scope, stop.count) == (Scope.LOGIN, 2)
    assert [one.scope for one in ledger.stops.resume("张工", NOW + 20 * MINUTE)] == [Scope.LOGIN]
    assert send(ledger, NOW + 45 * MINUTE) == key


def test_case_44_words_taken_for_advertising_stop_every_letter_of_these_words(ledger: Ledger) -> None:
    keys = [bare(ledger, uid, R, f"a{uid}@x.example") for uid in range(1, 5)]
    spam = SendResult(SendState.REFUSED, "554 DT:SPM", About.TEMPLATE)
    tried(ledger, keys[0], spam)
    assert state_of(ledger, keys[0])[0] is E.REJECTED
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    ledger.steps.store_letter(job.key, composed(), NOW)
    assert ledger.steps.start_sending(job.key, NOW) is False
    assert [(one.scope, one.subject) for one in ledger.stops.active(NOW)] == [(Scope.TEMPLATE, "roster/accept")]
    other = ledger.steps.due_letter(NOW)
    assert other is not None
    from_elsewhere = composed()
    ledger.steps.store_letter(other.key, from_elsewhere.__class__("roster/ask", "x", b"x"), NOW)
    assert send(ledger) == other.key
    assert ledger.stops.resume("张工", NOW) == []
    assert len(ledger.stops.resume("张工", NOW, "roster/accept")) == 1
    assert send(ledger) == job.key


def test_words_are_known_again_among_others_of_one_letter(ledger: Ledger) -> None:
    first, second = bare(ledger, 1, R), bare(ledger, 2, R)
    tried(ledger, first, SendResult(SendState.REFUSED, "554 DT:SPM", About.TEMPLATE))
    made = composed().__class__("roster/ask+roster/accept+mail/more", "x", b"x")
    ledger.steps.store_letter(second, made, NOW)
    assert ledger.steps.due_letter(NOW) is None
    assert ledger.steps.start_sending(second, NOW) is False


def test_case_50_an_address_that_nobody_reads_is_told_on_its_case(ledger: Ledger) -> None:
    finished(ledger, case())
    deliver(ledger)
    tried(ledger, "mail:1:1", SendResult(SendState.REFUSED, "450 4.1.2 Domain not found", About.ADDRESS))
    assert state_of(ledger, "mail:1:1")[0] is E.REJECTED
    assert ledger.steps.due_letter(NOW + 9 * DAYS) is None
    [event] = [one for one in ledger.queries.events_of(case_id="2020-000001") if one.kind == UNREACHED]
    assert event.about == "mail:1:1"
    assert [one.case_id for one in ledger.reach.unreached(NOW)] == ["2020-000001"]


def test_a_paused_house_sends_nothing_until_it_is_resumed(ledger: Ledger) -> None:
    key = bare(ledger, 1, R)
    ledger.stops.pause("张工", "核对模板", NOW)
    assert ledger.steps.due_letter(NOW + DAYS) is None
    ledger.stops.pause("张工", "还要一天", NOW + MINUTE)
    [stop] = ledger.stops.active(NOW + MINUTE)
    assert (stop.scope, stop.actor, stop.reason, stop.until) == (Scope.PAUSE, "张工", "还要一天", None)
    ledger.stops.resume("李工", NOW + DAYS)
    assert send(ledger, NOW + DAYS) == key


def test_a_letter_that_was_due_before_the_pause_does_not_start_any_more(ledger: Ledger) -> None:
    key = bare(ledger, 1, R)
    ledger.steps.store_letter(key, composed(), NOW)
    ledger.stops.pause("张工", "核对", NOW)
    assert ledger.steps.start_sending(key, NOW) is False


def test_a_held_case_keeps_what_waits_and_what_comes_for_a_person(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD]), kind=LetterKind.RECEIPT)
    other = bare(ledger, 2, R)
    assert ledger.stops.hold_case("2020-000001", "auto", "staff answered by hand", NOW) == 1
    assert ledger.stops.hold_case("2020-000001", "auto", "staff answered by hand", NOW) == 0
    assert send(ledger) == other
    assert send(ledger) is None
    assert ledger.drafts.release(["mail:1:1"], "张工", NOW) == 1
    assert send(ledger) == "mail:1:1"
    assert ledger.stops.release_case("2020-000001", "张工", NOW) is True
    assert ledger.stops.release_case("2020-000001", "张工", NOW) is False


def test_a_later_letter_about_a_held_case_is_a_draft_and_a_persons_own_one_is_not(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD]), kind=None)
    ledger.stops.hold_case("2020-000001", "auto", "staff answered by hand", NOW)
    with ledger.db.write("x") as unit:
        for key, by_person in (("machine", False), ("person", True)):
            told = PlannedLetter(key, "hr@unit.example", R, ("2020-000001",), (), 1)
            assert plan_letter(unit, told, NOW, by_person=by_person)
    drafts = [line.key for line in ledger.queries.letters([E.PLANNED], draft=True)]
    assert drafts == ["machine"]
    assert send(ledger) == "person"


def test_a_verdict_of_a_held_case_tells_its_sender(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.HELD]), kind=None)
    ledger.stops.hold_case("2020-000001", "auto", "staff answered by hand", NOW)
    stored = ledger.cases.load_case("2020-000001")
    done = with_seen(case(states=[S.DECLINED]), stored.result.seen or 0)
    decision = Decision("张工", "不符", "2020-000001", stored.result.seen or 0, {1: Verdict.DECLINE})
    told = PlannedLetter("verdict:1", "hr@unit.example", R, ("2020-000001",), (), 1)
    ledger.cases.finish_case(done, [told], decision, NOW)
    assert send(ledger) == "verdict:1"


@pytest.mark.parametrize("scope", [Scope.LINE, Scope.PAUSE])
def test_nothing_is_resumed_where_nothing_stands(ledger: Ledger, scope: Scope) -> None:
    del scope
    assert ledger.stops.resume("张工", NOW) == []
    assert ledger.stops.active(NOW) == []
