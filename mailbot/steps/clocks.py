"""The clock of an item: it runs from the arrival of the mail that brought it, and stands while the item waits for its
sender. Nothing else stops it: not a person's look, not another row of the same case that waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mailbot.domain.outcome import ItemResult, StoredCase
from mailbot.domain.workdays import Due, ItemClock
from mailbot.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Timed:
    """A clock, and when what runs by it is due."""

    clock: ItemClock
    due: Due


def clock_at(stored: StoredCase, item: ItemResult, at: datetime) -> ItemClock:
    """The clock of an item of a case at a moment; a wait for the sender that still lasted ends with it. Raises
    `ValueError` for a case of which nobody knows when it arrived."""
    clock = item.clock or ItemClock(_arrived(stored))
    since = stored.waiting_since.get(item.number)
    return clock if since is None else clock.waited(since, at)


def _arrived(stored: StoredCase) -> datetime:
    if stored.arrived_at is not None:
        return stored.arrived_at
    if "received_at" not in stored.result.context:
        raise ValueError(f"nobody knows when case {stored.result.case_id} arrived")
    return datetime.fromisoformat(str(stored.result.context["received_at"]))


def timed(stored: StoredCase, numbers: Iterable[int], arrived: datetime, rules: Rulebook) -> dict[int, Timed]:
    """The clocks of items at the arrival of a mail that continues their case, by number; one that the case does not
    have yet begins with that mail."""
    old = {item.number: item for item in stored.result.items}
    dues: dict[ItemClock, Due] = {}
    found: dict[int, Timed] = {}
    for number in numbers:
        item = old.get(number)
        clock = ItemClock(arrived) if item is None else clock_at(stored, item, arrived)
        due = dues.get(clock)
        if due is None:
            due = dues[clock] = rules.due_by(clock, rules.campaign, stored.result.kind)
        found[number] = Timed(clock, due)
    return found
