"""Cases, their frozen versions, their items, and what ties them to mails, orders and claims."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from mailbot.domain.states import ItemState
from mailbot.ledger.tables.base import JSON_COLUMN, Base, Json, table, words


class Role(StrEnum):
    """How a mail belongs to a case: it opened it, follows it, or is a copy of one that does."""

    OPENS = "opens"
    FOLLOWS = "follows"
    COPY = "copy"


class CaseRow(Base, table=True):
    """One case as it stands. `row_version` rises with every commit that touches it; `state` is the fold of its items.
    `waits`: the sender was told of an open end, and is owed a result (`results` counts those planned)."""

    __tablename__ = "cases"
    __table_args__ = (words("state", ItemState), Index(None, "state", "due_at"))

    id: str = Field(primary_key=True)
    kind: str
    version: int
    row_version: int
    state: str
    outcome: str
    source: Json = Field(sa_type=JSON_COLUMN)
    header: Json = Field(sa_type=JSON_COLUMN)
    findings: list[Json] | None = Field(default=None, sa_type=JSON_COLUMN)
    due_at: datetime | None = None
    provisional: bool
    rulebook: str
    fingerprint: str | None = Field(default=None, index=True)
    reason: str | None = None
    waits: bool
    results: int
    opened_at: datetime = Field(index=True)
    changed_at: datetime


class CaseVersionRow(Base, table=True):
    """What a version of a case was judged by, frozen: `at` is the clock value of that pass."""

    __tablename__ = "case_versions"

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    version: int = Field(primary_key=True)
    mail_id: int | None = Field(default=None, foreign_key="mails.id")
    at: datetime
    outcome: str
    rulebook: str
    source: Json = Field(sa_type=JSON_COLUMN)
    header: Json = Field(sa_type=JSON_COLUMN)
    findings: list[Json] | None = Field(default=None, sa_type=JSON_COLUMN)
    context: Json = Field(sa_type=JSON_COLUMN)


class ItemRow(Base, table=True):
    """One item of a case; `data` holds the values that may be purged, `findings` only where there are any, `clock` only
    where the time limit does not run from the case's arrival on or stood still since."""

    __tablename__ = "items"
    __table_args__ = (words("state", ItemState), Index(None, "case_id", "state", "due_at"))

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    number: int = Field(primary_key=True)
    kind: str
    identity: str | None = Field(default=None, index=True)
    place: Json = Field(sa_type=JSON_COLUMN)
    data: Json = Field(sa_type=JSON_COLUMN)
    status: str
    state: str
    findings: list[Json] | None = Field(default=None, sa_type=JSON_COLUMN)
    proposed: bool
    decided_by: str | None = None
    due_at: datetime | None = None
    waiting_since: datetime | None = None
    clock: Json | None = Field(default=None, sa_type=JSON_COLUMN)


class CaseMailRow(Base, table=True):
    """Which mails belong to a case, and how."""

    __tablename__ = "case_mails"
    __table_args__ = (words("role", Role),)

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    mail_id: int = Field(primary_key=True, foreign_key="mails.id", index=True)
    role: str = Field(primary_key=True)


class CaseOrderRow(Base, table=True):
    """The order numbers of a case, as keyed hashes."""

    __tablename__ = "case_orders"

    order_hash: str = Field(primary_key=True)
    case_id: str = Field(primary_key=True, foreign_key="cases.id", index=True)


class ClaimRow(Base, table=True):
    """What must hold across cases: one owner per key."""

    __tablename__ = "claims"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "number"], ["items.case_id", "items.number"]),
        Index(None, "case_id", "number"),
    )

    key: str = Field(primary_key=True)
    case_id: str
    number: int


cases = table(CaseRow)
case_versions = table(CaseVersionRow)
items = table(ItemRow)
case_mails = table(CaseMailRow)
case_orders = table(CaseOrderRow)
claims = table(ClaimRow)
