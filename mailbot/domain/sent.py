"""Mails that staff wrote by hand from web mail, as they are found in a Sent folder: kept, and matched to cases.

An answer by hand is a fact about its case: what the machine planned to write to the same person may contradict it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mailbot.domain.mail import Arrival


class SentState(StrEnum):
    """Where such a mail stands: not looked at yet; answers a case; answers none that we know; cannot be opened."""

    STORED = "stored"
    ANSWERS = "answers"
    OTHER = "other"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class SentMail:
    """One of them in the ledger: where it stood, and its bytes by their digest. `attempts` counts openings."""

    id: int
    arrival: Arrival
    sha256: str
    attempts: int


@dataclass(frozen=True, slots=True)
class SentFacts:
    """What its cases are found by: the Message-IDs that it answers, its recipients, the case numbers standing in it."""

    message_id: str | None
    replies: tuple[str, ...]
    recipients: tuple[str, ...]
    numbers: tuple[str, ...]
