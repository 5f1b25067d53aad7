"""Other days: what runs is dated anew with both dates on record, what waits or has ended is left alone, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.domain.outcome import CaseResult, StaleCase
from mailbot.domain.states import MOVES, ItemState
from mailbot.domain.workdays import Due, ItemClock
from mailbot.ledger import db, redate
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.redate import BASIS_CHANGED, REDATED, DueOf, Redated
from mailbot.ledger.settle import RUNNING
from tests.ledger.world import DUE, NOW, S, case, claimed, deliver, finished, fresh, item, result

ROOT = Path(__file__).resolve().parents[2]
DAY = timedelta(days=1)
LATER = NOW + 9 * DAY
ARRIVED = {"received_at": NOW.isoformat(), "campaign": "2020"}


def after(days: int, *, provisional: bool = False) -> DueOf:
    """Time limits of plain days, waits added; nothing is known of a kind called `other`."""

    def due(_campaign: str, kind: str, clock: ItemClock) -> Due | None:
        waited = sum((until - since for since, until in clock.waits), timedelta(0))
        return None if kind == "other" else Due(clock.started + days * DAY + waited, provisional)

    return due


def made(ledger: Ledger, *states: ItemState, uid: int = 1, clock: ItemClock | None = None) -> str:
    """A case with a row a state; its number."""
    people = [uid * 100 + number for number in range(len(states))]
    opened = replace(case(f"2020-{uid:06d}", states, people=people), context=ARRIVED)
    rows = tuple(replace(row, clock=clock) for row in opened.items)
    finished(ledger, replace(opened, items=rows, due_at=None), uid=uid)
    return opened.case_id


def stored(ledger: Ledger, case_id: str) -> CaseResult:
    return ledger.cases.load_case(case_id).result


def events(ledger: Ledger, case_id: str) -> list[dict[str, object]]:
    found = ledger.queries.events_of(case_id=case_id)
    return [dict(event.detail or {}) for event in found if event.kind == REDATED]


def test_running_items_get_their_new_date_and_both_dates_stay_on_record(ledger: Ledger) -> None:
    number = made(ledger, S.HELD, S.AWAITING_SENDER, S.APPROVED)
    assert ledger.dates.bring({"a": "1"}, after(5), LATER) == Redated(1, 2)
    case_now = stored(ledger, number)
    new = NOW + 5 * DAY
    assert [one.due_at for one in case_now.items] == [new, None, new]
    assert case_now.due_at == new
    [told] = events(ledger, number)
    assert told == {
        "dates": [{"items": "1,3", "from": "2020-07-17 09:00", "to": "2020-07-20 09:00"}],
        "was_provisional": False,
        "provisional": False,
    }
    assert ledger.audit.verify().intact


def test_what_has_ended_keeps_the_date_that_it_was_done_under(ledger: Ledger) -> None:
    number = made(ledger, S.APPROVED, S.HELD)
    deliver(ledger)
    assert ledger.dates.bring({"a": "1"}, after(5), LATER) == Redated(1, 1)
    assert [one.due_at for one in stored(ledger, number).items] == [DUE, NOW + 5 * DAY]
    done = made(ledger, S.APPROVED, uid=2)
    deliver(ledger)
    assert ledger.dates.bring({"a": "2"}, after(7), LATER).cases == 1
    assert events(ledger, done) == []


def test_a_case_that_only_waits_for_its_sender_is_not_touched(ledger: Ledger) -> None:
    number = made(ledger, S.AWAITING_SENDER)
    before = ledger.cases.load_case(number)
    assert ledger.dates.bring({"a": "1"}, after(5), LATER) == Redated()
    assert ledger.cases.load_case(number) == before


def test_the_waits_of_an_item_count_under_the_new_days_too(ledger: Ledger) -> None:
    clock = ItemClock(NOW, ((NOW + DAY, NOW + 4 * DAY),))
    number = made(ledger, S.HELD, clock=clock)
    ledger.dates.bring({"a": "1"}, after(2), LATER)
    assert stored(ledger, number).due_at == NOW + 5 * DAY
    assert stored(ledger, number).items[0].clock == clock


def test_the_same_basis_is_not_worked_through_again(ledger: Ledger) -> None:
    number = made(ledger, S.HELD)
    ledger.dates.bring({"a": "1"}, after(5), LATER)
    seen = stored(ledger, number).seen

    def never(_campaign: str, _kind: str, _clock: ItemClock) -> Due | None:
        raise AssertionError("nothing changed, so nothing is dated")

    assert ledger.dates.bring({"a": "1"}, never, LATER) == Redated()
    assert stored(ledger, number).seen == seen


def test_another_basis_that_gives_the_same_dates_leaves_no_trace_in_a_case(ledger: Ledger) -> None:
    number = made(ledger, S.HELD)
    ledger.dates.bring({"a": "1"}, after(5), LATER)
    before = ledger.cases.load_case(number)
    assert ledger.dates.bring({"a": "2"}, after(5), LATER) == Redated()
    assert ledger.cases.load_case(number) == before
    assert len(events(ledger, number)) == 1


def test_a_date_that_was_provisional_becomes_definite_though_it_is_the_same(ledger: Ledger) -> None:
    number = made(ledger, S.HELD)
    ledger.dates.bring({"a": "1"}, after(5, provisional=True), LATER)
    assert stored(ledger, number).provisional
    assert ledger.dates.bring({"a": "2"}, after(5), LATER) == Redated(1, 0)
    assert not stored(ledger, number).provisional
    assert events(ledger, number)[-1] == {"dates": [], "was_provisional": True, "provisional": False}


def test_whoever_saw_the_old_dates_decides_on_the_case_anew(ledger: Ledger) -> None:
    number = made(ledger, S.AWAITING_SENDER, S.HELD)
    seen = stored(ledger, number).seen
    mail = claimed(ledger, 2)
    second = replace(case(number), version=2, seen=seen, items=(item(1, S.HELD),), effects=(), claims=())
    ledger.dates.bring({"a": "1"}, after(5), LATER)
    with pytest.raises(StaleCase):
        ledger.cases.finish(mail, result(mail, second))


def test_what_nobody_can_date_stays_as_it_is(ledger: Ledger) -> None:
    other = replace(case("2020-000001", [S.HELD]), kind="other", context=ARRIVED)
    finished(ledger, other)
    by_hand = case("2020-000002", [S.HELD], people=[7])
    finished(ledger, by_hand, uid=2)
    assert ledger.dates.bring({"a": "1"}, after(5), LATER) == Redated()
    assert [stored(ledger, f"2020-00000{n}").due_at for n in (1, 2)] == [DUE, DUE]


def test_an_item_that_had_no_date_gets_one(ledger: Ledger) -> None:
    opened = replace(case(states=[S.HELD]), context=ARRIVED, due_at=None)
    finished(ledger, replace(opened, items=tuple(replace(one, due_at=None) for one in opened.items)))
    assert ledger.dates.bring({"a": "1"}, after(5), LATER) == Redated(1, 1)
    assert events(ledger, "2020-000001")[0]["dates"] == [{"items": "1", "from": None, "to": "2020-07-20 09:00"}]


def batches_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redate, "BATCH", 2)
    monkeypatch.setattr(redate, "_OPEN", redate._OPEN.limit(2))


def test_more_cases_than_one_batch_holds(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    batches_of_two(monkeypatch)
    numbers = [made(ledger, S.HELD, uid=uid) for uid in range(1, 6)]
    assert ledger.dates.bring({"a": "1"}, after(5), LATER) == Redated(5, 5)
    assert {stored(ledger, number).due_at for number in numbers} == {NOW + 5 * DAY}
    assert all(len(events(ledger, number)) == 1 for number in numbers)


def test_what_changed_is_one_event_of_the_site_with_both_values(ledger: Ledger) -> None:
    made(ledger, S.HELD)
    ledger.dates.bring({"closes": "2020-12-31", "days": "2"}, after(5), LATER)
    ledger.dates.bring({"closes": "2021-01-15", "days": "2", "calendar.2021": "x"}, after(6), LATER)
    [event] = [event for event in site_events(ledger) if event[0] == BASIS_CHANGED]
    assert event[1] == {
        "changed": {"calendar.2021": [None, "x"], "closes": ["2020-12-31", "2021-01-15"]},
        "cases": 1,
        "items": 1,
    }


def site_events(ledger: Ledger) -> list[tuple[str, dict[str, object] | None]]:
    return [(e.kind, None if e.detail is None else dict(e.detail)) for e in ledger.queries.events_of(mail_id=None)]


def test_the_morning_is_told_which_cases_changed_since_the_last_one(ledger: Ledger) -> None:
    first, second = made(ledger, S.HELD), made(ledger, S.HELD, S.HELD, uid=2)
    made(ledger, S.AWAITING_SENDER, uid=3)
    ledger.dates.bring({"a": "1"}, after(5), LATER)
    ledger.dates.bring({"a": "2"}, after(6), LATER + timedelta(minutes=1))
    assert ledger.dates.changed_since(LATER) == [first, second]
    assert ledger.dates.changed_since(LATER + timedelta(minutes=2)) == []


def test_a_run_that_breaks_off_keeps_its_batches_and_the_next_one_does_the_rest(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches_of_two(monkeypatch)
    numbers = [made(ledger, S.HELD, uid=uid) for uid in range(1, 6)]
    passed: list[str] = []

    def second_batch(name: str) -> None:
        passed.append(name)
        if passed.count("ledger.redate.before_commit") == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(db, "failpoint", second_batch)
    with pytest.raises(KeyboardInterrupt):
        ledger.dates.bring({"a": "1"}, after(5), LATER)
    monkeypatch.undo()
    assert [stored(ledger, number).due_at == NOW + 5 * DAY for number in numbers] == [True, True, False, False, False]
    assert ledger.dates.bring({"a": "1"}, after(5), LATER) == Redated(3, 3)
    assert all(len(events(ledger, number)) == 1 for number in numbers)
    assert ledger.audit.verify().intact


KILLED = """
import sys
from datetime import timedelta
from pathlib import Path
from tests.ledger.test_redate import LATER, after
from tests.ledger.world import opened
ledger = opened(Path(sys.argv[1]))
ledger.dates.bring({"a": "1"}, after(5), LATER)
"""


@pytest.mark.parametrize(
    ("place", "dated"),
    [
        ("ledger.redate.before_commit", False),
        ("ledger.redate.after_commit", True),
        ("ledger.redated.before_commit", True),
        ("ledger.redated.after_commit", True),
    ],
)
def test_killed_anywhere_it_is_done_once(tmp_path: Path, place: str, *, dated: bool) -> None:
    ledger = fresh(tmp_path)
    number = made(ledger, S.HELD)
    env = {**os.environ, "MAILBOT_FAILPOINTS": f"log={tmp_path / 'log'};die={place}#1", "PYTHONPATH": str(ROOT)}
    died = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], env=env, cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    assert (stored(ledger, number).due_at == NOW + 5 * DAY) is dated
    ledger.dates.bring({"a": "1"}, after(5), LATER)
    assert stored(ledger, number).due_at == NOW + 5 * DAY
    assert len(events(ledger, number)) == 1
    assert ledger.audit.verify().intact
    ledger.close()


@settings(max_examples=20)
@given(
    st.lists(st.lists(st.sampled_from(ItemState), min_size=1, max_size=3), max_size=3),
    st.lists(st.integers(1, 9), max_size=4),
)
def test_whatever_changed_in_between_the_dates_are_those_of_the_last_basis(
    cases: list[list[ItemState]], changes: list[int]
) -> None:
    with TemporaryDirectory() as folder:
        ledger = fresh(Path(folder))
        numbers = [made(ledger, *_may_begin(states), uid=uid) for uid, states in enumerate(cases, start=1)]
        before = {number: stored(ledger, number).items for number in numbers}
        for turn, days in enumerate(changes):
            ledger.dates.bring({"turn": str(turn)}, after(days), LATER + turn * DAY)
        for number in numbers:
            now = stored(ledger, number)
            for old, new in zip(before[number], now.items, strict=True):
                runs = old.state.value in RUNNING and changes
                assert new.due_at == (NOW + changes[-1] * DAY if runs else old.due_at)
                assert replace(new, due_at=old.due_at) == old, "nothing else of it changed"
            running = [one.due_at for one in now.items if one.state.value in RUNNING]
            assert now.due_at == min((at for at in running if at), default=None) or not changes
        ledger.close()


def _may_begin(states: list[ItemState]) -> list[ItemState]:
    """States that a new case may have."""
    return [state if state in MOVES[S.RECEIVED] else S.HELD for state in states]
