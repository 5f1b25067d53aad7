"""What payment proofs leave behind: their pictures, the years they used orders for, and the register of payments."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from mailbot.ledger.tables.base import Base, table


class CasePictureRow(Base, table=True):
    """A picture that came to a case, by the hash of its pixels and by its perceptual hash (empty: it has none)."""

    __tablename__ = "case_pictures"

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    pixels: str = Field(primary_key=True, index=True)
    looks: str = Field(index=True)


class LookBandRow(Base, table=True):
    """One band of a perceptual hash that some picture has: how a hash that differs in a few bits is found."""

    __tablename__ = "look_bands"

    band: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    looks: str = Field(primary_key=True)


class OrderUseRow(Base, table=True):
    """The make-up year that an item uses an order for; its person and state are the item's."""

    __tablename__ = "order_uses"
    __table_args__ = (ForeignKeyConstraint(["case_id", "number"], ["items.case_id", "items.number"]),)

    case_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    order_hash: str = Field(index=True)
    year: int | None = None


class PaymentListRow(Base, table=True):
    """One register of payments that was taken in: its file, the day it speaks of, and who took it in."""

    __tablename__ = "payment_lists"

    number: int = Field(primary_key=True)
    name: str
    sha256: str
    as_of: date = Field(index=True)
    taken_at: datetime
    actor: str
    payments: int


class PaymentRow(Base, table=True):
    """One order of the old platforms as the newest register that names it says. People are hashes: the register is
    compared with, never read. NULL is what it does not tell."""

    __tablename__ = "payments"

    order_hash: str = Field(primary_key=True)
    person: str | None = None
    name_hash: str | None = None
    year: int | None = None
    amount: str | None = None
    status: str | None = None
    paid_on: date | None = None
    as_of: date
    list_number: int = Field(foreign_key="payment_lists.number")


case_pictures = table(CasePictureRow)
look_bands = table(LookBandRow)
order_uses = table(OrderUseRow)
payment_lists = table(PaymentListRow)
payments = table(PaymentRow)
