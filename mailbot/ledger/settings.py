"""The site's switches: its mode, and whether effects are paused. A named person sets them; every change is an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, insert, select

from mailbot.ledger.codec import clean
from mailbot.ledger.db import Database, Unit
from mailbot.ledger.statement import Statement
from mailbot.ledger.tables.journal import bindings, settings


class Mode(StrEnum):
    """What leaves the house by itself: nothing; effects but no letters; everything."""

    REHEARSAL = "rehearsal"
    DRAFTS = "drafts"
    LIVE = "live"


SETTINGS = "mailbot.toml"
"""The actor of a site's first mode: whoever wrote the settings."""
_MODE, _PAUSED, _YES, _NO = "mode", "paused", "yes", "no"
_VALUE = Statement(select(settings.c.value).where(settings.c.name == bindparam("name")))


def mode(conn: Connection) -> Mode:
    """The mode in force; a site where nobody has switched yet rehearses."""
    value = _VALUE.scalar(conn, {"name": _MODE})
    return Mode.REHEARSAL if value is None else Mode(value)


def paused(conn: Connection) -> bool:
    """Whether effects are paused."""
    return bool(_VALUE.scalar(conn, {"name": _PAUSED}) == _YES)


def bind(unit: Unit, sender_key: str, unit_key: str, actor: str, now: datetime) -> None:
    """Record that a person confirmed a sender for a unit; a second time changes nothing."""
    sender_key = sender_key.casefold()
    same = (bindings.c.sender_key == sender_key, bindings.c.unit_key == unit_key)
    if unit.conn.execute(select(bindings.c.actor).where(*same)).first() is None:
        values = {"sender_key": sender_key, "unit_key": unit_key, "actor": clean(actor), "at": now}
        unit.conn.execute(insert(bindings).values(values))
        unit.note("sender.bound", now, actor=clean(actor), sender=sender_key, unit=unit_key)


@dataclass(frozen=True, slots=True)
class Binding:
    """A sender (an address, or `@domain`) that a person confirmed for a unit."""

    sender: str
    unit: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Switches:
    """Reads and sets the switches and the bindings."""

    db: Database

    def mode(self) -> Mode:
        """The mode in force."""
        with self.db.read() as conn:
            return mode(conn)

    def begin(self, at_first: str, now: datetime) -> Mode:
        """The mode in force; a site that nobody has switched yet begins in that of its settings. Raises `ValueError`
        for a word that is no mode."""
        with self.db.read() as conn:
            switched = conn.execute(select(settings.c.value).where(settings.c.name == _MODE)).first() is not None
        if not switched:
            self.set_mode(Mode(at_first), SETTINGS, now)
        return self.mode()

    def set_mode(self, to: Mode, actor: str, now: datetime, reason: str = "") -> None:
        """Switch the mode. What was planned before keeps waiting as it was planned."""
        self._set(_MODE, to.value, actor, now, reason)

    def paused(self) -> bool:
        """Whether effects are paused."""
        with self.db.read() as conn:
            return paused(conn)

    def pause(self, actor: str, reason: str, now: datetime) -> None:
        """Let no effect start; those under way end."""
        self._set(_PAUSED, _YES, actor, now, reason)

    def resume(self, actor: str, now: datetime) -> None:
        """Let effects start again."""
        self._set(_PAUSED, _NO, actor, now)

    def bind(self, sender_key: str, unit_key: str, actor: str, now: datetime) -> None:
        """Confirm a sender (an address, or a domain) for a unit, by a named person."""
        with self.db.write("bind") as unit:
            bind(unit, sender_key, unit_key, actor, now)

    def bindings(self) -> list[Binding]:
        """Every confirmation in force, by sender."""
        query = select(bindings.c.sender_key, bindings.c.unit_key, bindings.c.actor, bindings.c.at)
        with self.db.read() as conn:
            rows = conn.execute(query.order_by(bindings.c.sender_key, bindings.c.unit_key))
            return [Binding(*row) for row in rows]

    def unbind(self, sender_key: str, unit_key: str, actor: str, now: datetime) -> bool:
        """Take a confirmation back; whether there was one."""
        same = (bindings.c.sender_key == sender_key.casefold(), bindings.c.unit_key == unit_key)
        with self.db.write("unbind") as unit:
            gone = unit.conn.execute(delete(bindings).where(*same)).rowcount > 0
            if gone:
                unit.note("sender.unbound", now, actor=clean(actor), sender=sender_key, unit=unit_key)
        return gone

    def _set(self, name: str, value: str, actor: str, now: datetime, reason: str = "") -> None:
        with self.db.write("set") as unit:
            unit.conn.execute(delete(settings).where(settings.c.name == name))
            unit.conn.execute(insert(settings).values(name=name, value=value, actor=clean(actor), at=now))
            unit.note(f"site.{name}", now, actor=clean(actor), about=value, reason=clean(reason))
