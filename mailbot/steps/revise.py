"""A mail that continues a case: its record becomes the case's next version, and only the difference is decided.

What is settled stays settled, and nothing is dropped because a shorter list came back. Where correction and addition
cannot be told apart, or something would change that is done already, a person looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mailbot.domain.kinds import Change, Merged
from mailbot.domain.outcome import CaseResult, Claim, ItemResult, Lookups, StoredCase
from mailbot.domain.states import ItemState
from mailbot.domain.workdays import Due

OPEN = frozenset({ItemState.AWAITING_SENDER, ItemState.HELD})
"""States in which a new version decides an item anew; a person who reopened one decides it."""


class Unclear(Exception):
    """The new record cannot be merged by a machine; `why` is a Chinese sentence for staff."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def continues(merged: Merged) -> bool:
    """Whether the record is about the case at all: at least one of its rows is one of the case's."""
    return any(match.change is not Change.ADDED for match in merged.matches)


def others_only(lookups: Lookups, case_id: str) -> Lookups:
    """The look-ups without what this very case asked for before."""
    return replace(
        lookups,
        people={key: prior for key, prior in lookups.people.items() if prior.case_id != case_id},
        phones={key: prior for key, prior in lookups.phones.items() if prior.case_id != case_id},
        orders={key: tuple(c for c in cases if c != case_id) for key, cases in lookups.orders.items()},
    )


def revised(judged: CaseResult, merged: Merged, stored: StoredCase, due: Mapping[int, Due]) -> CaseResult:
    """The next version of a case. `judged` is the new record judged as if it stood alone, its items in the order of the
    matches; `due` the time limits of items that waited for the sender. Raises `Unclear`."""
    old = {item.number: item for item in stored.result.items}
    _check(merged, old)
    rows = [item for item in judged.items if item.number]
    numbers: dict[int, int] = {}
    items: list[ItemResult] = []
    for item, match in zip(rows, merged.matches, strict=True):
        before = old.get(match.number)
        if before is None or before.state in OPEN:
            numbers[item.number] = match.number
            items.append(_numbered(item, match.number, due.get(match.number)))
    head = _own_matter(judged, old)
    everything = (*head, *items)
    still = [item.due_at for number, item in old.items() if number not in {i.number for i in everything}]
    return replace(
        judged,
        items=everything,
        effects=tuple(
            replace(effect, items=tuple(numbers[n] for n in effect.items if n in numbers))
            for effect in judged.effects
            if any(n in numbers for n in effect.items)
        ),
        claims=tuple(Claim(claim.key, numbers[claim.item]) for claim in judged.claims if claim.item in numbers),
        due_at=min((at for at in (*still, *(item.due_at for item in everything)) if at), default=None),
    )


def _check(merged: Merged, old: Mapping[int, ItemResult]) -> None:
    if merged.unclear:
        raise Unclear("来信可能是更正，也可能是补充新的人员，无法判断，请联系来信人确认。")
    changed = [match.number for match in merged.matches if match.change is Change.CORRECTED]
    settled = [number for number in changed if old[number].state not in OPEN]
    if settled:
        raise Unclear(f"来信更改了已办理的第 {settled[0]} 项等 {len(settled)} 项，请人工核对。")


def _numbered(item: ItemResult, number: int, due: Due | None) -> ItemResult:
    at = due.at if due is not None and item.due_at is not None else item.due_at
    return replace(item, number=number, due_at=at)


def _own_matter(judged: CaseResult, old: Mapping[int, ItemResult]) -> Sequence[ItemResult]:
    """The case's own item: as the new version has it; closed where the new version has nothing against the case."""
    now = [item for item in judged.items if item.number == 0]
    before = old.get(0)
    if now or before is None or before.state not in OPEN:
        return now
    return [replace(before, state=ItemState.CLOSED, decided_by="auto", due_at=None, findings=())]
