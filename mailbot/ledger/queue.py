"""The fair queue of mails: whose turn it is, so that one sender's thousand mails never delay another's single one.

Every mail gets a `turn` when it begins to wait: one behind the last waiting mail of its lane, but never before the mail
that is next for anybody (start-time fair queueing). The smallest turn goes first. A lane is the address in the raw From
line, read roughly and trusted for nothing else: the mail is not opened yet.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection, bindparam, func, select

from mailbot.domain.mail import MailState
from mailbot.ledger.statement import Statement
from mailbot.ledger.tables.mail import mails

_HEADER_BYTES = 65_536
_FROM = re.compile(rb"^from:(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(rb"[^\s<>\"@,;:()]{1,128}@[^\s<>\"@,;:()]{1,255}")
_WAITING = mails.c.state == MailState.STORED.value
_TURNS = Statement(
    select(
        select(func.min(mails.c.turn)).where(_WAITING, mails.c.retry_at.is_(None)).scalar_subquery(),
        select(func.max(mails.c.turn)).where(_WAITING, mails.c.lane == bindparam("lane")).scalar_subquery(),
    )
)
UNKNOWN_LANE = ""
"""All mails without a readable sender share one lane."""


def lane(raw: bytes) -> str:
    """The rough sender of a raw mail, in lower case."""
    head = raw[:_HEADER_BYTES].partition(b"\r\n\r\n")[0].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    line = _FROM.search(head)
    address = _ADDRESS.search(line[1]) if line else None
    return address[0].decode("ascii", "replace").lower() if address else UNKNOWN_LANE


def next_turn(conn: Connection, of_lane: str) -> int:
    """The turn of a mail of this lane that begins to wait now."""
    [(first, last)] = _TURNS.rows(conn, {"lane": of_lane})
    return max(int(first or 1) - 1, int(last or 0)) + 1
