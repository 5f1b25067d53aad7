"""The platform's orders as dated lists told them, and the lists themselves: what is known is true as of a day."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from mailbot.ledger.tables.base import Base, table


class OrderListRow(Base, table=True):
    """One list that was taken in: its file, the day it speaks of, and who took it in."""

    __tablename__ = "order_lists"

    number: int = Field(primary_key=True)
    name: str
    sha256: str
    as_of: date = Field(index=True)
    taken_at: datetime
    actor: str
    orders: int


class OrderRow(Base, table=True):
    """One order as the newest list that names it says: the unit that bought, its tax number, how many codes, whether
    it is paid. NULL is what that list does not tell."""

    __tablename__ = "orders"

    order_hash: str = Field(primary_key=True)
    order_no: str
    unit: str | None = None
    tax_id: str | None = None
    codes: int | None = None
    paid: bool | None = None
    as_of: date
    list_number: int = Field(foreign_key="order_lists.number")


order_lists = table(OrderListRow)
orders = table(OrderRow)
