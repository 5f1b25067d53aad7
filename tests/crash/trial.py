"""One trial: a fresh world and a fresh site, lives of the daemon one after the other, and what they left."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Final

from mailbot.credentials import KEY_BYTES
from tests.crash.scenario import BOXES, MAILS, START, Mail
from tests.crash.victim import SETTINGS, Order
from tests.crash.world import Death, World, world
from tests.rig.dovecot import PASSWORD, Dovecot
from tools.site import KEY, Box, Site, write_site

LIVES: Final = 6
"""Restarts after which a daemon that keeps dying is given up."""
_NUMBERS: Final = count(1)
Live = Callable[[Order], int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A failpoint that a life passed."""

    name: str
    ordinal: int

    def __str__(self) -> str:
        return f"{self.name}#{self.ordinal}"


@dataclass
class Rig:
    """What all trials of a session share: the IMAP server, the rules, and how a life is lived."""

    dovecot: Dovecot
    rules: Path
    live: Live


@dataclass
class Trial:
    """A site and its world. `lives` are the exit codes so far, `passed` the failpoints of the latest life."""

    folder: Path
    world: World
    live: Live
    sabotage: str = ""
    poison: str = ""
    loops: bool = False
    lives: list[int] = field(default_factory=list)
    passed: list[Passage] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.folder / "storage" / "ledger.sqlite3"

    def order(self, die: str = "", after: float | None = None) -> Order:
        """The next life, a minute after the one before began."""
        number = len(self.lives)
        log = self.folder / f"passed-{number}"
        log.touch()
        start = (START + timedelta(minutes=number)).isoformat()
        failpoints = f"log={log};die={die}" if die else f"log={log}"
        return Order(
            str(self.folder), self.world.platform, start, failpoints, self.sabotage, self.poison, after, self.loops
        )

    def life(self, die: str = "", after: float | None = None) -> int:
        """One life, dying where it is told to, if it comes there, or after so many seconds; its exit code."""
        order, log = self.order(die, after), self.folder / f"passed-{len(self.lives)}"
        self.lives.append(self.live(order))
        words = (line.split() for line in log.read_text("utf-8").splitlines())
        self.passed = [Passage(name, int(ordinal)) for name, ordinal in words]
        self.world.settle()
        if self.lives[-1]:
            self.world.happen(Death(str(self.passed[-1]) if self.passed else "", self._sending()))
        return self.lives[-1]

    def until_quiet(self, *die: str) -> None:
        """Lives that are to die at these places in turn, then lives until one ends by itself."""
        for place in die:
            self.life(place)
        for _ in range(LIVES):
            if self.life() == 0:
                return

    def tables(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of the ledger, by table, read without the product's help."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as base:
            names = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = {name: base.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}  # noqa: S608 - own names
        return {name: sorted(found, key=repr) for name, found in rows.items()}

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """The answer of the ledger's file to a query."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as base:
            return base.execute(query).fetchall()

    def _sending(self) -> bool:
        """Whether the latest life ended between the note that the final dot comes next and the note of the end: only
        then may the server have a letter that nobody knows of. A note from before DATA tells nothing of a dot."""
        names = [passage.name for passage in self.passed]
        begun = _last(names, "ledger.handing_over.after_commit")
        if not _last(names, "ledger.start_sending.after_commit") < _last(names, "courier.before_data") < begun:
            return False
        return begun > _last(names, "ledger.conclude_letter.after_commit")


def _last(names: Sequence[str], name: str) -> int:
    return max((place for place, other in enumerate(names) if other == name), default=-1)


@contextmanager
def trial(rig: Rig, folder: Path, mails: Sequence[Mail] = MAILS) -> Iterator[Trial]:
    """A trial set up: servers up, mails delivered, settings and secrets written. Its folder goes with it."""
    number = next(_NUMBERS)
    users = {account: f"{account}{number:04d}" for account in BOXES}
    folder.mkdir(parents=True)
    with world(rig.dovecot, users) as made:
        made.deliver(mails)
        _furnish(folder, rig, made)
        try:
            yield Trial(folder, made, rig.live)
        finally:
            shutil.rmtree(folder)


def _furnish(folder: Path, rig: Rig, made: World) -> None:
    """The site's folder; its key is the same in all trials, so that what they leave can be compared."""
    (folder / KEY).parent.mkdir(mode=0o700)
    (folder / KEY).touch(mode=0o600)
    (folder / KEY).write_text("5a" * KEY_BYTES, "ascii")
    boxes = tuple(Box(account, address, made.users[account], PASSWORD) for account, address in BOXES.items())
    site = Site(rig.dovecot.imap, made.smtp, boxes, "crash", digest_at="08:00:00", rules=rig.rules)
    path = write_site(folder, site)
    assert path.name == SETTINGS


def whole(order: Order) -> int:
    """A life in a fresh process, with the real sandbox; its exit code."""
    command = [sys.executable, "-m", "tests.crash.victim", order.folder, order.url, order.start]
    environment: Mapping[str, str] = {**os.environ, **order.environment()}
    done = subprocess.run(command, env=environment, timeout=120, check=False, capture_output=True, text=True)
    with (Path(order.folder) / "victim.log").open("a", encoding="utf-8") as log:
        log.write(done.stderr)
    return done.returncode


def users(count_of_trials: int) -> list[str]:
    """The mail users of so many trials, to be made known to the IMAP server once."""
    return [f"{account}{number:04d}" for account in BOXES for number in range(1, count_of_trials + 1)]
