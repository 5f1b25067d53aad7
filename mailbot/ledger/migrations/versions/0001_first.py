"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

from mailbot.failpoints import failpoint

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """Create every table, parents first."""
    _bindings()
    _cases()
    _chain_heads()
    _cursors()
    _effects()
    _events()
    _mails()
    _settings()
    _case_mails()
    _case_orders()
    failpoint("ledger.migrate.half")
    _case_versions()
    _event_details()
    _items()
    _letters()
    _claims()
    _effect_items()
    _letter_cases()
    _letter_follows()


def _bindings() -> None:
    op.create_table(
        "bindings",
        sa.Column("sender_key", AutoString(), nullable=False),
        sa.Column("unit_key", AutoString(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sender_key", "unit_key", name=op.f("pk_bindings")),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("source", _JSON, nullable=False),
        sa.Column("header", _JSON, nullable=False),
        sa.Column("findings", _JSON, nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("rulebook", AutoString(), nullable=False),
        sa.Column("fingerprint", AutoString(), nullable=True),
        sa.Column("reason", AutoString(), nullable=True),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'held', 'awaiting_sender', 'approved', 'fulfilled', 'declined', 'closed')",
            name=op.f("ck_cases_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_fingerprint"), "cases", ["fingerprint"], unique=False)
    op.create_index(op.f("ix_cases_opened_at"), "cases", ["opened_at"], unique=False)
    op.create_index(op.f("ix_cases_state_due_at"), "cases", ["state", "due_at"], unique=False)


def _chain_heads() -> None:
    op.create_table(
        "chain_heads",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("hash", AutoString(), nullable=False),
        sa.Column("seal", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_heads")),
    )


def _cursors() -> None:
    op.create_table(
        "cursors",
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("mailbox", AutoString(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("high_water", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "mailbox", name=op.f("pk_cursors")),
    )


def _effects() -> None:
    op.create_table(
        "effects",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("verb", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("person", _JSON, nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("id_hash", AutoString(), nullable=False),
        sa.Column("phone_hash", AutoString(), nullable=False),
        sa.Column("evidence", AutoString(), nullable=True),
        sa.Column("planned_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'doing', 'done', 'already', 'pending', 'conflict', 'rejected', "
            "'uncertain', 'cancelled')",
            name=op.f("ck_effects_state"),
        ),
        sa.CheckConstraint(
            "verb IN ('open_account', 'grant', 'revoke', 'withdraw_account', 'register_commitment', "
            "'withdraw_commitment', 'letter')",
            name=op.f("ck_effects_verb"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_effects")),
    )
    op.create_index(op.f("ix_effects_id_hash"), "effects", ["id_hash"], unique=False)
    op.create_index(op.f("ix_effects_phone_hash"), "effects", ["phone_hash"], unique=False)
    op.create_index(
        op.f("ix_effects_state_draft_not_before"), "effects", ["state", "draft", "not_before"], unique=False
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("case_id", AutoString(), nullable=True),
        sa.Column("about", AutoString(), nullable=True),
        sa.Column("digest", AutoString(), nullable=False),
        sa.Column("hash", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_case_id"), "events", ["case_id"], unique=False)
    op.create_index(op.f("ix_events_mail_id"), "events", ["mail_id"], unique=False)


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("mailbox", AutoString(), nullable=False),
        sa.Column("address", AutoString(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("lane", AutoString(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("retry_at", UTCDateTime(), nullable=True),
        sa.Column("last_error", AutoString(), nullable=True),
        sa.Column("message_id", AutoString(), nullable=True),
        sa.Column("thread", _JSON, nullable=True),
        sa.Column("sender", AutoString(), nullable=True),
        sa.Column("subject", AutoString(), nullable=True),
        sa.Column("content", AutoString(), nullable=True),
        sa.Column("findings", _JSON, nullable=True),
        sa.Column("marks", _JSON, nullable=True),
        sa.Column("summary", _JSON, nullable=True),
        sa.Column("duplicate_of", sa.Integer(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('stored', 'working', 'done', 'ignored', 'set_aside')", name=op.f("ck_mails_state")
        ),
        sa.ForeignKeyConstraint(["duplicate_of"], ["mails.id"], name=op.f("fk_mails_duplicate_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint(
            "account", "mailbox", "uidvalidity", "uid", name=op.f("uq_mails_account_mailbox_uidvalidity_uid")
        ),
    )
    _mail_indexes()


def _mail_indexes() -> None:
    op.create_index(op.f("ix_mails_lane_state_turn"), "mails", ["lane", "state", "turn"], unique=False)
    op.create_index(op.f("ix_mails_message_id"), "mails", ["message_id"], unique=False)
    op.create_index(op.f("ix_mails_sha256"), "mails", ["sha256"], unique=False)
    op.create_index(op.f("ix_mails_state_turn_id"), "mails", ["state", "turn", "id"], unique=False)


def _settings() -> None:
    op.create_table(
        "settings",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("value", AutoString(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )


def _case_mails() -> None:
    op.create_table(
        "case_mails",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("role", AutoString(), nullable=False),
        sa.CheckConstraint("role IN ('opens', 'follows', 'copy')", name=op.f("ck_case_mails_role")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_mails_case_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_case_mails_mail_id")),
        sa.PrimaryKeyConstraint("case_id", "mail_id", "role", name=op.f("pk_case_mails")),
    )
    op.create_index(op.f("ix_case_mails_mail_id"), "case_mails", ["mail_id"], unique=False)


def _case_orders() -> None:
    op.create_table(
        "case_orders",
        sa.Column("order_hash", AutoString(), nullable=False),
        sa.Column("case_id", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_orders_case_id")),
        sa.PrimaryKeyConstraint("order_hash", "case_id", name=op.f("pk_case_orders")),
    )
    op.create_index(op.f("ix_case_orders_case_id"), "case_orders", ["case_id"], unique=False)


def _case_versions() -> None:
    op.create_table(
        "case_versions",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("rulebook", AutoString(), nullable=False),
        sa.Column("source", _JSON, nullable=False),
        sa.Column("header", _JSON, nullable=False),
        sa.Column("findings", _JSON, nullable=True),
        sa.Column("context", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_versions_case_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_case_versions_mail_id")),
        sa.PrimaryKeyConstraint("case_id", "version", name=op.f("pk_case_versions")),
    )


def _event_details() -> None:
    op.create_table(
        "event_details",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", AutoString(), nullable=False),
        sa.Column("detail", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_details_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_details")),
    )


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("identity", AutoString(), nullable=True),
        sa.Column("place", _JSON, nullable=False),
        sa.Column("data", _JSON, nullable=False),
        sa.Column("status", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("findings", _JSON, nullable=True),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        sa.Column("decided_by", AutoString(), nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("waiting_since", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('received', 'held', 'awaiting_sender', 'approved', 'fulfilled', 'declined', 'closed')",
            name=op.f("ck_items_state"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_items_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_items")),
    )
    op.create_index(op.f("ix_items_case_id_state_due_at"), "items", ["case_id", "state", "due_at"], unique=False)
    op.create_index(op.f("ix_items_identity"), "items", ["identity"], unique=False)


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("recipient", AutoString(), nullable=False),
        sa.Column("lane", AutoString(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("message_id", AutoString(), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("bound", sa.Boolean(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unknowns", sa.Integer(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=True),
        sa.Column("template", AutoString(), nullable=True),
        sa.Column("subject", AutoString(), nullable=True),
        sa.Column("detail", AutoString(), nullable=True),
        sa.Column("planned_at", UTCDateTime(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('receipt', 'answer', 'result', 'notice')", name=op.f("ck_letters_kind")),
        sa.CheckConstraint(
            "state IN ('planned', 'doing', 'done', 'already', 'pending', 'conflict', 'rejected', "
            "'uncertain', 'cancelled')",
            name=op.f("ck_letters_state"),
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_letters_mail_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_letters")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letters_message_id")),
    )
    op.create_index(op.f("ix_letters_lane_started_at"), "letters", ["lane", "started_at"], unique=False)
    op.create_index(op.f("ix_letters_mail_id"), "letters", ["mail_id"], unique=False)
    op.create_index(
        op.f("ix_letters_state_draft_not_before"), "letters", ["state", "draft", "not_before"], unique=False
    )


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id", "number"], ["items.case_id", "items.number"], name=op.f("fk_claims_case_id_number")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_case_id_number"), "claims", ["case_id", "number"], unique=False)


def _effect_items() -> None:
    op.create_table(
        "effect_items",
        sa.Column("effect_key", AutoString(), nullable=False),
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id", "number"], ["items.case_id", "items.number"], name=op.f("fk_effect_items_case_id_number")
        ),
        sa.ForeignKeyConstraint(["effect_key"], ["effects.key"], name=op.f("fk_effect_items_effect_key")),
        sa.PrimaryKeyConstraint("effect_key", "case_id", "number", name=op.f("pk_effect_items")),
    )
    op.create_index(op.f("ix_effect_items_case_id_number"), "effect_items", ["case_id", "number"], unique=False)


def _letter_cases() -> None:
    op.create_table(
        "letter_cases",
        sa.Column("letter_key", AutoString(), nullable=False),
        sa.Column("case_id", AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letter_cases_case_id")),
        sa.ForeignKeyConstraint(["letter_key"], ["letters.key"], name=op.f("fk_letter_cases_letter_key")),
        sa.PrimaryKeyConstraint("letter_key", "case_id", name=op.f("pk_letter_cases")),
    )
    op.create_index(op.f("ix_letter_cases_case_id"), "letter_cases", ["case_id"], unique=False)


def _letter_follows() -> None:
    op.create_table(
        "letter_follows",
        sa.Column("letter_key", AutoString(), nullable=False),
        sa.Column("effect_key", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["effect_key"], ["effects.key"], name=op.f("fk_letter_follows_effect_key")),
        sa.ForeignKeyConstraint(["letter_key"], ["letters.key"], name=op.f("fk_letter_follows_letter_key")),
        sa.PrimaryKeyConstraint("letter_key", "effect_key", name=op.f("pk_letter_follows")),
    )
