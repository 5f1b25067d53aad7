"""The site's own ground: storage, clock, calendar, secrets, platform."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from mailbot.assembly import SiteFacts, StorageInUse, locked, open_platform
from mailbot.cli.checked import Fact, bad, good, warn
from mailbot.cli.health import CALENDAR_AHEAD
from mailbot.cli.switches import LEDGER_ADAPTER
from mailbot.config import Settings
from mailbot.credentials import Secrets
from mailbot.domain.ports import Clock, PortError
from mailbot.ledger.settings import Mode
from mailbot.rulebook import Rulebook
from mailbot.vitals import LOW_BYTES

BUILT = datetime(2025, 1, 1, tzinfo=UTC)
"""No real clock of this program's life stands before it: a machine that starts without NTP often says 1970."""
LAST = datetime(2100, 1, 1, tzinfo=UTC)
MANY_BYTES = 5_000_000_000


def secret_facts(secrets: Secrets) -> Iterator[Fact]:
    """One fact a password that cannot be used; one for all that can."""
    faults = secrets.check()
    for fault in faults:
        yield bad("secrets", fault, "write the password there (authorization code, 授权码, at NetEase and QQ)")
    if not faults:
        yield good("secrets", "the site's key and every password are there, and closed to others")


def calendar_facts(rulebook: Rulebook, now: datetime) -> Iterator[Fact]:
    """Whether the days ahead are known, and the campaign is one that runs."""
    campaign = rulebook.campaign
    today = now.astimezone(ZoneInfo(campaign.office.zone)).date()
    until = rulebook.calendar.covered_until(today)
    remedy = "add rules/calendar/YEAR.toml (make docs writes them from the published holidays)"
    if until is None:
        yield warn("calendar", f"no calendar covers today ({today}); letters promise no date", remedy)
    elif until < today + CALENDAR_AHEAD:
        yield warn("calendar", f"the calendar ends on {until}; letters then promise no date", remedy)
    else:
        yield good("calendar", f"covers every day from {today} until {until}")
    closes = campaign.study_closes.value
    if today > closes:
        remedy = "set [site] campaign to the one that runs; what arrives now goes to a person"
        yield warn("campaign", f"{campaign.code}: its study ended on {closes}", remedy)
    else:
        yield good("campaign", f"{campaign.code}, study until {closes}")


def clock_facts(settings: Settings, rulebook: Rulebook | None, now: datetime) -> Iterator[Fact]:
    """Whether the clock is sane and the zones agree. The machine's own zone is of no matter: every time is aware."""
    zone = settings.site.zone
    local = now.astimezone(ZoneInfo(zone))
    if not BUILT <= now < LAST:
        yield bad("clock", f"the machine says {local:%Y-%m-%d %H:%M}", "set the clock: timedatectl set-ntp true")
    else:
        yield good("clock", f"{local:%Y-%m-%d %H:%M} in {zone}")
    office = rulebook.campaign.office.zone if rulebook else zone
    if office != zone:
        yield warn("clock", f"[site] zone is {zone}, the campaign's office is in {office}", "make them the same")


def storage_facts(storage: Path) -> Iterator[Fact]:
    """Whether the storage folder takes bytes for good, has room, and whether somebody works in it."""
    fault = _write_trial(storage)
    if fault:
        yield bad("storage", f"{storage}: {fault}", "make it a folder of the user who runs mailbot: chown, chmod 700")
        return
    yield good("storage", f"{storage} takes files and syncs them")
    mode = stat.S_IMODE(storage.stat().st_mode)
    if mode & 0o077:
        yield warn("storage", f"{storage} is open to others (mode {mode:04o})", f"chmod 700 {storage}")
    yield _room(storage)
    try:
        with locked(storage):
            pass
    except StorageInUse:
        yield good("storage", "a mailbot works here now")


def _room(storage: Path) -> Fact:
    free = shutil.disk_usage(storage).free
    text = f"{free // 1_000_000} MB are free"
    if free < LOW_BYTES:
        return bad("disk", text, "make room: every mail is kept whole")
    if free < MANY_BYTES:
        return warn("disk", text, "a campaign's mail may need more")
    return good("disk", text)


def _write_trial(storage: Path) -> str:
    """What is in the way of a durable file; empty where nothing is."""
    trial = storage / f".check-{os.getpid()}"
    try:
        storage.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(b"mailbot check\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        return fault.strerror or str(fault)
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)
    return ""


def platform_facts(site: SiteFacts, rulebook: Rulebook, mode: Mode, clock: Clock) -> Iterator[Fact]:
    """Whether the adapter is there and works, and is one for real people."""
    try:
        platform = open_platform(site, rulebook, clock)
        platform.check()
    except PortError as fault:
        yield bad("platform", str(fault), "mend [platform] in the settings")
        return
    if site.platform != LEDGER_ADAPTER:
        yield good("platform", f"{platform.caps.name}, up to {platform.caps.batch_size} rows a batch")
    elif mode is Mode.REHEARSAL:
        yield warn(
            "platform", "ledger opens accounts nowhere; it is for rehearsals", 'set [platform] adapter = "worklist"'
        )
    else:
        yield bad(
            "platform", f"ledger opens accounts nowhere, and the site is in mode {mode}", 'set adapter = "worklist"'
        )
