"""A site to measure: a folder with settings and secrets of its own, a real Dovecot with the mails in it, and an SMTP
sink in a process of its own, so that its work is nobody's else."""

from __future__ import annotations

import re
import shutil
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
from tools.site import KEY, Box, Site, write_site

USER = "roster"


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
        box = Box("roster", ROSTER_ADDRESS, USER, imap.password)
        rules = unbraked(folder / "rules")
        settings = write_site(folder, Site(imap.imap, port, (box,), digest_at="08:00:00", rules=rules))
        yield Stage(settings, folder / "storage", imap, port)


def unbraked(folder: Path) -> Path:
    """The shipped rules in a folder of their own, with brakes that no measurement meets: it sends in a minute what an
    office sends in a day."""
    shutil.copytree(rules_dir(), folder)
    limits = folder / "limits.toml"
    limits.write_text(
        re.sub(r"(?m)^((?:house|mailbox)_per_hour\s*= \{ value = )\d+", r"\g<1>1000000", limits.read_text())
    )
    return folder


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
    (folder / KEY).parent.mkdir(parents=True, exist_ok=True)
    if not (folder / KEY).exists():
        make_key(folder / KEY)
    facts = SiteFacts(
        storage=folder / "storage",
        rules=rules_dir(),
        templates=templates_dir(),
        own_addresses=frozenset({ROSTER_ADDRESS}),
        authserv_id="mx.cqhrsp.com",
        sender=ROSTER_ADDRESS,
        campaign="2020",
        automation={"roster": Automation.CLEAN},
        caps=False,
    )
    return facts, Secrets(SecretPlace(None, folder / KEY), {}, {})
