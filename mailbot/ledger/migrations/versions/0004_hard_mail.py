"""Mails that a server does not give, the stock of an old mailbox, what staff wrote by hand, and alarms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WORDS = "state IN ('stored', 'answers', 'other', 'unreadable')"


def upgrade() -> None:
    """Add the columns of the cursor, then the new tables."""
    op.add_column("cursors", sa.Column("stock", sa.BigInteger(), nullable=True))
    op.add_column("cursors", sa.Column("since", UTCDateTime(), nullable=True))
    _fetch_tries()
    _sent_mails()
    op.create_table(
        "alarms",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("raised_at", UTCDateTime(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.Column("cleared_at", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_alarms")),
    )


def _fetch_tries() -> None:
    key = ("account", "mailbox", "uidvalidity", "uid")
    op.create_table(
        "fetch_tries",
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("mailbox", AutoString(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=False),
        sa.Column("detail", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_fetch_tries")),
    )


def _sent_mails() -> None:
    key = ("account", "mailbox", "uidvalidity", "uid")
    op.create_table(
        "sent_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("mailbox", AutoString(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message_id", AutoString(), nullable=True),
        *(
            sa.Column(name, sa.JSON(none_as_null=True), nullable=True)
            for name in ("replies", "recipients", "numbers", "cases")
        ),
        sa.CheckConstraint(_WORDS, name=op.f("ck_sent_mails_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_mails")),
        sa.UniqueConstraint(*key, name=op.f("uq_sent_mails_account_mailbox_uidvalidity_uid")),
    )
    op.create_index(op.f("ix_sent_mails_sha256"), "sent_mails", ["sha256"], unique=False)
    op.create_index(op.f("ix_sent_mails_state"), "sent_mails", ["state"], unique=False)
