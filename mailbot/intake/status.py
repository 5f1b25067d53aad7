"""How a mailbox is doing, for health, logs and the status line: one frozen value, replaced whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Condition(StrEnum):
    """`starting`: no round yet; `waiting`: the line failed, it is tried again; `refused`: a person must act."""

    STARTING = "starting"
    OK = "ok"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Status:
    """A snapshot. `last_ok` is the end of the last whole round, `stored` counts mails since the start of the process,
    `unsettled` mails that the server lists and does not give, `failures` rounds that failed in a row,
    `ahead` mails that the server lists and that are neither stored nor left alone, `ahead_since` since when there are
    any."""

    name: str
    condition: Condition = Condition.STARTING
    last_ok: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    failures: int = 0
    stored: int = 0
    poisoned: int = 0
    unsettled: int = 0
    uidnext: int | None = None
    ahead: int = 0
    ahead_since: datetime | None = None

    @property
    def alarm(self) -> bool:
        """Whether a person must act before mail comes in again."""
        return self.condition is Condition.REFUSED
