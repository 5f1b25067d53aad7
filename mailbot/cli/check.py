"""`mailbot check`: proves before the start that everything is there and does what it must, one line a fact."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from mailbot.assembly import SiteFacts, facts_of, open_rules
from mailbot.cli.alarm import alarm_facts
from mailbot.cli.check_letters import letter_facts
from mailbot.cli.check_library import library_facts
from mailbot.cli.check_network import network_facts
from mailbot.cli.check_sight import sight_facts
from mailbot.cli.check_site import calendar_facts, clock_facts, platform_facts, secret_facts, storage_facts
from mailbot.cli.checked import Fact, Level, bad, good
from mailbot.cli.exits import ExitCode
from mailbot.cli.output import line, plain
from mailbot.cli.place import ConfigOption, Place, books, settings_file
from mailbot.cli.rules import site_facts
from mailbot.clock import SystemClock
from mailbot.config import ConfigError, Settings, load_settings
from mailbot.credentials import Secrets
from mailbot.domain.ports import Clock, PortError
from mailbot.ledger.settings import Mode
from mailbot.rulebook import Reloader, RulebookError


def register(app: typer.Typer) -> None:
    """Add the verb."""
    help_text = "Prove before the start: settings, secrets, rules, letters, servers, storage. Exit code 5 on a FAIL."
    app.command(help=help_text)(check)


def check(
    config: ConfigOption = None,
    *,
    offline: Annotated[bool, typer.Option("--offline", help="without the mail servers")] = False,
) -> None:
    """Every fact is looked at, whatever an earlier one said, as far as it can be."""
    failed = False
    for fact in _facts(config, SystemClock(), offline=offline):
        failed |= fact.level is Level.FAIL
        line(plain(f"{fact.level:<4} {fact.about:<9} {fact.text}" + (f"; {fact.remedy}" if fact.remedy else "")))
    if failed:
        line("not ready: mend what says FAIL, then check again")
        raise typer.Exit(ExitCode.NOT_READY)
    line("ready")


def _facts(config: Path | None, clock: Clock, *, offline: bool) -> Iterator[Fact]:
    settings: Settings | None = None
    try:
        path = settings_file(config)
        settings = load_settings(path)
        yield good("settings", f"{path} is understood")
    except ConfigError as error:
        for problem in error.problems:
            yield bad("settings", problem, "mend that line")
    site = site_facts(None) if settings is None else facts_of(settings)
    rules, problems = _rules(site)
    yield from problems
    if rules is not None:
        yield from letter_facts(site, rules)
        yield from calendar_facts(rules.current, clock.now())
    known = rules or _rules(site_facts(None))[0]
    if known is not None:
        yield from library_facts(known.current.limits)
        yield from sight_facts(known.current.limits)
    if settings is not None:
        yield from _of_site(settings, site, rules, clock, offline=offline)


def _rules(site: SiteFacts) -> tuple[Reloader | None, list[Fact]]:
    try:
        rules = open_rules(site)
    except RulebookError as error:
        return None, [bad("rules", str(problem), "mailbot rules check says the same") for problem in error.problems]
    count = sum(len(of_record) for of_record in rules.current.rules.values())
    return rules, [good("rules", f"{count} rules with all their examples, version {rules.current.hash[:12]}")]


def _of_site(
    settings: Settings, site: SiteFacts, rules: Reloader | None, clock: Clock, *, offline: bool
) -> Iterator[Fact]:
    yield from clock_facts(settings, rules.current if rules else None, clock.now())
    yield from storage_facts(site.storage)
    try:
        secrets = settings.secrets(os.environ)
    except PortError as fault:
        yield bad("secrets", str(fault), "mailbot init DIR makes a key beside new settings")
        return
    yield from secret_facts(secrets)
    yield from alarm_facts(settings, secrets)
    mode, faults = _mode(settings, site, secrets, clock)
    yield from faults
    if rules is not None:
        yield from platform_facts(site, rules.current, mode, clock)
        if not offline:
            yield from network_facts(settings, secrets, clock, rules.current.limits)


def _mode(settings: Settings, site: SiteFacts, secrets: Secrets, clock: Clock) -> tuple[Mode, list[Fact]]:
    """The mode in force, or the first one of a site that never ran."""
    first = Mode(settings.site.mode)
    place = Place(site, settings, secrets, clock, ZoneInfo(settings.site.zone))
    if not place.has_ledger:
        return first, [good("ledger", f"none yet; the site will start in mode {first}")]
    try:
        with books(place) as ledger:
            counts = ledger.queries.counts()
    except PortError as fault:
        return first, [bad("ledger", str(fault), "restore the last backup, or run the newest program")]
    held = sum(counts.cases.values())
    return counts.mode, [good("ledger", f"mode {counts.mode}, {sum(counts.mails.values())} mails, {held} cases")]
