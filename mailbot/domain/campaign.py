"""The office's facts of one year: dated and sourced data out of rules/campaigns/*.toml, never Python."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Generic, Self, TypeVar

from pydantic import Field, model_validator

from mailbot.domain.decisions import Automation
from mailbot.domain.mail import Record

T = TypeVar("T")
Text = Annotated[str, Field(min_length=1)]
Money = Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]{2}$")]
"""Yuan and fen as text, `33.00`: a number would lose its zeros."""


class Sourced(Record, Generic[T]):
    """A fact with the clause of the notice (or the office's own ruling) that says so."""

    value: T
    source: Text


class Office(Record):
    """The office's names and its working hours in its own zone. Mail after
    `cut_off` counts as the next working day's."""

    name: str
    short_name: str
    zone: str
    opens: time
    closes: time
    cut_off: time
    source: Text

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.opens < self.cut_off <= self.closes:
            raise ValueError("先后不对，应为 office.opens < office.cut_off <= office.closes")
        return self


class Hotlines(Record):
    """Where people are sent with what is not ours."""

    policy: str
    platform: str
    qq_group: str
    source: Text


class Credits(Record):
    """What must be studied in the campaign's own year. Make-up years have no number in the notice."""

    required: int = Field(ge=0)
    elective: int = Field(ge=0)
    source: Text

    @property
    def total(self) -> int:
        return self.required + self.elective


class App(Record):
    """The learning app and the company id that it asks for."""

    name: Text
    company_id: Text
    source: Text


class KindPolicy(Record):
    """Per kind of case: the working days of its time limit, how far it goes by
    itself, and whether good rows go ahead.

    `second_reader`: a verdict needs a second person. `mailbox` is the address that the notice names for this kind,
    `letters` the templates (`emails/<kind>/<name>.txt`) that its letters are made of.
    """

    days: int = Field(ge=1, le=30)
    automation: Automation
    partial: bool = True
    second_reader: bool = False
    mailbox: str | None = None
    letters: tuple[str, ...] = ()
    source: Text


class Campaign(Record):
    """One year's campaign, whole. `kinds` is keyed by case kind; `study_closes` ends study, not mailing."""

    code: str = Field(pattern=r"^[0-9]{4}[a-z0-9-]*$")
    year: int = Field(ge=2000, le=2100)
    title: Text
    office: Office
    hotlines: Hotlines
    opens: Sourced[date]
    study_closes: Sourced[date]
    warn_from: Sourced[date]
    makeup_years: Sourced[tuple[int, ...]]
    fee: Sourced[Money]
    site: Sourced[Text]
    download_centre: Sourced[Text]
    initial_password: Sourced[Text]
    assign_path: Sourced[Text]
    document: Text | None = None
    project: Sourced[Text] | None = None
    learning_platform: Sourced[Text] | None = None
    site_name: Sourced[Text] | None = None
    user_name: Sourced[Text] | None = None
    credits: Credits | None = None
    app: App | None = None
    kinds: dict[str, KindPolicy]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.opens.value <= self.warn_from.value <= self.study_closes.value:
            raise ValueError("先后不对，应为 opens <= warn_from <= study_closes")
        return self
