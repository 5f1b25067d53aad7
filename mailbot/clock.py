"""The time: the one file that reads the machine's clock. Everyone else is handed a `domain.ports.Clock`.

All moments are aware; those read here are in UTC, and whoever shows one converts it to the office's zone.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


def monotonic() -> float:
    """Seconds from some fixed moment, for deadlines: no setting of the clock moves them."""
    return time.monotonic()


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} names no zone")
    return moment


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """Always `at`, until it is set: the clock of rehearsals and tests. A moment without zone is a `ValueError`."""

    def __init__(self, at: datetime) -> None:
        self._at = _aware(at)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Jump, forwards or backwards."""
        self._at = _aware(at)

    def advance(self, by: timedelta) -> None:
        self._at += by


class ShiftedClock:
    """Starts at `start` and runs at real speed from there, untouched when the machine's own clock is set.

    The demo lives in the campaign's year with it. Raises `ValueError` for a start without a zone.
    """

    def __init__(self, start: datetime) -> None:
        self.set(start)

    def now(self) -> datetime:
        return self._start + timedelta(seconds=monotonic() - self._began)

    def set(self, at: datetime) -> None:
        """Go on from there."""
        self._start, self._began = _aware(at), monotonic()
