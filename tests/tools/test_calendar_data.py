"""The shipped calendar: every day against two independent packages, and against facts known by hand."""

import re
import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import chinese_calendar
import holidays
import pytest

from tools import make_calendar

YEARS = range(2019, 2027)
SATURDAY = 5

# Days on which `holidays` and the State Council's notices part ways, with the reason. A day is listed only after
# the notice itself was read; a listed day that stops to differ fails the test too.
KNOWN_DIFFERENCES: dict[date, str] = {}

# From the notices' own text.
WORKING_WEEKENDS = {
    2019: "02-02 02-03 04-28 05-05 09-29 10-12",
    2020: "01-19 04-26 05-09 06-28 09-27 10-10",
    2021: "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
    2022: "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
    2023: "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
HOLIDAY_SPANS = {
    "new year 2019": ("2019-01-01", "2019-01-01", "元旦"),
    "labour day 2019, as changed in March": ("2019-05-01", "2019-05-04", "劳动节"),
    "spring festival 2020, as extended in January": ("2020-01-24", "2020-02-02", "春节"),
    "tomb-sweeping 2020": ("2020-04-04", "2020-04-06", "清明"),
    "national day and mid-autumn 2020": ("2020-10-01", "2020-10-08", "国庆节"),
    "spring festival 2026": ("2026-02-15", "2026-02-23", "春节"),
    "mid-autumn 2026": ("2026-09-25", "2026-09-27", "中秋"),
    "national day 2026": ("2026-10-01", "2026-10-07", "国庆节"),
}


@cache
def shipped(year: int) -> dict[str, Any]:
    return tomllib.loads((make_calendar.FOLDER / f"{year}.toml").read_text("utf-8"))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]


def span(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(n) for n in range((end - start).days + 1)]


def is_working(day: date) -> bool:
    """The reading that the files' header promises, spelled out on its own."""
    if day.isoformat() in shipped(day.year)["working_weekends"]:
        return True
    return day.weekday() < SATURDAY and day.isoformat() not in shipped(day.year)["days_off"]


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_chinesecalendar(year: int) -> None:
    differing = [day for day in days_of(year) if is_working(day) != chinese_calendar.is_workday(day)]
    assert differing == []


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_holidays_but_for_known_differences(year: int) -> None:
    china = holidays.country_holidays("CN", years=[year])
    differing = {day for day in days_of(year) if is_working(day) != china.is_working_day(day)}
    assert differing == {day for day in KNOWN_DIFFERENCES if day.year == year}


@pytest.mark.parametrize("year", YEARS)
def test_working_weekends_are_those_of_the_notice(year: int) -> None:
    listed = shipped(year)["working_weekends"]
    assert list(listed) == [f"{year}-{day}" for day in WORKING_WEEKENDS[year].split()]


@pytest.mark.parametrize(("first", "last", "name"), HOLIDAY_SPANS.values(), ids=HOLIDAY_SPANS)
def test_holidays_are_those_of_the_notice(first: str, last: str, name: str) -> None:
    days = span(first, last)
    assert {shipped(day.year)["days_off"].get(day.isoformat()) for day in days} == {name}
    assert not any(is_working(day) for day in days)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2020-01-23", True),  # the last day before the spring festival
        ("2020-02-01", False),  # a make-up Saturday in the first notice, off in the second
        ("2020-02-03", True),  # the first day after the extension
        ("2020-09-27", True),  # a Sunday
        ("2020-10-09", True),  # a Friday between the holiday and a make-up Saturday
        ("2020-10-10", True),  # a Saturday
        ("2020-10-11", False),
        ("2020-12-31", True),
        ("2026-01-02", False),  # a Friday, bridged
        ("2026-01-04", True),  # a Sunday
    ],
)
def test_days_known_by_hand(day: str, *, working: bool) -> None:
    assert is_working(date.fromisoformat(day)) is working


@pytest.mark.parametrize("year", YEARS)
def test_a_file_is_well_formed(year: int) -> None:
    data = shipped(year)
    assert list(data) == ["year", "source", "days_off", "working_weekends"]
    assert data["year"] == year
    assert re.fullmatch(
        rf"国务院办公厅关于{year}年部分节假日安排的通知（国办发明电〔{year - 1}〕\d+号.*）", data["source"]
    )
    for listed in (data["days_off"], data["working_weekends"]):
        days = [date.fromisoformat(day) for day in listed]
        assert days == sorted(set(days))
        assert {day.year for day in days} == {year}
        assert all(listed.values())
    assert all(date.fromisoformat(day).weekday() >= SATURDAY for day in data["working_weekends"])
    assert not data["days_off"].keys() & data["working_weekends"].keys()


def test_there_is_a_file_for_each_year_and_no_other() -> None:
    assert sorted(path.name for path in make_calendar.FOLDER.iterdir()) == [f"{year}.toml" for year in YEARS]


def test_the_shipped_files_are_what_the_generator_writes() -> None:
    assert make_calendar.stale(make_calendar.FOLDER) == []


def test_check_names_a_file_that_differs_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make_calendar.main([], tmp_path) == 0
    assert make_calendar.main(["--check"], tmp_path) == 0
    changed = tmp_path / "2020.toml"
    changed.write_text(changed.read_text("utf-8").replace("2020-10-08", "2020-10-09"), encoding="utf-8")
    capsys.readouterr()
    assert make_calendar.main(["--check"], tmp_path) == 1
    assert "2020.toml" in capsys.readouterr().out


def test_check_fails_on_a_missing_file_and_writes_nothing(tmp_path: Path) -> None:
    assert make_calendar.main(["--check"], tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_writing_again_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_calendar.main([], tmp_path)
    capsys.readouterr()
    assert make_calendar.main([], tmp_path) == 0
    assert capsys.readouterr().out == ""
