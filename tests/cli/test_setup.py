"""`init` and the offline side of `check`: what is written, what is kept, what is found before the start."""

import shutil
from pathlib import Path

import pytest

from mailbot.cli import check_library
from mailbot.cli.check_letters import samples
from mailbot.cli.exits import ExitCode
from mailbot.config import load_settings
from mailbot.data import rules_dir, templates_dir
from tests.cli.shell import mailbot
from tests.cli.site import write_site
from tools.site import KEY


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def failed(out: str) -> list[str]:
    return [text for text in out.splitlines() if text.startswith("FAIL")]


def test_init_writes_a_loadable_site_in_rehearsal_with_closed_secrets(tmp_path: Path) -> None:
    ran = mailbot("init", tmp_path / "site")
    assert ran.code == 0, ran.err
    site = tmp_path / "site"
    settings = load_settings(site / "mailbot.toml")
    assert settings.site.mode == "rehearsal"
    assert settings.platform.adapter == "worklist"
    assert mode_of(site / "secrets") == 0o700
    assert {path.name: mode_of(path) for path in (site / "secrets").iterdir()} == {
        "site.key": 0o600, "imap-roster": 0o600, "imap-proof": 0o600, "smtp": 0o600, "README.txt": 0o600,
    }  # fmt: skip
    assert f"mailbot check --config {site / 'mailbot.toml'}" in ran.out
    assert not (site / "storage").exists()


def test_init_never_overwrites_and_says_so(tmp_path: Path) -> None:
    assert mailbot("init", tmp_path).code == 0
    key = (tmp_path / "secrets" / "site.key").read_text("utf-8")
    (tmp_path / "secrets" / "smtp").write_text("a password", "utf-8")
    (tmp_path / "mailbot.toml").write_text("# mine\n", "utf-8")
    ran = mailbot("init", tmp_path)
    assert ran.code == 0
    assert ran.out.count("kept ") == 6
    assert (tmp_path / "secrets" / "site.key").read_text("utf-8") == key
    assert (tmp_path / "secrets" / "smtp").read_text("utf-8") == "a password"
    assert (tmp_path / "mailbot.toml").read_text("utf-8") == "# mine\n"


def test_init_where_no_folder_can_be_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    ran = mailbot("init", tmp_path / "file")
    assert ran.code == ExitCode.FAILED
    assert "mailbot init:" in ran.out


def test_a_fresh_site_lacks_only_its_passwords(tmp_path: Path) -> None:
    assert mailbot("init", tmp_path).code == 0
    ran = mailbot("check", "--offline", "--config", tmp_path / "mailbot.toml")
    assert ran.code == ExitCode.NOT_READY
    assert [text.split()[1] for text in failed(ran.out)] == ["secrets"] * 3
    assert "授权码" in ran.out
    for name in ("imap-roster", "imap-proof", "smtp"):
        (tmp_path / "secrets" / name).write_text("a password\n", "utf-8")
    ready = mailbot("check", "--offline", "--config", tmp_path / "mailbot.toml")
    assert ready.code == 0, ready.out
    assert "a password" not in ran.out + ready.out


def test_the_settings_in_the_usual_place_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_site(tmp_path, None, None)
    monkeypatch.chdir(tmp_path)
    assert mailbot("check", "--offline").code == 0
    assert mailbot("mode").out.startswith("live")
    monkeypatch.chdir(tmp_path.parent)
    assert mailbot("mode").code == ExitCode.CONFIG


def test_every_fault_of_the_settings_is_told_and_the_rest_is_still_checked(tmp_path: Path) -> None:
    path = write_site(tmp_path, None, None)
    text = path.read_text("utf-8").replace("digest_to", "digest_too").replace('mode = "live"', 'mode = "lively"')
    path.write_text(text, "utf-8")
    ran = mailbot("check", "--offline", "--config", path)
    assert ran.code == ExitCode.NOT_READY
    assert len(failed(ran.out)) == 2
    assert "did you mean digest_to?" in ran.out
    assert "OK   rules" in ran.out
    assert mailbot("once", "--config", path).code == ExitCode.CONFIG


def test_bad_rules_and_a_broken_letter_are_found_before_the_start(tmp_path: Path) -> None:
    path = write_site(tmp_path, None, None)
    shutil.copytree(rules_dir(), tmp_path / "rules")
    shutil.copytree(templates_dir(), tmp_path / "templates")
    text = path.read_text("utf-8").replace("[site]\n", '[site]\nrules = "rules"\ntemplates = "templates"\n')
    path.write_text(text, "utf-8")
    assert mailbot("check", "--offline", "--config", path).code == 0
    letter = tmp_path / "templates" / "emails" / "roster" / "declined.txt"
    letter.write_text(letter.read_text("utf-8") + "\n{{ case.no_such_word }}\n", "utf-8")
    broken = mailbot("check", "--offline", "--config", path)
    assert broken.code == ExitCode.NOT_READY
    assert "roster/declined" in failed(broken.out)[0]
    (tmp_path / "rules" / "mail.toml").write_text("[[rule]]\n", "utf-8")
    bad = mailbot("check", "--offline", "--config", path)
    assert any(text.split()[1] == "rules" for text in failed(bad.out))
    assert mailbot("once", "--config", path).code == ExitCode.RULES


def test_every_section_of_a_letter_has_a_sample() -> None:
    told = {name for name, _ in samples(["roster"])}
    shipped = {f"roster/{path.stem}" for path in (templates_dir() / "emails" / "roster").glob("*.txt")}
    assert shipped <= told


def test_a_storage_that_takes_no_files_or_stands_open_is_told(tmp_path: Path) -> None:
    path = write_site(tmp_path, None, None)
    (tmp_path / "storage").write_text("in the way", "utf-8")
    ran = mailbot("check", "--offline", "--config", path)
    assert ran.code == ExitCode.NOT_READY
    assert failed(ran.out)[0].startswith("FAIL storage")
    (tmp_path / "storage").unlink()
    (tmp_path / "storage").mkdir(mode=0o755)
    assert "WARN storage" in mailbot("check", "--offline", "--config", path).out


@pytest.mark.parametrize("guard", ["guard_injects", "guard_misreads", "guard_tears"])
def test_a_guard_that_does_not_hold_keeps_the_site_from_starting(
    guard: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_site(tmp_path, None, None)
    monkeypatch.setattr(check_library, guard, lambda *_: True)
    ran = mailbot("check", "--offline", "--config", path)
    assert ran.code == ExitCode.NOT_READY
    assert "own guard does not hold" in failed(ran.out)[0]


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = write_site(tmp_path, None, None)
    (tmp_path / KEY).chmod(0o644)
    ran = mailbot("check", "--offline", "--config", path)
    assert (ran.code, "chmod 600" in failed(ran.out)[0]) == (ExitCode.NOT_READY, True)
    assert mailbot("once", "--config", path).code == ExitCode.UNAVAILABLE


def test_a_site_that_never_ran_has_nothing_to_show_and_is_not_made_by_looking(tmp_path: Path) -> None:
    path = write_site(tmp_path, None, None)
    ran = mailbot("case", "list", "--config", path)
    assert (ran.code, "holds no ledger yet" in ran.err) == (ExitCode.NOT_READY, True)
    assert not (tmp_path / "storage").exists()
    assert "尚未运行过" in mailbot("mode", "--config", path).out
    assert mailbot("mode", "drafts", "--by", "王审核", "--config", path).code == 0
    assert mailbot("mode", "--config", path).out.startswith("drafts")
