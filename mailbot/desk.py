"""What people may do: a verdict on items of a case, under their name and with a reason. It enters at commit 2.

The same item states, effects, claims and events follow as on the automatic way. There is no `force`: a finding that
asks or holds is waived by its code and with a reason, and a value that nobody knows cannot be registered by anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from mailbot.domain.campaign import Campaign
from mailbot.domain.decisions import VERDICT_STATE, Decision, Verdict
from mailbot.domain.effects import LetterKind, PlannedEffect, PlannedLetter
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.kinds import Item
from mailbot.domain.outcome import (
    CaseResult,
    Claim,
    ClaimTaken,
    ItemResult,
    Lookups,
    StaleCase,
    StoredCase,
    Wanted,
)
from mailbot.domain.ports import Hasher
from mailbot.domain.states import ENDS, RUNNING, IllegalMove, ItemState, fold, move
from mailbot.domain.workdays import Calendar, due_by
from mailbot.steps.classify import AnyKind
from mailbot.steps.clocks import clock_at


class Refused(Exception):
    """A verdict that cannot be given. The message says why and what to do, in Chinese, for the person at the desk."""


class DeskLedger(Protocol):
    """What the desk asks of the ledger."""

    def load_case(self, case_id: str) -> StoredCase: ...
    def lookups(self, wanted: Wanted) -> Lookups: ...
    def finish_case(
        self, result: CaseResult, letters: Sequence[PlannedLetter], decision: Decision, now: datetime
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one site, under one rulebook."""

    ledger: DeskLedger
    kinds: Sequence[AnyKind]
    campaign: Campaign
    hasher: Hasher
    calendar: Calendar

    def verdict(self, decision: Decision, now: datetime, *, bind: tuple[str, str] | None = None) -> CaseResult:
        """Give a verdict. Raises `Refused` (nothing written), and `StaleCase` when the case is not the one that was
        seen.

        `bind` is a (sender key, unit key) that this person confirms with it.
        """
        stored = self.ledger.load_case(decision.case_id)
        if stored.result.seen != decision.seen_version:
            raise StaleCase(f"{decision.case_id} changed since it was read")
        if not decision.actor.strip() or not decision.reason.strip():
            raise Refused("请写明办理人姓名和理由。")
        self._check_readers(stored.result, decision)
        result = self._apply(stored, decision, now)
        result = replace(result, claims=self._claims(result), bind=bind)
        try:
            self.ledger.finish_case(result, self._letters(stored, result, decision), decision, now)
        except ClaimTaken as taken:
            raise Refused(_taken(result.claims, taken)) from None
        return result

    def _apply(self, stored: StoredCase, decision: Decision, now: datetime) -> CaseResult:
        case = stored.result
        known = {item.number for item in case.items}
        if foreign := sorted(set(decision.verdicts) - known):
            raise Refused(f"本件没有第 {foreign[0]} 项。")
        self._check_case(case, decision)
        items: list[ItemResult] = []
        effects: list[PlannedEffect] = []
        provisional = case.provisional
        for item in case.items:
            verdict = decision.verdicts.get(item.number)
            if verdict is None:
                items.append(item)
                continue
            after, effect = self._decide(case, item, verdict, decision)
            after, guessed = self._timed(stored, item, after, now)
            items.append(after)
            provisional = provisional or guessed
            if effect is not None:
                effects.append(effect)
        due = min((item.due_at for item in items if item.due_at and item.state in RUNNING), default=None)
        return replace(case, items=tuple(items), effects=tuple(effects), due_at=due, provisional=provisional)

    def _timed(
        self, stored: StoredCase, before: ItemResult, after: ItemResult, now: datetime
    ) -> tuple[ItemResult, bool]:
        """The item with its time limit, and whether that is provisional: none while it waits for its sender or has
        ended; behind a wait that a person ends, the one that its clock gives it."""
        if after.state not in RUNNING:
            return replace(after, due_at=None), False
        if before.due_at is not None:
            return after, False
        clock = clock_at(stored, before, now)
        due = due_by(clock, self.campaign.kinds[stored.result.kind].days, self.campaign.office, self.calendar)
        return replace(after, clock=clock, due_at=due.at), due.provisional

    def _claims(self, result: CaseResult) -> tuple[Claim, ...]:
        """The uniqueness claims of the effects. An account that this house asked for before, for the same person and
        phone, is that one again: its claim stays where it is."""
        items = {item.number: item for item in result.items}
        approved = [(items[effect.items[0]], effect.person) for effect in result.effects]
        people = tuple(dict.fromkeys(item.identity for item, _ in approved if item.identity))
        known = self.ledger.lookups(Wanted(0, "", None, people=people)).people if people else {}
        kind = self._kind(result)
        claims: list[Claim] = []
        for item, person in approved:
            prior = known.get(item.identity or "")
            if prior is None or prior.phone_hash != self.hasher.search(person.phone):
                claims += kind.claim_keys(_as_item(item), self.campaign, self.hasher)
        return tuple(claims)

    def _check_readers(self, case: CaseResult, decision: Decision) -> None:
        """Where the campaign wants two readers, nobody approves or declines alone."""
        policy = self.campaign.kinds.get(case.kind)
        if policy is None or not policy.second_reader:
            return
        second = (decision.second_actor or "").strip()
        ends = {Verdict.APPROVE, Verdict.DECLINE} & set(decision.verdicts.values())
        if ends and second in ("", decision.actor.strip()):
            raise Refused("此类来信须由两人审核：请写明另一位审核人员。")

    def _check_case(self, case: CaseResult, decision: Decision) -> None:
        """What stops the whole case must be waived before any of its rows is approved, unless it was settled before."""
        rows = [number for number, verdict in decision.verdicts.items() if verdict is Verdict.APPROVE and number]
        stopping = [f for f in against(case) if f.stops is Stops.CASE and _weighs(f)]
        standing = [f for f in stopping if f.code not in decision.waived]
        if rows and standing:
            raise Refused("以下问题针对整件，须先逐一注明放行理由：" + _list(standing))

    def _decide(
        self, case: CaseResult, item: ItemResult, verdict: Verdict, decision: Decision
    ) -> tuple[ItemResult, PlannedEffect | None]:
        try:
            state = move(item.state, VERDICT_STATE[verdict], by_person=True)
        except IllegalMove:
            raise Refused(f"第 {item.number} 项现为 {item.state}，不能改为 {VERDICT_STATE[verdict]}。") from None
        effect = self._effect(case, item, decision) if verdict is Verdict.APPROVE else None
        if verdict is Verdict.APPROVE and effect is None:
            state = ItemState.FULFILLED
        decided = "staff" if state in ENDS or state is ItemState.APPROVED else None
        return replace(item, state=state, decided_by=decided, proposed=False), effect

    def _effect(self, case: CaseResult, item: ItemResult, decision: Decision) -> PlannedEffect | None:
        """What approving an item causes; the case's own matter (item 0) causes nothing."""
        own = against(case) if item.number == 0 else item.findings
        standing = [f for f in own if _weighs(f) and f.code not in decision.waived]
        if standing:
            raise Refused(f"第 {item.number} 项尚有未放行的问题：" + _list(standing))
        if item.number == 0:
            return None
        effect = self._kind(case).effect(_as_item(item), self.campaign, self.hasher)
        if effect is None:
            raise Refused(f"第 {item.number} 项的姓名、身份证号码、手机号码不全，无法注册账号。请先请来信人更正。")
        return effect

    def _letters(self, stored: StoredCase, result: CaseResult, decision: Decision) -> tuple[PlannedLetter, ...]:
        """A verdict that causes no effect is told at once; one that does is told when its effects have ended. What is
        closed is told with the case's end: a row that is closed while others wait needs no letter of its own."""
        said = set(decision.verdicts.values())
        over = Verdict.CLOSE in said and fold(item.state for item in result.items) in ENDS
        if stored.to is None or not (said & {Verdict.ASK, Verdict.DECLINE} or over):
            return ()
        return (
            PlannedLetter(
                key=f"case:{result.case_id}:{decision.seen_version}",
                to=stored.to,
                kind=LetterKind.RESULT,
                case_ids=(result.case_id,),
                follows=tuple(effect.key for effect in result.effects),
                mail_id=stored.mail_id,
                trusted=stored.trusted,
                bound=stored.bound,
            ),
        )

    def _kind(self, case: CaseResult) -> AnyKind:
        return next(kind for kind in self.kinds if kind.name == case.kind)


def against(case: CaseResult) -> tuple[Finding, ...]:
    """What stands against the case as a whole: its own findings and its mail's, until a person settled them."""
    head = next((item for item in case.items if item.number == 0), None)
    if head is None:
        return case.findings
    return () if head.state in ENDS else (*case.findings, *head.findings)


def _taken(claims: Sequence[Claim], taken: ClaimTaken) -> str:
    numbers = sorted({claim.item for claim in claims if claim.key in taken.keys})
    rows = "、".join(str(number) for number in numbers)
    return f"第 {rows} 项的身份证号码或手机号码已用于另一份登记中的账号，请先核对那一份。"


def _weighs(finding: Finding) -> bool:
    return finding.severity >= Severity.ASK


def _list(findings: Sequence[Finding]) -> str:
    return "；".join(f"{finding.code}（{finding.message}）" for finding in findings)


def _as_item(item: ItemResult) -> Item:
    return Item(item.number, item.kind, item.identity, item.place, item.values)
