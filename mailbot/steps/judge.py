"""Steps 6 and 7: run all rules of a record and build the case they decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from mailbot.domain.decisions import Outcome, RowStatus, decide, may_go, state_after, status_of
from mailbot.domain.effects import PlannedEffect, Verb
from mailbot.domain.evidence import Where
from mailbot.domain.facts.vocabulary import Facts
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.kinds import CaseKind, Item, Situation
from mailbot.domain.outcome import CaseResult, Claim, ItemResult
from mailbot.domain.states import RUNNING, ItemState
from mailbot.steps.context import context_of

R = TypeVar("R")
Findings = Mapping[int, tuple[Finding, ...]]


class Rules(Protocol):
    """What this step needs of the rulebook."""

    @property
    def hash(self) -> str: ...
    def check(self, about: str, facts: Facts, where: Callable[[str | None], Where]) -> list[Finding]: ...


@dataclass(frozen=True, slots=True)
class Frame:
    """What a case is called and when it is due, and the fingerprint of its record."""

    case_id: str
    due_at: datetime
    provisional: bool
    version: int = 1
    seen: int | None = None
    fingerprint: str | None = None


def find(kind: CaseKind[R], record: R, situation: Situation, rules: Rules) -> Findings:
    """All findings by item number (0: the case's own); every rule of every subject runs, always."""
    found: dict[int, tuple[Finding, ...]] = {}
    for subject in kind.subjects(record, situation):

        def where(field: str | None, number: int = subject.number) -> Where:
            return kind.where(record, number, field)

        hits = rules.check(subject.about, subject.facts, where)
        if hits:
            found[subject.number] = found.get(subject.number, ()) + tuple(hits)
    return found


def judge(
    kind: CaseKind[R],
    record: R,
    situation: Situation,
    rules: Rules,
    frame: Frame,
    of_mail: Sequence[Finding] = (),
    found: Findings | None = None,
) -> CaseResult:
    """The case that a record makes under the rules. `of_mail` are findings of the mail that stop its cases, `found`
    those of the record where they stand already."""
    found = find(kind, record, situation, rules) if found is None else found
    own = found.get(0, ())
    raw_items = kind.items(record, situation.hasher)
    outcome = _outcome(kind, raw_items, found, of_mail, situation)
    goes = may_go(situation.automation, trusted=trusted(kind, record, situation))
    items = [_item(item, found.get(item.number, ()), outcome, frame, goes=goes) for item in raw_items]
    items, effects, claims = _causes(kind, raw_items, items, situation)
    head = _own_matter(own, of_mail, items, frame)
    everything = (head, *items) if head else tuple(items)
    return CaseResult(
        case_id=frame.case_id,
        kind=kind.name,
        version=frame.version,
        seen=frame.seen,
        outcome=outcome,
        source=asdict(kind.source(record)),
        header=kind.header(record),
        items=everything,
        findings=own,
        effects=effects,
        claims=claims,
        due_at=min((item.due_at for item in everything if item.due_at), default=None),
        provisional=frame.provisional,
        rulebook=rules.hash,
        context=context_of(situation),
        fingerprint=frame.fingerprint,
    )


def trusted(kind: CaseKind[R], record: R, situation: Situation) -> bool:
    """Whether a person confirmed this sender for the unit that the record names, and the mail is really the
    sender's."""
    unit = kind.unit_key(kind.header(record))
    return situation.sender.verified is True and unit is not None and unit in situation.lookups.bindings


def _outcome(
    kind: CaseKind[R], items: Sequence[Item], found: Findings, of_mail: Sequence[Finding], situation: Situation
) -> Outcome:
    """What the rows, the case's own findings and the mail come to under the campaign's policy."""
    statuses = [status_of(found.get(item.number, ())) for item in items]
    partial = situation.campaign.kinds[kind.name].partial
    return decide(statuses, (*found.get(0, ()), *of_mail), partial=partial)


def _item(item: Item, findings: tuple[Finding, ...], outcome: Outcome, frame: Frame, *, goes: bool) -> ItemResult:
    status = status_of(findings)
    state = state_after(status, outcome, stopped_by_person=outcome is Outcome.HOLD, goes=goes)
    if item.inert and state is ItemState.APPROVED:
        state = ItemState.CLOSED
    return ItemResult(
        number=item.number,
        kind=item.kind,
        identity=item.identity,
        place=item.place,
        values=item.values,
        status=status,
        state=state,
        findings=findings,
        proposed=state is ItemState.HELD and outcome <= Outcome.PARTIAL and status in (RowStatus.OK, RowStatus.FIXED),
        decided_by="auto" if state in (ItemState.APPROVED, ItemState.CLOSED) else None,
        due_at=frame.due_at if state in RUNNING else None,
    )


def _causes(
    kind: CaseKind[R], raw: Sequence[Item], items: list[ItemResult], situation: Situation
) -> tuple[list[ItemResult], tuple[PlannedEffect, ...], tuple[Claim, ...]]:
    """Effects and claims of the approved items; an approved item that causes nothing is closed at once."""
    effects: list[PlannedEffect] = []
    claims: list[Claim] = []
    after: list[ItemResult] = []
    for item, result in zip(raw, items, strict=True):
        if result.state is not ItemState.APPROVED:
            after.append(result)
            continue
        effect = kind.effect(item, situation.campaign, situation.hasher)
        if effect is None:
            after.append(replace(result, state=ItemState.CLOSED, due_at=None))
            continue
        after.append(result)
        effects.append(effect)
        if effect.verb is not Verb.OPEN_ACCOUNT or item.identity not in situation.lookups.people:
            claims.extend(kind.claim_keys(item, situation.campaign, situation.hasher))
    return after, tuple(effects), tuple(claims)


def _own_matter(
    own: Sequence[Finding], of_mail: Sequence[Finding], items: Sequence[ItemResult], frame: Frame
) -> ItemResult | None:
    """Item 0: what the sender or a person must settle about the header, file or sheet, with what the mail itself has
    against its cases. A case without rows always has it."""
    asking = tuple(f for f in (*own, *of_mail) if f.severity >= Severity.ASK)
    if not asking and items:
        return None
    held = not asking or any(f.severity is Severity.HOLD for f in asking)
    state = ItemState.HELD if held else ItemState.AWAITING_SENDER
    return ItemResult(
        number=0,
        kind="case",
        identity=None,
        place={},
        values={},
        status=RowStatus.HOLD if held else RowStatus.ASK,
        state=state,
        findings=tuple(of_mail),
        due_at=frame.due_at if held else None,
    )
