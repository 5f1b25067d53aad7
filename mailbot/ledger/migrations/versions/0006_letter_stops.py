"""How far a letter came, which letters the caps count, and what keeps letters from leaving."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table. A letter that is being sent by now may have come to its dot."""
    op.add_column("letters", sa.Column("dot_at", UTCDateTime(), nullable=True))
    op.add_column("letters", sa.Column("counted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("letters", sa.Column("words", AutoString(), nullable=True))
    op.create_index(op.f("ix_letters_started_at"), "letters", ["started_at"], unique=False)
    letters = sa.table("letters", *map(sa.column, ("dot_at", "started_at", "state", "counted", "kind")))
    op.execute(sa.update(letters).where(letters.c.state == "doing").values(dot_at=letters.c.started_at))
    op.execute(sa.update(letters).where(letters.c.kind.in_(["receipt", "answer"])).values(counted=sa.true()))
    op.create_table(
        "letter_stops",
        sa.Column("scope", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "scope IN ('pause', 'line', 'login', 'brake', 'mailbox', 'template', 'case')",
            name=op.f("ck_letter_stops_scope"),
        ),
        sa.PrimaryKeyConstraint("scope", "subject", name=op.f("pk_letter_stops")),
    )
