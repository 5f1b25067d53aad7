"""Effects: the acts of the house on the outside world, each with a key that names the wanted end state.

An effect is planned in commit 2, delivered later through `once`, and only `done` or `already` mean that the world is
so. A letter is an effect that names the effects it follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Verb(StrEnum):
    """What an effect does. The first six are the platform's or the register's; a letter goes to a sender."""

    OPEN_ACCOUNT = "open_account"
    GRANT = "grant"
    REVOKE = "revoke"
    WITHDRAW_ACCOUNT = "withdraw_account"
    REGISTER_COMMITMENT = "register_commitment"
    WITHDRAW_COMMITMENT = "withdraw_commitment"
    LETTER = "letter"


class EffectState(StrEnum):
    """Where an effect stands. `doing` is a committed intent whose end is not known yet."""

    PLANNED = "planned"
    DOING = "doing"
    DONE = "done"
    ALREADY = "already"
    PENDING = "pending"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


_E = EffectState
TRUE_OF_THE_WORLD: Final = frozenset({_E.DONE, _E.ALREADY})
SETTLED: Final = frozenset({_E.DONE, _E.ALREADY, _E.CONFLICT, _E.REJECTED, _E.UNCERTAIN, _E.CANCELLED})
"""No machine step changes these any more; `pending` waits for the platform, `planned` and `doing` for the engine."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who an effect is about. Values as they are to be registered; never logged whole."""

    name: str
    id_number: str
    phone: str


@dataclass(frozen=True, slots=True)
class PlannedEffect:
    """An effect as decided. `items` are the numbers of the case's items that it serves (many-to-many)."""

    key: str
    verb: Verb
    person: Person
    items: tuple[int, ...]
    year: int | None = None


class LetterKind(StrEnum):
    """Why a letter is written. A receipt goes only where the sender has to wait; a result is never capped."""

    RECEIPT = "receipt"
    ANSWER = "answer"
    RESULT = "result"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class PlannedLetter:
    """One letter to one address: its sections are cases, rendered when all it follows has settled or is pending.

    `key` is (mail or event, pass).
    """

    key: str
    to: str
    kind: LetterKind
    case_ids: tuple[str, ...]
    follows: tuple[str, ...] = ()
    mail_id: int | None = None
    trusted: bool = False
    """Whether the sender is verified: what their own mail said may be shown back, masked."""
    bound: bool = False
    """Whether a person confirmed this sender for this unit: what the platform knows may be shown as well."""


def answer_key(mail_id: int | None) -> str:
    """The key of the one letter that answers a mail at the end of its pass."""
    return f"mail:{mail_id}:1"
