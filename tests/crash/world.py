"""The outside world of one run: platform, mail out, mail in. It lives in the harness, survives every kill, and keeps
one ordered log of all that happened.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from typing import cast
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.smtp import Envelope

from tests.crash.scenario import BUSY_FOR, Mail
from tests.rig.dovecot import Dovecot
from tests.rig.smtp_sink import SmtpSink


@dataclass(frozen=True, slots=True)
class Account:
    """The platform opened an account. It opens whatever it is told, however often."""

    id_number: str
    phone: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The mail server took a letter."""

    to: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def purpose(self) -> tuple[str, str]:
        """Whom it tells what: the address and the mail it answers; a notice to staff answers none."""
        return self.to, str(self.message["In-Reply-To"] or "")

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return "" if body is None else str(body.get_content())


@dataclass(frozen=True, slots=True)
class Death:
    """The daemon was killed. `sending`: between the intent to send a letter and the note of how that ended."""

    place: str
    sending: bool


Happening = Account | Letter | Death


@dataclass
class World:
    """One world. `platform` and `smtp` are its addresses, `log` what happened, in order."""

    users: dict[str, str]
    dovecot: Dovecot
    log: list[Happening] = field(default_factory=list)
    busy_for: set[str] = field(default_factory=lambda: {"POST", BUSY_FOR.id_number})
    """What the platform says 503 to once: the first POST, the first question about a person."""
    platform: str = ""
    smtp: int = 0
    _sink: SmtpSink | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def happen(self, what: Happening) -> None:
        with self._lock:
            self.log.append(what)

    def busy(self, words: Iterable[str]) -> bool:
        """Whether the platform is busy for any of these, which it then is no more."""
        with self._lock:
            met = self.busy_for.intersection(words)
            self.busy_for -= met
            return bool(met)

    @property
    def accounts(self) -> list[Account]:
        return [what for what in self.log if isinstance(what, Account)]

    @property
    def letters(self) -> list[Letter]:
        return [what for what in self.log if isinstance(what, Letter)]

    def settle(self) -> None:
        """Wait until the mail server has read what a dead daemon left in its lines, and closed them."""
        give_up = time.monotonic() + 10
        while self._sink is not None and self._sink.open and time.monotonic() < give_up:
            time.sleep(0.002)

    def deliver(self, mails: Sequence[Mail]) -> None:
        """Into the mailboxes, byte for byte, at their arrival."""
        for account, user in self.users.items():
            with self.dovecot.client(user) as client:
                for mail in mails:
                    if mail.account == account:
                        client.append("INBOX", mail.raw, msg_time=mail.at)

    def stored(self) -> dict[tuple[str, int], bytes]:
        """Every mail on the server by account and UID, as the server gives it now."""
        out: dict[tuple[str, int], bytes] = {}
        for account, user in self.users.items():
            with self.dovecot.client(user) as client:
                client.select_folder("INBOX", readonly=True)
                uids = client.search("ALL")
                given = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
                out |= {(account, int(uid)): bytes(parts[b"BODY[]"]) for uid, parts in given.items()}
        return out


class _Sink(SmtpSink):
    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self.script["MAIL"] = ["451 4.7.1 later"]

    def take(self, envelope: Envelope) -> None:
        self._world.happen(Letter(str(envelope.rcpt_tos[0]), envelope.original_content or b""))


class _Platform(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, world: World) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.world = world

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Whoever asked may be dead before the answer: that is what happens here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Answer(BaseHTTPRequestHandler):
    """GET tells which ID numbers have an account; POST opens one, blindly, or says 503 while the platform is busy."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query).get("id", [])
        if self._world.busy(asked):
            self._say(503, {})
            return
        known = {account.id_number: account.phone for account in self._world.accounts}
        self._say(200, {number: known[number] for number in asked if number in known})

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        text = self.rfile.read(length)
        if len(text) < length:  # whoever asked died in the middle of it
            self.close_connection = True
            return
        wanted = json.loads(text)
        if self._world.busy(["POST"]):
            self._say(503, {})
            return
        self._world.happen(Account(wanted["id"], wanted["phone"]))
        self._say(200, {})

    def log_message(self, *_: object) -> None:
        """The world's own log says it."""

    @property
    def _world(self) -> World:
        return cast("_Platform", self.server).world

    def _say(self, status: int, body: dict[str, str]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@contextmanager
def world(dovecot: Dovecot, users: dict[str, str]) -> Iterator[World]:
    """A fresh world with its servers up, its mailboxes those of `users` by account."""
    made = World(users, dovecot)
    with _Platform(made) as platform, _Sink(made) as sink:
        made._sink = sink
        made.platform, made.smtp = f"http://127.0.0.1:{platform.server_address[1]}", sink.port
        serving = threading.Thread(target=platform.serve_forever, args=(0.02,), daemon=True)
        serving.start()
        try:
            yield made
        finally:
            platform.shutdown()
            serving.join()
