"""Failures that were foreseen are one line and an exit code; others are faults of ours and stay visible."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog
import typer

from mailbot.assembly import StorageInUse
from mailbot.cli import app as program
from mailbot.cli.exits import ExitCode
from mailbot.cli.logs import CHATTERERS, configure, quiet
from mailbot.cli.options import OFFICE_ZONE, automation_of, moment_of, named
from mailbot.cli.output import PIPE_COLUMNS, fields, moment, plain, table
from mailbot.cli.place import NothingThere
from mailbot.cli.veil import Veil
from mailbot.config import ConfigError
from mailbot.credentials import SecretError
from mailbot.desk import Refused
from mailbot.domain.decisions import Automation
from mailbot.domain.effects import Person
from mailbot.domain.outcome import StaleCase
from mailbot.domain.ports import PortError
from mailbot.intake.faults import LoginRefused
from mailbot.rulebook import Problem, RulebookError
from tests.cli.shell import mailbot

ID, PHONE = "110105194912310021", "13800000001"
FAILURES = [
    (ConfigError(["mailbot.toml:3: site.mode must be one"]), ExitCode.CONFIG, "mailbot.toml:3"),
    (RulebookError([Problem("row.toml", "写法不对", 3)]), ExitCode.RULES, "row.toml:3 写法不对"),
    (StorageInUse("another mailbot works in x", retry=False), ExitCode.LOCKED, "another mailbot"),
    (NothingThere(Path("x")), ExitCode.NOT_READY, "no ledger yet"),
    (PortError("the disk is full", retry=True), ExitCode.UNAVAILABLE, "the disk is full"),
    (SecretError("key is empty"), ExitCode.UNAVAILABLE, "key is empty"),
    (LoginRefused("no"), ExitCode.UNAVAILABLE, "no"),
    (StaleCase("2020-000001"), ExitCode.REFUSED, "已有变化"),
    (Refused("请写明姓名"), ExitCode.REFUSED, "请写明姓名"),
    (BrokenPipeError(), ExitCode.OK, ""),
]


def failing(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def fail() -> None:
        raise fault

    monkeypatch.setattr(program, "app", fail)


@pytest.mark.parametrize(("fault", "code", "words"), FAILURES, ids=lambda value: type(value).__name__)
def test_each_foreseen_failure_has_its_code_and_its_words(
    fault: Exception, code: ExitCode, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, fault)
    ran = mailbot("anything")
    assert ran.code == code
    assert words in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert (ran.err == "") == (words == "")


@pytest.mark.parametrize("fault", [KeyError("a bug"), ValueError("a bug"), AssertionError("a bug")])
def test_a_fault_of_ours_is_not_dressed_up(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, fault)
    with pytest.raises(type(fault)):
        mailbot("anything")


def test_no_exit_code_is_used_twice_for_another_thing() -> None:
    codes = [code for _, code in program.FORESEEN]
    assert set(ExitCode) - set(codes) == {ExitCode.FAILED, ExitCode.USAGE}


def test_a_child_class_stands_before_its_parent() -> None:
    kinds = [kind for kind, _ in program.FORESEEN]
    for place, kind in enumerate(kinds):
        assert not any(issubclass(later, kind) for later in kinds[place + 1 :])


def logged(level: int, *, speak: str = "mailbot.test") -> list[dict[str, object]]:
    out = StringIO()
    configure(level, out)
    try:
        structlog.get_logger("mailbot.test").info("begun", who=f"甲 {ID}", phones=[PHONE], count=3)
        logging.getLogger(speak).warning("call %s", PHONE)
        logging.getLogger("apscheduler.scheduler").info("a tick")
    finally:
        quiet()
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_no_number_stands_whole_in_a_log_whoever_wrote_it() -> None:
    lines = logged(logging.INFO)
    text = json.dumps(lines, ensure_ascii=False)
    assert ID not in text
    assert PHONE not in text
    assert "110*************21" in text
    assert "138****0001" in text
    assert lines[0]["count"] == 3


def test_libraries_that_tell_every_tick_are_quiet_but_for_warnings() -> None:
    assert [line["event"] for line in logged(logging.INFO)] == ["begun", "call 138****0001"]
    assert [line["event"] for line in logged(logging.WARNING, speak=CHATTERERS[0])] == ["call 138****0001"]


def test_control_and_bidi_characters_reach_no_terminal() -> None:
    assert plain("a\x1b[31mb\u202ec\td") == "a�[31mb�c�d"
    assert plain("第一行\n第二行") == "第一行\n第二行"


def test_a_table_in_a_pipe_cuts_nothing_and_takes_no_markup() -> None:
    out = StringIO()
    long = "长" * 300
    table(("编号", "说明"), [("1", long), ("[red]2[/red]", ":smile: \x1b")], out=out)
    text = out.getvalue()
    assert long in text
    assert "[red]2[/red]" in text
    assert ":smile: �" in text
    assert max(map(len, text.splitlines())) <= PIPE_COLUMNS


def test_fields_without_a_value_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    fields([("甲", "1"), ("乙", ""), ("丙", "\x07")])
    assert capsys.readouterr().out == "甲：1\n丙：�\n"


def test_times_are_told_in_the_office_s_zone() -> None:
    assert moment(datetime(2020, 9, 22, 18, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai")) == "2020-09-23 02:30"
    assert moment(None, OFFICE_ZONE) == ""


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020-09-22T10:00:00", "2020-09-22T10:00:00+08:00"),
        ("2020-09-22", "2020-09-22T00:00:00+08:00"),
        ("2020-09-22T02:00:00+00:00", "2020-09-22T02:00:00+00:00"),
    ],
)
def test_a_naive_time_is_the_office_s(text: str, iso: str) -> None:
    read = moment_of(text)
    assert read is not None
    assert read.isoformat() == iso


def test_what_is_no_time_no_level_or_no_name_is_refused() -> None:
    assert moment_of(None) is None
    assert automation_of(["clean", "roster=trusted"])["roster"] is Automation.TRUSTED
    assert automation_of(None) == {}
    assert named(" 王审核 ") == "王审核"
    for wrong in (lambda: moment_of("soon"), lambda: automation_of(["wild"]), lambda: automation_of(["rosters=clean"])):
        with pytest.raises(typer.BadParameter):
            wrong()
    with pytest.raises(typer.BadParameter):
        named("\u3000 ")


def test_the_veil_knows_a_person_and_lets_codes_and_hashes_be() -> None:
    person = Person("李四", ID, PHONE)
    assert Veil(reveal=False).person(person) == "李四 110*************21 138****0001"
    assert Veil(reveal=True).person(person) == f"李四 {ID} {PHONE}"
    value = {"sha256": "1" * 18, "detail": {"note": f"见 {PHONE}", "rows": [ID, 7, None]}}
    assert Veil(reveal=False).value(value) == {
        "sha256": "1" * 18,
        "detail": {"note": "见 138****0001", "rows": ["110*************21", 7, None]},
    }


def test_the_veil_lets_names_of_files_be() -> None:
    """A digest that begins with digits, or a folder named by its hour, is no number of a person's."""
    letter, mail = "2020-000007-229912ada9e9.eml", "/tmp/run-20261123-160112/001.eml"
    value = {"file": mail, "duplicate_of": mail, "follows": [mail], "replies": [{"file": letter, "subject": PHONE}]}
    shown = {**value, "replies": [{"file": letter, "subject": "138****0001"}]}
    assert Veil(reveal=False).value(value) == shown
