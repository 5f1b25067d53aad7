"""Which site a verb works on, and how much of it must be put together for what the verb does.

Whoever only reads or writes rows of the ledger holds no lock: the database lets a running daemon and a verb take their
turns. The lock is for those who work through mails and letters (`run`, `once`, `process`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from mailbot import casetypes
from mailbot.assembly import Parts, SiteFacts, assembled, facts_of, open_rules, open_storage
from mailbot.cli.options import OFFICE_ZONE, moment_of
from mailbot.cli.rehearsal import KEY, rehearsal_secrets, rehearsal_site
from mailbot.clock import ShiftedClock, SystemClock
from mailbot.config import ConfigError, Settings, load_settings
from mailbot.credentials import Secrets
from mailbot.desk import Desk
from mailbot.domain.ports import Clock, Note, PortError, SendResult, nothing_to_note
from mailbot.ledger.ledger import FILE, Ledger, open_ledger
from mailbot.ledger.terms import Terms
from mailbot.rulebook import Reloader, Rulebook
from mailbot.steps.classify import AnyKind

DEFAULTS = (Path("mailbot.toml"), Path("/etc/mailbot/mailbot.toml"))

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="the site's settings; else ./mailbot.toml, then /etc/mailbot/mailbot.toml"),
]
StorageOption = Annotated[
    Path | None, typer.Option("--storage", help="the state folder of a rehearsal (mailbot process) instead of a site's")
]
AtOption = Annotated[
    str | None, typer.Option("--at", help="ISO 8601: a rehearsal's clock (--storage); else from its last event on")
]


class NothingThere(PortError):
    """There is no ledger yet where one is to be looked at."""

    def __init__(self, storage: Path) -> None:
        super().__init__(f"{storage} holds no ledger yet: mailbot run, once or process makes one", retry=False)


@dataclass(frozen=True, slots=True)
class Place:
    """A site by its settings, or the state folder of a rehearsal (then without `settings`)."""

    facts: SiteFacts
    settings: Settings | None
    secrets: Secrets
    clock: Clock
    zone: ZoneInfo

    @property
    def has_ledger(self) -> bool:
        """Whether anything was ever stored here."""
        return (self.facts.storage / FILE).is_file()


@dataclass(frozen=True, slots=True)
class Ruled:
    """A place with its ledger and the rules in force: what the desk needs."""

    place: Place
    ledger: Ledger
    rules: Reloader
    kinds: tuple[AnyKind, ...]

    @property
    def rulebook(self) -> Rulebook:
        """The rules in force."""
        return self.rules.current

    def desk(self) -> Desk:
        """The desk under these rules."""
        rules = self.rulebook
        return Desk(self.ledger.cases, self.kinds, rules.campaign, self.place.secrets, rules.calendar)


class NoCourier:
    """The way out of verbs that send nothing."""

    def send(self, to: str, raw: bytes, mark: str = "", before_dot: Note = nothing_to_note) -> SendResult:  # noqa: ARG002 - the port's
        """Raises `PortError`, always."""
        raise PortError(f"this verb sends nothing, not {len(raw)} bytes to {to}", retry=False)


def settings_file(config: Path | None) -> Path:
    """The settings file that is meant. Raises `ConfigError` where none is named and none stands in its usual places."""
    found = config or next((path for path in DEFAULTS if path.is_file()), None)
    if found is None:
        places = " or ".join(str(path) for path in DEFAULTS)
        raise ConfigError([f"no settings file {places}; name one with --config, or mailbot init DIR writes one"])
    return found


def place_of(config: Path | None, storage: Path | None, at: str | None = None, *, timeless: bool = False) -> Place:
    """The place that the options name; `timeless` for a verb that asks nobody for the time. Raises `ConfigError` and
    `PortError`, `typer.BadParameter` for a clock of a real site."""
    if storage is None:
        if at is not None:
            raise typer.BadParameter("a real site has the real time; --at is for a rehearsal (--storage)")
        settings = load_settings(settings_file(config))
        zone = ZoneInfo(settings.site.zone)
        return Place(facts_of(settings), settings, settings.secrets(os.environ), SystemClock(), zone)
    if not (storage / KEY).is_file():
        hint = "name the settings with --config instead" if (storage / FILE).exists() else "mailbot process makes one"
        raise PortError(f"{storage} is no state folder of a rehearsal: {hint}", retry=False)
    facts, secrets = rehearsal_site(config, storage, {}, caps=False), rehearsal_secrets(storage)
    place = Place(facts, None, secrets, SystemClock(), OFFICE_ZONE)
    return place if timeless else replace(place, clock=ShiftedClock(moment_of(at) or _left_at(place)))


def _left_at(place: Place) -> datetime:
    """Where a rehearsal's time stands: it goes on from the last thing that happened in it, in whatever year."""
    if not place.has_ledger:
        return place.clock.now()
    with books(place) as ledger:
        return ledger.queries.last_event_at() or place.clock.now()


@contextmanager
def books(place: Place, *, make: bool = False) -> Iterator[Ledger]:
    """The ledger alone, whatever state the rules are in. Raises `NothingThere` unless it may be made."""
    if not place.has_ledger and not make:
        raise NothingThere(place.facts.storage)
    place.facts.storage.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = place.facts
    ledger = open_ledger(facts.storage, Terms(place.secrets, place.zone, facts.message_domain, undo=facts.undo))
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def ruled(place: Place) -> Iterator[Ruled]:
    """The ledger under the rules in force. Raises `NothingThere`, and `RulebookError` for bad rules."""
    if not place.has_ledger:
        raise NothingThere(place.facts.storage)
    rules = open_rules(place.facts)
    ledger = open_storage(place.facts, rules, place.secrets)
    try:
        yield Ruled(place, ledger, rules, casetypes.kinds(rules.current.forms))
    finally:
        ledger.close()


@contextmanager
def whole(place: Place) -> Iterator[Parts]:
    """Everything but a way out: with the reader's child and the platform. Raises as `ruled` and `PortError`."""
    if not place.has_ledger:
        raise NothingThere(place.facts.storage)
    rules = open_rules(place.facts)
    with assembled(place.facts, rules, place.secrets, place.clock, NoCourier()) as parts:
        yield parts
