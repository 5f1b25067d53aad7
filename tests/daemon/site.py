"""One site for a daemon: settings and secrets on disk, real IMAP and SMTP servers on loopback, a clock of the test's."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from mailbot.clock import FixedClock
from mailbot.config import Settings, load_settings
from mailbot.daemon import Daemon, Wiring
from mailbot.data import rules_dir
from mailbot.domain.ports import Platform
from mailbot.ledger.ledger import FILE
from tests.rig.smtp_sink import SmtpSink
from tools.site import ROSTER, Box, Site, write_site
from tools.stories.post import Draft, post, when

NOW: Final = when("2020-09-16 10:00")
SWEEP: Final = 0.05
PATIENCE: Final = 15.0


@dataclass(frozen=True)
class Place:
    """A site on disk with its servers up. `deliver` puts a mail into its mailbox."""

    folder: Path
    sink: SmtpSink
    clock: FixedClock
    imap: int
    box: Box
    put: Callable[[bytes, datetime], None]

    def settings(self, *, mode: str = "live", digest_at: str = "23:59:00") -> Settings:
        made = Site(self.imap, self.sink.port, (self.box,), mode=mode, digest_at=digest_at, rules=Path("rules"))
        (self.folder / "mailbot.toml").write_text(made.text, "utf-8")
        return load_settings(self.folder / "mailbot.toml")

    def deliver(self, *drafts: Draft) -> None:
        for draft in drafts:
            self.put(post(draft), draft.at)

    def daemon(self, platform: Platform | None = None, **settings: str) -> Daemon:
        return Daemon(self.settings(**settings), Wiring(self.clock, {}, platform=platform, sweep=SWEEP))

    @property
    def recipients(self) -> list[str]:
        """Who got letters, in order."""
        return [letter.recipients[0] for letter in self.sink.messages]

    @property
    def password(self) -> Path:
        """The file with the mailbox's password."""
        return self.folder / self.box.secret

    @property
    def rules(self) -> Path:
        return self.folder / "rules"


def place(
    folder: Path,
    template: Path,
    password: str,
    sink: SmtpSink,
    imap: int,
    user: str,
    put: Callable[[bytes, datetime], None],
) -> Place:
    """The folder with its rules, secrets, and a migrated ledger."""
    shutil.copytree(rules_dir(), folder / "rules")
    (folder / "storage").mkdir(mode=0o700)
    shutil.copy(template, folder / "storage" / FILE)
    box = Box("roster", ROSTER, user, password)
    write_site(folder, Site(imap, sink.port, (box,)))
    return Place(folder, sink, FixedClock(NOW), imap, box, put)


def until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until it is true; fails when it does not become so."""
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.02)


@dataclass
class Life:
    """A daemon that runs in a thread. `end` is what `run` returned, `None` while it runs."""

    daemon: Daemon
    stop: threading.Event
    end: bool | None = None


@contextmanager
def running(daemon: Daemon) -> Iterator[Life]:
    """The daemon at work until the block ends; it must end within the patience of the test."""
    with daemon:
        life = Life(daemon, threading.Event())

        def live() -> None:
            life.end = daemon.run(life.stop)

        thread = threading.Thread(target=live, name="daemon")
        thread.start()
        try:
            yield life
        finally:
            life.stop.set()
            thread.join(PATIENCE)
            assert not thread.is_alive(), "the daemon does not end"
