"""The stage: a folder with settings and secrets of its own, and the two embedded servers they point to."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mailbot.config import Settings, load_settings
from tools.servers import ImapServer, SmtpServer
from tools.site import PROOF, ROSTER, Box, Site, write_site
from tools.stories import DemoMail

ACCOUNTS = {"roster": ROSTER, "proof": PROOF}


@dataclass(frozen=True, slots=True)
class Stage:
    """A demonstration that is set up: its servers run, its mails lie in the mailboxes."""

    folder: Path
    settings: Settings
    smtp: SmtpServer
    mails: Sequence[DemoMail]


@contextmanager
def stage(folder: Path, mails: Sequence[DemoMail]) -> Iterator[Stage]:
    """Servers up, mails delivered, settings written; the servers end with it and the folder stays."""
    boxes = tuple(Box(account, address, account, secrets.token_hex(12)) for account, address in ACCOUNTS.items())
    with ImapServer({box.user: box.password for box in boxes}) as imap, SmtpServer() as smtp:
        users = {box.address: box.user for box in boxes}
        for mail in mails:
            imap.deliver(users[mail.address], mail.raw, mail.internaldate)
        name = "重庆市人力资源开发服务中心（演示）"
        path = write_site(folder, Site(imap.port, smtp.port, boxes, name, digest_at="08:00:00"))
        yield Stage(folder, load_settings(path), smtp, mails)
