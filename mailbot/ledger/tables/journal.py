"""The audit chain with its purgeable details, the site's switches, and the bindings that people made."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from mailbot.ledger.tables.base import Base, table


class EventRow(Base, table=True):
    """One link of the chain. What stands here is for ever: no name, no number, only a salted digest of the detail."""

    __tablename__ = "events"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    actor: str
    kind: str
    mail_id: int | None = Field(default=None, index=True)
    case_id: str | None = Field(default=None, index=True)
    about: str | None = None
    digest: str
    hash: str


class EventDetailRow(Base, table=True):
    """The purgeable side of an event, as the JSON text that its digest covers. Without the salt the digest tells
    nothing."""

    __tablename__ = "event_details"

    event_id: int = Field(primary_key=True, foreign_key="events.id", sa_column_kwargs={"autoincrement": False})
    salt: str
    detail: str


class ChainHeadRow(Base, table=True):
    """The end of the chain, sealed with the site's key: a cut tail shows, and a rebuilt chain as well."""

    __tablename__ = "chain_heads"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int
    hash: str
    seal: str


class BindingRow(Base, table=True):
    """A sender (address or domain) that a person confirmed for a unit."""

    __tablename__ = "bindings"

    sender_key: str = Field(primary_key=True)
    unit_key: str = Field(primary_key=True, index=True)
    actor: str
    at: datetime


class SettingRow(Base, table=True):
    """A switch of the site as a person last set it."""

    __tablename__ = "settings"

    name: str = Field(primary_key=True)
    value: str
    actor: str
    at: datetime


events = table(EventRow)
event_details = table(EventDetailRow)
chain_heads = table(ChainHeadRow)
bindings = table(BindingRow)
settings = table(SettingRow)
