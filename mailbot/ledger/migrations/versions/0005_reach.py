"""Letters that came back, and the units that cases speak of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables; the cases that stand are known by the tax numbers of their headers."""
    op.create_table(
        "bounces",
        sa.Column("mail_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("letter_key", AutoString(), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("status", AutoString(), nullable=True),
        sa.Column("said", AutoString(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["letter_key"], ["letters.key"], name=op.f("fk_bounces_letter_key")),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_bounces_mail_id")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_bounces")),
    )
    op.create_index(op.f("ix_bounces_letter_key"), "bounces", ["letter_key"], unique=False)
    units = op.create_table(
        "case_units",
        sa.Column("unit_key", AutoString(), nullable=False),
        sa.Column("case_id", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_units_case_id")),
        sa.PrimaryKeyConstraint("unit_key", "case_id", name=op.f("pk_case_units")),
    )
    op.create_index(op.f("ix_case_units_case_id"), "case_units", ["case_id"], unique=False)
    cases = sa.table("cases", sa.column("id", sa.String()), sa.column("header", sa.JSON()))
    rows = op.get_bind().execute(sa.select(cases.c.id, cases.c.header)).all()
    known = [{"unit_key": f"tax:{header['tax_id']}", "case_id": case} for case, header in rows if header.get("tax_id")]
    if known:
        op.bulk_insert(units, known)
