"""What is known about a value: read, read as empty, or unknown; and where it was read.

A gap in the evidence is `UNKNOWN`, never a default: rules answer yes, no or unknown (Kleene) over these values.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from typing import Final, Literal


class _Unknown(Enum):
    """The type with the single member `UNKNOWN`, so that `is UNKNOWN` narrows under mypy."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("unknown is neither yes nor no")


UNKNOWN: Final = _Unknown.UNKNOWN
Unknown = Literal[_Unknown.UNKNOWN]


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a mail: attachment, member of a container, sheet, cell, page or
    box. Rows, columns, pages count from 1."""

    attachment: str | None = None
    member: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: int | None = None
    cell: str | None = None
    panel: int | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    field: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Every key of the contract, `None` where it does not apply."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


NOWHERE: Final = Where()
