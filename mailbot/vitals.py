"""How the site does, judged by what flows: mails that come in, mails that are worked through, letters that leave.

`health` shows these signs, and the running daemon raises an alarm for every red one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from mailbot.config_accounts import MailboxAccount
from mailbot.intake.status import Condition
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.stops import WHOLE_HOUSE
from mailbot.ledger.tables.stops import Scope
from mailbot.status_file import SILENT, BoxStatus, SiteStatus
from mailbot.stopped import needs_a_person

LONG: Final = timedelta(hours=1)
"""A mail that waits longer is stuck: polls come every minute, and retries within minutes."""
BEHIND: Final = timedelta(minutes=30)
"""How long the server may hold mails that are not stored: what it does not give is set aside after fifteen minutes."""
UNSENT: Final = timedelta(minutes=30)
"""How long a letter may be due."""
UNSWEPT: Final = timedelta(days=2)
"""A comparison comes every day."""
LOW_BYTES: Final = 500_000_000
"""Below this a burst of large mails (60 MB each) fills the disk."""
_STOPS: Final = {
    Scope.LOGIN: "发信服务器拒绝登录",
    Scope.LINE: "发信服务器无法连接或拒绝服务",
    Scope.BRAKE: "发信过多，已自动停下",
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One fact about the site: its name, its value for JSON, its words, and whether it is red, or worth a look. What is
    red says in `alarm` what people are told by another road; without it they are told nothing."""

    name: str
    value: object
    words: str
    red: bool = False
    warns: bool = False
    alarm: str = ""

    @property
    def colour(self) -> str:
        """How the sign stands, in one word."""
        return "RED" if self.red else "warn" if self.warns else "ok"


@dataclass(frozen=True, slots=True)
class Site:
    """What is looked at besides the ledger: the mailboxes of the settings, the daemon's last word on them (`None`: it
    said none), where the site keeps its data, and the office's zone."""

    boxes: Sequence[MailboxAccount]
    told: SiteStatus | None
    storage: Path
    zone: ZoneInfo

    def status(self, account: str) -> BoxStatus | None:
        """The daemon's last word on a mailbox."""
        return next((box for box in self.told.mailboxes if box.name == account), None) if self.told else None

    def shown(self, at: datetime | None) -> str:
        """A moment as the office reads it; empty without one."""
        return _shown(at, self.zone)


def _shown(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def vitals(ledger: Ledger, site: Site, now: datetime) -> list[Sign]:
    """Every sign of life."""
    return [
        *mailbox_signs(ledger, site, now),
        *sweep_signs(ledger, site, now),
        oldest_mail(ledger, site, now),
        oldest_letter(ledger, site, now),
        *stop_signs(ledger, site, now),
        disk_sign(site.storage),
    ]


def mailbox_signs(ledger: Ledger, site: Site, now: datetime) -> Iterator[Sign]:
    """One sign a mailbox: how far it is stored, and what the daemon last said of it."""
    for box in site.boxes:
        cursor, status = ledger.mails.cursor(box.account, box.folder), site.status(box.account)
        words = [f"stored up to UID {cursor.high_water}" if cursor else "nothing stored yet"]
        value: dict[str, object] = {"high_water": cursor.high_water if cursor else None}
        if cursor is not None and cursor.since is not None:
            value |= {"since": cursor.since.isoformat(), "stock": cursor.stock}
            words.append(f"what came before {site.shown(cursor.since)} is left alone up to UID {cursor.stock}")
        if status is None:
            yield Sign(f"mailbox.{box.account}", value, "; ".join(words))
            continue
        value |= status.model_dump(mode="json", exclude={"name"})
        words += _words(status, site)
        alarm = box_alarm(status, site.zone, now)
        warns = status.condition is Condition.WAITING or status.unsettled > 0 or status.ahead > 0
        yield Sign(f"mailbox.{box.account}", value, "; ".join(words), bool(alarm), warns, alarm)


def _words(status: BoxStatus, site: Site) -> Iterator[str]:
    if status.last_ok:
        yield f"read {site.shown(status.last_ok)}"
    if status.alarm:
        yield f"REFUSED {site.shown(status.last_error_at)}: {status.last_error}; a person must act"
    elif status.condition is Condition.WAITING:
        yield f"{status.failures} rounds failed: {status.last_error}"
    if status.unsettled:
        yield f"{status.unsettled} mails are listed that the server does not give"
    if status.ahead:
        yield f"{status.ahead} mails of the server are not stored yet, since {site.shown(status.ahead_since)}"


def box_alarm(status: BoxStatus, zone: ZoneInfo, now: datetime) -> str:
    """What people are told of a mailbox that brings nothing in, or not all; empty where it does."""
    if status.alarm:
        return f"信箱 {status.name} 无法登录，收不到来信，请核对密码或授权码（mailbot check）"
    if status.condition is Condition.WAITING and (status.last_ok is None or now - status.last_ok > SILENT):
        since = f"自 {_shown(status.last_ok, zone)} 起" if status.last_ok else "一直"
        return f"信箱 {status.name} {since}无法收取来信（mailbot health）"
    if status.ahead_since is not None and now - status.ahead_since > BEHIND:
        since = _shown(status.ahead_since, zone)
        return f"信箱 {status.name} 的服务器上有来信未能取回，自 {since} 起（mailbot health）"
    return ""


def sweep_signs(ledger: Ledger, site: Site, now: datetime) -> Iterator[Sign]:
    """One sign a mailbox that was compared with its server: a gap is red until the next comparison finds none."""
    for box in site.boxes:
        last = ledger.sweeps.last(box.account)
        if last is None or not last.folders:
            continue
        listed = sum(one.listed for one in last.folders)
        words = f"compared {site.shown(last.at)}: {listed} mails on the server, {last.taken} were missing here"
        alarm = f"信箱 {box.account} 有 {last.taken} 封来信曾漏取，现已补取，请查明原因" if last.taken else ""
        value = {"at": last.at.isoformat(), "listed": listed, "taken": last.taken}
        yield Sign(f"sweep.{box.account}", value, words, bool(alarm), now - last.at > UNSWEPT, alarm)


def oldest_mail(ledger: Ledger, site: Site, now: datetime) -> Sign:
    """Since when the oldest unprocessed mail waits."""
    oldest = ledger.queries.counts().oldest_waiting
    if oldest is None:
        return Sign("oldest", None, "no mail waits")
    alarm = f"有来信自 {site.shown(oldest)} 起未处理（mailbot health）" if now - oldest > LONG else ""
    return Sign("oldest", oldest.isoformat(), f"waits since {site.shown(oldest)}", bool(alarm), alarm=alarm)


def oldest_letter(ledger: Ledger, site: Site, now: datetime) -> Sign:
    """Since when the oldest letter is due that could leave. Drafts wait for people, and are told elsewhere; what a
    person paused is late by that person's will."""
    oldest = ledger.flows.oldest_letter(now)
    if oldest is None:
        return Sign("letter", None, "no letter is due")
    late = now - oldest > UNSENT
    paused = any(stop.scope is Scope.PAUSE for stop in ledger.stops.active(now))
    alarm = f"有信件自 {site.shown(oldest)} 起未能发出（mailbot health）" if late and not paused else ""
    words = f"the oldest is due since {site.shown(oldest)}"
    return Sign("letter", oldest.isoformat(), words, bool(alarm), late and paused, alarm)


def stop_signs(ledger: Ledger, site: Site, now: datetime) -> Iterator[Sign]:
    """Whatever keeps all letters from leaving. What passes by itself, and a person's own pause, are no alarm."""
    for stop in ledger.stops.active(now):
        if stop.scope not in WHOLE_HOUSE:
            continue
        until = f" until {site.shown(stop.until)}" if stop.until else ""
        words = f"no letter leaves{until}: {stop.reason}"
        alarm = f"{_STOPS[stop.scope]}，信件暂不发出（mailbot health）" if needs_a_person(stop) else ""
        yield Sign(f"letters.{stop.scope}", stop.reason, words, bool(alarm), not alarm, alarm)


def disk_sign(storage: Path) -> Sign:
    """Whether the disk takes a burst of mail."""
    free = shutil.disk_usage(storage).free
    alarm = f"磁盘将满，剩余 {free // 1_000_000} MB" if free < LOW_BYTES else ""
    return Sign("disk", free, f"{free // 1_000_000} MB free", bool(alarm), alarm=alarm)
