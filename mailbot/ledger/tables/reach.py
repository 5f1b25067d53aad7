"""Letters that came back, and the units that cases speak of."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from mailbot.ledger.tables.base import Base, table


class BounceRow(Base, table=True):
    """One letter that a mail server sent back, by the mail that says so. `sure`: that mail showed the letter's own
    Message-ID; `status` is the code of RFC 3463, `said` the server's words."""

    __tablename__ = "bounces"

    mail_id: int = Field(primary_key=True, foreign_key="mails.id", sa_column_kwargs={"autoincrement": False})
    letter_key: str = Field(foreign_key="letters.key", index=True)
    sure: bool
    status: str | None = None
    said: str | None = None
    at: datetime


class CaseUnitRow(Base, table=True):
    """The unit that a case names, by each key that a sender may be bound to."""

    __tablename__ = "case_units"

    unit_key: str = Field(primary_key=True)
    case_id: str = Field(primary_key=True, foreign_key="cases.id", index=True)


bounces = table(BounceRow)
case_units = table(CaseUnitRow)
