"""A site to measure: a folder with settings and secrets of its own, a real Dovecot with the mails in it, and an SMTP
sink in a process of its own, so that its work is nobody's else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mailbot.assembly import SiteFacts
from mailbot.credentials import SecretPlace, Secrets, make_key
from mailbot.data import rules_dir, templates_dir
from mailbot.domain.decisions import Automation
from tests.rig.dovecot import Dovecot
from tools.bench.mails import ROSTER_ADDRESS, START

USER = "roster"
_SETTINGS = """\
[site]
name = "bench"
storage = "storage"
campaign = "2020"
mode = "live"
start_date = 2020-07-07
domain = "cqhrsp.com"
authserv_id = "mx.cqhrsp.com"
key_file = "site.key"

[[mailbox]]
account = "roster"
address = "{address}"
host = "127.0.0.1"
port = {imap}
tls = "plain"
user = "{user}"
password_file = "password"

[smtp]
host = "127.0.0.1"
port = {smtp}
tls = "plain"
sender = "{address}"

[staff]
digest_to = "staff@cqhrsp.com"

[platform]
adapter = "ledger"

[automation]
roster = "clean"
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """A site whose servers run. `settings` is its file, `storage` where its ledger will lie."""

    settings: Path
    storage: Path
    imap: Dovecot
    smtp_port: int


@contextmanager
def stage(folder: Path, mails: Sequence[bytes]) -> Iterator[Stage]:
    """Servers up, mails delivered, settings written; the servers end with it."""
    with Dovecot(USER) as imap, sink() as port:
        imap.drop(USER, *mails, at=START)
        make_key(folder / "site.key")
        (folder / "password").touch(mode=0o600)
        (folder / "password").write_text(imap.password, "utf-8")
        settings = folder / "mailbot.toml"
        settings.write_text(_SETTINGS.format(address=ROSTER_ADDRESS, imap=imap.imap, user=USER, smtp=port), "utf-8")
        yield Stage(settings, folder / "storage", imap, port)


@contextmanager
def sink() -> Iterator[int]:
    """The port of an SMTP server in a process of its own that takes every letter and forgets it."""
    command = [sys.executable, "-m", "tools.bench.sink"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("the sink has no output")
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def site_facts(folder: Path) -> tuple[SiteFacts, Secrets]:
    """A site without servers, and its key: for what is measured behind the mailbox."""
    if not folder.exists():
        folder.mkdir(parents=True)
        make_key(folder / "site.key")
    facts = SiteFacts(
        storage=folder / "storage",
        rules=rules_dir(),
        templates=templates_dir(),
        own_addresses=frozenset({ROSTER_ADDRESS}),
        authserv_id="mx.cqhrsp.com",
        sender=ROSTER_ADDRESS,
        campaign="2020",
        automation={"roster": Automation.CLEAN},
    )
    return facts, Secrets(SecretPlace(None, folder / "site.key"), {}, {})
