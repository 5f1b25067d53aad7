"""The third figure: draining mails with a full ledger and with an empty one, slice by slice in turn."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from mailbot.assembly import Parts, assembled, open_rules
from mailbot.clock import FixedClock
from mailbot.domain.mail import Arrival
from mailbot.domain.ports import NewMail
from mailbot.engine.runner import drain
from mailbot.ledger.ledger import FILE
from mailbot.ledger.settings import Mode
from tools.bench.figure import Figure
from tools.bench.fill import fill
from tools.bench.mails import ROSTER_ADDRESS, START, mails
from tools.bench.roster import NoCourier
from tools.bench.stage import site_facts
from tools.bench.usage import seconds

BOUND = 1.15
ROWS = 50
TEMPLATE_ROWS = 3
FAR = 900_000
"""The person from whom on those of the drained mails are counted: nobody of the full ledger."""
FURTHER = 990_000
SLICE = 25
WARM_UP = 5
"""Mails drained beforehand: what is built at first use is no cost of a backlog."""


def measure(count: int, cases: int) -> list[Figure]:
    """Processor seconds of draining `count` mails behind `cases` cases and behind none."""
    raws = [raw for raw, _ in mails(count, ROWS, FAR)]
    spent, walls = {"full": 0.0, "empty": 0.0}, {"full": 0.0, "empty": 0.0}
    with TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        folder = Path(name)
        full(folder / "full", cases)
        sites = {which: stack.enter_context(_site(folder / which)) for which in ("full", "empty")}
        for parts in sites.values():
            _drain(parts, [raw for raw, _ in mails(WARM_UP, ROWS, FURTHER)], "warm-up", 0)
        for turn, start in enumerate(range(0, count, SLICE)):
            for which in ("full", "empty") if turn % 2 else ("empty", "full"):
                work = partial(_drain, sites[which], raws[start : start + SLICE], "INBOX", start)
                began = time.perf_counter()
                spent[which] += seconds(work)
                walls[which] += time.perf_counter() - began
    note = f"on the wall clock {walls['full']:.1f} s against {walls['empty']:.1f} s"
    what = f"{count} mails behind {cases} cases, processor seconds"
    return [Figure(what, spent["full"], "the same behind none", spent["empty"], BOUND, note)]


def full(folder: Path, cases: int) -> None:
    """A ledger with that many cases, all grown out of one real one."""
    [(raw, _)] = mails(1, TEMPLATE_ROWS)
    with _site(folder) as parts:
        _drain(parts, [raw], "template", 0)
    fill(folder / "storage" / FILE, cases)


@contextmanager
def _site(folder: Path) -> Iterator[Parts]:
    facts, secrets = site_facts(folder)
    with assembled(facts, open_rules(facts), secrets, FixedClock(START), NoCourier()) as parts:
        if parts.ledger.switches.mode() is not Mode.LIVE:
            parts.ledger.switches.set_mode(Mode.LIVE, "bench", START)
        yield parts


def _drain(parts: Parts, raws: Sequence[bytes], mailbox: str, start: int) -> None:
    """Store and drain; every mail must end with its letter sent."""
    courier = parts.courier
    before = courier.taken if isinstance(courier, NoCourier) else 0
    arrivals = (Arrival("bench", mailbox, 1, start + number, START) for number in range(1, len(raws) + 1))
    new = [NewMail(at, ROSTER_ADDRESS, raw) for at, raw in zip(arrivals, raws, strict=True)]
    parts.ledger.mails.store(new, None)
    drain(parts.worker)
    if isinstance(courier, NoCourier) and courier.taken != before + len(raws):
        raise RuntimeError("not every mail got its letter")
