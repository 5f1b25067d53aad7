"""What every table shares: one metadata whose constraints all have names (or a migration could not alter them), JSON
columns, and the check that a state column holds a word of its enum.

Column types are left to SQLModel: a `datetime` is stored as UTC, and a naive one is refused.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, MetaData, Table
from sqlmodel import SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
Json = dict[str, object]
JSON_COLUMN = JSON(none_as_null=True)
"""JSON whose `None` is NULL. Values are replaced whole: a change inside one is not seen."""


class Base(SQLModel):
    """The base of all tables of the ledger."""

    metadata = MetaData(naming_convention=NAMES)


def words(column: str, enum: type[StrEnum]) -> CheckConstraint:
    """The CHECK that a text column holds a word of its enum."""
    allowed = ", ".join(f"'{member.value}'" for member in enum)
    return CheckConstraint(f"{column} IN ({allowed})", name=column)


def table(row: type[Base]) -> Table:
    """The Core table of a table class: statements are written against it, in bulk."""
    return Base.metadata.tables[str(row.__tablename__)]
