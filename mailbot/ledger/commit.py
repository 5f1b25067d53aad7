"""Commit 2: a mail's result or a person's decision in one transaction: cases, items, effects, claims, letters.

Either everything is written or nothing is. The door for both ways in is `write_result`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from mailbot.domain.bounces import Traced
from mailbot.domain.decisions import Decision
from mailbot.domain.effects import PlannedLetter
from mailbot.domain.mail import Notice, StoredMail
from mailbot.domain.outcome import CaseResult, Lookups, LostMail, MailResult, StoredCase, Wanted
from mailbot.domain.states import ItemState
from mailbot.ledger import bounces
from mailbot.ledger.cases import Pass, Written, write_case
from mailbot.ledger.codec import clean, clean_or_none, findings_out
from mailbot.ledger.conversation import left_open
from mailbot.ledger.db import AUTO, Database, Unit
from mailbot.ledger.lookups import domains, look_up
from mailbot.ledger.mail_steps import WORKING
from mailbot.ledger.moves import judged, told
from mailbot.ledger.outbox import mark_bound, plan_effects, plan_letter, take_claims, withdraw
from mailbot.ledger.settings import bind
from mailbot.ledger.settle import add_mail, fold_case, settle_items, tell_result
from mailbot.ledger.snapshot import load_case
from mailbot.ledger.statement import Statement
from mailbot.ledger.tables.case import Role, case_mails
from mailbot.ledger.tables.mail import mails

_END_MAIL = Statement(
    update(mails).where(
        mails.c.id == bindparam("b_id"), mails.c.state == WORKING, mails.c.token == bindparam("b_token")
    )
)
"""A mail's end, written only while it is still claimed by the attempt that comes with it."""


@dataclass(frozen=True, slots=True)
class Cases:
    """The flow's and the desk's side of the ledger (`ports.FlowLedger`, and what the desk asks)."""

    db: Database

    def raw(self, sha256: str) -> bytes:
        """The exact bytes of a mail, verified. Raises `PortError` (no retry) where they are missing or damaged."""
        return self.db.blobs.read(sha256)

    def bound_domains(self) -> frozenset[str]:
        """The domains that a person bound to a unit."""
        with self.db.read() as conn:
            return domains(conn)

    def lookups(self, wanted: Wanted) -> Lookups:
        """Everything the flow asks about one mail, as one state of the ledger."""
        with self.db.read() as conn:
            return look_up(conn, wanted)

    def left_open(self, reply_ids: Sequence[str], sender: str) -> str | None:
        """The digest of the mail whose list one of these letters asks about."""
        with self.db.read() as conn:
            return left_open(conn, reply_ids, sender)

    def trace(self, notice: Notice, at: datetime) -> Traced:
        """The letter of ours that a delivery notice which came then speaks of."""
        with self.db.read() as conn:
            return bounces.trace(conn, self.db.terms.domain, notice, at)

    def finish(self, mail: StoredMail, result: MailResult) -> None:
        """Write a mail's result. Raises `ClaimTaken`, `StaleCase`, `LostMail`, `IllegalMove`: nothing was written."""
        with self.db.write("finish") as unit:
            _end_mail(unit, mail, result)
            by = Pass(result.at, result.mail_id)
            for case in result.cases:
                write_result(unit, case, by)
            add_mail(unit, result.mail_id, _roles(unit, result))
            for letter in result.letters:
                plan_letter(unit, letter, result.at)
            if result.returned is not None:
                bounces.keep(unit, result.mail_id, result.returned, result.at)

    def load_case(self, case_id: str) -> StoredCase:
        """A case as it stands, with its row version. Raises `LookupError` for one that does not exist."""
        with self.db.read() as conn:
            return load_case(conn, case_id)

    def finish_case(
        self, result: CaseResult, letters: Sequence[PlannedLetter], decision: Decision, now: datetime
    ) -> None:
        """Write what a person decided. Raises as `finish` does; `StaleCase` also when `decision.seen_version` is not
        the row version in force."""
        with self.db.write("finish_case") as unit:
            by = Pass(now, decision=decision)
            written = write_result(unit, result, by)
            for letter in letters:
                plan_letter(unit, letter, now, by_person=True)
            if any(after is ItemState.FULFILLED for _, after in written.moves.values()):
                tell_result(unit, result.case_id, (), now)


def _end_mail(unit: Unit, mail: StoredMail, result: MailResult) -> None:
    values = {
        "b_id": mail.id,
        "b_token": mail.token,
        "state": result.state.value,
        "message_id": clean_or_none(result.message_id),
        "thread": [clean(one) for one in result.references] or None,
        "sender": clean_or_none(result.sender),
        "subject": clean(result.subject),
        "content": result.content,
        "findings": findings_out(result.findings),
        "marks": list(result.marks) or None,
        "summary": dict(result.summary),
        "duplicate_of": result.duplicate_of,
        "ended_at": result.at,
    }
    if _END_MAIL.run(unit.conn, values) != 1:
        raise LostMail(f"mail {mail.id} is not claimed by this attempt")
    codes = [finding.code for finding in result.findings]
    unit.note(f"mail.{result.state.value}", result.at, mail_id=mail.id, findings=codes, marks=list(result.marks))


def _roles(unit: Unit, result: MailResult) -> set[tuple[str, Role]]:
    roles = {(case.case_id, Role.OPENS if case.seen is None else Role.FOLLOWS) for case in result.cases}
    roles |= {(case_id, Role.FOLLOWS) for case_id in result.follows}
    if result.duplicate_of is not None:
        twins = select(case_mails.c.case_id).where(case_mails.c.mail_id == result.duplicate_of)
        roles |= {(case_id, Role.COPY) for case_id in unit.conn.execute(twins).scalars()}
    return roles


_WITHDRAWN = frozenset({ItemState.HELD, ItemState.AWAITING_SENDER})
"""Where an approved item may go other than forward."""


def write_result(unit: Unit, case: CaseResult, by: Pass) -> Written:
    """One case of a commit, whole: written, its claims taken, effects planned or withdrawn, items settled, folded."""
    written = write_case(unit, case, by)
    left = [n for n, (old, new) in written.moves.items() if old is ItemState.APPROVED and new in _WITHDRAWN]
    if left:
        withdraw(unit, case.case_id, left, by.at)
    take_claims(unit, case.case_id, case.claims)
    stood = plan_effects(unit, case, by.at, by_person=by.decision is not None)
    ended = settle_items(unit, case.case_id, _to_settle(case, stood))
    state = fold_case(unit, case.case_id, by.at, due=case.due_at is None or not written.fresh)
    moves = {**written.moves, **{n: (written.moves.get(n, pair)[0], pair[1]) for n, pair in ended.items()}}
    _note(unit, case, by, Written(moves, written.anew, written.fresh), state)
    if case.bind is not None and by.decision is not None:
        bind(unit, *case.bind, by.decision.actor, by.at)
        mark_bound(unit, case.case_id, case.bind[0])
    return Written(moves, written.anew, written.fresh)


def _to_settle(case: CaseResult, stood: set[str]) -> list[int]:
    """Approved items whose effects are not all new: nothing is to be done for them, or it was done before."""
    new = {number for effect in case.effects if effect.key not in stood for number in effect.items}
    approved = [item.number for item in case.items if item.state is ItemState.APPROVED]
    return [number for number in approved if number not in new]


def _note(unit: Unit, case: CaseResult, by: Pass, written: Written, state: ItemState) -> None:
    detail: dict[str, object] = {
        "outcome": case.outcome.word,
        "state": state.value,
        "moves": told(written.moves),
        "effects": len(case.effects),
        "rulebook": case.rulebook,
        "codes": sorted({finding.code for finding in case.findings}),
    }
    actor = AUTO
    if by.decision is None:
        detail["judged"] = judged(case.items)
    else:
        actor = clean(by.decision.actor)
        detail["reason"] = clean(by.decision.reason)
        detail["waived"] = dict(by.decision.waived)
        detail["second_actor"] = by.decision.second_actor
        detail["verdicts"] = {str(number): verdict.value for number, verdict in by.decision.verdicts.items()}
    about = f"version {case.version}"
    unit.note("case.decided", by.at, actor=actor, mail_id=by.mail_id, case_id=case.case_id, about=about, **detail)
