"""The clocks: aware, moving as they say, and set only when told."""

import re
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from mailbot.clock import FixedClock, ShiftedClock, SystemClock
from mailbot.domain.ports import Clock

AT = datetime(2020, 9, 17, 9, 30, tzinfo=timezone(timedelta(hours=8)))
NAIVE = datetime(2020, 9, 17, 9, 30)  # noqa: DTZ001 -- what is to be refused


def test_the_systems_clock_is_aware_and_moves() -> None:
    before = datetime.now(UTC)
    clock: Clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert before <= clock.now() <= clock.now() <= datetime.now(UTC)


def test_a_fixed_clock_stands_until_it_is_set() -> None:
    clock = FixedClock(AT)
    assert clock.now() == clock.now() == AT
    clock.advance(timedelta(days=2))
    assert clock.now() == AT + timedelta(days=2)
    clock.set(AT)
    assert clock.now() == AT


def test_a_shifted_clock_runs_at_real_speed_from_its_start() -> None:
    clock = ShiftedClock(AT)
    time.sleep(0.05)
    passed = clock.now() - AT
    assert timedelta(seconds=0.05) <= passed < timedelta(seconds=5)
    assert clock.now().utcoffset() == timedelta(hours=8)


def test_a_shifted_clock_goes_on_from_where_it_is_set() -> None:
    clock = ShiftedClock(AT)
    clock.set(AT + timedelta(days=30))
    assert timedelta(days=30) <= clock.now() - AT < timedelta(days=30, seconds=5)


@pytest.mark.parametrize("kind", [FixedClock, ShiftedClock])
def test_a_moment_without_a_zone_is_refused(kind: type[FixedClock | ShiftedClock]) -> None:
    with pytest.raises(ValueError, match="zone"):
        kind(NAIVE)
    clock = kind(AT)
    with pytest.raises(ValueError, match="zone"):
        clock.set(NAIVE)


def test_nobody_else_reads_the_machines_clock() -> None:
    reads = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|\btime\.(time|time_ns|localtime|gmtime)\(")
    package = Path(__file__).resolve().parent.parent / "mailbot"
    readers = {path.name for path in package.rglob("*.py") if reads.search(path.read_text("utf-8"))}
    assert readers == {"clock.py"}
