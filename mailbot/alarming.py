"""Raises the alarms of a running site: every red sign is told once by the site's road, and its end once."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from mailbot.alarm import Message, Road
from mailbot.assembly import Parts
from mailbot.config import Settings
from mailbot.credentials import Secrets
from mailbot.domain.ports import PortError
from mailbot.status_file import read_status
from mailbot.vitals import Site, vitals

log = structlog.get_logger("mailbot.alarm")


def road_of(settings: Settings, secrets: Secrets, environ: Mapping[str, str]) -> Road:
    """The road of the settings. The address of a webhook is read when it is used."""
    alarm = settings.alarm
    webhook = secrets.password("alarm") if alarm.secret is not None else None
    if alarm.webhook is not None:
        address = alarm.webhook
        webhook = lambda: address  # noqa: E731 -- as the other one is read
    return Road(alarm.command, webhook, environ, alarm.ca_file)


def raise_alarms(parts: Parts, settings: Settings, road: Road) -> int:
    """Compare what stands with what was told, and tell what is new; how many messages went. What nobody could be told
    is tried again later, and is on record."""
    if not road.names:
        return 0
    now, ledger = parts.clock.now(), parts.ledger
    site = Site(settings.mailbox, read_status(parts.site.storage), parts.site.storage, parts.zone)
    red = {sign.name: sign.alarm for sign in vitals(ledger, site, now) if sign.alarm}
    told = 0
    for alarm in ledger.alarms.compare(now, red):
        since = alarm.raised_at.astimezone(parts.zone)
        try:
            went = road.tell(Message(settings.site.name, alarm.name, alarm.text, since, cleared=alarm.cleared))
        except PortError as fault:
            again = ledger.alarms.failed(alarm, str(fault), now)
            log.warning("nobody could be told of an alarm", alarm=alarm.name, fault=str(fault), again=again.isoformat())
            continue
        ledger.alarms.told(alarm, went, now)
        log.warning("alarm told", alarm=alarm.name, cleared=alarm.cleared, road=went)
        told += 1
    return told
