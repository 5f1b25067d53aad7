"""What the staff read in the morning: what the platform is owed, whose mailbox is silent, which letters nobody knows the
end of; and that a fault of one part hides nothing of the others."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailbot.clock import FixedClock
from mailbot.domain.decisions import Automation
from mailbot.domain.ports import PortError, SendState, Wish
from mailbot.duties import Duty, platform_duties
from mailbot.intake.status import Condition, Status
from mailbot.platform.registry import PlatformSettings
from mailbot.platform.worklist import Waiting, Worklist
from mailbot.status_file import SILENT, write_status
from tests.flow import conftest
from tests.flow.conftest import Make
from tests.flow.office import NOW, Office, roster, wish
from tests.flow.test_morning import text_of
from tools.stories import units
from tools.stories.people import people
from tools.stories.post import Draft, when

make, rules, template = conftest.make, conftest.rules, conftest.template
A, B, C, D = people(880, 4)
ROBOT = (("Auto-Submitted", "auto-replied"),)
DUE = when("2020-09-18 17:30")


class Unreadable(Worklist):
    """A list whose file is damaged."""

    def waiting(self) -> list[Waiting]:
        raise PortError("the platform's own file: database disk image is malformed", retry=False)


def listing(make: Make, folder: Path, kind: type[Worklist] = Worklist, **words: object) -> Office:
    """A live office whose platform is a list for people."""
    return make(platform=kind(PlatformSettings(folder, FixedClock(NOW), "初始密码为六个零")), **words)


@pytest.fixture
def office(make: Make, tmp_path: Path) -> Office:
    return listing(make, tmp_path)


def duties(office: Office, now: datetime) -> list[Duty]:
    parts = office.parts
    return platform_duties(parts.platform, parts.ledger, parts.rulebook.campaign, now)


def asked(office: Office, draft: Draft, at: datetime = NOW) -> None:
    """A roster whose rows stand on the list by now."""
    office.clock.set(at)
    office.process(draft, at=at)
    office.drain()


def test_rows_stand_by_their_time_limit_and_those_nobody_waits_for_last(office: Office) -> None:
    platform = office.parts.platform
    platform.ensure_accounts([Wish("account:nobody", wish(D))])
    asked(office, roster(B, unit=units.HOSPITAL), NOW + timedelta(days=1))
    asked(office, roster(A), NOW)
    found = duties(office, NOW)
    assert [duty.row.name for duty in found] == [A.name, B.name, D.name]
    first, second, last = found
    assert first.due_at == DUE
    assert second.due_at is not None
    assert second.due_at > DUE
    assert (last.wait, last.due_at, last.overdue, last.expires) == (None, None, False, False)


def test_a_row_is_overdue_behind_its_last_minute_and_not_at_it(office: Office) -> None:
    asked(office, roster(A))
    for now, overdue in ((DUE - timedelta(1), False), (DUE, False), (DUE + timedelta(seconds=1), True)):
        assert [duty.overdue for duty in duties(office, now)] == [overdue]


def test_of_one_row_for_two_cases_the_more_urgent_counts(office: Office) -> None:
    asked(office, roster(A), NOW + timedelta(days=1))
    asked(office, roster(A, unit=units.HOSPITAL), NOW)
    [duty] = duties(office, NOW)
    assert duty.wait is not None
    assert (duty.due_at, duty.wait.unit) == (DUE, units.HOSPITAL.name)


def test_what_would_come_too_late_stands_before_what_is_due_earlier(office: Office) -> None:
    office.parts.platform.ensure_accounts([Wish("account:nobody", wish(D))])
    asked(office, roster(A), when("2020-12-28 10:00"))
    asked(office, roster(B, unit=units.HOSPITAL), when("2020-12-29 10:00"))
    now = when("2020-12-29 11:00")
    assert [(duty.row.name, duty.expires) for duty in duties(office, now)] == [
        (B.name, True),
        (A.name, False),
        (D.name, False),
    ]


def test_nothing_is_owed_where_the_platform_answers_by_itself(make: Make) -> None:
    office = make()
    asked(office, roster(A))
    assert duties(office, NOW) == []
    assert "待在平台办理" not in text_of(office)


def test_a_batch_is_told_with_its_rows_its_day_and_what_is_late(office: Office) -> None:
    asked(office, roster(A, B))
    today, later = text_of(office, NOW), text_of(office, DUE + timedelta(hours=1))
    assert "· 0001 待注册 2行 2020年9月18日" in today
    assert "已逾期2行" not in today
    assert "已逾期2行" in later
    assert A.phone not in later + today


def test_a_list_that_cannot_be_read_hides_nothing_else(make: Make, tmp_path: Path) -> None:
    office = listing(make, tmp_path, Unreadable, automation=Automation.CONFIRM)
    office.process(roster(A))
    told = text_of(office)
    assert "平台待办清单无法读取：the platform's own file" in told
    assert units.PRIMARY.name in told


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (Status("roster", Condition.REFUSED, last_error="no", failures=3), "信箱 roster 无法登录"),
        (Status("roster", Condition.WAITING, last_ok=NOW - SILENT - timedelta(minutes=1)), "起无法收取来信"),
        (Status("roster", Condition.WAITING), "信箱 roster 一直无法收取来信"),
    ],
)
def test_a_mailbox_that_brings_nothing_is_told(make: Make, box: Status, words: str) -> None:
    office = make()
    write_status(office.parts.site.storage, [box, Status("proof", Condition.OK, last_ok=NOW)], NOW)
    told = text_of(office)
    assert words in told
    assert "proof" not in told


@pytest.mark.parametrize(
    "box",
    [
        Status("roster", Condition.OK, last_ok=NOW - timedelta(days=3)),
        Status("roster", Condition.WAITING, last_ok=NOW - SILENT, last_error="reset", failures=9),
    ],
)
def test_a_mailbox_that_only_waits_for_its_next_round_is_not(make: Make, box: Status) -> None:
    office = make()
    assert "信箱" not in text_of(office)
    write_status(office.parts.site.storage, [box], NOW)
    assert "信箱" not in text_of(office)


@pytest.mark.parametrize("end", [SendState.UNKNOWN, SendState.REFUSED])
def test_a_letter_that_may_not_have_come_is_told_for_a_week(make: Make, end: SendState) -> None:
    office = make()
    office.post.ends = [end] * 9
    asked(office, roster(A))
    for _ in range(9):
        office.drain(later=timedelta(minutes=11))
    told = text_of(office, office.clock.now())
    assert "1封信未能确认送达" in told
    assert "mail:1:1" in told
    assert "未能确认送达" in text_of(office, NOW + timedelta(days=6))
    assert "未能确认送达" not in text_of(office, NOW + timedelta(days=8))


def test_a_machines_mail_of_a_holiday_is_told_on_the_next_working_morning(make: Make) -> None:
    office = make()
    night = when("2020-10-01 22:00")
    office.process(Draft(units.DESIGN.address, "自动回复：休假", "休假", night, extra=ROBOT), at=night)
    assert "自动回复：休假" in text_of(office, when("2020-10-09 08:00"))
    assert "自动回复：休假" not in text_of(office, when("2020-10-10 08:00"))


def test_the_end_of_study_is_spoken_of_from_the_day_of_warning_on(make: Make) -> None:
    office = make(automation=Automation.CONFIRM)
    arrived = when("2020-12-14 10:00")
    office.clock.set(arrived)
    office.process(roster(A), at=arrived)
    office.process(roster(B, unit=units.HOSPITAL), at=when("2020-12-30 10:00"))
    words = "按时限办理将晚于"
    assert words not in text_of(office, when("2020-12-14 11:00"))
    late = text_of(office, when("2020-12-30 11:00"))
    assert f"{words}2020年12月31日学习截止日，请最先办理：1 件" in late
    assert words not in text_of(office, when("2021-01-04 09:00"))
