"""An SMTP server on loopback that keeps every message with its envelope and fails as it is told.

`script` answers the next commands of a kind: `sink.script["DATA"] = ["451 4.7.1 later", DROP]` refuses the first DATA,
takes the second and cuts the connection before answering. What was taken stands in `messages` even when the client
never heard so.
"""

# ruff: noqa: N802 -- the hooks are called what aiosmtpd calls them
import asyncio
import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.rig.ports import LOOPBACK, free_port

DROP: Final = "drop"
"""Cut the connection instead of an answer; at DATA after the message was taken."""
HANG: Final = "hang"
"""Say nothing more on this command for a minute; at DATA after the message was taken."""


@dataclass(frozen=True)
class Received:
    """One message as it came: envelope, exact bytes, and the parsed headers for looking."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> Message:
        return BytesParser().parsebytes(self.raw)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


class SmtpSink:
    """The sink. With `certificate` (cert, key) it offers STARTTLS, with `login` it wants AUTH."""

    def __init__(
        self,
        *,
        certificate: tuple[Path, Path] | None = None,
        login: tuple[str, str] | None = None,
        port: int | None = None,
    ) -> None:
        self.port = port or free_port()
        self.messages: list[Received] = []
        self.connections = 0
        self.open = 0
        self.script: dict[str, Sequence[str]] = {}
        self._left: defaultdict[str, deque[str]] = defaultdict(deque)
        self._taken: dict[str, Sequence[str]] = {}
        self._certificate, self._login = certificate, login
        self._lock = threading.Lock()
        self._controller: Controller | None = None

    @property
    def ids(self) -> list[str]:
        """The Message-IDs in order of arrival."""
        return [received.message_id for received in self.messages]

    def start(self) -> Self:
        self._controller = _Controller(self)
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def tls(self) -> ssl.SSLContext | None:
        if self._certificate is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*map(str, self._certificate))
        return context

    def knows(self, user: str, password: str) -> bool:
        return self._login == (user, password)

    @property
    def wants_login(self) -> bool:
        return self._login is not None

    def next_fault(self, command: str) -> str | None:
        """The scripted answer to this command, or `None` for the ordinary one."""
        with self._lock:
            if self._taken.get(command) is not self.script.get(command):
                self._taken[command] = self.script.get(command, ())
                self._left[command] = deque(self._taken[command])
            return self._left[command].popleft() if self._left[command] else None

    def take(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        recipients = tuple(str(address) for address in envelope.rcpt_tos)
        self.messages.append(Received(str(envelope.mail_from or ""), recipients, content))


class _Controller(Controller):
    def __init__(self, sink: SmtpSink) -> None:
        self._sink = sink
        super().__init__(_Handler(sink), hostname=LOOPBACK, port=sink.port)

    def factory(self) -> SMTP:
        sink = self._sink
        context = sink.tls()

        def authenticate(
            server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
        ) -> AuthResult:
            known = isinstance(data, LoginPassword) and sink.knows(data.login.decode(), data.password.decode())
            return AuthResult(success=known, handled=False)

        return _Line(
            sink,
            self.handler,
            hostname="sink.invalid",
            enable_SMTPUTF8=True,
            tls_context=context,
            require_starttls=context is not None,
            authenticator=authenticate if sink.wants_login else None,
            auth_required=sink.wants_login,
            auth_require_tls=context is not None,
        )


class _Line(SMTP):
    """One connection, counted while it is open."""

    def __init__(self, sink: SmtpSink, handler: object, **settings: Any) -> None:
        super().__init__(handler, **settings)
        self._sink = sink

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self.session is None:  # a second call is the upgrade to TLS
            self._sink.connections += 1
            self._sink.open += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._sink.open -= 1


class _Handler:
    """aiosmtpd's hooks. A fault of `DATA` happens after the message was taken if it is DROP or HANG, else before."""

    def __init__(self, sink: SmtpSink) -> None:
        self._sink = sink

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        fault = await self._fault(server, "EHLO")
        return [fault] if fault else responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = await self._fault(server, "MAIL")
        if fault:
            return fault
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = await self._fault(server, "RCPT")
        if fault:
            return fault
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self._sink.next_fault("DATA")
        if fault is None or fault in (DROP, HANG):
            self._sink.take(envelope)
        return await self._happen(server, fault) or "250 2.0.0 taken"

    async def _fault(self, server: SMTP, command: str) -> str | None:
        return await self._happen(server, self._sink.next_fault(command))

    async def _happen(self, server: SMTP, fault: str | None) -> str | None:
        if fault == HANG:
            await asyncio.sleep(60)
        if fault == DROP and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return fault
