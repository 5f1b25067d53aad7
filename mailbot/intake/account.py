"""Whose mail is fetched, and from where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from mailbot.domain.hosts import is_loopback
from mailbot.intake.profiles import Choice

Tls = Literal["tls", "starttls", "plain"]


@dataclass(frozen=True, slots=True)
class Server:
    """An IMAP server and the user there. `ca_file` adds a private certificate authority to the system's.

    Raises `ValueError` for plain text to another machine: the password would travel readable.
    """

    host: str
    port: int
    user: str
    tls: Tls = "tls"
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        if self.tls == "plain" and not is_loopback(self.host):
            raise ValueError(f"plain text to {self.host}: only loopback may go without TLS")


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox of the office: `name` in the ledger and in logs, `address` as people write to it. Of the mails that
    stand there at the first look, those that arrived before `since` are left alone; `None`: all are taken.

    `profile` names the provider where its server does not show it. Mails whose work is decided are moved to
    `handled_folder`, those that wait for a person to `person_folder`; empty: they stay.
    """

    name: str
    address: str
    server: Server
    folder: str = "INBOX"
    since: datetime | None = None
    profile: Choice = "auto"
    handled_folder: str = ""
    person_folder: str = ""
