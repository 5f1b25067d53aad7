"""Alarms: which conditions stand, who was told, and what is still to be said. Each is told once, and its end once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select, update

from mailbot.ledger.codec import clean
from mailbot.ledger.db import Database
from mailbot.ledger.tables.alarm import alarms

WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""Between tries of one message; the last one for ever."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One condition. `cleared` when it does not stand any more and people are still to be told so."""

    name: str
    text: str
    raised_at: datetime
    told_at: datetime | None
    cleared_at: datetime | None
    attempts: int
    retry_at: datetime | None

    @property
    def cleared(self) -> bool:
        """Whether the condition passed."""
        return self.cleared_at is not None


@dataclass(frozen=True, slots=True)
class Alarms:
    """Compares what stands with what was told. Every change and every telling is an event."""

    db: Database

    def standing(self) -> list[Alarm]:
        """Every alarm that stands or is still to be told to its end, the oldest first."""
        columns = (getattr(alarms.c, name) for name in Alarm.__slots__)
        with self.db.read() as conn:
            return [Alarm(*row) for row in conn.execute(select(*columns).order_by(alarms.c.raised_at, alarms.c.name))]

    def compare(self, now: datetime, conditions: Mapping[str, str]) -> list[Alarm]:
        """Bring the alarms to the conditions that stand now (text by name); those that are to be told now. What passed
        before anybody was told of it is forgotten; what comes back before its end was told goes on."""
        known = {one.name: one for one in self.standing()}
        if known or conditions:
            self._bring(now, conditions, known)
        return [one for one in self.standing() if _due(one, now)]

    def _bring(self, now: datetime, conditions: Mapping[str, str], known: Mapping[str, Alarm]) -> None:
        new = [name for name in conditions if name not in known]
        back = [name for name in conditions if name in known and known[name].cleared]
        gone = [one for name, one in known.items() if name not in conditions and not one.cleared]
        if not (new or back or gone):
            return
        with self.db.write("alarms") as unit:
            for name in new:
                row = {"name": name, "text": clean(conditions[name]), "raised_at": now, "attempts": 0}
                unit.conn.execute(insert(alarms).values(row))
                unit.note("alarm.raised", now, about=name, text=clean(conditions[name]))
            for name in back:
                again = {"cleared_at": None, "attempts": 0, "retry_at": None}
                unit.conn.execute(update(alarms).where(alarms.c.name == name).values(again))
            for one in gone:
                this = alarms.c.name == one.name
                ended = {"cleared_at": now, "attempts": 0, "retry_at": None}
                told = one.told_at is not None
                unit.conn.execute(update(alarms).where(this).values(ended) if told else delete(alarms).where(this))
                unit.note("alarm.cleared", now, about=one.name)

    def told(self, alarm: Alarm, road: str, now: datetime) -> None:
        """People were told that it stands, or that it passed."""
        this = alarms.c.name == alarm.name
        with self.db.write("alarm_told") as unit:
            if alarm.cleared:
                unit.conn.execute(delete(alarms).where(this))
            else:
                values = {"told_at": now, "attempts": 0, "retry_at": None}
                unit.conn.execute(update(alarms).where(this).values(values))
            unit.note("alarm.told", now, about=alarm.name, road=road, cleared=alarm.cleared)

    def failed(self, alarm: Alarm, why: str, now: datetime) -> datetime:
        """Nobody could be told; when it is tried again."""
        again = now + WAITS[min(alarm.attempts, len(WAITS) - 1)]
        values = {"attempts": alarm.attempts + 1, "retry_at": again}
        with self.db.write("alarm_failed") as unit:
            unit.conn.execute(update(alarms).where(alarms.c.name == alarm.name).values(values))
            unit.note("alarm.failed", now, about=alarm.name, reason=clean(why), attempt=alarm.attempts + 1)
        return again


def _due(alarm: Alarm, now: datetime) -> bool:
    """A message that was not given yet, whose pause is over; a clock that was set back ends the pause."""
    if alarm.told_at is not None and not alarm.cleared:
        return False
    return alarm.retry_at is None or not now < alarm.retry_at <= now + WAITS[-1]
