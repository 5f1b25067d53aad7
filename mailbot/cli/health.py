"""`mailbot health`: how the site does, from what it stored; red is exit code 5."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import typer

from mailbot.assembly import StorageInUse, locked, open_rules
from mailbot.cli.exits import ExitCode
from mailbot.cli.options import JsonOption
from mailbot.cli.output import as_json, line, moment
from mailbot.cli.place import AtOption, ConfigOption, Place, StorageOption, books, place_of
from mailbot.domain.effects import EffectState
from mailbot.domain.mail import MailState
from mailbot.domain.workdays import Calendar
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.lines import Counts
from mailbot.rulebook import RulebookError

LONG = timedelta(hours=1)
"""A mail that waits longer is stuck: polls come every minute, and retries within minutes."""
CALENDAR_AHEAD = timedelta(days=60)
LOW_BYTES = 500_000_000
"""Below this a burst of large mails (60 MB each) fills the disk."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One fact about the site: its name, its value for JSON, its words, and whether it is red, or worth a look."""

    name: str
    value: object
    words: str
    red: bool = False
    warns: bool = False

    @property
    def colour(self) -> str:
        """How the sign stands, in one word."""
        return "RED" if self.red else "warn" if self.warns else "ok"


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(help="How the site does: mode, mailboxes, what waits, rules, calendar, disk. Exit code 5 when red.")(
        health
    )


def health(
    *, json: JsonOption = False, config: ConfigOption = None, storage: StorageOption = None, at: AtOption = None
) -> None:
    """Look and say."""
    place = place_of(config, storage, at)
    with books(place) as ledger:
        signs = [*_stored(place, ledger), *_policy(place), _disk(place), *_daemon(place)]
    red = any(sign.red for sign in signs)
    if json:
        facts = {sign.name: sign.value for sign in signs}
        warns = [sign.name for sign in signs if sign.warns]
        as_json({"green": not red, "red": [sign.name for sign in signs if sign.red], "warns": warns, **facts})
    else:
        for sign in signs:
            line(f"{sign.colour:<4} {sign.name:<15} {sign.words}")
    if red:
        raise typer.Exit(ExitCode.NOT_READY)


def _stored(place: Place, ledger: Ledger) -> Iterator[Sign]:
    counts, now = ledger.queries.counts(), place.clock.now()
    yield Sign("mode", counts.mode.value, counts.mode.value)
    yield Sign("paused", counts.paused, "effects are paused" if counts.paused else "effects go on")
    for box in place.settings.mailbox if place.settings else ():
        cursor = ledger.mails.cursor(box.account, box.folder)
        words = f"stored up to UID {cursor.high_water}" if cursor else "nothing stored yet"
        yield Sign(f"mailbox.{box.account}", cursor.high_water if cursor else None, words)
    for name, states in (
        ("mails", counts.mails),
        ("cases", counts.cases),
        ("effects", counts.effects),
        ("letters", counts.letters),
    ):
        yield Sign(name, states, ", ".join(f"{state} {n}" for state, n in sorted(states.items())) or "none")
    yield Sign("drafts", counts.effect_drafts + counts.letter_drafts, _drafts(counts))
    yield _for_a_person(counts)
    yield _oldest(counts.oldest_waiting, now, place)


def _drafts(counts: Counts) -> str:
    return f"{counts.effect_drafts} effects, {counts.letter_drafts} letters wait for a release"


def _for_a_person(counts: Counts) -> Sign:
    unclear = counts.letters.get(EffectState.UNCERTAIN.value, 0) + counts.letters.get(EffectState.REJECTED.value, 0)
    aside = counts.mails.get(MailState.SET_ASIDE.value, 0)
    words = f"{aside} mails set aside, {unclear} letters refused or of unknown end"
    return Sign("person", {"mails_set_aside": aside, "letters": unclear}, words, warns=bool(aside or unclear))


def _oldest(oldest: datetime | None, now: datetime, place: Place) -> Sign:
    if oldest is None:
        return Sign("oldest", None, "no mail waits")
    return Sign("oldest", oldest.isoformat(), f"waits since {moment(oldest, place.zone)}", now - oldest > LONG)


def _policy(place: Place) -> Iterator[Sign]:
    try:
        rulebook = open_rules(place.facts).current
    except RulebookError as error:
        yield Sign("rules", [str(problem) for problem in error.problems], f"{len(error.problems)} faults", red=True)
        return
    yield Sign("rules", rulebook.hash, f"in force: {rulebook.hash[:12]}, campaign {rulebook.campaign.code}")
    yield _calendar(rulebook.calendar, place)


def _calendar(calendar: Calendar, place: Place) -> Sign:
    """A day that no calendar covers costs a letter its date, and nothing else: it warns."""
    today = place.clock.now().astimezone(place.zone).date()
    until = calendar.covered_until(today)
    soon = until is None or until < today + CALENDAR_AHEAD
    words = f"covers the days until {until}" if until else "does not cover today: letters promise no date"
    return Sign("calendar", until.isoformat() if until else None, words, warns=soon)


def _disk(place: Place) -> Sign:
    free = shutil.disk_usage(place.facts.storage).free
    return Sign("disk", free, f"{free // 1_000_000} MB free", free < LOW_BYTES)


def _daemon(place: Place) -> Iterator[Sign]:
    """Whether somebody works here; nobody is expected to where a rehearsal is kept."""
    try:
        with locked(place.facts.storage):
            running = False
    except StorageInUse:
        running = True
    if place.settings is not None:
        yield Sign("daemon", running, "running" if running else "not running", red=not running)
