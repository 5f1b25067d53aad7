"""The unit: systemd finds nothing to say about it, its hardening keeps its score, and it agrees with the settings we write."""

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from mailbot.cli.exits import ExitCode
from mailbot.config import load_settings
from mailbot.init_text import init_text

UNIT = Path(__file__).resolve().parent.parent / "systemd" / "mailbot.service"
pytestmark = pytest.mark.systemd


def values(key: str, text: str | None = None) -> list[str]:
    found: list[str] = re.findall(rf"^{key}=(.*)$", text or UNIT.read_text("utf-8"), re.MULTILINE)
    return found


@pytest.fixture
def placed(tmp_path: Path) -> Path:
    """The unit alone in a folder, with a program that is there: verify loads neighbours too, and misses a missing one."""
    program = tmp_path / "mailbot"
    program.write_text("#!/bin/sh\n", "ascii")
    program.chmod(0o755)
    unit = tmp_path / "mailbot.service"
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/mailbot/.venv/bin/mailbot", str(program)), "utf-8")
    return unit


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


def test_verify_has_nothing_to_say(placed: Path) -> None:
    done = analyze("verify", "--man=no", str(placed))
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


def test_verify_would_have_told_a_misspelt_key(placed: Path) -> None:
    placed.write_text(placed.read_text("utf-8").replace("ProtectHome=", "ProtectHom="), "utf-8")
    assert "ProtectHom" in analyze("verify", "--man=no", str(placed)).stderr


def test_the_hardening_keeps_its_score(placed: Path) -> None:
    done = analyze("security", "--offline=true", "--no-pager", "--threshold=15", str(placed))
    assert done.returncode == 0, done.stdout


def test_the_score_would_have_told_a_weaker_unit(placed: Path) -> None:
    text = placed.read_text("utf-8").replace("DynamicUser=yes\n", "").replace("CapabilityBoundingSet=\n", "")
    placed.write_text(text, "utf-8")
    done = analyze("security", "--offline=true", "--no-pager", "--threshold=15", str(placed))
    assert done.returncode != 0


def test_every_credential_of_the_settings_is_handed_over(tmp_path: Path) -> None:
    path = tmp_path / "mailbot.toml"
    path.write_text(init_text(campaign="2020", start_date=date(2020, 7, 7)), "utf-8")
    settings = load_settings(path)
    wanted = {settings.site.key_credential, settings.smtp.password_credential}
    wanted |= {box.password_credential for box in settings.mailbox}
    assert {value.partition(":")[0] for value in values("LoadCredential")} == wanted


def test_no_restart_for_what_only_a_person_can_mend() -> None:
    codes = {int(code) for code in values("RestartPreventExitStatus")[0].split()}
    assert codes == {ExitCode.CONFIG, ExitCode.RULES}


def test_readiness_and_watchdog_are_ours_to_tell() -> None:
    assert values("Type") == ["notify"]
    assert values("NotifyAccess") == ["main"]
    assert int(values("WatchdogSec")[0]) >= 30
