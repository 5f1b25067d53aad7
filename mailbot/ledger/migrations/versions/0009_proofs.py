"""The pictures of payment proofs, the years that orders were used for, and the register of the old platforms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what hangs on cases, then the register with its lists."""
    _pictures()
    _order_uses()
    _payments()


def _pictures() -> None:
    op.create_table(
        "case_pictures",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("pixels", AutoString(), nullable=False),
        sa.Column("looks", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_pictures_case_id")),
        sa.PrimaryKeyConstraint("case_id", "pixels", name=op.f("pk_case_pictures")),
    )
    op.create_index(op.f("ix_case_pictures_pixels"), "case_pictures", ["pixels"], unique=False)
    op.create_index(op.f("ix_case_pictures_looks"), "case_pictures", ["looks"], unique=False)
    op.create_table(
        "look_bands",
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("looks", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("band", "looks", name=op.f("pk_look_bands")),
    )


def _order_uses() -> None:
    op.create_table(
        "order_uses",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_hash", AutoString(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id", "number"], ["items.case_id", "items.number"], name=op.f("fk_order_uses_case_id_number")
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_order_uses")),
    )
    op.create_index(op.f("ix_order_uses_order_hash"), "order_uses", ["order_hash"], unique=False)


def _payments() -> None:
    op.create_table(
        "payment_lists",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("payments", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_payment_lists")),
    )
    op.create_index(op.f("ix_payment_lists_as_of"), "payment_lists", ["as_of"], unique=False)
    op.create_table(
        "payments",
        sa.Column("order_hash", AutoString(), nullable=False),
        sa.Column("person", AutoString(), nullable=True),
        sa.Column("name_hash", AutoString(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("amount", AutoString(), nullable=True),
        sa.Column("status", AutoString(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["list_number"], ["payment_lists.number"], name=op.f("fk_payments_list_number")),
        sa.PrimaryKeyConstraint("order_hash", name=op.f("pk_payments")),
    )
