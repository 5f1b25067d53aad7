"""The process to be killed: a real daemon on the run's own settings, drained until nothing is due for ever.

    python -m tests.crash.victim FOLDER URL [START]

The clock stands still and jumps from one due step to the next, so that every waiting time passes at once. When nothing
is due any more a person approves what is held, and what follows from that is drained as well.
`CRASH_SABOTAGE` removes one guard of the product (`sabotage.py`), `CRASH_POISON` names a mail that kills its worker.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from sqlalchemy import func, select

from mailbot.assembly import Parts, StorageInUse
from mailbot.clock import FixedClock
from mailbot.config import load_settings
from mailbot.daemon import Daemon, Wiring
from mailbot.domain.decisions import Decision, Verdict
from mailbot.domain.effects import EffectState
from mailbot.domain.mail import MailState
from mailbot.domain.states import ItemState
from mailbot.engine.runner import drain
from mailbot.failpoints import VARIABLE
from mailbot.ledger.tables.mail import mails
from mailbot.ledger.tables.outbox import effects, letters
from tests.crash.sabotage import poison, sabotage
from tests.crash.site import HttpSite

SETTINGS: Final = "mailbot.toml"
QUIET, FAILED, STUCK, IN_USE = 0, 1, 2, 3
JUMPS: Final = 50
"""More jumps of the clock than any scenario needs: a step that stays due for ever is a fault."""
VARIABLES: Final = (VARIABLE, "CRASH_SABOTAGE", "CRASH_POISON")
HOLD: Final = "hold"
"""While a file of this name stands in the folder, a daemon that is up waits."""


@dataclass(frozen=True, slots=True)
class Order:
    """One start of a victim. `failpoints` is what `MAILBOT_FAILPOINTS` would say; `after` so many seconds of it a
    nursery kills it, wherever it is; with `loops` it runs for good, in threads, as under systemd."""

    folder: str
    url: str
    start: str
    failpoints: str
    sabotage: str = ""
    poison: str = ""
    after: float | None = None
    loops: bool = False

    def environment(self) -> dict[str, str]:
        """The order's part that travels in the environment of a process of its own."""
        words = zip(VARIABLES, (self.failpoints, self.sabotage, self.poison), strict=True)
        return {name: word for name, word in words if word}

    def json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, arguments: list[str], environ: Mapping[str, str]) -> Self:
        """From the command line and the environment."""
        folder, url, start = arguments
        failpoints, removed, deadly = (environ.get(name, "") for name in VARIABLES)
        return cls(folder, url, start, failpoints, removed, deadly)


def obey(order: Order) -> int:
    """One life of the daemon; its exit code. Never returns where a failpoint ends it."""
    logging.basicConfig(level=logging.INFO)
    sabotage(order.sabotage)
    poison(order.poison)
    folder, clock = Path(order.folder), FixedClock(datetime.fromisoformat(order.start))
    settings = load_settings(folder / SETTINGS)
    try:
        with Daemon(settings, Wiring(clock, {}, platform=HttpSite(order.url), sweep=0.2)) as daemon:
            while (folder / HOLD).exists():
                time.sleep(0.01)
            if order.loops:
                return FAILED - daemon.run(threading.Event())
            daemon.once()
            return _until_quiet(daemon.parts, clock)
    except StorageInUse as refused:
        sys.stderr.write(f"mailbot: {refused}\n")
        return IN_USE


def _until_quiet(parts: Parts, clock: FixedClock) -> int:
    for _ in range(JUMPS):
        due = next_due(parts, clock.now())
        if due is not None:
            clock.set(due)
        elif not decide_what_is_held(parts, clock.now()):
            return QUIET
        drain(parts.worker)
    return STUCK


def decide_what_is_held(parts: Parts, now: datetime) -> bool:
    """The person at the desk: approves, once all is quiet, every row that waits for a person; whether there was any."""
    held = parts.ledger.queries.cases([ItemState.HELD])
    for line in held:
        case = parts.ledger.cases.load_case(line.id).result
        assert case.seen is not None
        waiting = (item.number for item in case.items if item.state in (ItemState.HELD, ItemState.RECEIVED))
        verdicts = dict.fromkeys(waiting, Verdict.APPROVE)
        waived = {finding.code: "已电话核实" for finding in case.findings}
        parts.desk().verdict(Decision("张工", "已电话核实", case.case_id, case.seen, verdicts, waived), now)
    return bool(held)


def next_due(parts: Parts, now: datetime) -> datetime | None:
    """When a step is due after now, `None` when none is. What is due by now was done, or waits for such a step."""
    planned = EffectState.PLANNED.value
    sendable = letters.c.state.in_((planned, EffectState.UNCERTAIN.value))
    waits = (
        (mails.c.retry_at, mails.c.state == MailState.STORED.value),
        (effects.c.not_before, effects.c.state == planned),
        (letters.c.not_before, sendable),
    )
    with parts.ledger.db.read() as conn:
        moments = [conn.execute(select(func.min(at)).where(at > now, which)).scalar() for at, which in waits]
    return min((moment for moment in moments if moment is not None), default=None)


if __name__ == "__main__":
    sys.exit(obey(Order.of(sys.argv[1:], os.environ)))
