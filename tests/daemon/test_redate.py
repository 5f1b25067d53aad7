"""A running daemon takes other days over by itself, and so does one that starts after they changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot import daemon as module
from mailbot.ledger.ledger import Ledger
from tests.daemon.site import Place, running, until
from tests.flow.office import roster
from tools.stories import units
from tools.stories.people import people

A, B = people(925, 2)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules are looked at several times a second."""
    monkeypatch.setattr(module, "RULES_SECONDS", 0.2)


def day_off(rules: Path) -> None:
    path = rules / "calendar" / "2020.toml"
    path.write_text(path.read_text("utf-8").replace("[days_off]\n", '[days_off]\n2020-09-18 = "防汛停工"\n'), "utf-8")


def due(ledger: Ledger) -> list[date]:
    return [case.due_at.astimezone(SHANGHAI).date() for case in ledger.queries.cases() if case.due_at]


def test_a_running_daemon_dates_what_is_open_anew_and_goes_on(site: Place) -> None:
    site.deliver(roster(A, auth="none"))
    with running(site.daemon()) as life:
        ledger = life.daemon.parts.ledger
        until(lambda: due(ledger) == [date(2020, 9, 18)])
        day_off(site.rules)
        until(lambda: due(ledger) == [date(2020, 9, 21)])
        site.deliver(roster(B, unit=units.HOSPITAL, auth="none"))
        until(lambda: due(ledger) == [date(2020, 9, 21)] * 2)
    assert life.end is True


def test_a_daemon_that_starts_under_other_days_dates_first(site: Place) -> None:
    site.deliver(roster(A, auth="none"))
    with site.daemon() as daemon:
        daemon.once()
        assert due(daemon.parts.ledger) == [date(2020, 9, 18)]
    day_off(site.rules)
    with site.daemon() as daemon:
        assert due(daemon.parts.ledger) == [date(2020, 9, 21)]
        assert not daemon.redate(), "once is enough"
