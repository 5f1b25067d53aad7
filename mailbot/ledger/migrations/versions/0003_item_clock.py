"""Since when an item's time limit runs, and its waits for the sender."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; items that stand run since their case arrived, which is what an empty one says."""
    op.add_column("items", sa.Column("clock", sa.JSON(none_as_null=True), nullable=True))
