"""`process` without --at: each mail has its own arrival, and a run that broke off goes on where it stood."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mailbot import assembly
from mailbot.cli.exits import ExitCode
from mailbot.cli.rehearsal import LINES
from tests.cli.mails import AT, mail, people, workbook
from tests.cli.shell import Ran, mailbot
from tests.flow.office import InProcess

FROM = "Received: from mx.unit.example by mx.cqhrsp.com"
SHORT = ("--automation", "clean")


@pytest.fixture(autouse=True)
def in_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Mails are opened in this process: a child for every run would take longer than the test."""
    with monkeypatch.context() as patch:
        patch.setattr(assembly, "Sandbox", InProcess)
        yield


def process(home: Path, *paths: Path, more: tuple[str, ...] = ()) -> Ran:
    return mailbot("process", *paths, "--storage", home / "storage", "--out", home / "out", "--json", "-", *more)


def told(ran: Ran) -> list[dict[str, Any]]:
    assert ran.code == 0, ran.err
    return [json.loads(text) for text in ran.out.splitlines()]


def question(folder: Path, *received: str, name: str = "a.eml") -> Path:
    """A mail that nobody's rules can use, with these Received lines, the topmost first."""
    path = folder / name
    head = "".join(f"{FROM}; {one}\r\n" for one in received)
    path.write_bytes(head.encode("utf-8", "surrogateescape") + mail(None, text="请问何时开班", number=len(name)))
    return path


def arrival(folder: Path, *received: str) -> str:
    [line] = told(process(folder, question(folder, *received)))
    assert line["state"] == "set_aside"
    return str(line["received_at"])


@pytest.mark.parametrize(
    ("received", "at"),
    [
        (["Tue, 1 Sep 2020 10:00:00 +0800"], "2020-09-01T10:00:00+08:00"),
        (["Tue, 1 Sep 2020 10:00:00 +0800 (CST)"], "2020-09-01T10:00:00+08:00"),
        (["Mon, 31 Aug 2020 20:00:00 -0600"], "2020-09-01T10:00:00+08:00"),
        (["Tue, 1 Sep 2020 10:00:00 +0800", "Mon, 3 Aug 2020 10:00:00 +0800"], "2020-09-01T10:00:00+08:00"),
        (["no date at all", "Tue, 1 Sep 2020 10:00:00 +0800"], "2020-09-01T10:00:00+08:00"),
        (["Tue, 1 Sep 2020 10:00:00", "Wed, 2 Sep 2020 10:00:00 +0800"], "2020-09-02T10:00:00+08:00"),
        (["Tue, 31 Sep 2020 10:00:00 +0800", "Wed, 2 Sep 2020 10:00:00 +0800"], "2020-09-02T10:00:00+08:00"),
        (["Fri, 31 Dec 9999 23:59:59 -0800", "Wed, 2 Sep 2020 10:00:00 +0800"], "2020-09-02T10:00:00+08:00"),
        (["Tue, 1 Sep 2020 10:00 +99999999999999999", "Wed, 2 Sep 2020 10:00 +0800"], "2020-09-02T10:00:00+08:00"),
        (["\udcff\udcfe 2020", "Wed, 2 Sep 2020 10:00 +0800"], "2020-09-02T10:00:00+08:00"),
    ],
)
def test_a_mail_arrived_when_its_topmost_readable_server_says(tmp_path: Path, received: list[str], at: str) -> None:
    assert arrival(tmp_path, *received) == at


@pytest.mark.parametrize(
    "received", [[], ["soon"], ["Fri, 31 Dec 9999 23:59:59 -0800"], ["Thu, 1 Jan 1970 00:00 +0000"]]
)
def test_a_mail_that_no_server_dates_arrives_now(tmp_path: Path, received: list[str]) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    at = datetime.fromisoformat(arrival(tmp_path, *received))
    assert before <= at <= datetime.now(UTC) + timedelta(minutes=1)


def test_a_time_that_is_given_is_that_of_every_mail(tmp_path: Path) -> None:
    files = (question(tmp_path, "Tue, 1 Sep 2020 10:00:00 +0800"), question(tmp_path, name="bb.eml"))
    lines = told(process(tmp_path, *files, more=("--at", "2020-09-22 10:00")))
    assert [line["received_at"] for line in lines] == [AT, AT]


def test_the_time_limit_runs_from_each_mails_own_arrival(tmp_path: Path) -> None:
    for number, day in ((1, "Mon, 21 Sep 2020"), (2, "Tue, 22 Sep 2020")):
        roster = mail(workbook(people(2, seed=number), order=f"202007029722300{number}"), number=number)
        (tmp_path / f"{number}.eml").write_bytes(f"{FROM}; {day} 10:00:00 +0800\r\n".encode() + roster)
    lines = told(process(tmp_path, tmp_path, more=("--automation", "confirm")))
    assert [line["cases"][0]["due_at"][:10] for line in lines] == ["2020-09-23", "2020-09-24"]


def test_a_second_run_tells_the_same_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(mail(workbook(people(2))))
    [first] = told(process(tmp_path, tmp_path / "1.eml", more=("--at", AT, *SHORT)))
    letters = sorted((tmp_path / "out").iterdir())
    [second] = told(process(tmp_path, tmp_path / "1.eml", more=("--at", "2020-09-25", "--automation", "off")))
    assert second == {**first, "repeat": True}
    assert sorted((tmp_path / "out").iterdir()) == letters


@pytest.mark.parametrize("left", ["", '{"mail_id": 1, "li', "\n", '\n{"mail_id": 1'])
def test_a_run_that_died_before_its_line_was_kept_finds_its_mail_again(tmp_path: Path, left: str) -> None:
    (tmp_path / "1.eml").write_bytes(mail(workbook(people(2))))
    [first] = told(process(tmp_path, tmp_path / "1.eml", more=("--at", AT, *SHORT)))
    (tmp_path / "storage" / LINES).write_text(left, "utf-8")
    for repeat in (False, True):
        [again] = told(process(tmp_path, tmp_path / "1.eml", more=("--at", AT, *SHORT)))
        assert (again["repeat"], again["state"], again["cases"]) == (repeat, "done", first["cases"])
    assert len(mailbot("mail", "list", "--json", "--storage", tmp_path / "storage").json) == 1


def test_numbers_are_masked_unless_the_run_reveals_them_also_told_again(tmp_path: Path) -> None:
    [who] = people(1)
    (tmp_path / "1.eml").write_bytes(mail(workbook([who]), text=f"{who.name} {who.id_number}"))
    run = (tmp_path / "1.eml",)
    masked, whole = process(tmp_path, *run, more=("--at", AT)), process(tmp_path, *run, more=("--at", AT, "--reveal"))
    for number in (who.id_number, who.phone):
        assert number not in masked.out
        assert number in whole.out
    assert who.id_number not in process(tmp_path, *run, more=("--at", AT)).out


@pytest.mark.parametrize(
    "more",
    [("--at", "soon"), ("--automation", "wild"), ("--automation", "rosters=clean"), ("--config", "none.toml")],
)
def test_a_wrong_word_stops_the_run_before_anything_is_taken_in(tmp_path: Path, more: tuple[str, ...]) -> None:
    ran = process(tmp_path, question(tmp_path), more=more)
    assert ran.code in (ExitCode.USAGE, ExitCode.CONFIG)
    assert "Traceback" not in ran.err
    assert not (tmp_path / "storage").exists()


def test_a_path_that_is_not_there_or_cannot_be_written_is_named(tmp_path: Path) -> None:
    gone = process(tmp_path, tmp_path / "gone.eml", more=("--at", AT))
    assert gone.code == ExitCode.USAGE
    assert "gone.eml" in "".join(char for char in gone.err if char not in " \n│")
    lines = tmp_path / "none" / "lines.jsonl"
    blocked = mailbot("process", question(tmp_path), "--storage", tmp_path / "storage", "--out", tmp_path / "out",
                      "--json", lines, "--at", AT)  # fmt: skip
    assert blocked.code == ExitCode.USAGE
    assert "lines.jsonl" in "".join(char for char in blocked.err if char not in " \n│")


def test_an_empty_folder_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert told(process(tmp_path, tmp_path / "empty", more=("--at", AT))) == []


def test_files_of_a_folder_come_by_name_and_named_ones_as_named(tmp_path: Path) -> None:
    mails = tmp_path / "mails"
    (mails / "sub").mkdir(parents=True)
    for name in ("b.eml", "a.eml", "sub/c.eml"):
        question(mails, name=name)
    lines = told(process(tmp_path, mails, more=("--at", AT)))
    assert [line["file"] for line in lines] == [str(mails / name) for name in ("a.eml", "b.eml", "sub/c.eml")]
    named = told(process(tmp_path, mails / "b.eml", mails / "a.eml", more=("--at", AT)))
    assert [(Path(line["file"]).name, line["repeat"]) for line in named] == [("b.eml", True), ("a.eml", True)]
