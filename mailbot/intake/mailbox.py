"""One mailbox, for as long as the daemon runs: connect, poll, wait for a hint, and come back after every fault.

Not thread-safe but for `status`: one thread a mailbox (imapclient's own rule).
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event

from mailbot.domain.limits import IntakeLimits
from mailbot.domain.ports import Clock, MailStore, PortError
from mailbot.domain.server_ports import Secret
from mailbot.intake.account import Account
from mailbot.intake.describe import look_over
from mailbot.intake.faults import LoginRefused, Lost, Refused
from mailbot.intake.leash import Leash
from mailbot.intake.memory import Memory
from mailbot.intake.passes import Passes
from mailbot.intake.poll import Desk, Hooks, Poll, Report
from mailbot.intake.refusals import Cause, long_pause
from mailbot.intake.session import Session
from mailbot.intake.status import Condition, Status

_log = logging.getLogger(__name__)

GATHER_SECONDS = 0.5
"""After a hint: mails that come together are stored together, and a chattering server cannot drive us round."""

_JITTER = random.SystemRandom()


class Mailbox:
    """Fetches one account's mail into the store. `secret` is asked at every login, `spread(low, high)` jitters pauses;
    `passes` are done on the same connection when nothing is left to fetch."""

    def __init__(
        self,
        account: Account,
        secret: Secret,
        store: MailStore,
        clock: Clock,
        limits: IntakeLimits,
        spread: Callable[[float, float], float] = _JITTER.uniform,
        passes: Passes | None = None,
    ) -> None:
        self._account, self._secret, self._store, self._clock = account, secret, store, clock
        self._limits, self._spread = limits, spread
        self._passes = passes or Passes()
        self._status = Status(account.name)
        self._memory = Memory()
        self._leash = Leash()
        self._session: Session | None = None
        self._idles = True
        self._refusals = 0

    @property
    def name(self) -> str:
        return self._account.name

    @property
    def status(self) -> Status:
        """How it is doing; may be read from any thread."""
        return self._status

    @property
    def patience(self) -> float:
        """Seconds that may pass between two beats of a healthy mailbox: a deadline with the largest mail in it."""
        limits = self._limits
        return limits.poll_deadline_seconds + limits.largest_mail_bytes / limits.slowest_bytes_per_second

    def check(self) -> list[str]:
        """What was met, in readable lines: connected how, what the folder holds, what kind of server it is. Raises
        `IntakeError` with the remedy."""
        leash = Leash()
        with leash.limit(self._limits.poll_deadline_seconds):
            session = Session(self._account, self._secret, self._limits, leash)
            try:
                return look_over(self._account, session)
            finally:
                session.close()

    def poll_once(self, hooks: Hooks | None = None) -> Report:
        """One round, connecting where needed. Raises `IntakeError`, and what the store raises; drops the line then."""
        hooks = hooks or Hooks()
        hooks = Hooks(hooks.beat, self._counting(hooks.arrived))
        hooks.beat(self.name)
        with self._guarded(), self._leash.limit(self._limits.poll_deadline_seconds):
            if self._session is None:
                self._session = Session(self._account, self._secret, self._limits, self._leash)
                _log.info("%s: logged in to %s (%s)", self.name, self._account.server.host, self._session.profile.name)
            desk = Desk(self._account, self._store, self._clock, self._limits, self._memory, hooks)
            report = Poll(desk, self._session, self._leash).run()
        self._note_success(report)
        if not report.more:
            self._besides(hooks)
        return report

    def _besides(self, hooks: Hooks) -> None:
        """What is due besides fetching, on the same line and under a deadline of its own, which progress prolongs."""

        def told(what: str) -> None:
            _log.debug("%s", what)
            hooks.beat(self.name)
            self._leash.allow(self._limits.read_seconds)

        with self._guarded(), self._leash.limit(self._limits.poll_deadline_seconds):
            if self._session is not None:
                self._passes.run(self._session, told)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Whatever goes wrong inside: the connection is not used again, and the status says so."""
        whole = False
        try:
            yield
            whole = True
        except (PortError, OSError) as error:
            self._note_failure(error)
            raise
        finally:
            if not whole:
                self.close()

    def drain(self, stop: Event, hooks: Hooks | None = None) -> Report:
        """Rounds until all is fetched and what the server does not give is on record; then the line is dropped.

        Raises as one round.
        """
        total = Report()
        try:
            while True:
                report = self.poll_once(hooks)
                total = replace(report, stored=total.stored + report.stored, poisoned=total.poisoned + report.poisoned)
                if stop.is_set() or not (report.more or report.unsettled):
                    return total
        finally:
            self.close()

    def run(self, stop: Event, wake: Event, hooks: Hooks | None = None) -> None:
        """Until `stop`; `wake` asks for a round now. What is no fault of server, line or store leaves this loop."""
        hooks = hooks or Hooks()
        try:
            while not stop.is_set():
                wake.clear()
                try:
                    report = self.poll_once(hooks)
                    if report.unsettled:
                        self._rest(self._limits.reconnect_min_seconds, stop, wake, hooks)
                    elif not report.more:
                        self._wait(stop, wake, hooks)
                except (PortError, OSError) as error:
                    pause = self._pause(error)
                    _log.warning("%s: %s; again in %.0f s", self.name, self._status.last_error, pause)
                    self._rest(pause, stop, wake, hooks)
        finally:
            self.close()

    def close(self) -> None:
        """Drop the connection, where there is one."""
        if self._session is not None:
            self._session.close()
        self._session = None

    def _wait(self, stop: Event, wake: Event, hooks: Hooks) -> None:
        """Until the next round: IDLE where it is offered, as a hint only; never longer than the unconditional poll."""
        session, seconds = self._session, self._limits.poll_seconds

        def woken() -> bool:
            hooks.beat(self.name)
            return stop.is_set() or wake.is_set()

        if session is None or not self._idles or not session.profile.idle or "IDLE" not in session.capabilities:
            self._rest(max(seconds, session.profile.pace if session else 0), stop, wake, hooks)
            return
        with self._guarded(), self._leash.limit(seconds + self._limits.read_seconds):
            try:
                session.wait_for_hint(seconds, woken)
            except Refused as refused:
                self._idles = False
                raise Lost(f"IDLE is offered, but does not work: {refused}") from refused
        stop.wait(GATHER_SECONDS)

    def _rest(self, seconds: float, stop: Event, wake: Event, hooks: Hooks) -> None:
        """Sleep, but beat every second, and rise for `stop` and `wake`."""
        left = seconds
        while left > 0 and not stop.is_set():
            hooks.beat(self.name)
            if wake.wait(min(1.0, left)):
                return
            left -= 1.0

    def _pause(self, error: Exception) -> float:
        """Seconds before the next try: full jitter that widens; after several refusals a long pause (lock-outs)."""
        limits, failures = self._limits, self._status.failures
        if isinstance(error, PortError) and not isinstance(error, Lost):
            cause, wary = (error.cause, error.wary) if isinstance(error, LoginRefused) else (_cause(error), False)
            long = long_pause(cause, self._refusals, limits, wary=wary)
            if long is not None:
                return long
        low, high = limits.reconnect_min_seconds, limits.reconnect_max_seconds
        return self._spread(low, min(high, low * 2 ** min(failures, 16)))

    def _counting(self, arrived: Callable[[int], None]) -> Callable[[int], None]:
        def count(mails: int) -> None:
            self._status = replace(self._status, stored=self._status.stored + mails, failures=0)
            arrived(mails)

        return count

    def _note_success(self, report: Report) -> None:
        self._refusals = 0
        self._status = replace(
            self._status,
            condition=Condition.OK,
            last_ok=self._clock.now(),
            failures=0,
            poisoned=self._status.poisoned + report.poisoned,
            unsettled=report.unsettled + report.waiting,
            uidnext=report.uidnext,
            ahead=report.ahead,
            ahead_since=(self._status.ahead_since or self._clock.now()) if report.ahead else None,
        )

    def _note_failure(self, error: Exception) -> None:
        if isinstance(error, PortError) and not isinstance(error, Lost):
            self._refusals += 1
        unclear = isinstance(error, LoginRefused) and error.cause is Cause.UNCLEAR
        refused = isinstance(error, PortError) and not error.retry and not (unclear and self._refusals < 2)
        self._status = replace(
            self._status,
            condition=Condition.REFUSED if refused else Condition.WAITING,
            last_error=_told(error) if isinstance(error, PortError) else f"{type(error).__name__}: {error}",
            last_error_at=self._clock.now(),
            failures=self._status.failures + 1,
        )


def _cause(error: PortError) -> Cause:
    """A refusal that is none of a login: of a folder, or of our own secret."""
    return Cause.MOMENT if error.retry else Cause.CREDENTIALS


def _told(error: PortError) -> str:
    """A fault in words, with its remedy where a login was refused for good."""
    remedy = error.remedy if isinstance(error, LoginRefused) and not error.retry else ""
    return f"{error}; {remedy}" if remedy else str(error)
