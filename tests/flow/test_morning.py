"""The morning digest: gathered from the real ledger, planned once a working morning, masked."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from mailbot.config import Settings, load_settings
from mailbot.domain.decisions import Automation
from mailbot.domain.effects import EffectState
from mailbot.ledger.settings import Mode
from mailbot.morning import digest, plan_digest
from tests.flow.conftest import Make
from tests.flow.office import NOW, STAFF, Office, roster
from tools.stories import units
from tools.stories.cells import Row
from tools.stories.people import people
from tools.stories.post import Draft, when

A, B, C = people(860, 3)
GOOD = Path(__file__).resolve().parents[1] / "config" / "good" / "mailbot.toml"


@pytest.fixture(scope="module")
def settings() -> Settings:
    """Any good settings: the digest goes out at eight, to the staff's address."""
    return load_settings(GOOD)


def text_of(office: Office, now: datetime = NOW) -> str:
    message = message_from_bytes(digest(office.parts, "staff@cqhrsp.com", "<d@x>", now).raw, policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_it_goes_out_once_a_day_however_often_it_is_asked_for(office: Office, settings: Settings) -> None:
    assert plan_digest(office.parts, settings)
    assert not plan_digest(office.parts, settings)
    office.drain()
    assert [letter.to for letter in office.post.letters] == [settings.staff.digest_to]
    office.clock.advance(timedelta(hours=5))
    assert not plan_digest(office.parts, settings)
    office.clock.set(when("2020-09-17 09:00"))
    assert plan_digest(office.parts, settings)
    office.drain()
    assert len(office.post.letters) == 2


def test_its_hour_is_the_offices_own(office: Office, settings: Settings) -> None:
    hour = settings.staff.digest_at
    eve = when("2020-09-16 00:00").replace(hour=hour.hour, minute=hour.minute) - timedelta(seconds=1)
    office.clock.set(eve)
    assert not plan_digest(office.parts, settings)
    office.clock.advance(timedelta(seconds=1))
    assert plan_digest(office.parts, settings)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2020-09-18", True),
        ("2020-09-19", False),
        ("2020-09-27", True),
        ("2020-10-01", False),
        ("2020-10-10", True),
        ("2031-06-03", True),
        ("2031-06-07", True),
    ],
)
def test_it_goes_out_on_working_days_and_on_days_nobody_knows(
    office: Office, settings: Settings, day: str, works: bool
) -> None:
    office.clock.set(when(f"{day} 12:00"))
    assert plan_digest(office.parts, settings) is works


def test_none_leaves_a_rehearsal_and_the_next_mode_begins_at_once(make: Make, settings: Settings) -> None:
    office = make(mode=Mode.REHEARSAL)
    assert not plan_digest(office.parts, settings)
    office.ledger.switches.set_mode(Mode.LIVE, STAFF, NOW)
    assert plan_digest(office.parts, settings)


def test_in_drafts_mode_staff_get_it_and_nobody_else_anything(make: Make, settings: Settings) -> None:
    office = make(mode=Mode.DRAFTS)
    office.process(roster(A))
    plan_digest(office.parts, settings)
    office.drain()
    assert {letter.to for letter in office.post.letters} <= {settings.staff.digest_to}
    assert [letter.state for letter in office.letters() if letter.to == units.PRIMARY.address] == [EffectState.PLANNED]


def test_it_shows_what_is_due_held_and_set_aside(make: Make) -> None:
    office = make(automation=Automation.CONFIRM)
    office.process(roster(A, unit=units.PRIMARY))
    office.process(roster(Row(B, remark="已缴费"), unit=units.HOSPITAL))
    office.process(Draft(units.DESIGN.address, "咨询开班时间", "请问什么时候开班？", NOW))
    today = text_of(office)
    assert units.PRIMARY.name in today
    assert units.HOSPITAL.name in today
    assert "咨询开班时间" in today
    assert "没有系统能办理的内容" in today
    for person in (A, B):
        assert person.id_number not in today
        assert person.phone not in today
    overdue = text_of(office, NOW + timedelta(days=5))
    assert overdue != today


def test_ignored_mail_is_shown_the_next_morning_and_not_again(office: Office) -> None:
    robot = Draft(
        units.DESIGN.address, "自动回复：收到", "正在休假。", NOW, extra=(("Auto-Submitted", "auto-replied"),)
    )
    office.process(robot)
    assert "自动回复：收到" in text_of(office, NOW + timedelta(hours=20))
    assert "自动回复：收到" not in text_of(office, NOW + timedelta(hours=25))


def test_it_names_the_mode_unless_the_site_is_live(make: Make) -> None:
    live, drafts = make(), make(mode=Mode.DRAFTS)
    assert text_of(live) != text_of(drafts)
    assert "drafts" in text_of(drafts)
    assert "drafts" not in text_of(live)
