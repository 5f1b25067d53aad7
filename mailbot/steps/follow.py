"""A record of a mail that continues a case: which one, and what its next version comes to.

A case is continued only by the address that its letters go to, and only where our own server vouches for that address.
A case number proves nothing: it stands in workbooks and quoted letters that anybody may hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from mailbot.domain.findings import Finding, Severity
from mailbot.domain.kinds import Change, Following, Manner, Merged
from mailbot.domain.outcome import CaseResult, Lookups, StoredCase, Wanted
from mailbot.domain.sender import address_key
from mailbot.domain.states import ENDS, UNDECIDED, ItemState
from mailbot.steps import mailrules
from mailbot.steps.classify import AnyKind, Request
from mailbot.steps.clocks import timed
from mailbot.steps.hand import Hand, situation
from mailbot.steps.judge import Frame, find, judge
from mailbot.steps.revise import Revision, Unclear, others_only, revised

OWN_CASES: Final = 5
"""Cases of a sender that a list is compared with when nothing names one: the latest ones of the unit."""


class Undecided(Exception):
    """The sender has to say whether a list corrects or adds; nothing of the mail is done till then. `why` is fit for
    the letter that asks."""

    def __init__(self, case_id: str, why: str) -> None:
        super().__init__(why)
        self.case_id = case_id
        self.why = why


@dataclass(frozen=True, slots=True)
class Continued:
    """The case that a record continues, and what the record is to it."""

    stored: StoredCase
    following: Following[Any]


def continued(hand: Hand, request: Request, lookups: Lookups) -> Continued | None:
    """The case that a record continues; `None` for a case of its own.

    Looked for in this order: the number that the record itself holds, the letters and mails that the mail answers, the
    number in its text, and for a whole list the sender's own cases, by content. Raises `Unclear` where several fit.
    """
    if not hand.sender.verified or hand.sender.address is None:
        return None
    named = request.kind.names(request.record)
    groups: tuple[tuple[Iterable[str], bool], ...] = (
        ((named,) if named else (), True),
        (lookups.threads, True),
        (hand.named, True),
        (own_cases(request, lookups), False),
    )
    for case_ids, pointed in groups:
        candidates = _candidates(hand, request, case_ids)
        found = [one for one in candidates if _fits(one, request, hand.manner, pointed=pointed)]
        best = [one for one in found if _surely(one)] or found
        if len(best) == 1:
            return best[0]
        if best and (pointed or hand.manner is Manner.LATEST):
            raise Unclear("来信同时涉及几件名单，无法判断更正的是哪一件，请人工核对。")
    return None


def own_cases(request: Request, lookups: Lookups) -> list[str]:
    """The latest cases of this sender that name the record's unit, or any where the record names none."""
    unit = request.kind.unit_key(request.kind.header(request.record))
    return [case for case, header in lookups.own.items() if unit is None or request.kind.unit_key(header) == unit][
        :OWN_CASES
    ]


def stored_of(hand: Hand, case_ids: Iterable[str]) -> Iterator[StoredCase]:
    """Those of the cases that exist and whose letters go to the sender of this mail."""
    for case in case_ids:
        try:
            stored = hand.house.ledger.load_case(case)
        except LookupError:
            continue
        writers = {address_key(address) for address in (stored.to, hand.sender.address) if address is not None}
        if stored.to is not None and len(writers) == 1:
            yield stored


def _candidates(hand: Hand, request: Request, case_ids: Iterable[str]) -> Iterator[Continued]:
    kind: AnyKind = request.kind
    for stored in stored_of(hand, case_ids):
        if stored.result.kind == kind.name:
            yield Continued(stored, kind.following(request.record, stored.result, hand.manner, hand.house.hasher))


def _fits(one: Continued, request: Request, manner: Manner, *, pointed: bool) -> bool:
    """Whether the record is about the case at all. What something points to needs a row in common, or the unit and
    order, or to be said to stand in its place; without a pointer the content alone has to tell."""
    following, stored = one.following, one.stored
    if following.rejudged is not None:
        fits = corrects_what_waits(following.merged, stored) or gives_what_lacks(following, stored)
        return pointed or (following.doubt is None and fits)
    if continues(following.merged) and (pointed or plainly_again(following.merged, stored)):
        return True
    if pointed and _same_order(request, stored):
        return True
    return manner is Manner.LATEST and (pointed or stored.state not in ENDS)


def _same_order(request: Request, stored: StoredCase) -> bool:
    """Whether a list is for the very unit and order of a case: further people, or others in the place of some."""
    kind, header = request.kind, request.kind.header(request.record)
    unit, order = kind.unit_key(header), header.get("order_no")
    known = stored.result.header
    return unit is not None and unit == kind.unit_key(known) and bool(order) and order == known.get("order_no")


def _surely(one: Continued) -> bool:
    """Whether a case that fits does so by its rows, and without a doubt."""
    return one.following.doubt is None and continues(one.following.merged)


def continues(merged: Merged) -> bool:
    """Whether at least one row of a list is one of the case's."""
    return any(match.change is not Change.ADDED for match in merged.matches)


def plainly_again(merged: Merged, stored: StoredCase) -> bool:
    """Whether a list that points to no case is that of this case all the same: it names somebody who waits for the
    sender, or half of its rows are the case's, and it is not an order of its own."""
    waiting = _waiting(stored)
    known = [match for match in merged.matches if match.change is not Change.ADDED]
    return any(match.number in waiting for match in known) or 2 * len(known) >= len(merged.matches) > 0


def corrects_what_waits(merged: Merged, stored: StoredCase) -> bool:
    """Whether every row that is put right is one that the sender was asked about."""
    changed = {match.number for match in merged.matches if match.change is Change.CORRECTED}
    return bool(changed) and changed <= _waiting(stored)


def gives_what_lacks(following: Following[Any], stored: StoredCase) -> bool:
    """Whether a record changes no row and names nothing but header fields that its sender was asked for."""
    rows = any(match.change is not Change.UNCHANGED for match in following.merged.matches)
    asked = {finding.where.field for finding in stored.result.findings if finding.severity is Severity.ASK}
    open_matter = any(item.number == 0 and item.state is ItemState.AWAITING_SENDER for item in stored.result.items)
    named = following.rejudged or frozenset()
    return open_matter and not rows and bool(named) and named <= asked


def _waiting(stored: StoredCase) -> set[int]:
    return {item.number for item in stored.result.items if item.state is ItemState.AWAITING_SENDER}


def next_version(hand: Hand, request: Request, lookups: Lookups, frame: Frame, before: Continued) -> CaseResult:
    """The case that the record continues, with what the record changes. Raises `Unclear` and `Undecided`."""
    stored, following = before.stored, before.following
    old = stored.result
    _check(hand, before)
    whole = Request(request.kind, following.record)
    known = situation(hand, whole, others_only(_anew(hand, whole, request, lookups), old.case_id))
    version = replace(frame, case_id=old.case_id, version=old.version + 1, seen=old.seen)
    if following.rejudged is not None:
        version = replace(version, fingerprint=old.fingerprint)
    found = find(whole.kind, whole.record, known, hand.rules)
    own = found.get(0, ()) if following.rejudged is None else _own_findings(found.get(0, ()), before)
    stopping = _stopping(hand, stored)
    judged = judge(whole.kind, whole.record, known, hand.rules, version, stopping, {**found, 0: own})
    numbers = {0, *(item.number for item in old.items), *(match.number for match in following.merged.matches)}
    clocks = timed(stored, sorted(numbers), hand.mail.arrival.received_at, hand.rules)
    arrived = hand.mail.arrival.received_at
    day = arrived.astimezone(ZoneInfo(hand.rules.campaign.office.zone)).date()
    return revised(judged, Revision(stored, following, hand.manner, clocks, day))


def _stopping(hand: Hand, stored: StoredCase) -> tuple[Finding, ...]:
    """What stops the version as a whole: what the mail itself brings, and what earlier mails brought that no person has
    settled yet, a withdrawal for one."""
    new = mailrules.stopping(hand.base.findings)
    head = next((item for item in stored.result.items if item.number == 0 and item.state in UNDECIDED), None)
    old = head.findings if head else ()
    return (*new, *(finding for finding in old if finding.code not in {one.code for one in new}))


def _check(hand: Hand, before: Continued) -> None:
    following = before.following
    if following.doubt is not None:
        raise Unclear(following.doubt)
    if not following.merged.unclear:
        return
    added = sum(match.change is Change.ADDED and not match.item.inert for match in following.merged.matches)
    why = f"来信名单中有{added}人不在原名单内，而原名单尚有需要更正的人员，请来信人说明是更正还是补充。"
    if hand.manner is Manner.UNSAID:
        raise Undecided(before.stored.result.case_id, why)
    raise Unclear("来信声明为更正，但更正后的人员与原名单无法一一对应，请人工核对。")


def _anew(hand: Hand, whole: Request, request: Request, lookups: Lookups) -> Lookups:
    """The look-ups for the record as it stands in its case, which may name more than the mail did. What an earlier
    request of the mail asks for stays known."""
    if whole.record == request.record:
        return lookups
    wants = whole.kind.wants(whole.record, hand.house.hasher)
    asked = Wanted(
        hand.mail.id, "", None, sender=hand.sender.address, people=wants.people, phones=wants.phones,
        orders=wants.orders, units=wants.units, pictures=wants.pictures, looks=wants.looks,
    )  # fmt: skip
    found = hand.house.ledger.lookups(asked)
    return replace(
        found,
        threads=lookups.threads,
        people={**lookups.people, **found.people},
        phones={**lookups.phones, **found.phones},
    )


def _own_findings(found: tuple[Finding, ...], before: Continued) -> tuple[Finding, ...]:
    """What stands against a case of which single rows were put right: what stood before, as long as no person settled
    it, and what is new about the header fields that were named."""
    named = before.following.rejudged or frozenset()
    head = next((item for item in before.stored.result.items if item.number == 0), None)
    kept = before.stored.result.findings if head is None or head.state not in ENDS else ()
    return (
        *(finding for finding in kept if finding.where.field not in named),
        *(finding for finding in found if finding.where.field in named),
    )
