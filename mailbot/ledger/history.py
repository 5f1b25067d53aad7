"""What stood at an earlier moment, read back out of the events: how a mail was decided, the states of a case's items.

Tells nothing (`None`) where the details of the events that would say so were purged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select

from mailbot.domain.decisions import RowStatus
from mailbot.domain.mail import MailState
from mailbot.domain.outcome import Json
from mailbot.domain.states import ItemState
from mailbot.ledger.db import AUTO, Database
from mailbot.ledger.lines import EventLine, event_line
from mailbot.ledger.moves import spread
from mailbot.ledger.tables.journal import event_details, events

DECIDED: Final = "case.decided"
_ENDS: Final = frozenset(f"mail.{state.value}" for state in (MailState.DONE, MailState.IGNORED, MailState.SET_ASIDE))
_BOUND, _UNBOUND = "sender.bound", "sender.unbound"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a pass made of one item."""

    state: ItemState
    status: RowStatus
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class CaseWas:
    """One case as a pass decided it: its version, its outcome's word, its own codes, and the items that it named."""

    case_id: str
    version: int
    outcome: str
    codes: frozenset[str]
    items: Mapping[int, Judged]


@dataclass(frozen=True, slots=True)
class MailWas:
    """The last pass of a mail: the number of the event that ended it, its clock value, and its cases in order. `cases`
    is `None` where the details were purged."""

    event: int
    at: datetime
    cases: tuple[CaseWas, ...] | None


@dataclass(slots=True)
class CaseThen:
    """A case at an earlier moment: its version then, the states of its items, and since when they waited."""

    version: int = 0
    states: dict[int, ItemState] = field(default_factory=dict)
    waiting_since: dict[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bound:
    """A sender (an address, or `@domain`) that a person bound to a unit, or took off it (`made` is false)."""

    event: int
    made: bool
    sender: str
    unit: str


def domains_before(bindings: Iterable[Bound], event: int) -> frozenset[str]:
    """The domains that were bound to a unit before an event."""
    bound: set[tuple[str, str]] = set()
    for one in bindings:
        if one.event < event:
            (bound.add if one.made else bound.discard)((one.sender, one.unit))
    return frozenset(sender[1:] for sender, _ in bound if sender.startswith("@"))


@dataclass(frozen=True, slots=True)
class History:
    """Reads events back."""

    db: Database

    def of_mail(self, mail_id: int) -> MailWas | None:
        """How the last pass of a mail ended; `None` for a mail that no pass has ended yet."""
        found = self._events(events.c.mail_id == mail_id)
        ends = [event for event in found if event.kind in _ENDS]
        if not ends:
            return None
        last = ends[-1]
        decided = [e for e in found if e.kind == DECIDED and e.actor == AUTO and e.id > last.id]
        whole = all(event.detail is not None and "judged" in event.detail for event in decided)
        return MailWas(last.id, last.at, tuple(map(_case, decided)) if whole else None)

    def of_case(self, case_id: str, before: int) -> CaseThen | None:
        """A case as it stood before an event; `None` where nobody can tell any more."""
        then = CaseThen()
        for event in self._events(events.c.case_id == case_id):
            if event.id >= before:
                break
            if event.detail is None:
                return None
            if event.kind == DECIDED and event.about is not None:
                then.version = int(event.about.rpartition(" ")[2])
            _move(then, event)
        return then

    def bindings(self) -> list[Bound]:
        """Every time that a sender was bound to a unit or taken off it, in order."""
        found = self._events(events.c.kind.in_((_BOUND, _UNBOUND)))
        told = ((event, event.detail) for event in found if event.detail is not None)
        return [Bound(e.id, e.kind == _BOUND, str(detail["sender"]), str(detail["unit"])) for e, detail in told]

    def _events(self, condition: ColumnElement[bool]) -> list[EventLine]:
        joined = events.outerjoin(event_details, event_details.c.event_id == events.c.id)
        query = select(events, event_details.c.detail).select_from(joined).where(condition).order_by(events.c.id)
        with self.db.read() as conn:
            return [event_line(row) for row in conn.execute(query).mappings()]


def _case(event: EventLine) -> CaseWas:
    detail: Json = event.detail or {}
    version = int((event.about or "version 1").rpartition(" ")[2])
    items: dict[int, Judged] = {}
    for words, numbers in _table(detail.get("judged")).items():
        state, status, *codes = words.split(" ")
        judged = Judged(ItemState(state), RowStatus(status), frozenset(codes))
        items.update(dict.fromkeys(spread(numbers), judged))
    return CaseWas(event.case_id or "", version, str(detail["outcome"]), frozenset(_texts(detail.get("codes"))), items)


def _move(then: CaseThen, event: EventLine) -> None:
    """One event's moves. A new version ends a wait and may begin another one without a move: `judged` tells."""
    detail: Json = event.detail or {}
    for way, numbers in _table(detail.get("moves")).items():
        to = ItemState(way.partition(">")[2])
        for number in spread(numbers):
            then.states[number] = to
            then.waiting_since.pop(number, None)
            if to is ItemState.AWAITING_SENDER:
                then.waiting_since[number] = event.at
    for words, numbers in _table(detail.get("judged")).items():
        if words.startswith(ItemState.AWAITING_SENDER.value):
            then.waiting_since.update(dict.fromkeys(spread(numbers), event.at))


def _table(value: object) -> Mapping[str, str]:
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, Mapping) else {}


def _texts(value: object) -> Iterable[str]:
    return map(str, value) if isinstance(value, Sequence) and not isinstance(value, str) else ()
