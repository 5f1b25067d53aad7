"""What dates rest on: every file that moves one is in it, and nothing that does not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot.domain.workdays import ItemClock
from mailbot.rulebook import Rulebook, load
from mailbot.rulebook.dates import basis, due_of
from tests.rulebook.world import PAYMENT, ROW, SHIPPED, good_folder, templates_folder

FRIDAY = datetime(2020, 9, 25, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Rulebook]:
    """Loads the rules, after a change of one file where one is asked for."""
    folder = good_folder(tmp_path)
    templates = templates_folder(tmp_path)
    shutil.copytree(SHIPPED / "calendar", folder / "calendar")

    def made(file: str = "", pattern: str = "", to: str = "") -> Rulebook:
        if file:
            text, count = re.subn(pattern, to, (folder / file).read_text("utf-8"), count=1, flags=re.MULTILINE)
            assert count == 1
            (folder / file).write_text(text, "utf-8")
        return load(folder, [PAYMENT, ROW], templates)

    return made


@pytest.mark.parametrize(
    ("file", "pattern", "to", "name"),
    [
        ("calendar/2020.toml", r"^2020-10-08 = .*$", "", "calendar.2020"),
        ("campaigns/2020.toml", r"^(days *= *)2\b", r"\g<1>3", "campaign.2020.days.roster"),
        ("campaigns/2020.toml", r"^(cut_off *= *)17:30:00", r"\g<1>17:00:00", "campaign.2020.cut_off"),
        ("campaigns/2020.toml", r"^(closes *= *)17:30:00", r"\g<1>18:00:00", "campaign.2020.closes"),
        ("campaigns/2020.toml", r"(value *= *)2020-12-31", r"\g<1>2021-01-15", "campaign.2020.study_closes"),
    ],
)
def test_every_change_that_moves_a_date_changes_the_basis_there_and_nowhere_else(
    changed: Callable[..., Rulebook], file: str, pattern: str, to: str, name: str
) -> None:
    before, after = basis(changed()), basis(changed(file, pattern, to))
    assert {key for key in before if before[key] != after[key]} == {name}
    assert before.keys() == after.keys()


def test_a_calendar_that_is_added_changes_the_basis_and_words_do_not(changed: Callable[..., Rulebook]) -> None:
    before = changed()
    same = changed("payment.toml", r"^(say *= *)\"", r'\1"（新）')
    assert same.hash != before.hash
    assert basis(same) == basis(before)
    assert "calendar.2026" in basis(before)
    assert "calendar.2031" not in basis(before)


def test_a_clock_is_dated_by_its_own_campaign_or_the_one_in_force(changed: Callable[..., Rulebook]) -> None:
    book = changed()
    due = due_of(book)
    clock = ItemClock(FRIDAY)
    assert due("2020", "roster", clock) == book.due_at(FRIDAY, book.campaign, "roster")
    assert due("1999", "roster", clock) == due("2020", "roster", clock)
    assert due("2020", "rooster", clock) is None
