"""Who calls the worker's steps how often: a drain that ends, or threads that go on until told to stop.

APScheduler owns time and never work: its jobs only ring the bell of a loop or ask for a report. Every loop beats
after each round, so that the watchdog can tell a loop that makes progress from one that hangs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import tzinfo

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from mailbot.domain.ports import PortError
from mailbot.engine.worker import Worker

log = structlog.get_logger("mailbot.engine")
Beat = Callable[[str], None]
Step = Callable[[], bool]


def drain(worker: Worker, progress: Callable[[str], None] = lambda _: None) -> int:
    """Do everything that is due now, mails first, until nothing is; how many steps that were."""
    done, before = 0, -1
    steps: tuple[tuple[str, Step], ...] = (
        ("mail", worker.mail),
        ("effects", worker.effects),
        ("collect", worker.collect),
        ("letter", worker.letter),
    )
    while done != before:
        before = done
        for name, step in steps:
            while step():
                done += 1
                progress(name)
    return done


class Loop:
    """A thread that repeats its steps, and sleeps until rung or until `sweep` seconds passed when none was due."""

    def __init__(
        self, name: str, steps: tuple[Step, ...], *, sweep: float, beat: Beat, failed: Callable[[str], None]
    ) -> None:
        self.name = name
        self._steps = steps
        self._sweep = sweep
        self._beat = beat
        self._failed = failed
        self._stop = threading.Event()
        self._bell = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def ring(self) -> None:
        """Wake the loop: something may be due."""
        self._bell.set()

    def stop(self, timeout: float) -> bool:
        """Ask the loop to end after its current step and wait; whether it did."""
        self._stop.set()
        self._bell.set()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _round(self) -> bool:
        """One round of the steps; whether any was due. A full disk or a long lock passes: the round is tried again."""
        try:
            return sum(step() for step in self._steps) > 0
        except PortError as fault:
            if not fault.retry:
                raise
            log.warning("nothing can be done now", loop=self.name, fault=str(fault))
            return False

    def _run(self) -> None:
        clean = False
        try:
            while not self._stop.is_set():
                self._bell.clear()
                busy = self._round()
                self._beat(self.name)
                if not busy:
                    self._bell.wait(self._sweep)
            clean = True
        finally:
            if not clean:
                self._failed(self.name)


def clockwork(zone: tzinfo, intervals: Mapping[str, tuple[float, Callable[[], object]]]) -> BackgroundScheduler:
    """A scheduler in the office's zone with one in-memory job per name: every so many seconds, never two at a time,
    never skipped for being late. The caller starts it and shuts it down."""
    scheduler = BackgroundScheduler(
        timezone=zone, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for name, (seconds, job) in intervals.items():
        scheduler.add_job(job, "interval", seconds=seconds, id=name, name=name)
    return scheduler
