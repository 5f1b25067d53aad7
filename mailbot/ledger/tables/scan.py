"""What was read from pictures, by the bytes of the picture and who read them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from mailbot.ledger.tables.base import Base, table


class ScanRow(Base, table=True):
    """One reading of one picture as JSON: personal data that may be deleted at any time, at the price of reading again.
    `tries` counts how often its reader was stopped at it."""

    __tablename__ = "scans"

    sha256: str = Field(primary_key=True)
    engine: str = Field(primary_key=True)
    at: datetime = Field(index=True)
    tries: int
    scan: str


scans = table(ScanRow)
