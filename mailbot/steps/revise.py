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
from mailbot.steps.clocks import Timed
from mailbot.steps.judge import RUNNING

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


def revised(judged: CaseResult, merged: Merged, stored: StoredCase, timed: Mapping[int, Timed]) -> CaseResult:
    """The next version of a case. `judged` is the new record judged as if it stood alone, its items in the order of the
    matches; `timed` the clocks of all items that either side has. Raises `Unclear`."""
    old = {item.number: item for item in stored.result.items}
    _check(merged, old)
    rows = [item for item in judged.items if item.number]
    numbers: dict[int, int] = {}
    items: list[ItemResult] = []
    for item, match in zip(rows, merged.matches, strict=True):
        before = old.get(match.number)
        if before is None or before.state in OPEN:
            numbers[item.number] = match.number
            items.append(_numbered(item, match.number, timed[match.number]))
    head = [_numbered(item, 0, timed[0]) for item in _own_matter(judged, old)]
    everything = (*head, *items)
    decided = {item.number for item in everything}
    still = [item for number, item in old.items() if number not in decided and item.state in RUNNING]
    running = [item for item in everything if item.state in RUNNING]
    return replace(
        judged,
        items=everything,
        effects=tuple(
            replace(effect, items=tuple(numbers[n] for n in effect.items if n in numbers))
            for effect in judged.effects
            if any(n in numbers for n in effect.items)
        ),
        claims=tuple(Claim(claim.key, numbers[claim.item]) for claim in judged.claims if claim.item in numbers),
        due_at=min((item.due_at for item in (*still, *running) if item.due_at), default=None),
        provisional=any(timed[item.number].due.provisional for item in running)
        or (bool(still) and stored.result.provisional),
    )


def _check(merged: Merged, old: Mapping[int, ItemResult]) -> None:
    if merged.unclear:
        raise Unclear("来信可能是更正，也可能是补充新的人员，无法判断，请联系来信人确认。")
    changed = [match.number for match in merged.matches if match.change is Change.CORRECTED]
    settled = [number for number in changed if old[number].state not in OPEN]
    if settled:
        raise Unclear(f"来信更改了已办理的第 {settled[0]} 项等 {len(settled)} 项，请人工核对。")


def _numbered(item: ItemResult, number: int, timed: Timed) -> ItemResult:
    """The item under its number in the case, with the time limit that its own clock gives it."""
    return replace(item, number=number, clock=timed.clock, due_at=timed.due.at if item.state in RUNNING else None)


def _own_matter(judged: CaseResult, old: Mapping[int, ItemResult]) -> Sequence[ItemResult]:
    """The case's own item: as the new version has it; closed where the new version has nothing against the case."""
    now = [item for item in judged.items if item.number == 0]
    before = old.get(0)
    if now or before is None or before.state not in OPEN:
        return now
    return [replace(before, state=ItemState.CLOSED, decided_by="auto", due_at=None, findings=())]
