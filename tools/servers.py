"""Mail servers for demonstration, without root and without a folder: IMAP by pymap, SMTP by aiosmtpd, both on loopback.

They live in threads of the calling process, keep everything in memory and are gone with it. For tests of faults there
are others (`tests/rig`).
"""

from __future__ import annotations

import asyncio
import socket
import threading
from argparse import Namespace
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pymap.backend.dict import Config, DictBackend, Login
from pymap.backend.dict import Identity as DictIdentity
from pymap.imap import IMAPService
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

LOOPBACK = "127.0.0.1"
T = TypeVar("T")


def free_port() -> int:
    """A loopback port that nobody holds now."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class ImapServer:
    """An IMAP server in a thread: plain text, IDLE, one INBOX for every user of `passwords`."""

    def __init__(self, passwords: Mapping[str, str], port: int | None = None) -> None:
        self.host, self.port = LOOPBACK, port or free_port()
        self._passwords = dict(passwords)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="demo-imap", daemon=True)
        self._ready, self._over = threading.Event(), asyncio.Event()
        self._config = self._settings()
        self._login = Login(self._config)

    def start(self) -> Self:
        """Return when it listens; raises `RuntimeError` when it does not come up."""
        self._thread.start()
        if not self._ready.wait(20):
            raise RuntimeError("the demo's IMAP server did not start")
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def deliver(self, user: str, raw: bytes, at: datetime) -> None:
        """Put one mail into the INBOX, byte for byte, with this INTERNALDATE (aware)."""
        self._do(self._append(user, raw, at))

    def _settings(self) -> Config:
        unused: dict[str, None] = dict.fromkeys(["cert", "key", "passlib_cfg", "proxy_protocol", "inherited_sockets"])
        first = next(iter(self._passwords))
        arguments = Namespace(
            host=self.host,
            port=self.port,
            debug=False,
            tls=False,
            demo_data=False,
            demo_user=first,
            demo_password=self._passwords[first],
            **unused,
        )
        return Config.from_args(arguments, hash_context=Cleartext())

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._live())
        finally:
            self._loop.close()

    async def _live(self) -> None:
        self._config.apply_context()
        for user, password in self._passwords.items():
            await self._identity(user).set(UserMetadata(self._config, user, password=password))
        async with AsyncExitStack() as stack:
            await IMAPService(DictBackend(self._login, self._config), self._config).start(stack)
            self._ready.set()
            await self._over.wait()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _identity(self, user: str) -> DictIdentity:
        return DictIdentity(user, self._login, None, frozenset({"admin"}))

    async def _append(self, user: str, raw: bytes, at: datetime) -> None:
        async with self._identity(user).new_session() as session:
            inbox = await session.mailbox_set.get_mailbox("INBOX")
            await inbox.append(AppendMessage(raw, at, frozenset()), recent=True)

    def _do(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)


@dataclass(frozen=True)
class Letter:
    """A letter as the demo's SMTP server took it."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class SmtpServer:
    """An SMTP server in a thread that takes everything and delivers nothing: see `letters`."""

    def __init__(self, port: int | None = None) -> None:
        self.host, self.port = LOOPBACK, port or free_port()
        self.letters: list[Letter] = []
        self._controller = Controller(self, hostname=self.host, port=self.port)

    def start(self) -> Self:
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd
        """A whole message has come."""
        recipients = tuple(str(address) for address in envelope.rcpt_tos)
        self.letters.append(Letter(str(envelope.mail_from or ""), recipients, envelope.original_content or b""))
        return "250 2.0.0 taken"
