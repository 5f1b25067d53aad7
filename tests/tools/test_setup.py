"""Set-up: what it looks for, what it says to whom, and that it leaves alone what is done."""

import sys
from pathlib import Path

import pytest

from tools import setup
from tools.setup import SystemPackage

VENV = SystemPackage("python3.11-venv", present=False, without=None)
DOVECOT = SystemPackage("dovecot-imapd", present=False, without="the tests that use it are skipped")
THERE = SystemPackage("systemd", present=True, without="the tests that use it are skipped")


class Apt:
    """Stands for apt-get: remembers what it was asked, and refuses what it is told to refuse."""

    def __init__(self, refuses: str = "") -> None:
        self.refuses = refuses
        self.asked: list[str] = []

    def __call__(self, *arguments: str) -> bool:
        self.asked.append(" ".join(argument for argument in arguments if not argument.startswith("-")))
        return self.refuses not in arguments


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree of its own, on a machine that has everything but what a test takes away."""
    for name in ("requirements/lock.txt", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("content\n", encoding="ascii")
    paths = {"ROOT": ".", "VENV": ".venv", "LOCK": "requirements/lock.txt", "POLICY": "policy-rc.d"}
    for constant, name in paths.items():
        monkeypatch.setattr(setup, constant, tmp_path / name)
    monkeypatch.setattr(setup, "VENV_PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(setup, "STAMP", tmp_path / ".venv/.mailbot-setup")
    monkeypatch.setattr(setup, "wanted", list)
    monkeypatch.setattr(setup, "on_path", lambda program: program == "apt-get")
    return tmp_path


@pytest.fixture
def made(machine: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each making of the environment leaves what a real one leaves, and a line here."""
    runs: list[str] = []

    def build() -> None:
        runs.append("made")
        (machine / ".venv/bin").mkdir(parents=True, exist_ok=True)
        for name in ("python", "mailbot"):
            (machine / ".venv/bin" / name).touch()

    monkeypatch.setattr(setup, "build_environment", build)
    return runs


def as_user(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr("os.geteuid", lambda: number)


def test_a_second_run_does_nothing_and_says_nothing(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    setup.main()
    capsys.readouterr()
    setup.main()
    assert made == ["made"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["requirements/lock.txt", "pyproject.toml"])
def test_a_changed_file_brings_the_environment_up_to_date(name: str, machine: Path, made: list[str]) -> None:
    setup.main()
    (machine / name).write_text("changed\n", encoding="ascii")
    setup.main()
    assert made == ["made", "made"]


@pytest.mark.parametrize("lost", [".venv/bin/mailbot", ".venv/bin/python", ".venv/.mailbot-setup"])
def test_a_damaged_environment_is_made_again(lost: str, machine: Path, made: list[str]) -> None:
    setup.main()
    (machine / lost).unlink()
    setup.main()
    assert made == ["made", "made"]


def test_a_user_is_told_the_one_command_and_stopped_where_nothing_goes_without(
    machine: Path, made: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    as_user(monkeypatch, 1000)
    monkeypatch.setattr(setup, "wanted", lambda: [VENV, DOVECOT, THERE])
    with pytest.raises(SystemExit) as stopped:
        setup.main()
    said = capsys.readouterr().out
    assert stopped.value.code not in (0, None)
    assert said.count("apt-get install") == 1
    assert said.rstrip().endswith("--no-install-recommends python3.11-venv dovecot-imapd")
    assert not made
    assert not (machine / ".venv").exists()


def test_a_user_without_what_only_tests_need_goes_on(
    made: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    as_user(monkeypatch, 1000)
    monkeypatch.setattr(setup, "wanted", lambda: [DOVECOT])
    setup.main()
    assert made == ["made"]
    assert "missing dovecot-imapd: the tests that use it are skipped" in capsys.readouterr().out


@pytest.mark.usefixtures("made")
def test_root_gets_what_is_missing_and_only_that(monkeypatch: pytest.MonkeyPatch) -> None:
    apt = Apt()
    as_user(monkeypatch, 0)
    monkeypatch.setattr(setup, "apt_get", apt)
    monkeypatch.setattr(setup, "wanted", lambda: [VENV, DOVECOT, THERE])
    setup.main()
    assert apt.asked == ["update", "install python3.11-venv", "install dovecot-imapd"]


@pytest.mark.usefixtures("made")
def test_root_with_everything_there_asks_apt_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    apt = Apt()
    as_user(monkeypatch, 0)
    monkeypatch.setattr(setup, "apt_get", apt)
    monkeypatch.setattr(setup, "wanted", lambda: [THERE])
    setup.main()
    assert apt.asked == []


@pytest.mark.parametrize(("refused", "stops"), [("python3.11-venv", True), ("dovecot-imapd", False)])
@pytest.mark.usefixtures("made")
def test_apt_may_fail_only_at_what_tests_need(refused: str, stops: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, 0)
    monkeypatch.setattr(setup, "apt_get", Apt(refuses=refused))
    monkeypatch.setattr(setup, "wanted", lambda: [VENV, DOVECOT])
    if stops:
        with pytest.raises(SystemExit, match=r"could not install python3\.11-venv"):
            setup.main()
    else:
        setup.main()


def test_no_service_starts_while_packages_come_in(machine: Path) -> None:
    policy = machine / "policy-rc.d"
    with setup.no_services_started():
        assert "exit 101" in policy.read_text("ascii")
        assert policy.stat().st_mode & 0o111
    assert not policy.exists()


def test_the_policy_goes_away_also_when_apt_fails(machine: Path) -> None:
    with pytest.raises(RuntimeError), setup.no_services_started():
        raise RuntimeError
    assert not (machine / "policy-rc.d").exists()


def test_a_policy_of_the_machine_stays_as_it_is(machine: Path) -> None:
    policy = machine / "policy-rc.d"
    policy.write_text("theirs", encoding="ascii")
    with setup.no_services_started():
        assert policy.read_text("ascii") == "theirs"
    assert policy.read_text("ascii") == "theirs"


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("version", [(3, 10, 9), (3, 14, 0)])
def test_another_python_is_refused_with_the_way_out(
    version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit, match="PYTHON="):
        setup.main()


@pytest.mark.usefixtures("machine")
def test_a_broken_environment_is_not_mended_but_made_anew(machine: Path) -> None:
    assert not setup.has_same_python()
    (machine / ".venv/bin").mkdir(parents=True)
    (machine / ".venv/bin/python").write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    (machine / ".venv/bin/python").chmod(0o755)
    assert not setup.has_same_python()


def test_what_is_looked_for_names_this_pythons_own_package() -> None:
    names = [package.name for package in setup.wanted()]
    assert names[0] == f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert {"dovecot-imapd", "dovecot-lmtpd", "systemd", "ca-certificates"} < set(names)


def test_a_program_of_root_is_found_without_sbin_in_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert setup.on_path("ldconfig")
    assert not setup.on_path("no-such-program")
