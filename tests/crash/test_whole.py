"""What a nursery cannot show: daemons as processes of their own, with the real sandbox, and two of them at once."""

import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.conftest import Try, Undisturbed, verdict
from tests.crash.trial import Rig, Trial, trial, whole
from tests.crash.victim import HOLD, SETTINGS

pytestmark = [pytest.mark.dovecot, pytest.mark.timeout(300)]


def test_a_daemon_in_a_process_of_its_own_dies_and_comes_back(undisturbed: Undisturbed, rig: Rig, top: Path) -> None:
    with trial(replace(rig, live=whole), top / "whole") as life:
        life.until_quiet("ledger.finish.before_commit#5")
        assert life.lives == [-9, 0]
        assert verdict(life, undisturbed) == []


def test_a_second_daemon_refuses_with_one_line_and_the_first_goes_on(undisturbed: Undisturbed, fresh: Try) -> None:
    with fresh() as life:
        (life.folder / HOLD).touch()
        first = threading.Thread(target=life.life)
        first.start()
        try:
            _is_up(life)
            second = _once(life)
        finally:
            (life.folder / HOLD).unlink()
            first.join()
        assert second.returncode != 0
        assert second.stdout == ""
        assert second.stderr.splitlines() == [f"mailbot: another mailbot works in {life.folder / 'storage'}"]
        assert verdict(life, undisturbed) == []


def _is_up(life: Trial) -> None:
    give_up, passed = time.monotonic() + 30, life.folder / "passed-0"
    while not (passed.exists() and "ledger.recover.after_commit" in passed.read_text("utf-8")):
        assert time.monotonic() < give_up
        time.sleep(0.01)


def _once(life: Trial) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mailbot", "once", "--config", str(life.folder / SETTINGS)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
