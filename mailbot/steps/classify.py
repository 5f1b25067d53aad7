"""Step 3: each kind says which parts are its own; two claimants of one part, or none at all, is a matter for a
person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mailbot.domain.document import Opened
from mailbot.domain.kinds import CaseKind

AnyKind = CaseKind[Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One record of one kind that a mail holds."""

    kind: AnyKind
    record: Any


class Ambiguous(Exception):
    """Two kinds claim the same part. `part` is its number in the mail, `kinds` are their names."""

    def __init__(self, part: int, kinds: tuple[str, str]) -> None:
        super().__init__(f"part {part} is claimed by {kinds[0]} and {kinds[1]}")
        self.part = part
        self.kinds = kinds


def _yields(kind: AnyKind) -> bool:
    return kind.yields


def classify(opened: Opened, kinds: Sequence[AnyKind]) -> tuple[Request, ...]:
    """The requests of a mail, in the order of kinds and parts; empty where nobody claims anything. Raises
    `Ambiguous`."""
    owner: dict[int, str] = {}
    requests: list[Request] = []
    for kind in sorted(kinds, key=_yields):
        parts = kind.claims(opened)
        if kind.yields:
            parts = parts.difference(owner)
        for part in sorted(parts):
            if part in owner:
                raise Ambiguous(part, (owner[part], kind.name))
            owner[part] = kind.name
        if parts:
            requests.extend(Request(kind, record) for record in kind.extract(opened, parts))
    return tuple(requests)
