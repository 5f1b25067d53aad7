"""The status file: what the daemon says of its mailboxes is read back, and nothing else is believed."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailbot.intake.status import Condition, Status
from mailbot.status_file import FILE, FRESH, read_status, write_status

NOW = datetime(2020, 9, 16, 2, tzinfo=UTC)
GOOD = Status("roster", Condition.OK, last_ok=NOW - timedelta(minutes=1))
REFUSED = Status(
    "proof", Condition.REFUSED, last_error="LOGIN refused", last_error_at=NOW - timedelta(hours=2), failures=7
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_status(tmp_path, [GOOD, REFUSED, replace(GOOD, name="third", unsettled=2)], NOW)
    told = read_status(tmp_path)
    assert told is not None
    assert told.at == NOW
    assert [(box.name, box.condition, box.alarm, box.unsettled) for box in told.mailboxes] == [
        ("roster", Condition.OK, False, 0),
        ("proof", Condition.REFUSED, True, 0),
        ("third", Condition.OK, False, 2),
    ]
    assert (told.mailboxes[0].last_ok, told.mailboxes[1].last_error_at) == (GOOD.last_ok, REFUSED.last_error_at)
    assert (told.mailboxes[1].last_error, told.mailboxes[1].failures) == ("LOGIN refused", 7)


def test_it_is_replaced_whole_and_the_owners(tmp_path: Path) -> None:
    write_status(tmp_path, [REFUSED], NOW)
    write_status(tmp_path, [GOOD], NOW)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    told = read_status(tmp_path)
    assert told is not None
    assert [box.name for box in told.mailboxes] == ["roster"]


@pytest.mark.parametrize(("age", "fresh"), [(FRESH, True), (FRESH + timedelta(seconds=1), False), (-2 * FRESH, False)])
def test_it_is_believed_while_it_is_young(tmp_path: Path, age: timedelta, fresh: bool) -> None:
    write_status(tmp_path, [], NOW)
    told = read_status(tmp_path)
    assert told is not None
    assert told.fresh(NOW + age) is fresh


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"at": "2020-09-16T10:00:00"}',
        b'{"at": "2020-09-16T10:00:00Z", "mailboxes": [{"name": "x", "condition": "fine"}]}',
        b"\xff\xfe",
    ],
)
def test_a_broken_file_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert read_status(tmp_path) is None


def test_no_file_says_nothing(tmp_path: Path) -> None:
    assert read_status(tmp_path) is None


def test_a_server_that_talks_too_much_is_cut(tmp_path: Path) -> None:
    write_status(tmp_path, [replace(REFUSED, last_error="x" * 5000)], NOW)
    told = read_status(tmp_path)
    assert told is not None
    assert len(told.mailboxes[0].last_error or "") == 300


def test_a_folder_that_is_not_there_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        write_status(tmp_path / "gone", [GOOD], NOW)
