"""What the office owes at the platform, most urgent first: rows that wait there, each with the case whose time runs.

The worklist knows its rows and the ledger the time limits; this is where the two meet, for the shell, `health` and the
digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from mailbot.domain.campaign import Campaign
from mailbot.domain.expiry import would_expire
from mailbot.domain.ports import Platform
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.lines import CaseLine
from mailbot.ledger.waits import WaitLine, waits_of
from mailbot.platform.worklist import Waiting, Worklist

_FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Duty:
    """One row that waits at the platform. `wait` is the most urgent case that it serves, `None` where no clock runs for
    it any more. `expires`: it would come too late for the last day of study."""

    row: Waiting
    wait: WaitLine | None
    overdue: bool
    expires: bool

    @property
    def due_at(self) -> datetime | None:
        """Until when it is promised."""
        return self.wait.due_at if self.wait else None


def platform_duties(platform: Platform, ledger: Ledger, campaign: Campaign, now: datetime) -> list[Duty]:
    """Every row that waits, those that would expire first, then by time limit; none where the platform is asked by a
    machine. Raises `PortError`."""
    if not isinstance(platform, Worklist):
        return []
    rows = platform.waiting()
    waits = waits_of(ledger.db, {key for row in rows for key in row.keys})
    found = [_duty(row, waits, campaign, now) for row in rows]
    return sorted(found, key=lambda duty: (not duty.expires, duty.due_at or _FAR))


def _duty(row: Waiting, waits: dict[str, WaitLine], campaign: Campaign, now: datetime) -> Duty:
    served = [waits[key] for key in row.keys if key in waits]
    wait = min(served, key=lambda one: one.due_at or _FAR, default=None)
    overdue = wait is not None and wait.due_at is not None and wait.due_at < now
    expires = wait is not None and would_expire(wait.opened_at, wait.due_at, now, campaign)
    return Duty(row, wait, overdue, expires)


def expiring(case: CaseLine, campaign: Campaign, now: datetime) -> bool:
    """Whether an open case would come too late for the last day of study."""
    return would_expire(case.opened_at, case.due_at, now, campaign)
