"""The platform's orders, out of dated lists; who is bound to a unit is found by the unit too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the lists, then the orders that refer to them."""
    op.create_table(
        "order_lists",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_order_lists")),
    )
    op.create_index(op.f("ix_order_lists_as_of"), "order_lists", ["as_of"], unique=False)
    op.create_table(
        "orders",
        sa.Column("order_hash", AutoString(), nullable=False),
        sa.Column("order_no", AutoString(), nullable=False),
        sa.Column("unit", AutoString(), nullable=True),
        sa.Column("tax_id", AutoString(), nullable=True),
        sa.Column("codes", sa.Integer(), nullable=True),
        sa.Column("paid", sa.Boolean(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["list_number"], ["order_lists.number"], name=op.f("fk_orders_list_number")),
        sa.PrimaryKeyConstraint("order_hash", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_bindings_unit_key"), "bindings", ["unit_key"], unique=False)
