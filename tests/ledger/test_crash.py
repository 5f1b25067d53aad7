"""Killed anywhere, the house goes on where it was: nothing lost, nothing twice, no letter before its effects."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def drive(folder: Path, *arguments: str) -> dict[str, list[str]]:
    """What the driver found, by place."""
    env = {**os.environ, "MAILBOT_FAILPOINTS": f"log={folder / 'log'}", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.ledger.crash_driver", str(folder), *arguments]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


EXPECTED = {
    "blob.before_write",
    "blob.half_written",
    "blob.before_fsync",
    "blob.after_fsync",
    "blob.before_rename",
    "blob.after_rename",
    "blob.folders_synced",
    "ledger.migrate.half",
    *(
        f"ledger.{commit}.{side}_commit"
        for commit in ("migrate", "recover", "store", "claim_mail", "finish", "claim_effects", "conclude")
        for side in ("before", "after")
    ),
    *(
        f"ledger.{commit}.{side}_commit"
        for commit in ("due_letter", "store_letter", "start_sending", "conclude_letter")
        for side in ("before", "after")
    ),
}


@pytest.mark.timeout(180)
def test_dying_once_at_every_named_place_harms_nothing(tmp_path: Path) -> None:
    found = drive(tmp_path, "names")
    assert {place.removesuffix("#1") for place in found} >= EXPECTED
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_dying_at_every_place_and_ordinal_harms_nothing(tmp_path: Path) -> None:
    found = drive(tmp_path, "all")
    assert len(found) > 100
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_the_harness_sees_a_house_that_does_not_look_before_it_leaps(tmp_path: Path) -> None:
    [wrong] = drive(tmp_path, "world.after_act#1", "no-probe").values()
    assert wrong == ["accounts: [1, 1, 2]"]
