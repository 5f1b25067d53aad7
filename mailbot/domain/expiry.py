"""The end of study on top of every time limit: which cases would come too late for it (notice, clause 六)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mailbot.domain.campaign import Campaign

_NEXT_DAY = timedelta(days=1)
"""Codes can be assigned the day after an account is registered (manual 一（2）9)."""


def would_expire(opened_at: datetime, due_at: datetime | None, now: datetime, campaign: Campaign) -> bool:
    """Whether a case that came in time would be lost if it were dealt with only when it is due: its codes could be
    assigned after the last day of study. Without a running time limit (it waits for its sender) every such case counts.

    Nothing is said before the campaign's day of warning, nor of what expired already. Raises `ValueError` for a naive
    time.
    """
    if opened_at.tzinfo is None or now.tzinfo is None:
        raise ValueError("a time has a zone")
    zone, closes = ZoneInfo(campaign.office.zone), campaign.study_closes.value
    today = now.astimezone(zone).date()
    if not campaign.warn_from.value <= today <= closes or opened_at.astimezone(zone).date() > closes:
        return False
    done = None if due_at is None else max(today, due_at.astimezone(zone).date())
    return done is None or done + _NEXT_DAY > closes
