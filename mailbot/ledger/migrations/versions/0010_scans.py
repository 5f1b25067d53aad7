"""What was read from pictures, so that the same bytes are not read twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table that nothing refers to: its rows may go at any time."""
    op.create_table(
        "scans",
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("engine", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("scan", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "engine", name=op.f("pk_scans")),
    )
    op.create_index(op.f("ix_scans_at"), "scans", ["at"], unique=False)
