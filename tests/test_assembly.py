"""A site put together: what the settings say reaches the parts, one owner a folder, values follow the rules in force."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot import assembly
from mailbot.assembly import (
    LOCK,
    PerRulebook,
    StorageInUse,
    composer_of,
    facts_of,
    locked,
    open_platform,
    open_rules,
    terms,
)
from mailbot.clock import FixedClock
from mailbot.config import load_settings
from mailbot.data import rules_dir, templates_dir
from mailbot.domain.decisions import Automation
from mailbot.domain.effects import LetterKind
from mailbot.domain.letters import LetterView
from mailbot.domain.ports import PortError
from mailbot.platform.ledger import EmbeddedLedger
from mailbot.platform.worklist import Worklist
from mailbot.rulebook import Reloader, Rulebook, RulebookError
from tests.flow.office import NOW, Box, InProcess, facts
from tests.ledger.world import HASHER
from tools.stories.post import when

ROOT = Path(__file__).resolve().parents[1]
GOOD = ROOT / "tests" / "config" / "good" / "mailbot.toml"


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Reloader:
    return open_rules(facts(tmp_path_factory.mktemp("site")))


def test_the_settings_reach_the_parts() -> None:
    settings = load_settings(GOOD)
    site = facts_of(settings)
    assert site.storage == settings.site.storage
    assert site.own_addresses == settings.own_addresses
    assert site.sender == settings.smtp.sender
    assert site.automation == settings.automation
    assert (site.start, site.whole_cells) == (settings.site.start_date, settings.site.whole_cells)
    hurried = settings.site.model_copy(update={"undo_minutes": 45})
    assert facts_of(settings.model_copy(update={"site": hurried})).undo == timedelta(minutes=45)
    assert site.import_sheet.columns == tuple(settings.import_book.columns.items())
    assert (site.platform, site.platform_options) == (settings.platform.adapter, settings.platform.options)
    assert site.caps, "a real site is guarded against loops"
    assert site.rules.is_dir()
    assert site.templates.is_dir()


def test_rules_and_templates_of_the_settings_replace_those_that_ship() -> None:
    settings = load_settings(GOOD)
    own = settings.site.model_copy(update={"rules": ROOT / "x", "templates": ROOT / "y", "authserv_id": None})
    site = facts_of(settings.model_copy(update={"site": own}))
    assert (site.rules, site.templates, site.authserv_id) == (ROOT / "x", ROOT / "y", "")
    plain = settings.site.model_copy(update={"rules": None, "templates": None})
    shipped = facts_of(settings.model_copy(update={"site": plain}))
    assert (shipped.rules, shipped.templates) == (rules_dir(), templates_dir())


def test_one_owner_a_folder(tmp_path: Path) -> None:
    with locked(tmp_path / "storage"):
        with pytest.raises(StorageInUse) as refused, locked(tmp_path / "storage"):
            pass
        assert not refused.value.retry
        with locked(tmp_path / "other"):
            """Another folder is another site."""
    with locked(tmp_path / "storage"):
        """Free again."""


def test_a_new_folder_is_its_owners_alone(tmp_path: Path) -> None:
    with locked(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "a" / "b" / LOCK).stat().st_mode & 0o777 == 0o600


def test_a_dead_owner_frees_the_folder(tmp_path: Path) -> None:
    holder = (
        "import sys, time\nfrom pathlib import Path\nfrom mailbot.assembly import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", holder, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=env)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(StorageInUse), locked(tmp_path):
            pass
    finally:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    with locked(tmp_path):
        """The kernel gave it back."""


def test_a_value_is_made_once_a_rulebook_and_anew_for_another(rules: Reloader) -> None:
    made: list[str] = []

    def build(rulebook: Rulebook) -> str:
        made.append(rulebook.hash)
        return rulebook.hash

    per = PerRulebook(build)
    other = replace(rules.current, hash="another")
    threads = [threading.Thread(target=per, args=(rules.current,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [rules.current.hash]
    assert (per(other), per(other)) == ("another", "another")
    assert per(rules.current) == rules.current.hash
    assert made == [rules.current.hash, "another", rules.current.hash]


def test_the_ledger_works_by_the_limits_of_the_rules(tmp_path: Path, rules: Reloader) -> None:
    limits = rules.current.limits
    capped = terms(facts(tmp_path, caps=True), rules.current, limits, HASHER)
    assert capped.caps is not None
    assert (capped.caps.an_hour, capped.caps.a_day) == (limits.outbound.sender_per_hour, limits.outbound.sender_per_day)
    assert capped.attempts == limits.engine.attempts
    out = limits.outbound
    assert (capped.caps.house, capped.caps.mailbox) == (out.house_per_hour, out.mailbox_per_hour)
    assert (capped.caps.same_text, capped.caps.gathered) == (timedelta(hours=out.same_text_hours), out.gathered_cases)
    assert capped.line_waits == tuple(timedelta(minutes=minutes) for minutes in out.reconnect_minutes)
    assert capped.login_waits == tuple(timedelta(minutes=minutes) for minutes in out.login_minutes)
    assert capped.back_off == tuple(timedelta(minutes=minutes) for minutes in limits.outbound.retry_minutes)
    assert capped.unknown_wait == timedelta(minutes=limits.outbound.unknown_wait_minutes)
    assert (capped.domain, capped.zone.key) == ("cqhrsp.com", "Asia/Shanghai")
    assert terms(facts(tmp_path), rules.current, limits, HASHER).caps is None


@pytest.mark.parametrize(("name", "adapter"), [("ledger", EmbeddedLedger), ("worklist", Worklist)])
def test_the_platform_is_found_by_its_name(tmp_path: Path, rules: Reloader, name: str, adapter: type) -> None:
    platform = open_platform(facts(tmp_path, platform=name), rules.current, FixedClock(NOW))
    assert isinstance(platform, adapter)
    assert rules.current.campaign.initial_password.value in platform.caps.password_policy


def test_an_unknown_platform_is_refused(tmp_path: Path, rules: Reloader) -> None:
    with pytest.raises(PortError, match="moodel"):
        open_platform(facts(tmp_path, platform="moodel"), rules.current, FixedClock(NOW))


def test_bad_rules_put_no_site_together(tmp_path: Path) -> None:
    shutil.copytree(rules_dir(), tmp_path / "rules")
    (tmp_path / "rules" / "mail.toml").write_text("[[rule]]\ncode = 1\n", "utf-8")
    with pytest.raises(RulebookError) as wrong:
        open_rules(facts(tmp_path, rules=tmp_path / "rules"))
    assert "mail.toml" in str(wrong.value)


def test_another_campaign_than_there_is_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulebookError):
        open_rules(facts(tmp_path, campaign="2033"))


def test_the_parts_are_one_site(tmp_path: Path, rules: Reloader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "Sandbox", InProcess)
    site = facts(tmp_path / "new" / "storage", Automation.CONFIRM, start=when("2020-07-07 00:00").date())
    box, clock = Box(), FixedClock(NOW)
    with assembly.assembled(site, rules, HASHER, clock, box) as parts:
        assert parts.house.ledger is parts.ledger.cases
        assert parts.worker.steps is parts.ledger.steps
        assert (parts.worker.courier, parts.house.clock, parts.worker.clock) == (box, clock, clock)
        assert parts.worker.platform is parts.house.platform is parts.platform
        assert parts.house.automation == {"roster": Automation.CONFIRM}
        assert parts.house.start == when("2020-07-07 00:00")
        assert parts.house.rules() is parts.rulebook is rules.current
        assert parts.desk().campaign is rules.current.campaign
        assert parts.zone.key == "Asia/Shanghai"
        assert (site.storage.stat().st_mode & 0o777) == 0o700
    with assembly.assembled(replace(site, start=None), rules, HASHER, clock, box) as again:
        assert again.house.start is None


def test_letters_are_written_by_the_rules_in_force(tmp_path: Path) -> None:
    shutil.copytree(rules_dir(), tmp_path / "rules")
    site = facts(tmp_path / "storage", rules=tmp_path / "rules")
    rules = open_rules(site)
    composer = composer_of(site, rules, "初始密码为六个零")
    view = LetterView("k", LetterKind.NOTICE, "hr@unit.example", "<1@x>", NOW, "名单", None, (), (), trusted=False)
    before = composer.compose(view).raw
    assert composer.compose(view).raw == before
    path = tmp_path / "rules" / "campaigns" / "2020.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("400-023-9229", "400-000-1111"), "utf-8")
    assert composer.compose(view).raw == before, "not before the change is taken over"
    assert rules.refresh()
    assert composer.composers(rules.current) is composer.composers(rules.current)
    assert composer.compose(view).raw != before
