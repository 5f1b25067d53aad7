"""Which mails were moved to other folders of their server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; the mails that stand are moved when their turn comes."""
    op.create_table(
        "filings",
        sa.Column("mail_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("folder", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_filings_mail_id")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_filings")),
    )
