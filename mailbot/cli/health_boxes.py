"""The mailboxes' part of `mailbot health`: how far each is stored, and what the daemon last said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.cli.output import moment
from mailbot.cli.place import Place
from mailbot.intake.status import Condition
from mailbot.ledger.ledger import Ledger
from mailbot.status_file import SILENT, BoxStatus, SiteStatus, read_status


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


def mailbox_signs(place: Place, ledger: Ledger, *, running: bool) -> Iterator[Sign]:
    """One sign a mailbox of the settings; one more where a running daemon has stopped saying how they do."""
    told, now = read_status(place.facts.storage), place.clock.now()
    for box in place.settings.mailbox if place.settings else ():
        cursor = ledger.mails.cursor(box.account, box.folder)
        status = _of(told, box.account)
        words = [f"stored up to UID {cursor.high_water}" if cursor else "nothing stored yet"]
        value = {"high_water": cursor.high_water if cursor else None}
        if status is None:
            yield Sign(f"mailbox.{box.account}", value, words[0])
            continue
        silent = status.condition is Condition.WAITING and (status.last_ok is None or now - status.last_ok > SILENT)
        words += _words(status, place)
        value |= status.model_dump(mode="json", exclude={"name"})
        warns = status.condition is Condition.WAITING or status.unsettled > 0
        yield Sign(f"mailbox.{box.account}", value, "; ".join(words), status.alarm or silent, warns=warns)
    if place.settings is not None and running and (told is None or not told.fresh(now)):
        last = f"since {moment(told.at, place.zone)}" if told else "at all"
        yield Sign("status", None, f"the daemon has not said how its mailboxes do {last}", warns=True)


def _of(told: SiteStatus | None, account: str) -> BoxStatus | None:
    return next((box for box in told.mailboxes if box.name == account), None) if told else None


def _words(status: BoxStatus, place: Place) -> Iterator[str]:
    if status.last_ok:
        yield f"read {moment(status.last_ok, place.zone)}"
    if status.alarm:
        yield f"REFUSED {moment(status.last_error_at, place.zone)}: {status.last_error}; a person must act"
    elif status.condition is Condition.WAITING:
        yield f"{status.failures} rounds failed: {status.last_error}"
    if status.unsettled:
        yield f"{status.unsettled} mails are listed that the server does not give"
