"""`mailbot pause letters`, `resume letters`: what stops letters, said and ended by a named person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot.cli.rehearsal import rehearsal_secrets
from mailbot.ledger.ledger import Ledger, open_ledger
from mailbot.ledger.stops import Stop, stop
from mailbot.ledger.tables.stops import Scope
from mailbot.ledger.terms import Terms
from mailbot.stopped import needs_a_person, stop_words
from tests.cli.shell import Ran, mailbot

NOW = datetime(2020, 9, 1, 2, 0, tzinfo=UTC)
BY = ("--by", "张工")
ZONE = ZoneInfo("Asia/Shanghai")
Said = Callable[..., Ran]


@pytest.fixture
def ledger(storage: Path) -> Iterator[Ledger]:
    made = open_ledger(storage, Terms(rehearsal_secrets(storage), ZONE, "cqhrsp.com"))
    yield made
    made.close()


@pytest.fixture
def said(ledger: Ledger, storage: Path) -> Said:
    def run(*words: str) -> Ran:
        return mailbot(*words, "--storage", storage)

    del ledger
    return run


def test_letters_are_paused_and_resumed_by_name_and_the_mode_says_so(ledger: Ledger, said: Said) -> None:
    assert said("pause", "letters", "--reason", "核对模板", *BY).code == 0
    [one] = ledger.stops.active(NOW)
    assert (one.scope, one.actor, one.reason) == (Scope.PAUSE, "张工", "核对模板")
    assert "发信已由张工暂停：核对模板" in said("mode").out
    assert "已恢复：发信已由张工暂停" in said("resume", "letters", *BY).out
    assert ledger.stops.active(NOW) == []
    assert "发信未曾停止" in said("resume", "letters", *BY).out


def test_a_pause_wants_a_name_and_a_reason(said: Said) -> None:
    assert said("pause", "letters", *BY).code != 0
    assert said("pause", "letters", "--reason", "核对").code != 0


def test_a_template_and_a_case_are_let_go_by_name_only(ledger: Ledger, said: Said) -> None:
    with ledger.db.write("x") as unit:
        stop(unit, Scope.BRAKE, "", "300 letters within an hour", NOW)
        stop(unit, Scope.TEMPLATE, "roster/ask", "554 DT:SPM", NOW)
    ledger.stops.hold_case("2020-000001", "auto", "工作人员已另行回复", NOW)
    shown = said("resume", "letters", *BY).out
    assert "已恢复：一小时内发信过多" in shown
    assert "仍停发：信件模板 roster/ask" in shown
    assert "仍停发：登记编号 2020-000001" in shown
    assert "已恢复：信件模板 roster/ask" in said("resume", "letters", "--template", "roster/ask", *BY).out
    assert "没有停发的信件模板 roster/ask" in said("resume", "letters", "--template", "roster/ask", *BY).out
    assert "照常发出" in said("resume", "letters", "--case", "2020-000001", *BY).out
    assert said("resume", "letters", "--case", "2020-000001", *BY).code != 0
    assert ledger.stops.active(NOW + timedelta(days=1)) == []


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("until", [None, NOW + timedelta(minutes=5)])
def test_every_stop_has_its_words(scope: Scope, until: datetime | None) -> None:
    words = stop_words(Stop(scope, "roster", until, 1, "421 HL:REP", "张工", NOW), ZONE)
    assert words.endswith("：421 HL:REP")
    assert "{" not in words
    assert ("09-01 10:05 再试" in words) is (until is not None)


@pytest.mark.parametrize(
    ("scope", "count", "wanted"),
    [
        (Scope.LINE, 1, False),
        (Scope.LINE, 4, True),
        (Scope.LOGIN, 1, True),
        (Scope.BRAKE, 1, True),
        (Scope.MAILBOX, 1, True),
        (Scope.TEMPLATE, 1, True),
        (Scope.PAUSE, 1, False),
        (Scope.CASE, 1, False),
    ],
)
def test_a_person_is_called_only_where_nothing_passes_by_itself(scope: Scope, count: int, wanted: bool) -> None:
    assert needs_a_person(Stop(scope, "", None, count, "", "auto", NOW)) is wanted
