"""What the rules found, and how much it weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from mailbot.domain.evidence import NOWHERE, Where


class Severity(IntEnum):
    """How much a finding weighs; a larger one wins. note < fix < ask < hold."""

    NOTE = 1
    FIX = 2
    ASK = 3
    HOLD = 4

    @property
    def word(self) -> str:
        """The word of rule files and of the process contract."""
        return self.name.lower()


class Stops(StrEnum):
    """What may not go on while a finding stands."""

    NONE = "none"
    ITEM = "item"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that hit. `facts` are those its condition used; `unknown` says that the answer was unknown, not yes.

    `message` is a Chinese sentence with sensitive values already masked, fit for a letter.
    """

    code: str
    severity: Severity
    message: str
    stops: Stops = Stops.NONE
    where: Where = NOWHERE
    facts: Mapping[str, object] = field(default_factory=dict)
    unknown: bool = False
