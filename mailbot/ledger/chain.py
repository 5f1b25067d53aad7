"""The event chain: each event's hash covers the one before it and a salted digest of its detail.

The detail (what may hold personal data) lies in its own table with its salt and can be purged: the digest stays and the
chain still verifies. The head names the last event and is sealed with the site's key.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from mailbot.domain.outcome import Json
from mailbot.domain.ports import Hasher
from mailbot.ledger.codec import Columns, dumps
from mailbot.ledger.statement import Statement
from mailbot.ledger.tables.journal import chain_heads, event_details, events

GENESIS = "0" * 64
HEAD = 1
# Built once: every commit runs them.
_HEAD = Statement(select(chain_heads.c.last, chain_heads.c.hash).where(chain_heads.c.id == HEAD).with_for_update())
_ADD_EVENTS = Statement(insert(events))
_ADD_DETAILS = Statement(insert(event_details))
_ADD_HEAD = Statement(insert(chain_heads))
_MOVE_HEAD = Statement(
    update(chain_heads)
    .where(chain_heads.c.id == bindparam("b_id"))
    .values(last=bindparam("b_last"), hash=bindparam("b_hash"), seal=bindparam("b_seal"))
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `about` holds no personal data and stays for ever; `detail` can be purged."""

    at: datetime
    actor: str
    kind: str
    mail_id: int | None = None
    case_id: str | None = None
    about: str | None = None
    detail: Json = field(default_factory=dict)


def digest(salt: str, detail: str) -> str:
    """What the chain keeps of a detail: SHA-256 over its salt and its stored text."""
    return hashlib.sha256(f"{salt}:{detail}".encode()).hexdigest()


def link(previous: str, number: int, event: Event, detail_digest: str) -> str:
    """The hash of an event: over everything in its row and the hash of the row before it."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    row = [previous, number, at, event.actor, event.kind, event.mail_id, event.case_id, event.about, detail_digest]
    return hashlib.sha256(dumps(row).encode()).hexdigest()


def seal(hasher: Hasher, last: int, head: str) -> str:
    """The keyed seal of a head."""
    return hasher.token(f"chain:{last}:{head}")


def append(conn: Connection, new: Sequence[Event], hasher: Hasher) -> None:
    """Add events to the chain, in order, within the caller's transaction."""
    if not new:
        return
    head = _HEAD.first(conn)
    last, previous = (0, GENESIS) if head is None else (int(head[0]), str(head[1]))
    rows: list[Columns] = []
    details: list[Columns] = []
    for event in new:
        last += 1
        salt = secrets.token_hex(16)
        detail = dumps(dict(event.detail))
        covered = digest(salt, detail)
        previous = link(previous, last, event, covered)
        rows.append(_row(last, event, covered, previous))
        details.append({"event_id": last, "salt": salt, "detail": detail})
    _ADD_EVENTS.run_all(conn, rows)
    _ADD_DETAILS.run_all(conn, details)
    values = {"id": HEAD, "last": last, "hash": previous, "seal": seal(hasher, last, previous)}
    if head is None:
        _ADD_HEAD.run(conn, values)
    else:
        _MOVE_HEAD.run(conn, {f"b_{name}": value for name, value in values.items()})


def _row(number: int, event: Event, covered: str, hashed: str) -> Columns:
    return {
        "id": number,
        "at": event.at,
        "actor": event.actor,
        "kind": event.kind,
        "mail_id": event.mail_id,
        "case_id": event.case_id,
        "about": event.about,
        "digest": covered,
        "hash": hashed,
    }
