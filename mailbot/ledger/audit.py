"""Proves the event chain, and lets the details of events be purged without breaking it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from mailbot.ledger.chain import GENESIS, Event, digest, link, seal
from mailbot.ledger.codec import clean
from mailbot.ledger.db import Database
from mailbot.ledger.tables.journal import chain_heads, event_details, events

PURGED = "details.purged"
"""The event that names, by a range of numbers, whose details were purged."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of the chain found. `broken` is the number of the first event that is not as it was written (one
    behind the last where the tail is cut), `why` says what is wrong in plain words; `purged` counts purged details."""

    events: int
    purged: int
    broken: int | None = None
    why: str = ""

    @property
    def intact(self) -> bool:
        """Whether every event is as it was written."""
        return self.broken is None


@dataclass(frozen=True, slots=True)
class Link:
    """One event as read back; without a salt its detail is gone."""

    number: int
    event: Event
    digest: str
    hash: str
    salt: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Audit:
    """The auditor's side of the ledger."""

    db: Database

    def verify(self) -> Report:
        """Check every link, every detail that still stands, and the sealed head, from one state of the ledger."""
        with self.db.read() as conn:
            purged = _purged(conn)
            count, last, previous = 0, 0, GENESIS
            missing = 0
            for entry in _links(conn):
                fault = _fault(entry, last + 1, previous, purged)
                if fault:
                    return Report(count, missing, last + 1, fault)
                count, last, previous = count + 1, entry.number, entry.hash
                missing += entry.salt is None
            fault = self._head_fault(conn, last, previous)
        return Report(count, missing, last + 1 if fault else None, fault)

    def _head_fault(self, conn: Connection, last: int, previous: str) -> str:
        head = conn.execute(select(chain_heads.c.last, chain_heads.c.hash, chain_heads.c.seal)).one_or_none()
        if head is None:
            return "" if last == 0 else "the head of the chain is gone"
        if head[2] != seal(self.db.terms.hasher, head[0], head[1]):
            return "the head of the chain is not sealed with this site's key"
        if head[0] != last:
            return f"the head names event {head[0]} as the last one: events are missing at the end, or were added"
        return "" if head[1] == previous else "the head names another hash for the last event"

    def purge(self, up_to: int, actor: str, reason: str, now: datetime) -> int:
        """Purge the details of all events up to a number, for good; how many. Raises `ValueError` for a number that the
        chain does not have."""
        with self.db.write("purge") as unit:
            last = unit.conn.execute(select(chain_heads.c.last)).scalar() or 0
            if not 1 <= up_to <= last:
                raise ValueError(f"the chain has events 1 to {last}, not {up_to}")
            gone = unit.conn.execute(delete(event_details).where(event_details.c.event_id <= up_to)).rowcount
            unit.note(PURGED, now, actor=clean(actor), about=f"1-{up_to}", reason=clean(reason), count=gone)
        return gone


def _purged(conn: Connection) -> int:
    """Up to which event details may be missing."""
    ranges = conn.execute(select(events.c.about).where(events.c.kind == PURGED)).scalars()
    return max((int(str(about).rpartition("-")[2]) for about in ranges), default=0)


def _links(conn: Connection) -> Iterator[Link]:
    joined = events.outerjoin(event_details, event_details.c.event_id == events.c.id)
    columns = (event_details.c.salt, event_details.c.detail)
    rows = conn.execution_options(yield_per=1000).execute(
        select(events, *columns).select_from(joined).order_by(events.c.id)
    )
    for row in rows.mappings():
        about = (row["mail_id"], row["case_id"], row["about"])
        event = Event(row["at"], row["actor"], row["kind"], *about)
        yield Link(row["id"], event, row["digest"], row["hash"], row["salt"], row["detail"] or "")


def _fault(entry: Link, expected: int, previous: str, purged: int) -> str:
    """What is wrong with a link; empty where nothing is."""
    if entry.number != expected:
        return f"event {expected} is missing"
    if link(previous, entry.number, entry.event, entry.digest) != entry.hash:
        return f"event {entry.number} ({entry.event.kind}) is not as it was written, or stands in another's place"
    if entry.salt is None:
        return "" if entry.number <= purged else f"the detail of event {entry.number} is gone and nobody purged it"
    if digest(entry.salt, entry.detail) != entry.digest:
        return f"the detail of event {entry.number} is not as it was written"
    return ""
