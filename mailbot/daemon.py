"""The daemon: one site's mailboxes, its worker and its clock, each in a loop of its own, until told to stop.

A loop that dies takes the daemon with it: systemd starts it again, and the ledger says where to go on.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Self

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from mailbot.alarm import Road
from mailbot.alarming import raise_alarms, road_of
from mailbot.answered import look_again, note_answer
from mailbot.assembly import Parts, assembled, facts_of, locked, open_rules, start_of
from mailbot.boxes import passes_of
from mailbot.config import Settings
from mailbot.config_accounts import MailboxAccount
from mailbot.credentials import Secrets
from mailbot.domain.limits import IntakeLimits, OutboundLimits
from mailbot.domain.ports import Clock, Courier, Platform
from mailbot.engine.runner import Loop, Step, clockwork, drain
from mailbot.intake.account import Account, Server
from mailbot.intake.mailbox import Mailbox
from mailbot.intake.poll import Hooks
from mailbot.intake.sent_lookup import SentLookup
from mailbot.logins import secret_of
from mailbot.morning import plan_digest
from mailbot.notify import Notifier, Watchdog
from mailbot.outbound.courier import SmtpCourier
from mailbot.outbound.smtp_session import SmtpSettings
from mailbot.status_file import write_status

log = structlog.get_logger("mailbot.daemon")
SWEEP_SECONDS = 15.0
"""How often each loop looks for due steps though nobody rang."""
STEP_SECONDS = 600.0
"""The longest a single step may take before the watchdog starves: one mail's reading or one letter's sending, each with
its own shorter deadline."""
RULES_SECONDS = 30.0
LETTERS_SECONDS = 60.0
ANSWERS_SECONDS = 60.0
ALARMS_SECONDS = 30.0
STOP_SECONDS = 45.0


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a daemon is given besides its settings; the defaults are the real ones."""

    clock: Clock
    environ: Mapping[str, str]
    courier: Courier | None = None
    platform: Platform | None = None
    sweep: float = SWEEP_SECONDS


def mailboxes(settings: Settings, secrets: Secrets, parts: Parts) -> list[Mailbox]:
    """The mailboxes of a site, not yet connected."""
    limits, since = parts.rulebook.limits.intake, start_of(parts.site, parts.rulebook)
    return [
        Mailbox(
            account,
            secret_of(box, box.account, secrets, parts.clock),
            parts.ledger.mails,
            parts.clock,
            limits,
            passes=passes_of(box, account, parts.ledger, parts.clock, limits),
        )
        for box, account in ((box, replace(account_of(box), since=since)) for box in settings.mailbox)
    ]


def account_of(box: MailboxAccount) -> Account:
    """One mailbox of the settings, as the intake knows it."""
    return Account(
        box.account,
        box.address,
        Server(box.host, box.port, box.user, box.tls, box.ca_file),
        box.folder,
        profile=box.profile,
        handled_folder=box.handled_folder,
        person_folder=box.person_folder,
    )


def courier_of(settings: Settings, secrets: Secrets, clock: Clock, limits: OutboundLimits) -> SmtpCourier:
    """The way out. Nothing is connected before the first letter."""
    smtp = settings.smtp
    return SmtpCourier(
        SmtpSettings(
            host=smtp.host,
            port=smtp.port,
            security=smtp.tls,
            user=smtp.user,
            secret=secret_of(smtp, "smtp", secrets, clock) if smtp.has_secret else None,
            envelope_sender=smtp.envelope,
            ca_file=smtp.ca_file,
            send_seconds=limits.send_seconds,
        )
    )


def sent_of(settings: Settings, secrets: Secrets, clock: Clock, limits: IntakeLimits) -> SentLookup | None:
    """Where letters of unknown end may be found: the Sent folder of the mailbox that they go out from, where that is
    one of ours and its folder is not switched off."""
    sender = settings.smtp.sender.casefold()
    own = next((box for box in settings.mailbox if box.address.casefold() == sender), None)
    if own is None or not own.sent_folder:
        return None
    return SentLookup(account_of(own), secret_of(own, own.account, secrets, clock), limits, own.sent_folder)


@dataclass
class Daemon:
    """A site at work. Enter it to hold the storage lock and the reader's child; `run` or `once` inside."""

    settings: Settings
    wiring: Wiring
    _stack: ExitStack = field(default_factory=ExitStack)
    _dated_by: str = ""
    parts: Parts = field(init=False)
    boxes: list[Mailbox] = field(init=False)
    secrets: Secrets = field(init=False)
    road: Road = field(init=False)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            facts = facts_of(self.settings)
            stack.enter_context(locked(facts.storage))
            rules = open_rules(facts)
            self.secrets = self.settings.secrets(self.wiring.environ)
            self.road = road_of(self.settings, self.secrets, self.wiring.environ)
            clock, platform, limits = self.wiring.clock, self.wiring.platform, rules.current.limits
            courier = self.wiring.courier or courier_of(self.settings, self.secrets, clock, limits.outbound)
            if isinstance(courier, SmtpCourier):
                stack.callback(courier.close)
            sent = sent_of(self.settings, self.secrets, clock, limits.intake)
            self.parts = stack.enter_context(assembled(facts, rules, self.secrets, clock, courier, platform, sent))
            self.boxes = mailboxes(self.settings, self.secrets, self.parts)
            self._begin()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _begin(self) -> None:
        """What a dead owner left is taken up; a site nobody has switched yet starts in the mode of its settings."""
        now = self.wiring.clock.now()
        self.parts.ledger.switches.begin(self.settings.site.mode, now)
        self.parts.ledger.steps.recover(now)
        self.redate()

    def redate(self) -> bool:
        """Under rules that came into force since, what is open is dated anew; whether anything was. Belongs between two
        mails: one that is judged meanwhile would be dated by the rules before."""
        rules = self.parts.rulebook
        if rules.hash == self._dated_by:
            return False
        done = self.parts.redate(rules)
        self._dated_by = rules.hash
        if done.cases:
            log.info("dated anew", cases=done.cases, items=done.items)
        return done.cases > 0

    def once(self, progress: Callable[[str], None] = lambda _: None) -> int:
        """Fetch what is there, do what is due, and end; how many steps that were. Raises what a mailbox raises."""
        never = threading.Event()
        try:
            for box in self.boxes:
                report = box.drain(never)
                progress(f"{box.name}: {report.stored} mails")
                log.info("fetched", mailbox=box.name, stored=report.stored, poisoned=report.poisoned)
        finally:
            self.tell_status()
        while self.answers():
            continue
        self.plan_letters()
        return drain(self.parts.worker, progress)

    def answers(self) -> bool:
        """The next mail that staff wrote by hand is looked at, before anything else may answer the same person."""
        return note_answer(self.parts)

    def look_again(self) -> None:
        """What staff wrote may answer mails that were read since."""
        found = look_again(self.parts)
        if found:
            log.info("answered by hand", mails=found)

    def raise_alarms(self) -> None:
        """People are told what is red, by the site's own road."""
        raise_alarms(self.parts, self.settings, self.road)

    def plan_letters(self) -> None:
        """The letters that no mail causes: the morning's digest, and news for senders who wait beyond their day."""
        plan_digest(self.parts, self.settings)
        told = self.parts.ledger.interims.plan(self.parts.clock.now())
        if told:
            log.info("partly confirmed cases are told", letters=told)

    def tell_status(self) -> None:
        """How the mailboxes do, where `health` and the digest find it. A full disk costs this word and nothing else."""
        try:
            write_status(self.parts.site.storage, [box.status for box in self.boxes], self.wiring.clock.now())
        except OSError as fault:
            log.warning("the status cannot be written", fault=str(fault))

    def run(self, stop: threading.Event) -> bool:
        """Until `stop` is set; whether every loop ended as it should."""
        return Running(self, stop).run()


class Running:
    """The loops of a running daemon, their bells, their watchdog and their clockwork."""

    def __init__(self, daemon: Daemon, stop: threading.Event) -> None:
        self._daemon, self._stop = daemon, stop
        self._notifier = Notifier(daemon.wiring.environ)
        self._watchdog = Watchdog(self._notifier, monotonic)
        self._failed: list[str] = []
        worker, sweep = daemon.parts.worker, daemon.wiring.sweep
        steps = {
            "mails": (daemon.answers, daemon.redate, worker.mail),
            "effects": (worker.effects, worker.collect),
            "letters": (worker.letter,),
        }
        self._loops = [
            Loop(name, tuple(map(self._ringing, of_loop)), sweep=sweep, beat=self._watchdog.beat, failed=self._fail)
            for name, of_loop in steps.items()
        ]
        self._wakes = {box.name: threading.Event() for box in daemon.boxes}
        self._fetchers = [threading.Thread(target=self._fetch, args=(box,), name=box.name) for box in daemon.boxes]

    def run(self) -> bool:
        for loop in self._loops:
            self._watchdog.register(loop.name, STEP_SECONDS)
            loop.start()
        for box, thread in zip(self._daemon.boxes, self._fetchers, strict=True):
            self._watchdog.register(box.name, box.patience)
            thread.start()
        scheduler = self._clockwork()
        scheduler.start()
        feeder = threading.Thread(target=self._watchdog.run, args=(self._stop,), name="watchdog")
        feeder.start()
        self._notifier.ready()
        log.info("running", site=self._daemon.settings.site.name, mailboxes=[box.name for box in self._daemon.boxes])
        self._stop.wait()
        self._notifier.stopping()
        scheduler.shutdown(wait=False)
        return self._wind_up(feeder)

    def _wind_up(self, feeder: threading.Thread) -> bool:
        for wake in self._wakes.values():
            wake.set()
        ended = [loop.stop(STOP_SECONDS) for loop in self._loops]
        for thread in (*self._fetchers, feeder):
            thread.join(STOP_SECONDS)
        alive = [thread.name for thread in self._fetchers if thread.is_alive()]
        if alive or not all(ended):
            log.error("loops did not end", loops=alive)
        return not (self._failed or alive) and all(ended)

    def _fetch(self, box: Mailbox) -> None:
        clean = False
        try:
            hooks = Hooks(self._watchdog.beat, lambda _count: self._loops[0].ring())
            box.run(self._stop, self._wakes[box.name], hooks)
            clean = True
        finally:
            if not clean:
                self._fail(box.name)

    def _fail(self, name: str) -> None:
        self._failed.append(name)
        log.error("loop died", loop=name)
        self._stop.set()

    def _clockwork(self) -> BackgroundScheduler:
        daemon = self._daemon
        return clockwork(
            daemon.parts.zone,
            {
                "sweep": (daemon.wiring.sweep, self._ring),
                "answers": (ANSWERS_SECONDS, daemon.look_again),
                "alarms": (ALARMS_SECONDS, daemon.raise_alarms),
                "rules": (RULES_SECONDS, self._refresh_rules),
                "letters": (LETTERS_SECONDS, daemon.plan_letters),
                "status": (RULES_SECONDS, self._tell),
            },
        )

    def _ringing(self, step: Step) -> Step:
        """The step, and a bell for all loops where it did something: a mail's effects and letters are due at once."""

        def stepped() -> bool:
            done = step()
            if done:
                self._ring()
            return done

        return stepped

    def _ring(self) -> None:
        for loop in self._loops:
            loop.ring()

    def _refresh_rules(self) -> None:
        rules = self._daemon.parts.rules
        if rules.refresh():
            log.info("rules changed", version=rules.current.hash[:12])
        elif not rules.health.green:
            log.error("rules refused, the old ones stay", problems=[str(problem) for problem in rules.health.problems])

    def _tell(self) -> None:
        self._daemon.tell_status()
        counts = self._daemon.parts.ledger.queries.counts()
        waiting = counts.mails.get("stored", 0)
        boxes = ", ".join(f"{box.name} {box.status.condition}" for box in self._daemon.boxes)
        self._notifier.status(f"{self._daemon.settings.site.name}: {counts.mode}; {waiting} mails waiting; {boxes}")


def stop_on_signals(stop: threading.Event) -> None:
    """SIGTERM and SIGINT end the daemon after the steps under way."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
