"""The site's few facts that the ledger works by, handed in once by the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from mailbot.domain.ports import Hasher

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""Waits after a deferred sending, one an attempt (temporary failure, RFC 5321, 4.5.4.1)."""


LINE_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15))
"""Rests of the whole way out after it gave no passage."""
LOGIN_WAITS = tuple(timedelta(minutes=minutes) for minutes in (15, 30))
"""The same after a refused login: more tries lock an account."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Guards against mail loops and runaway letters (RFC 3834, 2). `an_hour` and `a_day` are receipts, requests and
    answers to one address; `house` and `mailbox` all letters of an hour, of the site and in answer to one mailbox;
    within `same_text` the same words go to an address once; what waited is gathered by `gathered` cases a letter."""

    an_hour: int = 3
    a_day: int = 10
    house: int = 300
    mailbox: int = 200
    same_text: timedelta = timedelta(hours=24)
    gathered: int = 20


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
    line_waits: tuple[timedelta, ...] = LINE_WAITS
    login_waits: tuple[timedelta, ...] = LOGIN_WAITS
    caps: Caps | None = Caps()
    undo: timedelta = timedelta(0)
