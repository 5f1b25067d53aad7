"""Guards of the product taken out one at a time, to prove that the crash test notices; and the mail that kills."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy

from mailbot import flow
from mailbot.domain.effects import EffectState, PlannedLetter
from mailbot.domain.kinds import SenderView
from mailbot.domain.mail import StoredMail
from mailbot.domain.outcome import CaseResult, MailResult
from mailbot.domain.ports import Cursor, EffectEnd, EffectJob, LetterJob, NewMail, Platform, SendResult
from mailbot.engine import once as engine_once
from mailbot.engine.worker import Worker
from mailbot.flow import House
from mailbot.ledger import mails as ledger_mails
from mailbot.ledger.mails import Mails
from mailbot.ledger.steps import Steps
from mailbot.outbound import standing
from mailbot.steps import letters as answers


def _no_look_before_the_second_leap() -> None:
    """`once` acts again without asking the world about the earlier attempt."""

    def nothing_known(_jobs: Sequence[EffectJob], _platform: Platform) -> dict[str, EffectEnd]:
        return {}

    vars(engine_once)["probe"] = nothing_known


def _cursor_before_the_mails() -> None:
    """The mailbox counts as stored before its mails are."""
    store = Mails.store

    def hasty(self: Mails, new: Sequence[NewMail], cursor: Cursor | None) -> list[int]:
        if new and cursor is not None:
            at = new[0].arrival
            with self.db.write("hasty") as unit:
                ledger_mails.move_cursor(unit.conn, at.account, at.mailbox, cursor)
        return store(self, new, cursor)

    Mails.store = hasty  # type: ignore[method-assign]  # the guard is taken out on purpose


def _fresh_message_id() -> None:
    """Every attempt to send has a Message-ID of its own."""
    send = Worker._send

    def renamed(self: Worker, job: LetterJob, raw: bytes) -> SendResult:
        mail = message_from_bytes(raw, policy=policy.SMTP)
        mail.replace_header("Message-ID", f"<{os.urandom(8).hex()}@cqhrsp.com>")
        return send(self, job, mail.as_bytes())

    Worker._send = renamed  # type: ignore[method-assign]  # the guard is taken out on purpose


def _every_cut_is_an_unknown_end() -> None:
    """The stage is noted with the intent, long before the dot."""
    start = Steps.start_sending

    def hasty(self: Steps, key: str, now: datetime) -> bool:
        begun = start(self, key, now)
        if begun:
            self.handing_over(key, now)
        return begun

    Steps.start_sending = hasty  # type: ignore[method-assign]  # the guard is taken out on purpose


def _letters_do_not_wait() -> None:
    """A letter follows nothing: it is due at once, whatever becomes of the effects it tells of."""
    answer = answers.answer

    def hasty(
        mail: StoredMail, sender: SenderView, cases: Sequence[CaseResult], *, asynchronous: bool, bound: bool
    ) -> tuple[PlannedLetter, ...]:
        planned = answer(mail, sender, cases, asynchronous=asynchronous, bound=bound)
        return tuple(replace(letter, follows=()) for letter in planned)

    vars(answers)["answer"] = hasty


def _letters_vouch_for_what_is_planned() -> None:
    """A letter is due at once, and takes the wish for the deed."""
    _letters_do_not_wait()
    vars(standing)["TRUE_OF_THE_WORLD"] = frozenset(EffectState)


SABOTAGES = {
    "no-look": _no_look_before_the_second_leap,
    "cursor-first": _cursor_before_the_mails,
    "fresh-id": _fresh_message_id,
    "early-dot": _every_cut_is_an_unknown_end,
    "no-wait": _letters_do_not_wait,
    "vouch": _letters_vouch_for_what_is_planned,
}


def sabotage(name: str) -> None:
    """Take out the named guard, none without a name. Raises `KeyError` for a name that is no sabotage."""
    if name:
        SABOTAGES[name]()


def poison(sha256: str) -> None:
    """From now on the mail with this digest kills the process that takes it through the flow."""
    process = flow.process

    def deadly(mail: StoredMail, house: House) -> MailResult:
        if mail.sha256 == sha256:
            os.kill(os.getpid(), signal.SIGKILL)
        return process(mail, house)

    if sha256:
        vars(flow)["process"] = deadly
