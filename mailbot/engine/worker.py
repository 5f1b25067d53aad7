"""One step at a time: a due mail through the flow, due effects through `once`, a due letter through composer and
courier.

Each function claims, works and commits one unit and says whether there was any; who calls them how often is
`runner.py`'s.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

import structlog

from mailbot.domain.effects import EffectState
from mailbot.domain.mail import StoredMail
from mailbot.domain.ports import (
    About,
    Clock,
    Composer,
    Courier,
    EffectEnd,
    EffectJob,
    LetterJob,
    LoginRefused,
    Platform,
    PortError,
    SendResult,
    SendState,
    SentFolder,
    StepLedger,
)
from mailbot.engine.once import collect, once
from mailbot.failpoints import failpoint

log = structlog.get_logger("mailbot.engine")
EFFECTS_AT_ONCE = 500
SENT_BEFORE = timedelta(hours=1)
"""How far the mail server's clock may be behind ours, when it is asked for what it sent since then."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long to wait before trying again."""

    mail: timedelta
    effect: timedelta
    letter: timedelta


@dataclass(frozen=True, slots=True)
class Worker:
    """Claims and does single steps. `flow` takes a claimed mail through to commit 2."""

    steps: StepLedger
    flow: Callable[[StoredMail], object]
    platform: Platform
    composer: Composer
    courier: Courier
    clock: Clock
    pauses: Pauses
    sent: SentFolder | None = None
    ends: deque[tuple[str, SendResult]] = field(default_factory=deque)
    """Ends of letters that could not be committed yet."""

    def mail(self) -> bool:
        """Take one due mail through the flow. Whatever breaks it, its raw bytes are safe and it ends with a person."""
        mail = self.steps.claim_mail(self.clock.now())
        if mail is None:
            return False
        try:
            failpoint("mail.before_flow")
            self.flow(mail)
        except PortError as fault:
            self._not_now(mail, fault)
        except Exception as fault:  # the one broad except: any failure ends with a person, never with a lost mail
            log.exception("mail failed", mail=mail.id, attempt=mail.attempts)
            reason = f"{type(fault).__name__} in {_place(fault)}"
            self.steps.put_back(mail, reason, self.clock.now() + self.pauses.mail)
        return True

    def _not_now(self, mail: StoredMail, fault: PortError) -> None:
        """A fault of the site fails no mail, however long it lasts; one that cannot pass gives the mail to a person."""
        now = self.clock.now()
        if fault.retry:
            self.steps.put_back(mail, str(fault), now + self.pauses.mail, counts=False)
        else:
            self.steps.set_aside(mail, str(fault), now)

    def effects(self) -> bool:
        """Deliver the effects that are due, all of one intent commit at once."""
        jobs = self.steps.claim_effects(EFFECTS_AT_ONCE, self.clock.now())
        ends: list[EffectEnd] = []
        for _, group in groupby(sorted(jobs, key=attrgetter("verb")), key=attrgetter("verb")):
            ends += self._deliver(list(group))
        if ends:
            failpoint("effect.before_conclude")
            self.steps.conclude(ends, self.clock.now())
        return bool(jobs)

    def _deliver(self, jobs: list[EffectJob]) -> list[EffectEnd]:
        size = max(1, self.platform.caps.batch_size)
        batches = (jobs[start : start + size] for start in range(0, len(jobs), size))
        return [end for batch in batches for end in once(batch, self.platform, self.clock.now(), self.pauses.effect)]

    def collect(self) -> bool:
        """Take in what the platform answered since for pending wishes. A silent or broken site changes nothing."""
        try:
            return collect(self.steps, self.platform, self.clock.now()) > 0
        except PortError as fault:
            log.warning("platform gives no answers", fault=str(fault))
            return False

    def letter(self) -> bool:
        """Render (once) and send one due letter: bytes stored, intent committed, the last moment before the dot noted,
        sent, end committed. An end that could not be committed is not forgotten, and comes before any other letter."""
        self._settle()
        job = self.steps.due_letter(self.clock.now())
        if job is None:
            return False
        raw = job.raw if job.raw is not None else self._render(job.key)
        if raw is None or not self.steps.start_sending(job.key, self.clock.now()):
            return True
        failpoint("letter.before_send")
        self.ends.append((job.key, self._send(job, raw)))
        failpoint("letter.after_send")
        self._settle()
        return True

    def _settle(self) -> None:
        while self.ends:
            self.steps.conclude_letter(*self.ends[0], self.clock.now())
            self.ends.popleft()

    def _send(self, job: LetterJob, raw: bytes) -> SendResult:
        """A fault of the whole way out is none of the letter's: nobody is tried before it has passed."""
        if job.unknown_since is not None and self._lies_there(job, job.unknown_since):
            return SendResult(SendState.SENT, "found among the mails that were sent")
        try:
            return self.courier.send(job.to, raw, job.key, lambda: self._note_dot(job.key))
        except PortError as fault:
            log.warning("letters cannot be sent", fault=str(fault))
            about = About.LOGIN if isinstance(fault, LoginRefused) or not fault.retry else About.LINE
            return SendResult(SendState.DEFERRED, str(fault), about, offered=False)

    def _note_dot(self, key: str) -> None:
        self.steps.handing_over(key, self.clock.now())

    def _lies_there(self, job: LetterJob, since: datetime) -> bool:
        """Whether the server keeps what it sent and has this letter. One that cannot be looked for is sent once more:
        twice under one Message-ID is better than not at all."""
        if self.sent is None:
            return False
        try:
            return job.message_id in self.sent.holds((job.message_id,), since - SENT_BEFORE)
        except PortError as fault:
            log.warning("the sent mails cannot be looked through", fault=str(fault))
            return False

    def _render(self, key: str) -> bytes | None:
        now = self.clock.now()
        try:
            composed = self.composer.compose(self.steps.letter_view(key, now))
        except PortError as fault:
            log.warning("letter cannot be written", letter=key, fault=str(fault))
            self.steps.conclude([EffectEnd(key, EffectState.UNCERTAIN, str(fault))], now)
            return None
        self.steps.store_letter(key, composed, now)
        failpoint("letter.stored")
        return composed.raw


def _place(fault: BaseException) -> str:
    """File and line where it broke: the message itself may hold personal data and stays out of the ledger's reason."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
