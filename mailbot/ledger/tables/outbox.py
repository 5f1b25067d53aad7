"""What the house wants of the world: effects with their keys, and letters that follow them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, false
from sqlmodel import Field

from mailbot.domain.effects import EffectState, LetterKind, Verb
from mailbot.ledger.tables.base import JSON_COLUMN, Base, Json, table, words


class EffectRow(Base, table=True):
    """One wanted end state. `person` may be purged; `id_hash` and `phone_hash` are for look-ups. A `draft` waits for a
    person's release, any other is due from `not_before` on; `evidence` is what the world last said."""

    __tablename__ = "effects"
    __table_args__ = (words("verb", Verb), words("state", EffectState), Index(None, "state", "draft", "not_before"))

    key: str = Field(primary_key=True)
    verb: str
    state: str
    draft: bool
    not_before: datetime
    attempts: int
    person: Json = Field(sa_type=JSON_COLUMN)
    year: int | None = None
    id_hash: str = Field(index=True)
    phone_hash: str = Field(index=True)
    evidence: str | None = None
    planned_at: datetime
    ended_at: datetime | None = None


class EffectItemRow(Base, table=True):
    """Which items an effect serves."""

    __tablename__ = "effect_items"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "number"], ["items.case_id", "items.number"]),
        Index(None, "case_id", "number"),
    )

    effect_key: str = Field(primary_key=True, foreign_key="effects.key")
    case_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)


class LetterRow(Base, table=True):
    """One letter. `message_id` never changes; `sha256` names the exact bytes once it is rendered. `lane` is the folded
    address that caps are counted by, `unknowns` how often its sending ended without an answer. `dot_at` is when the
    attempt under way came to its final dot: a letter in `doing` without it cannot have been taken. `counted`: the caps
    count it; `words` is a hash of what it says."""

    __tablename__ = "letters"
    __table_args__ = (
        words("kind", LetterKind),
        words("state", EffectState),
        Index(None, "state", "draft", "not_before"),
        Index(None, "lane", "started_at"),
        Index(None, "started_at"),
    )

    key: str = Field(primary_key=True)
    kind: str
    recipient: str
    lane: str
    mail_id: int | None = Field(default=None, foreign_key="mails.id", index=True)
    message_id: str = Field(unique=True)
    trusted: bool
    bound: bool
    state: str
    draft: bool
    not_before: datetime | None = None
    attempts: int
    unknowns: int
    sha256: str | None = None
    template: str | None = None
    subject: str | None = None
    detail: str | None = None
    planned_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    dot_at: datetime | None = None
    counted: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    words: str | None = None


class LetterCaseRow(Base, table=True):
    """The sections of a letter, in order."""

    __tablename__ = "letter_cases"

    letter_key: str = Field(primary_key=True, foreign_key="letters.key")
    case_id: str = Field(primary_key=True, foreign_key="cases.id", index=True)
    position: int


class LetterFollowRow(Base, table=True):
    """The effects that a letter tells of, and must follow."""

    __tablename__ = "letter_follows"

    letter_key: str = Field(primary_key=True, foreign_key="letters.key")
    effect_key: str = Field(primary_key=True, foreign_key="effects.key")


effects = table(EffectRow)
effect_items = table(EffectItemRow)
letters = table(LetterRow)
letter_cases = table(LetterCaseRow)
letter_follows = table(LetterFollowRow)
