"""What a mailbox does on its connection besides fetching, after a round that left nothing behind: each in its own time.

A pass that is refused costs nothing but itself: it is logged once for each new reason, and mail goes on coming in.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from mailbot.domain.ports import Clock
from mailbot.intake.faults import Refused
from mailbot.intake.session import Session
from mailbot.intake.sweep import Sweep

_log = logging.getLogger(__name__)

DAY: Final = timedelta(days=1)
AGAIN: Final = timedelta(hours=1)
"""After a comparison that did not come to its end."""
Told = Callable[[str], None]


class Pass(Protocol):
    """One such work. `run` tells `told` of its progress, and raises as a session does, and what its store raises."""

    @property
    def name(self) -> str: ...
    def due(self) -> bool: ...
    def run(self, session: Session, told: Told) -> None: ...


@dataclass
class Passes:
    """The passes of one mailbox, and what each was refused for last."""

    passes: tuple[Pass, ...] = ()
    _said: dict[str, str] = field(default_factory=dict)

    def run(self, session: Session, told: Told) -> None:
        """Whatever is due. Raises `Lost`, and what the stores raise."""
        for one in self.passes:
            if not one.due():
                continue
            try:
                one.run(session, told)
                self._said.pop(one.name, None)
            except Refused as refused:
                if self._said.get(one.name) != str(refused):
                    _log.warning("%s: %s", one.name, refused)
                self._said[one.name] = str(refused)
            session.select()  # IDLE watches the folder that is open


@dataclass
class DailySweep:
    """The comparison with the server, once a day and when it is asked for. `last` is when it was done last."""

    sweep: Sweep
    clock: Clock
    last: datetime
    _asked: threading.Event = field(default_factory=threading.Event)
    _tried: datetime | None = None

    @property
    def name(self) -> str:
        """For the log."""
        return f"{self.sweep.account.name}: comparison with the server"

    def ask(self) -> None:
        """Compare at the next round; may be called from any thread."""
        self._asked.set()

    def due(self) -> bool:
        """Whether a day has passed; an attempt that failed is repeated after an hour. A clock that was set back counts
        as a day."""
        now = self.clock.now()
        if self._asked.is_set():
            return True
        if self._tried is not None and self._tried <= now < self._tried + AGAIN:
            return False
        return not self.last <= now < self.last + DAY

    def run(self, session: Session, told: Told) -> None:
        """Compare. The time is noted before, so that one that fails does not come at every round."""
        self._asked.clear()
        self._tried = self.clock.now()
        self.sweep.told = told
        self.sweep.run(session)
        self.last = self.clock.now()
