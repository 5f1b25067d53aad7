"""Where a row stands and which section tells of its case: pure functions of what has really happened.

A letter claims nothing that is not true of the world: 已注册 needs an effect that is done or already so; what was asked
of the platform and not confirmed is 待注册; what waits for a person waits, without the person's doubts.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import Final

from mailbot.domain.effects import TRUE_OF_THE_WORLD, EffectState, LetterKind
from mailbot.domain.intents import ASKS_STATUS, ASKS_WHICH
from mailbot.domain.letters import CaseView, FindingView, RowView
from mailbot.domain.states import ENDS, ItemState
from mailbot.domain.topics import HELP

_E = EffectState
_UNDER_WAY: Final = frozenset({_E.PLANNED, _E.DOING, _E.PENDING})
_GONE_WRONG: Final = frozenset({_E.REJECTED, _E.UNCERTAIN})
_NEVER_TOLD: Final = ("sender.", "order.reused", "order.other_unit", "proof.image_")
"""What makes staff doubt a sender is never told to them."""
_TOLD_THOUGH_HELD: Final = frozenset({"file.ocr_only"})
"""Staff see the proposal, and the sender is asked for the Excel file all the same."""
WITHDRAWN: Final = "mail.withdrawal"
"""The finding of a row that its sender has taken back."""
_KNOWN_BEFORE: Final = frozenset({"person.already_registered"})
"""What tells of an account that was there before this house asked for one: such a row needs no effect."""
_FORM_WANTED: Final = ("file.", "roster.empty", "header.inferred")


PERSONAL: Final = frozenset({"payment_proof"})
"""Kinds of cases that one person sends for themselves: no workbook goes with their letters."""
_FORM_OF_PROOF: Final = (
    "proof.",
    "payment.proof_missing",
    "payment.year_missing",
    "name.missing",
    "id.missing",
    "phone.missing",
)
_COMMITS: Final = frozenset({"proof.missing", "payment.proof_missing"})
"""What is asked where no proof came at all."""


_ABOUT_MAIL: Final = (HELP, "mail.other_mailbox")
"""Findings of the answered mail itself whose sentences its sender is told: what the hotlines answer, and which mailbox
it should have gone to."""


class Standing(StrEnum):
    """Where a row stands, as a sender needs to know it."""

    DONE = "done"
    ALREADY = "already"
    PENDING = "pending"
    ASKED = "asked"
    WAITING = "waiting"
    """Nothing is wrong with the row; it waits for what is asked of the whole case."""
    HELD = "held"
    CONFLICT = "conflict"
    """The platform holds this phone or ID number with other values: a person looks."""
    DECLINED = "declined"
    CLOSED = "closed"
    SETTLED = "settled"
    """At its end without anything to do on the platform."""


_READS: Final = {Standing.ALREADY: Standing.DONE, Standing.CONFLICT: Standing.HELD}


class Section(StrEnum):
    """The letter's section for a case: the name of its template."""

    RECEIPT = "receipt"
    ACCEPT = "accept"
    ACCEPT_WITH_FIXES = "accept_with_fixes"
    PARTIAL = "partial"
    ASK = "ask"
    HOLD = "hold"
    RESULT = "result"
    DECLINED = "declined"
    CLOSED = "closed"
    SAME = "same"
    NOTICE = "notice"
    CHOICE = "choice"
    STATUS = "status"


_ANSWERS: Final = {ASKS_WHICH: Section.CHOICE, ASKS_STATUS: Section.STATUS}
"""What an answer says, by the finding of the mail that it answers; any other one says that the list came before."""


def standing(row: RowView) -> Standing:
    """Where the row stands. A person's refusal comes first, then what is true of the world, then the rest."""
    if row.state is ItemState.DECLINED:
        return Standing.DECLINED
    if row.effect in TRUE_OF_THE_WORLD:
        return Standing.ALREADY if row.effect is EffectState.ALREADY else Standing.DONE
    if row.state is ItemState.CLOSED:
        return Standing.CLOSED
    if row.state is ItemState.AWAITING_SENDER:
        return Standing.ASKED if asks(row.findings) else Standing.WAITING
    if row.effect in _GONE_WRONG:
        return Standing.HELD
    if row.effect is EffectState.CONFLICT:
        return Standing.CONFLICT
    if row.state is ItemState.APPROVED or (row.state is ItemState.FULFILLED and row.effect in _UNDER_WAY):
        return Standing.PENDING
    return _at_its_end(row) if row.state is ItemState.FULFILLED else Standing.HELD


def _at_its_end(row: RowView) -> Standing:
    """A row that needed nothing of the platform."""
    known = any(finding.code in _KNOWN_BEFORE for finding in row.findings)
    return Standing.ALREADY if known else Standing.SETTLED


def told(row: RowView, *, bound: bool) -> Standing:
    """Where the row stands as its sender may know it.

    What the platform knew before (an account, or one with other values) is told to a bound sender only; to the others
    already and done read alike, and a conflict waits as any doubt does.
    """
    name = standing(row)
    return name if bound else _READS.get(name, name)


def asks(findings: tuple[FindingView, ...]) -> tuple[FindingView, ...]:
    """What the sender must do something about, and may be told."""
    return tuple(
        finding
        for finding in findings
        if (finding.severity == "ask" or finding.code in _TOLD_THOUGH_HELD) and not finding.code.startswith(_NEVER_TOLD)
    )


def fixes(findings: tuple[FindingView, ...]) -> tuple[FindingView, ...]:
    """What was repaired safely, and is told so that nobody is surprised."""
    return tuple(finding for finding in findings if finding.severity == "fix")


def case_asks(case: CaseView) -> tuple[FindingView, ...]:
    """What is asked of the case as a whole; nothing once it is at its end."""
    return () if case.state in ENDS else asks(case.findings)


def to_correct(case: CaseView) -> tuple[RowView, ...]:
    """The rows to correct, also those that a person looks at: one letter asks for everything at once. Nothing is asked
    about people whom their sender has taken back, unless a person asks all the same."""
    open_rows = (row for row in case.rows if row.state is ItemState.AWAITING_SENDER or _looked_at(row))
    return tuple(row for row in open_rows if row.effect not in TRUE_OF_THE_WORLD and asks(row.findings))


def _looked_at(row: RowView) -> bool:
    """Whether a person looks at a row that its sender still wants."""
    return row.state is ItemState.HELD and not any(finding.code == WITHDRAWN for finding in row.findings)


def told_of_mail(about: tuple[FindingView, ...]) -> tuple[str, ...]:
    """The sentences of findings of the answered mail that its sender is told, in order."""
    return tuple(finding.message for finding in about if finding.code.startswith(_ABOUT_MAIL))


def wants_form(case: CaseView) -> bool:
    """Whether the blank roster goes with the letter: the sender is asked for the Excel file."""
    return case.kind not in PERSONAL and any(finding.code.startswith(_FORM_WANTED) for finding in case_asks(case))


def all_asks(case: CaseView) -> tuple[FindingView, ...]:
    """What is asked of the case as a whole and of every item that is not at its end."""
    return (*case_asks(case), *(finding for row in to_correct(case) for finding in asks(row.findings)))


def wants_proof_form(case: CaseView) -> bool:
    """Whether the blank form of Annex 2 goes with the letter: something that it has a place for is asked for."""
    return case.kind in PERSONAL and any(one.code.startswith(_FORM_OF_PROOF) for one in all_asks(case))


def offers_commitment(case: CaseView) -> bool:
    """Whether the way of the letter of commitment is told: proof is asked for, and was asked for once before. It goes
    into the sender's integrity record, so nobody is pointed to it who may still find a proof."""
    asked = any(one.code in _COMMITS for one in all_asks(case))
    return case.kind in PERSONAL and case.asked_before and asked


def section(kind: LetterKind, case: CaseView, about: tuple[FindingView, ...] = ()) -> Section:
    """The section that tells of this case, from its rows as they stand; `about` are findings of the answered mail."""
    if kind is LetterKind.NOTICE:
        return Section.NOTICE
    if kind is LetterKind.ANSWER:
        return next((_ANSWERS[finding.code] for finding in about if finding.code in _ANSWERS), Section.SAME)
    count = Counter(standing(row) for row in case.rows)
    going = count[Standing.DONE] + count[Standing.ALREADY] + count[Standing.PENDING]
    back = count[Standing.ASKED] + count[Standing.WAITING] + len(case_asks(case))
    held = count[Standing.HELD] + count[Standing.CONFLICT] + (case.state is ItemState.HELD)
    if going and (back or held or (count[Standing.PENDING] and count[Standing.DECLINED])):
        return Section.PARTIAL
    if going:
        return _going(case, count)
    return _not_going(case, count, back, held)


def _going(case: CaseView, count: Counter[Standing]) -> Section:
    """Every row that is not at its end goes ahead."""
    if count[Standing.PENDING]:
        return Section.RECEIPT
    if count[Standing.DECLINED] or count[Standing.SETTLED]:
        return Section.RESULT
    repaired = any(fixes(row.findings) for row in case.rows) or bool(fixes(case.findings))
    return Section.ACCEPT_WITH_FIXES if repaired else Section.ACCEPT


def _not_going(case: CaseView, count: Counter[Standing], back: int, held: int) -> Section:
    """Nothing goes ahead; a person's work comes before the sender's: with ask and hold, it is held."""
    if held:
        return Section.HOLD
    if back or case.state is ItemState.AWAITING_SENDER:
        return Section.ASK
    if count[Standing.DECLINED] or case.state is ItemState.DECLINED:
        return Section.DECLINED
    if count[Standing.SETTLED]:
        return Section.RESULT
    return Section.CLOSED if case.state in ENDS else Section.HOLD
