"""What a morning must not lose: mail that was ignored over days off, and letters that never arrived."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailbot.domain.ports import SendState
from mailbot.intake.status import Condition, Status
from mailbot.status_file import write_status
from tests.flow.office import NOW, Office, roster
from tests.flow.test_morning import text_of
from tools.stories import units
from tools.stories.people import people
from tools.stories.post import Draft, when

[A] = people(862, 1)


@pytest.mark.parametrize(
    ("came", "shown", "past"),
    [
        ("2020-09-16 18:00", "2020-09-17 08:00", "2020-09-18 08:00"),
        ("2020-09-18 18:00", "2020-09-21 08:00", "2020-09-22 08:00"),
        ("2020-09-20 03:00", "2020-09-21 08:00", "2020-09-22 08:00"),
        ("2020-09-30 19:00", "2020-10-09 08:00", "2020-10-10 08:00"),
    ],
)
def test_mail_ignored_over_days_off_is_shown_on_the_next_morning_of_work(
    office: Office, came: str, shown: str, past: str
) -> None:
    marks = (("Auto-Submitted", "auto-replied"),)
    office.process(Draft(units.DESIGN.address, "自动回复：收到", "正在休假。", when(came), extra=marks), at=when(came))
    assert "自动回复：收到" in text_of(office, when(shown))
    assert "自动回复：收到" not in text_of(office, when(past))


@pytest.mark.parametrize(
    ("ends", "waits"),
    [([SendState.REFUSED], timedelta(0)), ([SendState.UNKNOWN, SendState.UNKNOWN], timedelta(minutes=11))],
)
def test_a_letter_that_stays_with_staff_is_spoken_of_for_a_week(
    office: Office, ends: list[SendState], waits: timedelta
) -> None:
    office.post.ends[:] = ends
    office.process(roster(A))
    office.drain()
    office.drain(later=waits)
    assert "1封信未能确认送达" in text_of(office, NOW + timedelta(days=1))
    assert "mail:1:1" in text_of(office, NOW + timedelta(days=1))
    assert "未能确认送达" not in text_of(office, NOW + timedelta(days=8))


@pytest.mark.parametrize(
    ("box", "said"),
    [
        (Status("roster", Condition.REFUSED, last_error="no", failures=3), "信箱 roster 无法登录，收不到来信"),
        (
            Status("roster", Condition.WAITING, last_ok=NOW - timedelta(hours=2)),
            "信箱 roster 自 2020-09-16 08:00 起无法收取",
        ),
        (Status("roster", Condition.WAITING), "信箱 roster 一直无法收取来信"),
        (
            Status("roster", Condition.OK, last_ok=NOW, ahead=3, ahead_since=NOW - timedelta(hours=1)),
            "信箱 roster 的服务器上有来信未能取回，自 2020-09-16 09:00 起",
        ),
        (Status("roster", Condition.WAITING, last_ok=NOW - timedelta(minutes=50)), ""),
        (Status("roster", Condition.OK, last_ok=NOW - timedelta(hours=9)), ""),
        (Status("roster"), ""),
    ],
)
def test_a_mailbox_that_brings_nothing_in_is_spoken_of(office: Office, box: Status, said: str) -> None:
    write_status(office.parts.site.storage, [box], NOW)
    morning = text_of(office)
    assert (said in morning) if said else ("信箱" not in morning)


@pytest.mark.parametrize("end", [SendState.SENT, SendState.DEFERRED, SendState.UNKNOWN])
def test_a_letter_that_arrived_or_is_tried_again_is_nobodys_worry(office: Office, end: SendState) -> None:
    office.post.ends[:] = [end]
    office.process(roster(A))
    office.drain()
    assert "未能确认送达" not in text_of(office, NOW + timedelta(hours=1))
