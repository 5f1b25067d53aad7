"""The stage: a folder with settings and secrets of its own, and the two embedded servers they point to."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mailbot.config import Settings, load_settings
from mailbot.credentials import make_key
from tools.servers import ImapServer, SmtpServer
from tools.stories import DemoMail

ACCOUNTS = {"roster": "2020gxkm@cqhrsp.com", "proof": "cqgxkm@cqhrsp.com"}
SETTINGS = """\
# Settings of the demonstration, written anew by every run.
[site]
name = "重庆市人力资源开发服务中心（演示）"
storage = "storage"
campaign = "2020"
mode = "live"
start_date = 2020-07-07
domain = "cqhrsp.com"
authserv_id = "mx.cqhrsp.com"
key_file = "secrets/site.key"

[[mailbox]]
account = "roster"
address = "2020gxkm@cqhrsp.com"
host = "127.0.0.1"
port = {imap}
tls = "plain"
user = "roster"
password_file = "secrets/roster"

[[mailbox]]
account = "proof"
address = "cqgxkm@cqhrsp.com"
host = "127.0.0.1"
port = {imap}
tls = "plain"
user = "proof"
password_file = "secrets/proof"

[smtp]
host = "127.0.0.1"
port = {smtp}
tls = "plain"
sender = "2020gxkm@cqhrsp.com"

[staff]
digest_to = "staff@cqhrsp.com"

[platform]
adapter = "ledger"

[automation]
roster = "clean"
"""


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
    passwords = _secrets(folder)
    with ImapServer(passwords) as imap, SmtpServer() as smtp:
        users = {address: user for user, address in ACCOUNTS.items()}
        for mail in mails:
            imap.deliver(users[mail.address], mail.raw, mail.internaldate)
        path = folder / "mailbot.toml"
        path.write_text(SETTINGS.format(imap=imap.port, smtp=smtp.port), "utf-8")
        yield Stage(folder, load_settings(path), smtp, mails)


def _secrets(folder: Path) -> dict[str, str]:
    """The mailboxes' passwords, new each time; the site's key, made once: the ledger's hashes rest on it."""
    place = folder / "secrets"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (place / "site.key").exists():
        make_key(place / "site.key")
    passwords = {user: secrets.token_hex(12) for user in ACCOUNTS}
    for user, password in passwords.items():
        (place / user).touch(mode=0o600)
        (place / user).write_text(password)
    return passwords
