"""Failpoints: nothing without the variable; counted, and deadly at the named place, with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mailbot import failpoints

PASSES = "from mailbot.failpoints import failpoint\nfor n in ('a', 'b', 'a', 'a'): failpoint(n)\nprint('alive')"


def _run(setting: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, failpoints.VARIABLE: setting}
    return subprocess.run([sys.executable, "-c", PASSES], env=env, capture_output=True, text=True, check=False)


def test_without_the_variable_nothing_is_written_and_nobody_dies() -> None:
    done = _run("")
    assert (done.returncode, done.stdout.strip()) == (0, "alive")


def test_every_place_is_counted_per_name(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert _run(f"log={log}").returncode == 0
    assert log.read_text().split("\n") == ["a 1", "b 1", "a 2", "a 3", ""]


def test_the_process_dies_at_the_named_ordinal_and_not_before(tmp_path: Path) -> None:
    log = tmp_path / "log"
    died = _run(f"log={log};die=a#2")
    assert died.returncode == -signal.SIGKILL
    assert died.stdout == ""
    assert log.read_text().splitlines() == ["a 1", "b 1", "a 2"]


def test_a_star_counts_over_all_places(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert _run(f"log={log};die=*#3").returncode == -signal.SIGKILL
    assert log.read_text().splitlines() == ["a 1", "b 1", "a 2"]


@pytest.mark.parametrize("setting", ["die=a#1", "log=", "file=/tmp/x", "log=/tmp/x;when=now"])
def test_a_setting_it_does_not_know_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="MAILBOT_FAILPOINTS"):
        failpoints.recorder(setting)


def test_it_is_off_in_this_process() -> None:
    assert failpoints.failpoint is failpoints._nothing or os.environ.get(failpoints.VARIABLE)
