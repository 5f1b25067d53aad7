"""Caps and brakes: a guard against loops and runaway letters that never costs anybody a result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailbot.domain.effects import EffectState, LetterKind, PlannedLetter
from mailbot.domain.letters import Composed
from mailbot.domain.ports import EffectEnd, SendState
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.tables.stops import Scope
from mailbot.ledger.terms import Caps
from tests.ledger.world import (
    MINUTE,
    NOW,
    TERMS,
    S,
    case,
    claimed,
    composed,
    deliver,
    finished,
    key_of,
    new_mail,
    opened,
    result,
    send,
)

E = EffectState
HOUR = timedelta(hours=1)
Make = Callable[[Caps | None], Ledger]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Ledger] = []

    def ledger(caps: Caps | None) -> Ledger:
        made.append(opened(tmp_path, terms=replace(TERMS, caps=caps)))
        return made[-1]

    yield ledger
    for one in made:
        one.close()


def bare(ledger: Ledger, uid: int, kind: LetterKind = LetterKind.ANSWER, to: str = "hr@unit.example") -> str:
    """A mail with a letter about no case; the letter's key."""
    mail = claimed(ledger, uid)
    key = f"mail:{mail.id}:1"
    told = PlannedLetter(key, to, kind, (), (), mail.id)
    ledger.cases.finish(mail, replace(result(mail, kind=None), letters=(told,)))
    return key


def held(ledger: Ledger, uid: int) -> None:
    finished(ledger, case(f"2020-{uid:06}", [S.HELD], people=[uid]), uid=uid, kind=LetterKind.RECEIPT)


def asked(ledger: Ledger, uid: int) -> None:
    finished(ledger, case(f"2020-{uid:06}", [S.AWAITING_SENDER], people=[uid]), uid=uid)


def state_of(ledger: Ledger, key: str) -> tuple[EffectState, str | None]:
    [line] = [line for line in ledger.queries.letters(list(E)) if line.key == key]
    return line.state, line.detail


def all_sent(ledger: Ledger, now: datetime = NOW) -> list[str]:
    sent = []
    while key := send(ledger, now):
        sent.append(key)
    return sent


@pytest.mark.parametrize("plan", [held, asked])
def test_the_fourth_of_an_hour_waits_and_the_sender_is_told_so_once(
    ledger: Ledger, plan: Callable[[Ledger, int], None]
) -> None:
    for uid in range(1, 7):
        plan(ledger, uid)
    assert all_sent(ledger) == ["mail:1:1", "mail:2:1", "mail:3:1", "more:mail:4:1"]
    assert state_of(ledger, "mail:5:1") == (E.PLANNED, "over the cap")
    assert all_sent(ledger, NOW + HOUR - MINUTE) == []


def test_what_waited_comes_gathered_in_one_letter(ledger: Ledger) -> None:
    for uid in range(1, 8):
        held(ledger, uid)
    all_sent(ledger)
    assert all_sent(ledger, NOW + HOUR) == ["mail:4:1"]
    [line] = [line for line in ledger.queries.letters([E.DONE]) if line.key == "mail:4:1"]
    assert line.cases == tuple(f"2020-{uid:06}" for uid in range(4, 8))
    assert {state_of(ledger, f"mail:{n}:1") for n in (5, 6, 7)} == {(E.CANCELLED, "gathered")}
    view = ledger.steps.letter_view("mail:4:1", NOW + HOUR)
    assert (view.kind, view.mail_id, view.subject) == (LetterKind.RESULT, 7, "报名 7")


def test_a_gathered_letter_tells_no_more_than_the_least_trusted_of_them(ledger: Ledger) -> None:
    for uid in range(1, 5):
        held(ledger, uid)
    stranger = claimed(ledger, 5)
    told = PlannedLetter("mail:5:1", "hr@unit.example", LetterKind.RECEIPT, ("2020-000005",), (), 5, trusted=False)
    ledger.cases.finish(
        stranger,
        replace(result(stranger, case("2020-000005", [S.HELD], people=[5]), kind=None), letters=(told,)),
    )
    all_sent(ledger)
    assert ledger.steps.letter_view("mail:4:1", NOW).trusted is True
    assert all_sent(ledger, NOW + HOUR) == ["mail:4:1"]
    assert ledger.steps.letter_view("mail:4:1", NOW).trusted is False


def test_a_gathered_letter_has_its_bounds_and_the_rest_comes_next(make: Make) -> None:
    ledger = make(Caps(an_hour=1, a_day=9, gathered=3))
    for uid in range(1, 9):
        held(ledger, uid)
    all_sent(ledger)
    assert all_sent(ledger, NOW + HOUR) == ["mail:2:1"]
    assert all_sent(ledger, NOW + 2 * HOUR) == ["mail:5:1"]
    assert all_sent(ledger, NOW + 3 * HOUR) == ["mail:8:1"]
    told = {case for line in ledger.queries.letters([E.DONE]) for case in line.cases}
    assert told == {f"2020-{uid:06}" for uid in range(1, 9)}


def test_what_tells_of_no_case_is_dropped_with_an_event(ledger: Ledger) -> None:
    for uid in range(1, 6):
        bare(ledger, uid)
    assert all_sent(ledger) == ["mail:1:1", "mail:2:1", "mail:3:1", "more:mail:4:1"]
    assert [state_of(ledger, f"mail:{n}:1") for n in (4, 5)] == [(E.CANCELLED, "capped")] * 2
    with ledger.db.read() as conn:
        about = conn.exec_driver_sql("SELECT about FROM events WHERE kind = 'letter.capped'").scalars().all()
    assert about == ["mail:4:1", "mail:5:1"]


def test_the_hour_passes_and_the_day_counts(ledger: Ledger) -> None:
    for uid in range(1, 13):
        bare(ledger, uid)
    sent = [key for n in range(12) for key in [send(ledger, NOW + n * timedelta(minutes=21))] if key]
    assert [key for key in sent if key.startswith("mail")] == [f"mail:{n}:1" for n in range(1, 11)]
    assert [key for key in sent if not key.startswith("mail")] == ["more:mail:11:1"]


def test_the_day_after_the_sender_is_told_again(ledger: Ledger) -> None:
    for uid in range(1, 5):
        bare(ledger, uid)
    all_sent(ledger)
    later = NOW + timedelta(days=1, minutes=1)
    for uid in range(5, 9):
        bare(ledger, uid)
    assert all_sent(ledger, later)[-1] == "more:mail:8:1"


def test_caps_count_one_address_whatever_its_case_and_nobody_elses(ledger: Ledger) -> None:
    for uid, to in enumerate(["A@x.cn", "a@X.cn", "a@x.cn", "a@x.cn", "b@x.cn"], start=1):
        bare(ledger, uid, LetterKind.ANSWER, to)
    assert all_sent(ledger) == ["mail:1:1", "mail:2:1", "mail:3:1", "mail:5:1", "more:mail:4:1"]


def test_results_are_never_capped_and_do_not_count(ledger: Ledger) -> None:
    for uid in range(1, 9):
        finished(ledger, case(f"2020-{uid:06}", people=[uid]), uid=uid)
    deliver(ledger)
    assert all_sent(ledger) == [f"mail:{uid}:1" for uid in range(1, 9)]
    key = bare(ledger, 9)
    assert send(ledger) == key


def test_a_persons_question_to_the_sender_is_not_capped(ledger: Ledger) -> None:
    for uid in range(1, 4):
        asked(ledger, uid)
    all_sent(ledger)
    told = PlannedLetter("verdict:2020-000001:2", "hr@unit.example", LetterKind.RESULT, ("2020-000001",), (), 1)
    mail = claimed(ledger, 9)
    ledger.cases.finish(mail, replace(result(mail, kind=None), letters=(told,)))
    assert send(ledger, NOW + MINUTE) == "verdict:2020-000001:2"


def test_a_receipt_that_has_a_result_to_tell_is_not_capped(ledger: Ledger) -> None:
    for uid in range(1, 5):
        finished(ledger, case(f"2020-00000{uid}", people=[uid]), uid=uid, kind=LetterKind.RECEIPT)
    deliver(ledger)
    assert [send(ledger) is not None for _ in range(4)] == [True] * 4


def test_a_result_does_not_wait_for_a_cap_that_its_receipt_met(make: Make) -> None:
    ledger = make(Caps(an_hour=1, a_day=1))
    for uid in (1, 2, 3):
        finished(ledger, case(f"2020-00000{uid}", people=[uid]), uid=uid, kind=LetterKind.RECEIPT)
    deliver(ledger, E.PENDING)
    assert all_sent(ledger) == ["mail:1:1", "more:mail:2:1"]
    ledger.steps.conclude([EffectEnd(key_of(2), E.DONE)], NOW + MINUTE)
    assert all_sent(ledger, NOW + MINUTE) == ["mail:2:1"]
    [line] = [line for line in ledger.queries.letters([E.DONE]) if line.key == "mail:2:1"]
    assert line.cases == ("2020-000002", "2020-000003")


def test_without_any_cap_left_a_case_is_still_told_its_result(make: Make) -> None:
    ledger = make(Caps(an_hour=0, a_day=0))
    finished(ledger, case(), kind=LetterKind.RECEIPT)
    deliver(ledger, E.PENDING)
    assert all_sent(ledger) == ["more:mail:1:1"]
    ledger.steps.conclude([EffectEnd(key_of(1), E.DONE)], NOW)
    assert all_sent(ledger) == ["mail:1:1"]


def test_a_retry_is_not_capped(make: Make) -> None:
    ledger = make(Caps(an_hour=1, a_day=1))
    key = bare(ledger, 1)
    assert send(ledger, NOW, SendState.DEFERRED) == key
    assert send(ledger, NOW + MINUTE) == key


def test_without_caps_none_apply(make: Make) -> None:
    ledger = make(None)
    for uid in range(1, 15):
        bare(ledger, uid)
    assert len(all_sent(ledger)) == 14


def test_the_same_words_go_to_an_address_once_a_day(ledger: Ledger) -> None:
    """Loop rule 8: two machines that answer each other say the same for ever."""
    words = replace(composed(), words="5e")

    def said(uid: int, to: str, now: datetime, what: Composed = words) -> bool:
        key = bare(ledger, uid, LetterKind.ANSWER, to)
        assert ledger.steps.due_letter(now) is not None
        ledger.steps.store_letter(key, what, now)
        return send(ledger, now) == key

    assert said(1, "hr@a.example", NOW)
    assert not said(2, "HR@a.example", NOW + HOUR)
    assert state_of(ledger, "mail:2:1") == (E.CANCELLED, "same_text")
    assert said(3, "hr@b.example", NOW + HOUR)
    assert said(4, "hr@a.example", NOW + HOUR, replace(words, words="other"))
    assert said(5, "hr@a.example", NOW + timedelta(hours=25))


def test_a_result_in_the_same_words_is_still_a_result(ledger: Ledger) -> None:
    for uid in (1, 2):
        key = bare(ledger, uid, LetterKind.RESULT)
        ledger.steps.store_letter(key, replace(composed(), words="5e"), NOW)
        assert send(ledger) == key


def test_the_brake_of_the_house_stops_every_letter_until_a_person_lets_it_go(make: Make) -> None:
    ledger = make(Caps(house=5))
    for uid in range(1, 13):
        bare(ledger, uid, LetterKind.RESULT, f"a{uid}@x.example")
    assert len(all_sent(ledger)) == 5
    assert all_sent(ledger, NOW + timedelta(hours=9)) == []
    [stop] = ledger.stops.active(NOW)
    assert (stop.scope, stop.until, stop.actor) == (Scope.BRAKE, None, "auto")
    [ended] = ledger.stops.resume("张工", NOW + MINUTE)
    assert ended == stop
    assert len(all_sent(ledger, NOW + 2 * MINUTE)) == 5
    assert [one.count for one in ledger.stops.active(NOW + 2 * MINUTE)] == [2]


def test_old_letters_do_not_press_the_brake(make: Make) -> None:
    ledger = make(Caps(house=5))
    for uid in range(1, 21):
        bare(ledger, uid, LetterKind.RESULT, f"a{uid}@x.example")
    sent = [send(ledger, NOW + n * timedelta(minutes=13)) for n in range(20)]
    assert all(sent)
    assert ledger.stops.active(NOW + timedelta(days=1)) == []


def test_a_mailbox_that_runs_wild_stops_its_own_letters_only(make: Make) -> None:
    ledger = make(Caps(house=9, mailbox=3))
    for uid in range(1, 6):
        bare(ledger, uid, LetterKind.RESULT, f"a{uid}@x.example")
    ledger.mails.store([new_mail(1, account="proof")], None)
    other = ledger.steps.claim_mail(NOW)
    assert other is not None
    told = PlannedLetter(f"mail:{other.id}:1", "b@x.example", LetterKind.RESULT, (), (), other.id)
    ledger.cases.finish(other, replace(result(other, kind=None), letters=(told,)))
    assert all_sent(ledger) == ["mail:1:1", "mail:2:1", "mail:3:1", f"mail:{other.id}:1"]
    assert [(one.scope, one.subject) for one in ledger.stops.active(NOW)] == [(Scope.MAILBOX, "roster")]
    ledger.stops.resume("张工", NOW + MINUTE)
    assert all_sent(ledger, NOW + 2 * MINUTE) == ["mail:4:1", "mail:5:1"]


def test_the_due_letter_of_a_flood_is_found_at_once(ledger: Ledger) -> None:
    """One sender's many waiting letters are put off by one statement, and nobody looks at them again before their
    time."""
    for uid in range(1, 40):
        held(ledger, uid)
    all_sent(ledger)
    with ledger.db.read() as conn:
        waiting = conn.exec_driver_sql("SELECT count(*) FROM letters WHERE detail = 'over the cap'").scalar()
        put_off = conn.exec_driver_sql("SELECT count(*) FROM events WHERE kind = 'letter.put_off'").scalar()
    assert (waiting, put_off) == (36, 1)
