"""Alembic's entry: runs the migrations over the connection and inside the transaction that `migrate` hands in."""

from __future__ import annotations

from alembic import context

from mailbot.ledger.tables import alarm, case, filing, journal, mail, orders, outbox, proof, reach, scan, sent, stops
from mailbot.ledger.tables.base import Base

SUBJECTS = (mail, case, outbox, journal, orders, sent, alarm, reach, stops, filing, proof, scan)
"""Every module of tables, so that the metadata is complete."""

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
