"""The queue of mails is read by who waits for nothing but a turn."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index in place of another."""
    op.drop_index(op.f("ix_mails_state_turn_id"), table_name="mails")
    columns = ["state", "retry_at", "turn", "id"]
    op.create_index(op.f("ix_mails_state_retry_at_turn_id"), "mails", columns, unique=False)
