"""Alarms: told once, told again when they pass, repeated until somebody could be told, and kept over a restart."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.ledger.alarms import WAITS, Alarm
from mailbot.ledger.ledger import Ledger
from tests.ledger.world import NOW, fresh, opened

DISK = {"disk": "磁盘将满"}
MINUTE = timedelta(minutes=1)


def names(alarms: list[Alarm]) -> list[tuple[str, bool]]:
    return [(alarm.name, alarm.cleared) for alarm in alarms]


def test_it_is_told_once_and_its_end_once(ledger: Ledger) -> None:
    [alarm] = ledger.alarms.compare(NOW, DISK)
    assert (alarm.text, alarm.raised_at, alarm.cleared) == ("磁盘将满", NOW, False)
    ledger.alarms.told(alarm, "command", NOW)
    assert ledger.alarms.compare(NOW + MINUTE, DISK) == []
    [over] = ledger.alarms.compare(NOW + 2 * MINUTE, {})
    assert over.cleared
    ledger.alarms.told(over, "command", NOW + 2 * MINUTE)
    assert ledger.alarms.compare(NOW + 3 * MINUTE, {}) == []
    assert ledger.alarms.standing() == []
    assert names(ledger.alarms.compare(NOW + 4 * MINUTE, DISK)) == [("disk", False)], "and it may come again"


def test_what_could_not_be_told_is_tried_again_with_growing_pauses(ledger: Ledger) -> None:
    now = NOW
    for wait in (*WAITS, WAITS[-1]):
        [alarm] = ledger.alarms.compare(now, DISK)
        assert ledger.alarms.failed(alarm, "exit code 1", now) == now + wait
        assert ledger.alarms.compare(now + wait - timedelta(seconds=1), DISK) == []
        now += wait
    assert ledger.alarms.compare(NOW - timedelta(days=9), DISK), "a clock that was set back does not silence it"


def test_what_passed_before_anybody_was_told_is_forgotten(ledger: Ledger) -> None:
    [alarm] = ledger.alarms.compare(NOW, DISK)
    ledger.alarms.failed(alarm, "no", NOW)
    assert ledger.alarms.compare(NOW + MINUTE, {}) == []
    assert ledger.alarms.standing() == []


def test_what_comes_back_before_its_end_was_told_goes_on_unsaid(ledger: Ledger) -> None:
    [alarm] = ledger.alarms.compare(NOW, DISK)
    ledger.alarms.told(alarm, "webhook", NOW)
    [over] = ledger.alarms.compare(NOW + MINUTE, {})
    ledger.alarms.failed(over, "no", NOW + MINUTE)
    assert ledger.alarms.compare(NOW + 3 * MINUTE, DISK) == []
    assert names(ledger.alarms.standing()) == [("disk", False)]


def test_alarms_outlive_a_restart(tmp_path: Path) -> None:
    ledger = fresh(tmp_path)
    [alarm] = ledger.alarms.compare(NOW, DISK)
    ledger.alarms.told(alarm, "command", NOW)
    ledger.close()
    again = opened(tmp_path)
    assert again.alarms.compare(NOW + MINUTE, DISK) == []
    assert names(again.alarms.compare(NOW + MINUTE, {})) == [("disk", True)]
    again.close()


CONDITIONS = st.lists(st.sets(st.sampled_from(["disk", "mail", "box"])), min_size=1, max_size=12)


@settings(max_examples=10, deadline=None)
@given(CONDITIONS)
def test_who_hears_all_always_knows_what_stands(rounds: list[set[str]]) -> None:
    with TemporaryDirectory() as folder:
        ledger = fresh(Path(folder))
        known: set[str] = set()
        for number, standing in enumerate(rounds):
            now = NOW + number * MINUTE
            for alarm in ledger.alarms.compare(now, dict.fromkeys(standing, "x")):
                (known.discard if alarm.cleared else known.add)(alarm.name)
                ledger.alarms.told(alarm, "command", now)
            assert known == standing
        ledger.close()
