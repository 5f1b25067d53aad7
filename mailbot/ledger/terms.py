"""The site's few facts that the ledger works by, handed in once by the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from mailbot.domain.ports import Hasher

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""Waits after a deferred sending, one an attempt (temporary failure, RFC 5321, 4.5.4.1)."""


@dataclass(frozen=True, slots=True)
class Caps:
    """How many receipts and answers one address may get: a guard against mail loops (RFC 3834, 2)."""

    an_hour: int = 3
    a_day: int = 10


@dataclass(frozen=True, slots=True)
class Terms:
    """`zone` is the office's; `domain` stands behind the @ of our Message-IDs; `attempts` is how often a mail may be
    tried; `unknown_wait` passes before a letter of unknown fate is sent once more; `undo` before an effect may start.
    Without `caps` none apply."""

    hasher: Hasher
    zone: ZoneInfo
    domain: str
    attempts: int = 3
    unknown_wait: timedelta = timedelta(minutes=10)
    back_off: tuple[timedelta, ...] = BACK_OFF
    caps: Caps | None = Caps()
    undo: timedelta = timedelta(0)
