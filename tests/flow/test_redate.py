"""Days that change under what is open: real rules on disk, reloaded, and what staff see of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot.assembly import open_rules
from mailbot.data import rules_dir
from mailbot.domain.decisions import Automation
from mailbot.morning import digest
from tests.flow.conftest import Make
from tests.flow.office import Office, facts, roster
from tools.stories.cells import Row
from tools.stories.people import people, wrong_check
from tools.stories.post import when

A, B = people(915, 2)
ONE = "2020-000001"
SHANGHAI = ZoneInfo("Asia/Shanghai")
BAD = Row(B, id_number=wrong_check(B.id_number))
Change = Callable[[str, str, str], None]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the shipped rules, to change."""
    return Path(shutil.copytree(rules_dir(), tmp_path / "rules"))


@pytest.fixture
def office(make: Make, rules: Path, tmp_path: Path) -> Office:
    """An office where a person confirms everything, on rules of its own; its dates are brought to them."""
    reloader = open_rules(facts(tmp_path / "none", rules=rules))
    made = make(automation=Automation.CONFIRM, site_rules=reloader, rules=rules)
    made.parts.redate(made.parts.rulebook)
    return made


@pytest.fixture
def change(office: Office, rules: Path) -> Change:
    """Changes a rules file, has it taken over, and what is open dated anew."""

    def changed(file: str, pattern: str, to: str) -> None:
        path = rules / file
        text, count = re.subn(pattern, to, path.read_text("utf-8"), count=1, flags=re.MULTILINE)
        assert count == 1
        path.write_text(text, "utf-8")
        assert office.parts.rules.refresh(), office.parts.rules.health
        office.parts.redate(office.parts.rulebook)

    return changed


def days(office: Office, case_id: str = ONE) -> list[date | None]:
    dues = (item.due_at for item in office.case(case_id).result.items)
    return [at and at.astimezone(SHANGHAI).date() for at in dues]


def told(office: Office, at: str) -> str:
    message = message_from_bytes(digest(office.parts, "s@cqhrsp.com", "<d@x>", when(at)).raw, policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def day_off(change: Change, day: str = "2020-09-18") -> None:
    change("calendar/2020.toml", r"^2020-10-01 =", f'{day} = "防汛停工"\n2020-10-01 =')


def test_another_day_off_moves_what_runs_and_the_case_keeps_both_dates(office: Office, change: Change) -> None:
    office.process(roster(A, BAD))
    assert days(office) == [date(2020, 9, 18), None]
    day_off(change)
    assert days(office) == [date(2020, 9, 21), None]
    [event] = [e for e in office.ledger.queries.events_of(case_id=ONE) if e.kind == "case.redated"]
    assert event.detail is not None
    assert event.detail["dates"] == [{"items": "1", "from": "2020-09-18 17:30", "to": "2020-09-21 17:30"}]
    assert office.ledger.audit.verify().intact


def test_what_waited_starts_again_by_the_new_days(office: Office, change: Change) -> None:
    office.process(roster(A, BAD))
    office.drain()
    day_off(change)
    moment = when("2020-09-21 11:00")
    office.clock.set(moment)
    question = office.letters()[-1].message_id
    office.process(roster(B, at="2020-09-21 11:00", answers=question, subject="回复"), at=moment)
    assert days(office) == [date(2020, 9, 21), date(2020, 9, 23)], "it waited the 17th and 21st, and the 18th was off"


def test_a_change_back_brings_the_old_dates_back(office: Office, change: Change) -> None:
    office.process(roster(A))
    day_off(change)
    change("calendar/2020.toml", r'^2020-09-18 = "防汛停工"\n', "")
    assert days(office) == [date(2020, 9, 18)]


def test_a_longer_time_limit_moves_what_is_open(office: Office, change: Change) -> None:
    office.process(roster(A))
    change("campaigns/2020.toml", r"^(days *= *)2\b", r"\g<1>5")
    assert days(office) == [date(2020, 9, 23)]


def test_the_closing_day_moves_no_date_and_its_change_is_on_record(office: Office, change: Change) -> None:
    office.process(roster(A))
    change("campaigns/2020.toml", r"(value *= *)2020-12-31", r"\g<1>2021-01-15")
    assert days(office) == [date(2020, 9, 18)]
    events = [e for e in office.ledger.queries.events_of(mail_id=None) if e.kind == "site.dates"]
    assert [e.detail and e.detail["changed"] for e in events] == [
        {"campaign.2020.study_closes": ["2020-12-31", "2021-01-15"]}
    ]


def test_a_year_that_becomes_known_makes_its_dates_definite(office: Office, rules: Path) -> None:
    known = (rules / "calendar" / "2021.toml").read_bytes()
    (rules / "calendar" / "2021.toml").unlink()
    assert office.parts.rules.refresh()
    office.parts.redate(office.parts.rulebook)
    office.clock.set(when("2020-12-31 09:00"))
    office.process(roster(A, at="2020-12-31 09:00"), at=when("2020-12-31 09:00"))
    assert (days(office), office.case(ONE).result.provisional) == ([date(2021, 1, 2)], True)
    (rules / "calendar" / "2021.toml").write_bytes(known)
    assert office.parts.rules.refresh()
    assert office.parts.redate(office.parts.rulebook).cases == 1
    assert (days(office), office.case(ONE).result.provisional) == ([date(2021, 1, 5)], False)


def test_the_morning_tells_it_once(office: Office, change: Change) -> None:
    office.process(roster(A))
    office.clock.set(when("2020-09-16 15:00"))
    day_off(change)
    assert f"1件期限因日历更改而变更，请用 mailbot case show 查看：{ONE}" in told(office, "2020-09-17 08:00")
    assert "期限因日历更改" not in told(office, "2020-09-21 08:00")


def test_a_person_who_saw_the_old_date_sees_the_case_again(office: Office, change: Change) -> None:
    office.process(roster(A))
    seen = office.case(ONE).result.seen
    day_off(change)
    assert office.case(ONE).result.seen != seen
    office.clock.advance(timedelta(hours=1))
    office.drain()
    assert office.states(ONE) == ["held"], "a new date decides nothing"
