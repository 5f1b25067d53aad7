"""Alarms that stand or were not told to their end yet."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from mailbot.ledger.tables.base import Base, table


class AlarmRow(Base, table=True):
    """One condition that alarms. `told_at` is when people were told that it stands; `cleared_at` when it passed, which
    they are told once more. `attempts` counts the tries of the message under way, the next not before `retry_at`."""

    __tablename__ = "alarms"

    name: str = Field(primary_key=True)
    text: str
    raised_at: datetime
    told_at: datetime | None = None
    cleared_at: datetime | None = None
    attempts: int
    retry_at: datetime | None = None


alarms = table(AlarmRow)
