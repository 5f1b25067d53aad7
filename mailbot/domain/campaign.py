"""The office's facts of one year: dated and sourced data out of rules/campaigns/*.toml, never Python."""

from __future__ import annotations

from datetime import date, time
from typing import Generic, TypeVar

from pydantic import Field

from mailbot.domain.decisions import Automation
from mailbot.domain.mail import Record

T = TypeVar("T")


class Sourced(Record, Generic[T]):
    """A fact with the clause of the notice (or the office's own ruling) that says so."""

    value: T
    source: str = Field(min_length=1)


class Office(Record):
    """The office's names and its working hours in its own zone. Mail after
    `cut_off` counts as the next working day's."""

    name: str
    short_name: str
    zone: str
    opens: time
    closes: time
    cut_off: time
    source: str = Field(min_length=1)


class Hotlines(Record):
    """Where people are sent with what is not ours."""

    policy: str
    platform: str
    qq_group: str
    source: str = Field(min_length=1)


class KindPolicy(Record):
    """Per kind of case: the working days of its time limit, how far it goes by
    itself, and whether good rows go ahead."""

    days: int = Field(ge=1, le=30)
    automation: Automation
    partial: bool = True
    source: str = Field(min_length=1)


class Campaign(Record):
    """One year's campaign, whole. `kinds` is keyed by case kind; `study_closes` ends study, not mailing."""

    code: str = Field(pattern=r"^[0-9]{4}[a-z0-9-]*$")
    year: int
    title: str
    office: Office
    hotlines: Hotlines
    opens: Sourced[date]
    study_closes: Sourced[date]
    warn_from: Sourced[date]
    makeup_years: Sourced[tuple[int, ...]]
    fee: Sourced[str]
    site: Sourced[str]
    download_centre: Sourced[str]
    initial_password: Sourced[str]
    assign_path: Sourced[str]
    kinds: dict[str, KindPolicy]
