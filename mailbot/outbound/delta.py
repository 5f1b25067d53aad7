"""What a mail changed in a case that stood before, in finished words: 第3行、第9行已更正，其余41行不变."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mailbot.domain.letters import CaseView, RowView


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows that were changed alike: how many, and where they stand."""

    count: int
    where: str


@dataclass(frozen=True, slots=True)
class DeltaText:
    """The difference by kinds of change. `only_unchanged`: the mail said nothing new."""

    corrected: Changed
    added: Changed
    closed: Changed
    settled: Changed
    withdrawn: Changed
    unchanged: int
    withdrawal: bool

    @property
    def only_unchanged(self) -> bool:
        """Whether nothing was changed."""
        changes = (self.corrected, self.added, self.closed, self.settled, self.withdrawn)
        return not any(change.count for change in changes)


def delta_text(case: CaseView, where: Callable[[Sequence[RowView]], str]) -> DeltaText | None:
    """The words of a case's delta; `None` where the letter answers no mail that changed the case."""
    delta = case.delta
    if delta is None:
        return None

    def changed(numbers: tuple[int, ...]) -> Changed:
        rows = [row for row in case.rows if row.number in set(numbers)]
        return Changed(len(rows), where(rows))

    return DeltaText(
        corrected=changed(delta.corrected),
        added=changed(delta.added),
        closed=changed(delta.closed),
        settled=changed(delta.settled),
        withdrawn=changed(delta.withdrawn),
        unchanged=delta.unchanged,
        withdrawal=delta.withdrawal,
    )
