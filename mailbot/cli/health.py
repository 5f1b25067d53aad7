"""`mailbot health`: how the site does, from what it stored; red is exit code 5."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import typer

from mailbot.assembly import StorageInUse, locked, open_platform, open_rules
from mailbot.cli.exits import ExitCode
from mailbot.cli.options import JsonOption
from mailbot.cli.output import as_json, line, moment
from mailbot.cli.place import AtOption, ConfigOption, Place, StorageOption, books, place_of
from mailbot.domain.effects import EffectState
from mailbot.domain.mail import MailState
from mailbot.domain.ports import PortError
from mailbot.domain.workdays import Calendar
from mailbot.duties import platform_duties
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.lines import Counts
from mailbot.rulebook import Rulebook, RulebookError
from mailbot.status_file import read_status
from mailbot.vitals import Sign, Site, vitals

WORKLIST = "worklist"
CALENDAR_AHEAD = timedelta(days=60)


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
        running = _works_here(place)
        site = site_of(place)
        signs = [*_stored(ledger), *vitals(ledger, site, place.clock.now()), *_policy(place, ledger)]
        signs += [*_daemon(place, site, running=running), *_alarms(place, ledger, site)]
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


def _stored(ledger: Ledger) -> Iterator[Sign]:
    counts = ledger.queries.counts()
    yield Sign("mode", counts.mode.value, counts.mode.value)
    yield Sign("paused", counts.paused, "effects are paused" if counts.paused else "effects go on")
    for name, states in (
        ("mails", counts.mails),
        ("cases", counts.cases),
        ("effects", counts.effects),
        ("letters", counts.letters),
    ):
        yield Sign(name, states, ", ".join(f"{state} {n}" for state, n in sorted(states.items())) or "none")
    yield Sign("drafts", counts.effect_drafts + counts.letter_drafts, _drafts(counts))
    yield _for_a_person(counts)


def _drafts(counts: Counts) -> str:
    return f"{counts.effect_drafts} effects, {counts.letter_drafts} letters wait for a release"


def _for_a_person(counts: Counts) -> Sign:
    unclear = counts.letters.get(EffectState.UNCERTAIN.value, 0) + counts.letters.get(EffectState.REJECTED.value, 0)
    aside = counts.mails.get(MailState.SET_ASIDE.value, 0)
    words = f"{aside} mails set aside, {unclear} letters refused or of unknown end"
    return Sign("person", {"mails_set_aside": aside, "letters": unclear}, words, warns=bool(aside or unclear))


def _policy(place: Place, ledger: Ledger) -> Iterator[Sign]:
    try:
        rulebook = open_rules(place.facts).current
    except RulebookError as error:
        yield Sign("rules", [str(problem) for problem in error.problems], f"{len(error.problems)} faults", red=True)
        return
    yield Sign("rules", rulebook.hash, f"in force: {rulebook.hash[:12]}, campaign {rulebook.campaign.code}")
    yield _calendar(rulebook.calendar, place)
    if place.facts.platform == WORKLIST:
        yield _worklist(place, ledger, rulebook)


def _worklist(place: Place, ledger: Ledger, rulebook: Rulebook) -> Sign:
    """What people have to carry to the platform; what is overdue there warns, for only they can mend it."""
    try:
        platform = open_platform(place.facts, rulebook, place.clock)
        duties = platform_duties(platform, ledger, rulebook.campaign, place.clock.now())
    except PortError as fault:
        return Sign("worklist", None, str(fault), red=True)
    late, lost = sum(duty.overdue for duty in duties), sum(duty.expires for duty in duties)
    due = min((duty.due_at for duty in duties if duty.due_at), default=None)
    value = {"waiting": len(duties), "overdue": late, "expiring": lost, "due_at": due.isoformat() if due else None}
    words = f"{len(duties)} rows wait at the platform" + (f", due {moment(due, place.zone)}" if due else "")
    words += f"; {late} are overdue" if late else ""
    words += f"; {lost} would come too late for the last day of study" if lost else ""
    return Sign("worklist", value, words, warns=bool(late or lost))


def _calendar(calendar: Calendar, place: Place) -> Sign:
    """A day that no calendar covers costs a letter its date, and nothing else: it warns."""
    today = place.clock.now().astimezone(place.zone).date()
    until = calendar.covered_until(today)
    soon = until is None or until < today + CALENDAR_AHEAD
    words = f"covers the days until {until}" if until else "does not cover today: letters promise no date"
    return Sign("calendar", until.isoformat() if until else None, words, warns=soon)


def _works_here(place: Place) -> bool:
    try:
        with locked(place.facts.storage):
            return False
    except StorageInUse:
        return True


def site_of(place: Place) -> Site:
    """What the signs of life look at."""
    boxes = place.settings.mailbox if place.settings else ()
    return Site(boxes, read_status(place.facts.storage), place.facts.storage, place.zone)


def _daemon(place: Place, site: Site, *, running: bool) -> Iterator[Sign]:
    """Whether somebody works here, and says how its mailboxes do; nobody is expected to where a rehearsal is kept."""
    if place.settings is None:
        return
    yield Sign("daemon", running, "running" if running else "not running", red=not running)
    if running and (site.told is None or not site.told.fresh(place.clock.now())):
        last = f"since {moment(site.told.at, place.zone)}" if site.told else "at all"
        yield Sign("status", None, f"the daemon has not said how its mailboxes do {last}", warns=True)


def _alarms(place: Place, ledger: Ledger, site: Site) -> Iterator[Sign]:
    """What people were told, or could not be told."""
    if place.settings is None:
        return
    if not place.settings.alarm.is_set:
        yield Sign("alarm", None, "nobody is told of alarms: [alarm] is not set")
        return
    standing = ledger.alarms.standing()
    unsaid = [one.name for one in standing if one.attempts]
    words = ", ".join(f"{one.name} since {site.shown(one.raised_at)}" for one in standing) or "none stands"
    words += f"; nobody could be told of {', '.join(unsaid)}" if unsaid else ""
    yield Sign("alarm", [one.name for one in standing], words, warns=bool(unsaid))
