"""Mails as they came, and how far each mailbox is stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from mailbot.domain.mail import MailState
from mailbot.ledger.tables.base import JSON_COLUMN, Base, Json, table, words


class MailRow(Base, table=True):
    """One mail of one mailbox. `lane` and `turn` are its place in the fair queue, `token` the number of its last claim.
    `message_id` is the sender's to choose and therefore never unique."""

    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("account", "mailbox", "uidvalidity", "uid"),
        words("state", MailState),
        Index(None, "state", "retry_at", "turn", "id"),
        Index(None, "lane", "state", "turn"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account: str
    mailbox: str
    address: str
    uidvalidity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)
    sha256: str = Field(index=True)
    size: int = Field(sa_type=BigInteger)
    received_at: datetime
    lane: str
    turn: int = Field(sa_type=BigInteger)
    state: str
    attempts: int
    token: int
    retry_at: datetime | None = None
    last_error: str | None = None
    message_id: str | None = Field(default=None, index=True)
    thread: list[str] | None = Field(default=None, sa_type=JSON_COLUMN)
    sender: str | None = None
    subject: str | None = None
    content: str | None = None
    findings: list[Json] | None = Field(default=None, sa_type=JSON_COLUMN)
    marks: list[str] | None = Field(default=None, sa_type=JSON_COLUMN)
    summary: Json | None = Field(default=None, sa_type=JSON_COLUMN)
    duplicate_of: int | None = Field(default=None, foreign_key="mails.id")
    ended_at: datetime | None = None


class CursorRow(Base, table=True):
    """How far a mailbox is stored. Up to the UID `stock`, which stood there at the first look, mails that arrived
    before `since` were left where they are."""

    __tablename__ = "cursors"

    account: str = Field(primary_key=True)
    mailbox: str = Field(primary_key=True)
    uidvalidity: int = Field(sa_type=BigInteger)
    high_water: int = Field(sa_type=BigInteger)
    stock: int | None = Field(default=None, sa_type=BigInteger)
    since: datetime | None = None


class FetchTryRow(Base, table=True):
    """A mail that the server lists and did not give so far: how heavily that weighs, and when it is asked for next."""

    __tablename__ = "fetch_tries"

    account: str = Field(primary_key=True)
    mailbox: str = Field(primary_key=True)
    uidvalidity: int = Field(primary_key=True, sa_type=BigInteger)
    uid: int = Field(primary_key=True, sa_type=BigInteger)
    weight: int
    next_at: datetime
    detail: str


mails = table(MailRow)
cursors = table(CursorRow)
fetch_tries = table(FetchTryRow)
