"""Working days and time limits: the notice's world of 2020, its holidays and make-up Sundays, and years nobody knows."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from mailbot.domain.campaign import Office
from mailbot.domain.workdays import (
    Calendar,
    DayKind,
    Due,
    ItemClock,
    Uncovered,
    due_at,
    due_by,
    extend,
    working_days_between,
)

FOLDER = Path(__file__).resolve().parents[2] / "rules" / "calendar"
SHANGHAI = ZoneInfo("Asia/Shanghai")
KNOWN = Calendar.of(tomllib.loads((FOLDER / f"{year}.toml").read_text("utf-8")) for year in (2019, 2020, 2021))
NOTHING = Calendar(years={})
OFFICE = Office(
    name="重庆市人力资源开发服务中心",
    short_name="市人服中心",
    zone="Asia/Shanghai",
    opens=time(9),
    closes=time(17, 30),
    cut_off=time(17),
    source="测试",
)
COUNTS = st.integers(1, 10)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def moments(first: str, last: str) -> st.SearchStrategy[datetime]:
    minutes = int((at(last) - at(first)).total_seconds()) // 60
    return st.integers(0, minutes).map(lambda count: at(first) + timedelta(minutes=count))


MOMENTS = moments("2019-01-01", "2021-09-30")
ANY_MOMENT = moments("2018-12-01", "2022-03-01")


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2020-07-15T10:00", 2, "2020-07-17"),  # Wednesday
        ("2020-07-15T17:00", 2, "2020-07-17"),  # the cut-off itself is in time
        ("2020-07-15T17:00:01", 2, "2020-07-20"),
        ("2020-07-15T23:59", 2, "2020-07-20"),
        ("2020-07-15T00:00", 2, "2020-07-17"),
        ("2020-07-17T16:00", 2, "2020-07-21"),  # Friday
        ("2020-07-17T18:00", 2, "2020-07-22"),
        ("2020-07-18T08:00", 2, "2020-07-22"),  # Saturday
        ("2020-09-27T10:00", 2, "2020-09-29"),  # a make-up Sunday
        ("2020-09-26T10:00", 2, "2020-09-29"),
        ("2020-09-30T10:00", 2, "2020-10-10"),  # eight days off, then a make-up Saturday
        ("2020-09-30T17:59", 2, "2020-10-12"),
        ("2020-10-05T10:00", 2, "2020-10-12"),
        ("2020-10-09T10:00", 3, "2020-10-13"),
        ("2020-01-23T10:00", 2, "2020-02-04"),  # the prolonged Spring Festival
        ("2020-12-30T10:00", 3, "2021-01-05"),
        ("2020-12-31T23:50", 2, "2021-01-06"),
    ],
)
def test_due_dates(received: str, days: int, due: str) -> None:
    assert due_at(at(received), days, OFFICE, KNOWN) == Due(at(f"{due}T17:30"), provisional=False)


def test_arrival_is_told_in_the_offices_own_zone() -> None:
    assert due_at(datetime(2020, 7, 15, 16, 30, tzinfo=UTC), 2, OFFICE, KNOWN).at == at("2020-07-20T17:30")
    assert due_at(at("2020-07-16T00:30"), 2, OFFICE, KNOWN).at == at("2020-07-20T17:30")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due_at(datetime(2020, 7, 15, 10), 2, OFFICE, KNOWN)  # noqa: DTZ001 - the fault under test


@given(MOMENTS, COUNTS)
def test_a_due_day_is_a_working_day_that_many_working_days_after_day_zero(received: datetime, days: int) -> None:
    due = due_at(received, days, OFFICE, KNOWN)
    zero = received.date() + timedelta(received.time() > OFFICE.cut_off)
    while not KNOWN.is_working_day(zero):
        zero += timedelta(1)
    assert not due.provisional
    assert KNOWN.is_working_day(due.at.date())
    assert working_days_between(zero, due.at.date(), KNOWN) == days


@given(MOMENTS, MOMENTS, COUNTS)
def test_who_comes_first_is_due_first(one: datetime, other: datetime, days: int) -> None:
    early, late = sorted((one, other))
    assert due_at(early, days, OFFICE, KNOWN).at <= due_at(late, days, OFFICE, KNOWN).at
    assert due_at(early, days, OFFICE, KNOWN).at < due_at(early, days + 1, OFFICE, KNOWN).at
    assert due_at(early, days, OFFICE, KNOWN).at > early


@given(ANY_MOMENT, COUNTS)
def test_a_provisional_date_is_never_later_than_the_true_one(received: datetime, days: int) -> None:
    guess = due_at(received, days, OFFICE, NOTHING)
    assert guess.provisional
    assert guess.at <= due_at(received, days, OFFICE, KNOWN).at


def test_an_uncovered_year_counts_every_day() -> None:
    only_2020 = Calendar(years={2020: KNOWN.years[2020]})
    assert due_at(at("2020-12-30T10:00"), 1, OFFICE, only_2020) == Due(at("2020-12-31T17:30"), provisional=False)
    assert due_at(at("2020-12-30T10:00"), 2, OFFICE, only_2020) == Due(at("2021-01-01T17:30"), provisional=True)
    assert due_at(at("2020-12-31T18:00"), 2, OFFICE, only_2020) == Due(at("2021-01-03T17:30"), provisional=True)


DUE = due_at(at("2020-07-15T10:00"), 2, OFFICE, KNOWN)


@pytest.mark.parametrize(
    ("start", "end", "due"),
    [
        ("2020-07-15T11:00", "2020-07-15T16:00", "2020-07-17"),
        ("2020-07-15T11:00", "2020-07-16T10:00", "2020-07-20"),
        ("2020-07-15T11:00", "2020-07-15T17:30", "2020-07-20"),
        ("2020-07-15T17:30", "2020-07-16T10:00", "2020-07-17"),
        ("2020-07-17T11:00", "2020-07-19T10:00", "2020-07-20"),
        ("2020-07-17T11:00", "2020-07-22T10:00", "2020-07-22"),
        ("2020-09-30T11:00", "2020-10-09T10:00", "2020-07-20"),
    ],
)
def test_waiting_for_the_sender_stops_the_clock(start: str, end: str, due: str) -> None:
    assert extend(DUE, at(start), at(end), OFFICE, KNOWN) == Due(at(f"{due}T17:30"), provisional=False)


def test_a_wait_over_an_unknown_year_makes_the_date_provisional() -> None:
    only_2020 = Calendar(years={2020: KNOWN.years[2020]})
    later = extend(DUE, at("2020-12-31T10:00"), at("2021-01-02T10:00"), OFFICE, only_2020)
    assert later == Due(at("2020-07-21T17:30"), provisional=True)
    assert extend(
        Due(DUE.at, provisional=True), at("2020-07-15T10:00"), at("2020-07-16T10:00"), OFFICE, KNOWN
    ).provisional


def test_a_wait_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="wait"):
        extend(DUE, at("2020-07-16T10:00"), at("2020-07-15T10:00"), OFFICE, KNOWN)


@given(MOMENTS, MOMENTS, MOMENTS, COUNTS)
def test_two_waits_add_up_whatever_lies_between(first: datetime, second: datetime, third: datetime, days: int) -> None:
    one, two, three = sorted((first, second, third))
    due = due_at(one, days, OFFICE, KNOWN)
    apart = extend(extend(due, one, two, OFFICE, KNOWN), two, three, OFFICE, KNOWN)
    together = extend(due, one, three, OFFICE, KNOWN)
    assume(together.at < at("2021-12-31T00:00"))
    assert apart.at == together.at
    assert apart.at >= due.at


def test_a_clock_without_a_wait_is_the_plain_limit() -> None:
    assert due_by(ItemClock(at("2020-07-15T10:00")), 2, OFFICE, KNOWN) == DUE


def test_every_wait_of_a_clock_is_added() -> None:
    clock = ItemClock(at("2020-07-15T10:00")).waited(at("2020-07-15T11:00"), at("2020-07-16T10:00"))
    assert due_by(clock, 2, OFFICE, KNOWN).at == at("2020-07-20T17:30")
    clock = clock.waited(at("2020-07-16T11:00"), at("2020-07-21T09:00"))
    assert due_by(clock, 2, OFFICE, KNOWN).at == at("2020-07-23T17:30")
    assert clock.waits[0] == (at("2020-07-15T11:00"), at("2020-07-16T10:00"))


def test_a_wait_that_lasted_nothing_is_none() -> None:
    clock = ItemClock(at("2020-07-15T10:00"))
    assert clock.waited(at("2020-07-16T10:00"), at("2020-07-16T10:00")) is clock
    assert clock.waited(at("2020-07-16T10:00"), at("2020-07-15T10:00")) is clock


@given(MOMENTS, st.lists(st.integers(0, 60 * 24 * 20), max_size=6), COUNTS)
def test_a_clock_is_its_limit_and_its_waits(first: datetime, minutes: list[int], days: int) -> None:
    clock, due, now = ItemClock(first), due_at(first, days, OFFICE, KNOWN), first
    for one, two in zip(minutes[::2], minutes[1::2], strict=False):
        since = now + timedelta(minutes=one)
        now = since + timedelta(minutes=two)
        clock, due = clock.waited(since, now), extend(due, since, now, OFFICE, KNOWN)
    assert due_by(clock, days, OFFICE, KNOWN) == due


@given(MOMENTS, MOMENTS, MOMENTS)
def test_days_between_add_up(first: datetime, second: datetime, third: datetime) -> None:
    one, two, three = first.date(), second.date(), third.date()
    assert working_days_between(one, two, KNOWN) == -working_days_between(two, one, KNOWN)
    assert working_days_between(one, two, KNOWN) + working_days_between(two, three, KNOWN) == working_days_between(
        one, three, KNOWN
    )


def test_days_between() -> None:
    assert working_days_between(day("2020-07-17"), day("2020-07-17"), KNOWN) == 0
    assert working_days_between(day("2020-07-17"), day("2020-07-19"), KNOWN) == 0
    assert working_days_between(day("2020-07-17"), day("2020-07-20"), KNOWN) == 1
    assert working_days_between(day("2020-07-20"), day("2020-07-17"), KNOWN) == -1
    with pytest.raises(Uncovered):
        working_days_between(day("2021-12-30"), day("2022-01-04"), KNOWN)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2020-07-15", DayKind.WORKDAY),
        ("2020-07-18", DayKind.WEEKEND),
        ("2020-10-01", DayKind.HOLIDAY),
        ("2020-10-03", DayKind.HOLIDAY),
        ("2020-09-27", DayKind.MAKE_UP),
    ],
)
def test_kinds_of_day(text: str, kind: DayKind) -> None:
    assert KNOWN.kind(day(text)) is kind
    assert KNOWN.is_working_day(day(text)) is (kind in {DayKind.WORKDAY, DayKind.MAKE_UP})


def test_an_unknown_year_is_not_guessed() -> None:
    with pytest.raises(Uncovered, match="2030"):
        KNOWN.is_working_day(day("2030-07-15"))
    assert not KNOWN.covers(day("2030-07-15"))


def test_how_far_the_calendar_reaches() -> None:
    gap = Calendar(years={2019: KNOWN.years[2019], 2021: KNOWN.years[2021]})
    assert KNOWN.covered_until(day("2019-05-01")) == day("2021-12-31")
    assert gap.covered_until(day("2019-05-01")) == day("2019-12-31")
    assert gap.covered_until(day("2020-05-01")) is None


def test_every_shipped_year_loads() -> None:
    files = sorted(FOLDER.glob("*.toml"))
    calendar = Calendar.of(tomllib.loads(file.read_text("utf-8")) for file in files)
    assert {str(year) for year in calendar.years} == {file.stem for file in files}


GOOD: dict[str, object] = {
    "year": 2020,
    "source": "国办发明电〔2019〕16号",
    "days_off": {"2020-10-01": "国庆节"},
    "working_weekends": {"2020-09-27": "国庆节调休"},
}


@pytest.mark.parametrize(
    "change",
    [
        {"days_off": {"2021-10-01": "国庆节"}},
        {"days_off": {"2020-09-27": "国庆节"}},
        {"working_weekends": {"2020-09-28": "国庆节调休"}},
        {"days_off": {"2020-13-01": "国庆节"}},
        {"days_off": {"2020-10-01": ""}},
        {"source": ""},
        {"weekends": {}},
        {"year": "not a year"},
    ],
)
def test_a_bad_file_is_refused(change: dict[str, object]) -> None:
    assert Calendar.of([GOOD]).covers(day("2020-01-01"))
    with pytest.raises(ValidationError):
        Calendar.of([{**GOOD, **change}])


def test_a_year_stands_once() -> None:
    with pytest.raises(ValueError, match="同一年"):
        Calendar.of([GOOD, GOOD])
