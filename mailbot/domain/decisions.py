"""From findings to a decision: pure, free of order, and monotone (one more finding never makes the outcome milder)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.states import ItemState


class RowStatus(StrEnum):
    """What a row's own findings make of it."""

    OK = "ok"
    FIXED = "fixed"
    ASK = "ask"
    HOLD = "hold"


class Outcome(IntEnum):
    """The rules' answer for a case, mildest first."""

    ACCEPT = 0
    ACCEPT_WITH_FIXES = 1
    PARTIAL = 2
    ASK = 3
    HOLD = 4

    @property
    def word(self) -> str:
        """The word of the process contract."""
        return self.name.lower()


class Automation(StrEnum):
    """How far a kind of case may go by itself. See `may_go`."""

    OFF = "off"
    CONFIRM = "confirm"
    TRUSTED = "trusted"
    CLEAN = "clean"


_STATUS = {
    Severity.NOTE: RowStatus.OK,
    Severity.FIX: RowStatus.FIXED,
    Severity.ASK: RowStatus.ASK,
    Severity.HOLD: RowStatus.HOLD,
}


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The largest severity, `None` without findings."""
    return max((f.severity for f in findings), default=None)


def status_of(findings: Iterable[Finding]) -> RowStatus:
    """A row's status, from its own findings only."""
    weight = worst(findings)
    return RowStatus.OK if weight is None else _STATUS[weight]


def decide(rows: Sequence[RowStatus], case_findings: Sequence[Finding], *, partial: bool) -> Outcome:
    """The outcome of a case from the status of its rows and the findings of its header, sheet and sender.

    `partial` is the campaign's policy: whether good rows go ahead while others go back. A case finding whose rule says
    `stops = "case"` stops every row; any other one is asked or shown beside the rows that go ahead.
    """
    weight = worst(case_findings) or Severity.NOTE
    bad = {status for status in rows if status in (RowStatus.ASK, RowStatus.HOLD)}
    stopped = any(f.stops is Stops.CASE and f.severity >= Severity.ASK for f in case_findings)
    going = any(status in (RowStatus.OK, RowStatus.FIXED) for status in rows) and not stopped and (partial or not bad)
    if not going:
        return Outcome.HOLD if weight is Severity.HOLD or RowStatus.HOLD in bad else Outcome.ASK
    if bad or weight >= Severity.ASK:
        return Outcome.PARTIAL
    return Outcome.ACCEPT_WITH_FIXES if weight is Severity.FIX or RowStatus.FIXED in rows else Outcome.ACCEPT


def may_go(level: Automation, *, trusted: bool) -> bool:
    """Whether good rows go by themselves. `trusted`: a person confirmed this sender for this unit before."""
    return level is Automation.CLEAN or (level is Automation.TRUSTED and trusted)


def state_after(status: RowStatus, outcome: Outcome, *, stopped_by_person: bool, goes: bool) -> ItemState:
    """The state of a row under an outcome. `stopped_by_person`: what stops the whole case waits for a person."""
    if status is RowStatus.ASK:
        return ItemState.AWAITING_SENDER
    if status is RowStatus.HOLD:
        return ItemState.HELD
    if outcome >= Outcome.ASK:
        return ItemState.HELD if stopped_by_person else ItemState.AWAITING_SENDER
    return ItemState.APPROVED if goes else ItemState.HELD


class Verdict(StrEnum):
    """What a person may say of an item."""

    APPROVE = "approve"
    ASK = "ask"
    DECLINE = "decline"
    CLOSE = "close"
    REOPEN = "reopen"


VERDICT_STATE: Mapping[Verdict, ItemState] = {
    Verdict.APPROVE: ItemState.APPROVED,
    Verdict.ASK: ItemState.AWAITING_SENDER,
    Verdict.DECLINE: ItemState.DECLINED,
    Verdict.CLOSE: ItemState.CLOSED,
    Verdict.REOPEN: ItemState.RECEIVED,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict by a named person, as it enters at commit 2. `seen_version` is the case's version that the person saw;
    `waived` maps each waived code to the reason. `second_actor` is the second reader where one is needed."""

    actor: str
    reason: str
    case_id: str
    seen_version: int
    verdicts: Mapping[int, Verdict]
    waived: Mapping[str, str] = field(default_factory=dict)
    second_actor: str | None = None
