"""Each check by itself: what is fine, what is only worth knowing, what keeps the site from starting."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from mailbot import vitals
from mailbot.assembly import SiteFacts, facts_of, open_rules
from mailbot.cli import check_library
from mailbot.cli.check_letters import letter_facts, samples
from mailbot.cli.check_network import LookOnly
from mailbot.cli.check_site import calendar_facts, clock_facts, platform_facts, secret_facts, storage_facts
from mailbot.cli.checked import Fact, Level
from mailbot.cli.exits import ExitCode
from mailbot.clock import FixedClock
from mailbot.config import Settings, load_settings
from mailbot.data import rules_dir, templates_dir
from mailbot.domain.mail import Arrival
from mailbot.domain.ports import PortError
from mailbot.ledger.settings import Mode
from mailbot.rulebook import Reloader
from tests.cli.shell import mailbot
from tests.cli.site import PASSWORD_FILE, write_site

NOW = datetime(2020, 9, 22, 2, tzinfo=UTC)
OK, WARN, FAIL = Level.OK, Level.WARN, Level.FAIL


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(write_site(tmp_path / "site", None, None))


@pytest.fixture
def site(settings: Settings) -> SiteFacts:
    return facts_of(settings)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Reloader:
    return open_rules(facts_of(load_settings(write_site(tmp_path_factory.mktemp("rules"), None, None))))


def levels(facts: Iterator[Fact]) -> list[Level]:
    return [fact.level for fact in facts]


@pytest.mark.parametrize(
    ("now", "level"),
    [
        (datetime(1970, 1, 1, 0, 5, tzinfo=UTC), FAIL),
        (datetime(2024, 12, 31, tzinfo=UTC), FAIL),
        (datetime(2026, 3, 1, tzinfo=UTC), OK),
        (datetime(2100, 1, 1, tzinfo=UTC), FAIL),
    ],
)
def test_a_clock_that_no_ntp_ever_set_is_found(
    settings: Settings, rules: Reloader, now: datetime, level: Level
) -> None:
    assert levels(clock_facts(settings, rules.current, now)) == [level]


def test_a_zone_other_than_the_office_s_is_worth_knowing(settings: Settings, rules: Reloader) -> None:
    other = settings.model_copy(update={"site": settings.site.model_copy(update={"zone": "Asia/Urumqi"})})
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert levels(clock_facts(other, rules.current, now)) == [OK, WARN]
    assert levels(clock_facts(other, None, now)) == [OK]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2020, 9, 22, tzinfo=UTC), [OK, OK]),
        (datetime(2021, 2, 1, tzinfo=UTC), [OK, WARN]),
        (datetime(2026, 12, 1, tzinfo=UTC), [WARN, WARN]),
        (datetime(2031, 2, 1, tzinfo=UTC), [WARN, WARN]),
    ],
)
def test_the_calendar_and_the_campaign_are_those_of_today(
    rules: Reloader, now: datetime, expected: list[Level]
) -> None:
    assert levels(calendar_facts(rules.current, now)) == expected


def test_storage_that_is_synced_closed_and_roomy_is_fine(tmp_path: Path) -> None:
    facts = list(storage_facts(tmp_path / "new" / "storage"))
    assert {fact.level for fact in facts} == {OK}
    assert (tmp_path / "new" / "storage").stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in (tmp_path / "new" / "storage").iterdir()) == ["mailbot.lock"]


@pytest.mark.parametrize(("free", "level"), [(100_000_000, FAIL), (2_000_000_000, WARN), (50_000_000_000, OK)])
def test_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: Level) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    [disk] = [fact for fact in storage_facts(tmp_path) if fact.about == "disk"]
    assert disk.level is level


def test_a_trial_file_never_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    [fact] = storage_facts(tmp_path)
    assert (fact.level, "No space left" in fact.text) == (FAIL, True)
    assert list(tmp_path.iterdir()) == []


def test_each_password_that_cannot_be_used_is_named(settings: Settings, tmp_path: Path) -> None:
    secrets = settings.secrets({})
    assert levels(secret_facts(secrets)) == [OK]
    (tmp_path / "site" / PASSWORD_FILE).chmod(0o644)
    [fact] = secret_facts(secrets)
    assert (fact.level, "chmod 600" in fact.text) == (FAIL, True)


@pytest.mark.parametrize(
    ("adapter", "mode", "level"),
    [
        ("worklist", Mode.LIVE, OK),
        ("ledger", Mode.REHEARSAL, WARN),
        ("ledger", Mode.DRAFTS, FAIL),
        ("ledger", Mode.LIVE, FAIL),
        ("no_such", Mode.REHEARSAL, FAIL),
    ],
)
def test_the_platform_must_be_one_for_real_people(
    site: SiteFacts, rules: Reloader, adapter: str, mode: Mode, level: Level
) -> None:
    facts = platform_facts(replace(site, platform=adapter), rules.current, mode, FixedClock(NOW))
    assert levels(facts) == [level]


def test_a_broken_table_of_the_platform_is_told_with_its_file(site: SiteFacts, rules: Reloader, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[[column]]\nheading = 1\n", "utf-8")
    broken = replace(site, platform_data=tmp_path / "own.toml")
    [fact] = platform_facts(broken, rules.current, Mode.REHEARSAL, FixedClock(NOW))
    assert fact.level is FAIL
    assert "own.toml" in fact.text


def with_templates(site: SiteFacts, tmp_path: Path) -> SiteFacts:
    return replace(site, templates=Path(shutil.copytree(templates_dir(), tmp_path / "templates")))


def letters(site: SiteFacts) -> list[Fact]:
    return list(letter_facts(site, open_rules(site)))


def test_every_shipped_letter_renders(site: SiteFacts) -> None:
    assert [fact.level for fact in letters(site)] == [OK]


@pytest.mark.parametrize(
    ("template", "line", "told"),
    [
        ("frame.txt", "{{ no_such }}", "frame"),
        ("roster/ask.txt", "{{ case.no_such }}", "roster/ask"),
        ("roster/receipt.txt", "{% if case.due %}{{ case.due.no_such }}{% endif %}", "roster/receipt"),
        ("roster/parts/rows.txt", "{{ case.no_such }}", "roster/"),
        ("staff/digest.txt", "{{ digest.no_such }}", "staff/digest"),
        ("mail/received.txt", "{{ case.id }}", "mail/received"),
    ],
)
def test_a_word_that_does_not_exist_is_found_wherever_it_hides(
    site: SiteFacts, tmp_path: Path, template: str, line: str, told: str
) -> None:
    own = with_templates(site, tmp_path)
    path = own.templates / "emails" / template
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    faults = [fact for fact in letters(own) if fact.level is FAIL]
    assert faults
    if template != "frame.txt":
        assert all(fact.text.startswith(told) for fact in faults)


def test_a_template_that_no_letter_tells_is_worth_knowing(site: SiteFacts, tmp_path: Path) -> None:
    own = with_templates(site, tmp_path)
    (own.templates / "emails" / "roster" / "recieved.txt").write_text("x\n", "utf-8")
    facts = letters(own)
    assert [fact.level for fact in facts] == [WARN, OK]
    assert "roster/recieved" in facts[0].text


def test_samples_are_reached_by_the_composer_s_own_choice() -> None:
    found = dict(samples(["roster"]))
    assert len(found) == 17
    assert all(len(sample.cases) == 1 for name, sample in found.items() if not name.startswith("mail/"))


def test_a_mailbox_that_is_only_looked_at_stores_nothing() -> None:
    store = LookOnly()
    assert store.cursor("a", "INBOX") is None
    assert store.known_uids("a", "INBOX", 1) == set()
    with pytest.raises(PortError):
        store.store([], None)
    with pytest.raises(PortError):
        store.store_poison(Arrival("a", "INBOX", 1, 1, NOW), "a@b.cn", 1, "x", None)


@pytest.mark.parametrize(
    ("python", "guard", "level"), [(False, False, OK), (True, False, WARN), (False, True, FAIL), (True, True, FAIL)]
)
def test_a_fault_of_python_only_warns_while_our_guard_holds(
    rules: Reloader, monkeypatch: pytest.MonkeyPatch, python: bool, guard: bool, level: Level
) -> None:
    monkeypatch.setattr(check_library, "python_misreads", lambda: python)
    monkeypatch.setattr(check_library, "guard_misreads", lambda: guard)
    [fact] = [fact for fact in check_library.library_facts(rules.current.limits) if fact.about == "addresses"]
    assert fact.level is level


def test_the_guards_hold_here_and_entities_are_refused(rules: Reloader) -> None:
    limits = rules.current.limits
    assert not check_library.guard_injects(limits)
    assert not check_library.guard_misreads()
    assert not check_library.guard_tears()
    assert all(fact.level is not FAIL for fact in check_library.library_facts(limits))


@pytest.mark.parametrize(("missing", "level"), [(None, OK), ("libarchive: not found", WARN)])
def test_archives_are_opened_or_it_is_said(
    rules: Reloader, monkeypatch: pytest.MonkeyPatch, missing: str | None, level: Level
) -> None:
    monkeypatch.setattr(check_library, "MISSING", missing)
    [fact] = [fact for fact in check_library.library_facts(rules.current.limits) if fact.about == "archives"]
    assert fact.level is level


def test_an_unguarded_writer_would_be_noticed(rules: Reloader, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = rules.current.limits
    bare = lambda envelope, *_: f"Subject: {envelope.subject}\r\nIn-Reply-To: torn\r\n\r\n".encode()  # noqa: E731
    monkeypatch.setattr(check_library, "build", bare)
    assert check_library.guard_injects(limits)
    assert check_library.guard_tears()
    monkeypatch.setattr(check_library, "plain_address", lambda _: "hr@unit-a.example")
    assert check_library.guard_misreads()
    monkeypatch.setattr(check_library, "entities_are_refused", lambda _: False)
    assert FAIL in [fact.level for fact in check_library.library_facts(limits) if fact.about == "xml"]


def test_health_is_red_on_bad_rules_and_a_full_disk(
    storage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_site(tmp_path / "site", None, None)
    (tmp_path / "site" / "rules").mkdir()
    (tmp_path / "site" / "rules" / "mail.toml").write_text("[[rule]]\n", "utf-8")
    path.write_text(path.read_text("utf-8").replace("[site]\n", '[site]\nrules = "rules"\n'), "utf-8")
    bad = mailbot("health", "--json", "--config", path, "--storage", storage)
    assert (bad.code, bad.json["red"]) == (ExitCode.NOT_READY, ["rules"])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
    full = mailbot("health", "--json", "--storage", storage)
    assert (full.code, full.json["red"]) == (ExitCode.NOT_READY, ["disk"])


@pytest.mark.parametrize("how", ["no forms", "no folder", "no roster form"])
def test_a_rules_folder_without_its_forms_is_told_like_any_fault(tmp_path: Path, how: str) -> None:
    path = write_site(tmp_path / "site", None, None)
    path.write_text(path.read_text("utf-8").replace("[site]\n", '[site]\nrules = "rules"\n'), "utf-8")
    if how != "no folder":
        shutil.copytree(rules_dir(), tmp_path / "site" / "rules")
        shutil.rmtree(tmp_path / "site" / "rules" / "forms")
    if how == "no roster form":
        (tmp_path / "site" / "rules" / "forms").mkdir()
    once = mailbot("once", "--config", path)
    assert (once.code, "Traceback" in once.err) == (ExitCode.RULES, False)
    checked = mailbot("check", "--offline", "--config", path)
    assert checked.code == ExitCode.NOT_READY
    assert [text.split()[1] for text in checked.out.splitlines() if text.startswith("FAIL")] == ["rules"]


def test_health_warns_of_a_calendar_that_ends(storage: Path) -> None:
    ran = mailbot("health", "--json", "--at", "2026-12-15T09:00:00+08:00", "--storage", storage)
    assert ran.code == 0
    assert "calendar" in ran.json["warns"]
    after = mailbot("health", "--at", "2031-01-05T09:00:00+08:00", "--storage", storage)
    assert after.code == 0
    assert "does not cover today" in after.out


def test_health_tells_of_paused_effects_and_waiting_mail(storage: Path) -> None:
    by = ("--by", "王审核", "--storage", storage)
    assert mailbot("pause", "effects", "--reason", "维护", *by).code == 0
    assert mailbot("mail", "retry", "4", *by).code == 0
    found = mailbot("health", "--json", "--storage", storage).json
    assert (found["paused"], found["mails"]["stored"], found["green"]) == (True, 1, True)
    assert found["oldest"] is not None
    assert timedelta(0) < vitals.LONG
