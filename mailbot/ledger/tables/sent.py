"""What staff wrote by hand: mails of the Sent folders that are not letters of ours, kept whole. They open no case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field

from mailbot.domain.sent import SentState
from mailbot.ledger.tables.base import JSON_COLUMN, Base, table, words


class SentMailRow(Base, table=True):
    """One mail of a Sent folder. `replies` are the Message-IDs that it answers, `recipients` whom it goes to, `numbers`
    the case numbers that stand in it; `cases` are those that it was found to answer."""

    __tablename__ = "sent_mails"
    __table_args__ = (UniqueConstraint("account", "mailbox", "uidvalidity", "uid"), words("state", SentState))

    id: int | None = Field(default=None, primary_key=True)
    account: str
    mailbox: str
    uidvalidity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)
    sha256: str = Field(index=True)
    size: int = Field(sa_type=BigInteger)
    sent_at: datetime
    state: str = Field(index=True)
    attempts: int
    message_id: str | None = None
    replies: list[str] | None = Field(default=None, sa_type=JSON_COLUMN)
    recipients: list[str] | None = Field(default=None, sa_type=JSON_COLUMN)
    numbers: list[str] | None = Field(default=None, sa_type=JSON_COLUMN)
    cases: list[str] | None = Field(default=None, sa_type=JSON_COLUMN)


sent_mails = table(SentMailRow)
