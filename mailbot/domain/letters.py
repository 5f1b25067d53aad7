"""What a letter may say: a frozen view of the cases as they stand when it is rendered, and the rendered letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from mailbot.domain.effects import EffectState, LetterKind
from mailbot.domain.states import ItemState

MORE: Final = "more:"
"""What the key of a letter begins with that only says that more will come, gathered in one letter."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as a letter needs it; `message` is masked already."""

    code: str
    severity: str
    message: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class RowView:
    """A roster row, or another item of a case, as a letter needs it. Values are whole here: whoever shows them masks
    them."""

    row: int
    serial: str | None
    sheet: str | None
    panel: int
    name: str | None
    id_number: str | None
    phone: str | None
    status: str
    state: ItemState
    effect: EffectState | None
    findings: tuple[FindingView, ...] = ()
    number: int = 0
    """The item's number in its case."""
    listed: date | None = None
    """The day of the mail whose list the row is named by; `None`: the case's first list."""
    year: int | None = None
    """The make-up year that the item asks for; `None` where it asks for none, or none can be told."""
    by_person: bool = False
    """Whether a person decided the item as it stands."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What the answered mail changed in a case that stood before, by item numbers. `closed` are rows that the newest
    list leaves out, `settled` rows that are done and stayed as they are, `withdrawn` rows that stopped."""

    corrected: tuple[int, ...] = ()
    added: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    settled: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()
    unchanged: int = 0
    withdrawal: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as a letter needs it. `usable_from` is the first day on which codes can be assigned to all who are
    registered by now: the day after the platform confirmed the last of them, `None` where nobody is."""

    id: str
    kind: str
    version: int
    outcome: str
    state: ItemState
    header: Mapping[str, object]
    attachment: str | None
    due_at: datetime | None
    provisional: bool
    findings: tuple[FindingView, ...]
    rows: tuple[RowView, ...]
    usable_from: date | None = None
    reason: str | None = None
    """A person's words to the sender, where a person decided."""
    delta: Delta | None = None
    """Only in the letter that answers the mail which changed the case."""
    asked_before: bool = False
    """Whether an earlier letter about the case asked its sender for something."""


@dataclass(frozen=True, slots=True)
class LetterView:
    """Everything that one letter is made of. `subject`, `message_id`, `references` are those of the mail it answers."""

    key: str
    kind: LetterKind
    to: str
    letter_id: str
    """The stable Message-ID of this letter, with angle brackets."""
    at: datetime
    subject: str
    message_id: str | None
    references: tuple[str, ...]
    cases: tuple[CaseView, ...]
    trusted: bool
    """Whether the sender is verified: what their own mail said may be shown back, masked."""
    bound: bool = False
    """Whether a person confirmed this sender for this unit: what the platform knows (already registered, registered by
    another unit) may be shown as well; without it, done and already read alike."""
    mail_id: int | None = None
    about: tuple[FindingView, ...] = ()
    """The findings of the answered mail itself: what an answer is an answer to."""

    @property
    def only_more(self) -> bool:
        """Whether it only says that more will come, gathered in one letter."""
        return self.key.startswith(MORE)


@dataclass(frozen=True, slots=True)
class Composed:
    """A rendered letter: the exact bytes to store and send."""

    template: str
    subject: str
    raw: bytes
    attachments: tuple[str, ...] = field(default=())
    words: str = ""
    """A hash of what it says: subject, text, attachments; the same for two letters that read alike."""
