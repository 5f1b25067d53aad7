"""A town of real servers and one office in it: Dovecot holds the mailboxes, Postfix takes and hands on every letter, and
the office is a whole daemon between them. Between any two of them a proxy may stand.

Every office has addresses of its own, so that all tests of a session share the servers.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from mailbot.clock import FixedClock
from mailbot.config import load_settings
from mailbot.daemon import Daemon, Wiring
from mailbot.data import rules_dir
from mailbot.domain.effects import EffectState
from mailbot.ledger.bounces import Reach, Unreached
from mailbot.ledger.ledger import FILE, Ledger
from mailbot.ledger.lines import CaseLine, LetterLine, MailLine
from tests.daemon.site import NOW, SWEEP, until
from tests.rig.dovecot import Dovecot
from tests.rig.ports import LOOPBACK
from tests.rig.postfix import HOST, Postfix
from tools.site import KEY, Box, Site, write_site
from tools.stories.post import Draft, post
from tools.stories.units import Unit

QUICK: Final[Mapping[str, int]] = {
    "poll_seconds": 1,
    "poll_deadline_seconds": 3,
    "connect_seconds": 2,
    "read_seconds": 2,
    "reconnect_min_seconds": 1,
    "reconnect_max_seconds": 1,
}
"""Limits of intake that a test can wait for."""
_SETTINGS: Final = """\
[site]
name = "测试"
storage = "storage"
campaign = "2020"
mode = "live"
start_date = 2020-07-07
domain = "cqhrsp.com"
authserv_id = "{host}"
key_file = "{key}"
rules = "rules"

[smtp]
host = "{loopback}"
port = {smtp}
tls = "plain"
user = "{roster}"
password_file = "secrets/roster"
sender = "{roster}"
envelope = "{envelope}"

[staff]
digest_to = "staff@cqhrsp.com"
digest_at = 23:59:59

[platform]
adapter = "ledger"

[automation]
roster = "clean"
"""
_BOX: Final = """
[[mailbox]]
account = "{name}"
address = "{address}"
host = "{loopback}"
port = {port}
tls = "plain"
user = "{address}"
password_file = "secrets/{name}"
"""


@dataclass(frozen=True)
class Town:
    """The servers, and an empty migrated ledger to copy."""

    home: Dovecot
    post: Postfix
    template: Path

    def held(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """The mails in a mailbox, oldest first."""
        with self.home.client(user) as client:
            client.select_folder(folder)
            uids = client.search()
            found = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
            return [found[uid][b"BODY[]"] for uid in uids]

    def seen(self, user: str) -> list[bool]:
        """Which of them are marked as read."""
        with self.home.client(user) as client:
            client.select_folder("INBOX", readonly=True)
            uids = client.search()
            flags = client.get_flags(uids) if uids else {}
            return [b"\\Seen" in flags[uid] for uid in uids]


@dataclass
class Office:
    """One site on disk. `imap`, `other_imap` and `smtp` are the ports that its settings name: the servers' own, or those
    of proxies. `envelope`: whether its letters name a mailbox for reports."""

    town: Town
    folder: Path
    number: int
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    imap: int = 0
    other_imap: int = 0
    smtp: int = 0
    envelope: bool = True

    def __post_init__(self) -> None:
        shutil.copytree(rules_dir(), self.folder / "rules")
        self.limit(**QUICK)
        (self.folder / "storage").mkdir(mode=0o700)
        shutil.copy(self.town.template, self.folder / "storage" / FILE)
        boxes = tuple(Box(name, address, address, self.town.home.password) for name, address in self.addresses.items())
        write_site(self.folder, Site(0, 0, boxes))

    @property
    def roster(self) -> str:
        return f"{self.number:04d}gxkm@cqhrsp.com"

    @property
    def proof(self) -> str:
        return f"cqgxkm{self.number:04d}@cqhrsp.com"

    @property
    def addresses(self) -> dict[str, str]:
        return {"roster": self.roster, "proof": self.proof}

    def limit(self, **values: int) -> None:
        """Other limits than the shipped ones."""
        path = self.folder / "rules" / "limits.toml"
        text = path.read_text("utf-8")
        for name, value in values.items():
            text, found = re.subn(rf"(?m)^({name}\s*= {{ value = )[\d_]+", rf"\g<1>{value}", text)
            assert found == 1, name
        path.write_text(text, "utf-8")

    def daemon(self) -> Daemon:
        """The office at work, or about to be."""
        ports = {"roster": self.imap or self.town.home.imap, "proof": self.other_imap or self.town.home.imap}
        text = _SETTINGS.format(
            host=HOST,
            key=KEY,
            loopback=LOOPBACK,
            smtp=self.smtp or self.town.post.submission,
            roster=self.roster,
            envelope=self.roster if self.envelope else "",
        )
        for name, address in self.addresses.items():
            text += _BOX.format(name=name, address=address, loopback=LOOPBACK, port=ports[name])
        (self.folder / "mailbot.toml").write_text(text, "utf-8")
        return Daemon(load_settings(self.folder / "mailbot.toml"), Wiring(self.clock, {}, sweep=SWEEP))

    def appended(self, *drafts: Draft, to: str = "roster") -> None:
        """Mails in one of its mailboxes, with the arrival that they tell."""
        for draft in drafts:
            self.town.home.append(self.addresses[to], self.written(draft), at=draft.at)

    def written(self, draft: Draft) -> bytes:
        """The mail, sent to this office."""
        return post(replace(draft, to=(self.roster,), delivered_to=self.roster))

    def settle(self, *, later: timedelta = timedelta(0)) -> None:
        """One whole turn: fetch, judge, deliver, send, after the clock went on."""
        self.clock.advance(later)
        with self.daemon() as daemon:
            daemon.once()

    def look(self) -> Looked:
        """What its ledger says now, while no daemon runs."""
        with self.daemon() as daemon:
            return Looked.of(daemon.parts.ledger, self.clock.now())


@dataclass(frozen=True)
class Looked:
    """What a ledger holds."""

    mails: Sequence[MailLine]
    cases: Sequence[CaseLine]
    letters: Sequence[LetterLine]
    unreached: Sequence[Unreached]

    @classmethod
    def of(cls, ledger: Ledger, now: datetime) -> Looked:
        queries = ledger.queries
        lost = Reach(ledger.db).unreached(now)
        return cls(queries.mails(), queries.cases(), queries.letters(tuple(EffectState)), lost)

    def letters_to(self, address: str) -> list[LetterLine]:
        return [letter for letter in self.letters if letter.to == address]


def unit_at(unit: Unit, domain: str) -> Unit:
    """The same unit, writing from another domain."""
    return replace(unit, address=f"{unit.address.partition('@')[0]}@{domain}")


def waits(true: Callable[[], object], post: Postfix) -> None:
    """Until it is true; what Postfix logged is told where it does not become so."""
    try:
        until(true)
    except AssertionError as late:
        raise AssertionError(post.log[-4000:]) from late
