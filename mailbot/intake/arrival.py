"""When a mail arrived: the server's INTERNALDATE, never the sender's Date. Pure.

A server that lost its dates (a restored backup) tells 1970, one with a wrong clock tomorrow. Then the line that our own
server wrote on top of the mail when it took it counts, and without one the moment of fetching.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""No mailbox that is served by IMAP is older."""
AHEAD: Final = timedelta(days=1)
"""How far a server's clock may be ahead of ours."""
_HEAD_BYTES: Final = 16_384
_FIRST: Final = re.compile(rb"^received:((?:[^\n]*\n[ \t])*[^\n]*)", re.IGNORECASE | re.MULTILINE)


def plausible(at: datetime | None, now: datetime) -> bool:
    """Whether a mail may have arrived then."""
    return at is not None and EARLIEST <= at <= now + AHEAD


def arrived(told: datetime | None, raw: bytes, now: datetime) -> datetime:
    """When a mail arrived: as the server told, else as the topmost Received line says, else now."""
    if told is not None and plausible(told, now):
        return told
    stamped = _received(raw)
    return stamped if stamped is not None and plausible(stamped, now) else now


def _received(raw: bytes) -> datetime | None:
    """The date behind the last semicolon of the topmost Received line (RFC 5321, 4.4)."""
    head = raw[:_HEAD_BYTES].partition(b"\r\n\r\n")[0].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    line = _FIRST.search(head)
    if line is None:
        return None
    text = line[1].rpartition(b";")[2].decode("ascii", "replace")
    try:
        at = parsedate_to_datetime(" ".join(text.split()))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
