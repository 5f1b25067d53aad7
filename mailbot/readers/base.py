"""What every reader has in common: the shape of a reader, its result, and the way it says that it cannot read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from mailbot.domain.document import Family, FaultKind, Sheet
from mailbot.domain.limits import Limits


class ReadFault(Exception):
    """A part that cannot be read: why, as the rules name it, and the detail for staff."""

    def __init__(self, kind: FaultKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader found in a part."""

    family: Family
    sheets: tuple[Sheet, ...]
    names: dict[str, str] = field(default_factory=dict)
    light: bool = False


class Reader(Protocol):
    """One format family, in its own module as `READER`."""

    @property
    def name(self) -> str:
        """The reader's name in documents and evidence."""
        ...

    def claims(self, media_type: str) -> bool:
        """Whether parts of this type, told by content, are mine."""
        ...

    def read(self, data: bytes, limits: Limits) -> Content:
        """Reads a part. Raises `ReadFault`."""
        ...
