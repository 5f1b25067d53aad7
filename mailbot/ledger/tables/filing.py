"""Which mails were moved to other folders of their server."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from mailbot.ledger.tables.base import Base, table


class FilingRow(Base, table=True):
    """A mail that is moved no more. `folder` is where it went; empty: it was not found as it was stored, and stays."""

    __tablename__ = "filings"

    mail_id: int = Field(primary_key=True, foreign_key="mails.id", sa_column_kwargs={"autoincrement": False})
    folder: str
    at: datetime


filings = table(FilingRow)
