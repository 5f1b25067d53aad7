"""Cases that would come too late for the last day of study: none before the warning, none that is lost already."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.data import rules_dir
from mailbot.domain.campaign import Campaign
from mailbot.domain.expiry import would_expire
from tools.stories.post import when

CAMPAIGN = Campaign.model_validate(tomllib.loads((rules_dir() / "campaigns" / "2020.toml").read_text("utf-8")))
CLOSES = CAMPAIGN.study_closes.value
NEVER_DUE = ""


@pytest.mark.parametrize(
    ("opened", "due", "now", "expires"),
    [
        ("2020-12-28 10:00", "2020-12-30 17:30", "2020-12-28 11:00", False),
        ("2020-12-29 10:00", "2020-12-31 17:30", "2020-12-29 11:00", True),
        ("2020-12-31 23:50", "2021-01-06 17:30", "2020-12-31 23:55", True),
        ("2020-12-22 10:00", "2020-12-24 17:30", "2020-12-30 11:00", False),
        ("2020-12-22 10:00", "2020-12-24 17:30", "2020-12-31 09:00", True),
        ("2020-12-16 10:00", NEVER_DUE, "2020-12-16 11:00", True),
        ("2020-12-14 10:00", NEVER_DUE, "2020-12-14 11:00", False),
        ("2020-12-14 10:00", "2021-01-04 17:30", "2020-12-14 23:59", False),
        ("2020-12-14 10:00", "2021-01-04 17:30", "2020-12-15 00:00", True),
        ("2021-01-01 00:10", "2021-01-06 17:30", "2020-12-31 23:59", False),
        ("2020-12-31 10:00", "2021-01-05 17:30", "2021-01-01 00:00", False),
    ],
)
def test_what_would_be_too_late(opened: str, due: str, now: str, expires: bool) -> None:
    assert would_expire(when(opened), when(due) if due else None, when(now), CAMPAIGN) is expires


def test_days_are_the_offices() -> None:
    opened, due = when("2020-12-28 10:00"), datetime.fromisoformat("2020-12-30T16:30:00+00:00")
    assert would_expire(opened, due, when("2020-12-28 11:00"), CAMPAIGN)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        would_expire(datetime(2020, 12, 29), None, when("2020-12-29 11:00"), CAMPAIGN)  # noqa: DTZ001  # what is to be refused


@given(st.integers(0, 40), st.integers(0, 20), st.integers(0, 20))
def test_a_later_limit_never_makes_it_safer(day: int, first: int, more: int) -> None:
    now = when("2020-12-10 12:00") + timedelta(days=day)
    sooner, later = now + timedelta(days=first), now + timedelta(days=first + more)
    if would_expire(now, sooner, now, CAMPAIGN):
        assert would_expire(now, later, now, CAMPAIGN)
    if now.date() > CLOSES or now.date() < date(2020, 12, 15):
        assert not would_expire(now, later, now, CAMPAIGN)
