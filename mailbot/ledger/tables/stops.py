"""What keeps letters from leaving: a person's pause, a way out that is shut, a brake, a template, a case."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from mailbot.ledger.tables.base import Base, table, words


class Scope(StrEnum):
    """Which letters a stop holds up. `line`, `login`, `brake` and `pause` hold up all."""

    PAUSE = "pause"
    LINE = "line"
    LOGIN = "login"
    BRAKE = "brake"
    MAILBOX = "mailbox"
    TEMPLATE = "template"
    CASE = "case"


class StopRow(Base, table=True):
    """One stop. `subject` names the mailbox, the template or the case; `until` is its end, without one a person ends
    it; `count` is how often in a row it came. A brake that a person let go stays with `until` in the past: letters are
    counted from then on."""

    __tablename__ = "letter_stops"
    __table_args__ = (words("scope", Scope),)

    scope: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    until: datetime | None = None
    count: int
    reason: str
    actor: str
    at: datetime


stops = table(StopRow)
