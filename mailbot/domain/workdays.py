"""Working days of the office's country, and the time limits that are counted in them.

The days come from rules/calendar/YYYY.toml: days off and make-up working weekends as the State Council arranged them. A
year without a file is not guessed: a due date that needs it is provisional, and the earliest that it can turn out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from mailbot.domain.campaign import Office
from mailbot.domain.mail import Record

_DAY = timedelta(days=1)
Name = Annotated[str, Field(min_length=1)]


class Uncovered(LookupError):
    """A day of a year that no calendar file covers."""


class DayKind(StrEnum):
    """What a day is, in the words of letters and pages."""

    WORKDAY = "工作日"
    WEEKEND = "休息日"
    HOLIDAY = "法定节假日"
    MAKE_UP = "调休上班日"


class Year(Record):
    """One calendar file. `days_off` holds every day of a holiday arrangement, weekends in it too."""

    year: int = Field(ge=1990, le=2200)
    source: Name
    days_off: dict[date, Name]
    working_weekends: dict[date, Name]

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        strangers = [day for day in (*self.days_off, *self.working_weekends) if day.year != self.year]
        if strangers:
            raise ValueError(f"{strangers[0]} 不在 {self.year} 年")
        both = self.days_off.keys() & self.working_weekends.keys()
        if both:
            raise ValueError(f"{min(both)} 既在 days_off 又在 working_weekends")
        weekdays = [day for day in self.working_weekends if day.weekday() < 5]
        if weekdays:
            raise ValueError(f"{weekdays[0]} 不是周末，不能列入 working_weekends")
        return self


class Calendar(Record):
    """The years that are known, by year."""

    years: dict[int, Year]

    @classmethod
    def of(cls, files: Iterable[Mapping[str, object]]) -> Self:
        """From the parsed files. Raises pydantic's `ValidationError` for a bad one, `ValueError` for a year twice."""
        years = [Year.model_validate(dict(file)) for file in files]
        if len({year.year for year in years}) != len(years):
            raise ValueError("同一年有两个日历文件")
        return cls(years={year.year: year for year in years})

    def covers(self, day: date) -> bool:
        """Whether the day's year has a file."""
        return day.year in self.years

    def kind(self, day: date) -> DayKind:
        """What the day is. Raises `Uncovered`."""
        year = self.years.get(day.year)
        if year is None:
            raise Uncovered(f"{day.year} 年没有工作日历")
        if day in year.days_off:
            return DayKind.HOLIDAY
        if day in year.working_weekends:
            return DayKind.MAKE_UP
        return DayKind.WORKDAY if day.weekday() < 5 else DayKind.WEEKEND

    def is_working_day(self, day: date) -> bool:
        """Whether the office works that day. Raises `Uncovered`."""
        return self.kind(day) in {DayKind.WORKDAY, DayKind.MAKE_UP}

    def covered_until(self, today: date) -> date | None:
        """The last day of the unbroken run of known years that begins with today's; `None` where today's is unknown."""
        year = today.year
        while year in self.years:
            year += 1
        return date(year - 1, 12, 31) if year > today.year else None


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due. `provisional`: a day without a calendar was counted, so no letter may name the date."""

    at: datetime
    provisional: bool


def due_at(received_at: datetime, days: int, office: Office, calendar: Calendar) -> Due:
    """The close of office hours on the `days`-th working day after day 0, the day of arrival.

    After the cut-off, or on a day off, day 0 is the next working day. Days of an uncovered year all count, which gives
    the earliest date possible. Raises `ValueError` for a naive time.
    """
    walk = _Walk(calendar)
    day = walk.day_zero(received_at, office)
    return _close(walk.forward(day, days), office, provisional=walk.guessed)


def extend(due: Due, waited_from: datetime, waited_to: datetime, office: Office, calendar: Calendar) -> Due:
    """The due date after a wait for the sender: later by the working days that the wait lasted.

    Both ends count as an arrival does: what comes after the cut-off comes on the next working day. Raises `ValueError`
    for a wait that ends before it begins.
    """
    if waited_to < waited_from:
        raise ValueError("a wait ends after it begins")
    walk = _Walk(calendar)
    start, end = walk.day_zero(waited_from, office), walk.day_zero(waited_to, office)
    lasted = sum(1 for day in _days(start + _DAY, end) if walk.works(day))
    at = due.at.astimezone(ZoneInfo(office.zone)).date()
    return _close(walk.forward(at, lasted), office, provisional=due.provisional or walk.guessed) if lasted else due


@dataclass(frozen=True, slots=True)
class ItemClock:
    """When the time limit of an item began to run (the arrival of the mail that brought it), and its waits for the
    sender since, oldest first. A wait that still lasts is not among them."""

    started: datetime
    waits: tuple[tuple[datetime, datetime], ...] = ()

    def waited(self, since: datetime, until: datetime) -> ItemClock:
        """The clock after one more wait. What came before the question was asked ends no wait, and none lasted."""
        return self if until <= since else ItemClock(self.started, (*self.waits, (since, until)))


def due_by(clock: ItemClock, days: int, office: Office, calendar: Calendar) -> Due:
    """When an item is due that has so many working days: what its waits lasted is added, wait by wait."""
    due = due_at(clock.started, days, office, calendar)
    for since, until in clock.waits:
        due = extend(due, since, until, office, calendar)
    return due


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """How many working days lie behind `start` up to and with `end`; negative where `end` is earlier.

    So many are left on `start` until something due on `end`. Raises `Uncovered`.
    """
    if end < start:
        return -working_days_between(end, start, calendar)
    return sum(1 for day in _days(start + _DAY, end) if calendar.is_working_day(day))


@dataclass(slots=True)
class _Walk:
    """A walk over the calendar that remembers whether it met a day nobody knows, which it takes for a working day."""

    calendar: Calendar
    guessed: bool = False

    def works(self, day: date) -> bool:
        if self.calendar.covers(day):
            return self.calendar.is_working_day(day)
        self.guessed = True
        return True

    def day_zero(self, at: datetime, office: Office) -> date:
        if at.tzinfo is None:
            raise ValueError("a time of arrival has a zone")
        local = at.astimezone(ZoneInfo(office.zone))
        day = local.date()
        if local.timetz().replace(tzinfo=None) > office.cut_off:
            day += _DAY
        return _first(day, self.works)

    def forward(self, day: date, count: int) -> date:
        for _ in range(count):
            day = _first(day + _DAY, self.works)
        return day


def _first(day: date, works: Callable[[date], bool]) -> date:
    while not works(day):
        day += _DAY
    return day


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=n) for n in range((end - start).days + 1))


def _close(day: date, office: Office, *, provisional: bool) -> Due:
    return Due(datetime.combine(day, office.closes, ZoneInfo(office.zone)), provisional)
