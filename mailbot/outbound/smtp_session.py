"""One SMTP connection, stepped through MAIL, RCPT and DATA so that it is always known how far a letter came.

aiosmtplib raises the same `SMTPServerDisconnected` for a line that broke before and behind the final dot. Here the
stage is kept: before the dot the server cannot have taken the letter, behind it nobody knows (RFC 5321, 4.2.5, 6.1).
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final, Literal

import aiosmtplib
from aiosmtplib.response import SMTPResponse

from mailbot.domain.hosts import is_loopback
from mailbot.domain.ports import PortError, SendResult, SendState
from mailbot.failpoints import failpoint
from mailbot.outbound.plain import readable

_LOGIN_CODES: Final = frozenset({530, 534, 535, 538})
"""RFC 4954, 6: what is wrong is our login, not the letter."""
_SIZE_CODES: Final = frozenset({523, 552})
_DOT: Final = re.compile(rb"(?m)^\.")
_QUIT_SECONDS: Final = 2.0
_LAST_TURNS: Final = 4
"""Turns of the loop in which closed transports, one inside the other, see their end."""
_BREATH_SECONDS: Final = 0.005


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The way out. `password` is asked for at every login, so that a changed secret needs no restart. `envelope_sender`
    empty is the null reverse-path of automatic replies (RFC 3834, 3.3); providers that refuse it need a mailbox that is
    read. Times are seconds: of one command, of one whole letter, and after which an idle line is tried first."""

    host: str
    port: int
    security: Literal["tls", "starttls", "plain"]
    user: str | None = None
    password: Callable[[], str] | None = None
    envelope_sender: str = ""
    ca_file: Path | None = None
    helo_name: str = "[127.0.0.1]"
    command_seconds: float = 60.0
    send_seconds: float = 300.0
    idle_seconds: float = 30.0

    def __post_init__(self) -> None:
        if self.security == "plain" and not is_loopback(self.host):
            raise PortError(f"{self.host}: mail leaves this machine over TLS or STARTTLS only", retry=False)


class Stage(IntEnum):
    """How far a letter came."""

    CONNECTING = 0
    ENVELOPE = 1
    BODY = 2
    DOT = 3


class Session:
    """A connection and the letter on it. Lives on one event loop and serves one letter at a time."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None
        self._last_use = 0.0
        self.stage = Stage.CONNECTING

    async def deliver(self, to: str, raw: bytes) -> SendResult:
        """One letter within its deadline. Raises `PortError` where the fault is the site's and not the letter's."""
        self.stage = Stage.CONNECTING
        try:
            async with asyncio.timeout(self._settings.send_seconds):
                result = await self._step_through(to, raw)
        except aiosmtplib.SMTPSenderRefused as answer:
            result = self._sender_refused(answer.code, answer.message)
        except aiosmtplib.SMTPResponseException as answer:
            result = self._answered(answer.code, answer.message)
        except (aiosmtplib.SMTPException, OSError) as broken:
            result = self._broken(broken)
        except asyncio.CancelledError:
            self.drop()
            raise
        if result.state is not SendState.SENT:
            await self._reset()
        return result

    async def ready(self) -> str:
        """Connect and log in where that is needed; what was met, in one line. Raises `PortError`."""
        try:
            async with asyncio.timeout(self._settings.send_seconds):
                client = await self._connected()
        except aiosmtplib.SMTPResponseException as answer:
            raise PortError(f"{self._server}: {answer.code} {readable(answer.message)}", retry=True) from answer
        except (aiosmtplib.SMTPException, OSError) as broken:
            raise PortError(f"{self._server}: {_what(broken)}", retry=True) from broken
        size = client.esmtp_extensions.get("size", "") or "no size told"
        login = f"logged in as {self._settings.user}" if self._settings.user else "no login"
        return f"{self._server}: {self._settings.security}, {login}, size limit {size}"

    async def quit(self) -> None:
        """Say goodbye, briefly, and close; when this returns, the loop has nothing left of the connection."""
        if self._client is not None:
            line = self._client.transport
            with suppress(aiosmtplib.SMTPException, OSError):
                async with asyncio.timeout(_QUIT_SECONDS):
                    await self._client.quit()
            _abort(line)
        self.drop()
        for _ in range(_LAST_TURNS):
            await asyncio.sleep(0)

    def drop(self) -> None:
        """Close without a word; the next letter gets a new connection. What is not written yet is never written: a
        plain close would go on sending a letter that was given up."""
        if self._client is not None:
            _abort(self._client.transport)
            self._client.close()
            self._client = None

    @property
    def _server(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    async def _step_through(self, to: str, raw: bytes) -> SendResult:
        client = await self._connected()
        self.stage = Stage.ENVELOPE
        options = [f"SIZE={len(raw)}"] if client.supports_extension("size") else []
        await client.mail(self._settings.envelope_sender, options=options)
        await client.rcpt(to)
        failpoint("courier.before_data")
        answer = await self._data(client, raw)
        failpoint("courier.answered")
        self._last_use = asyncio.get_running_loop().time()
        return self._answered(answer.code, answer.message)

    async def _data(self, client: aiosmtplib.SMTP, raw: bytes) -> SMTPResponse:
        """DATA, body, dot, in three steps. An answer before the dot is the server's last word on the letter."""
        start = await client.execute_command(b"DATA")
        line = client.protocol
        if start.code != 354 or line is None or not isinstance(line.transport, asyncio.WriteTransport):
            return start
        self.stage = Stage.BODY
        answer = asyncio.create_task(line.read_response())
        try:
            await asyncio.sleep(0)
            line.write(_DOT.sub(b"..", raw))
            # No event tells that the buffer ran empty, without reaching into aiosmtplib's protocol.
            while line.is_connected and not answer.done() and line.transport.get_write_buffer_size():  # noqa: ASYNC110
                await asyncio.sleep(_BREATH_SECONDS)
            await asyncio.sleep(0)
            if line.is_connected and not answer.done():
                failpoint("courier.before_dot")
                self.stage = Stage.DOT
                line.write(b".\r\n" if raw.endswith(b"\r\n") else b"\r\n.\r\n")
                failpoint("courier.after_dot")
            return await answer
        finally:
            if not answer.cancel():
                answer.cancelled() or answer.exception()

    async def _connected(self) -> aiosmtplib.SMTP:
        """The kept connection, tried with NOOP where it lay idle, or a new one."""
        client, now = self._client, asyncio.get_running_loop().time()
        if client is not None and client.is_connected and now - self._last_use > self._settings.idle_seconds:
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.noop()
                self._last_use = now
        stale = client is None or now - self._last_use > self._settings.idle_seconds
        if client is None or stale or not client.is_connected:
            self.drop()
            client = self._client = await self._connect()
            failpoint("courier.connected")
        self._last_use = asyncio.get_running_loop().time()
        return client

    async def _connect(self) -> aiosmtplib.SMTP:
        site = self._settings
        client = aiosmtplib.SMTP(
            hostname=site.host,
            port=site.port,
            use_tls=site.security == "tls",
            start_tls=site.security == "starttls",
            tls_context=None if site.security == "plain" else _context(site.ca_file),
            local_hostname=site.helo_name,
            timeout=site.command_seconds,
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
            if site.user is not None and site.password is not None:
                await client.login(site.user, site.password())
        except (aiosmtplib.SMTPException, OSError) as fault:
            client.close()
            raise self._shut(fault) from fault
        return client

    def _shut(self, fault: Exception) -> Exception:
        """What kept the door shut: a line that breaks or a 4xx passes; a refused login or certificate, a server without
        STARTTLS or AUTH, a 5xx greeting stop all letters, and the operator must see them."""
        if isinstance(fault, aiosmtplib.SMTPAuthenticationError):
            said = f"{fault.code} {readable(fault.message)}"
            return PortError(f"{self._server} refuses the login of {self._settings.user}: {said}", retry=True)
        if isinstance(fault, aiosmtplib.SMTPResponseException):
            passes = 400 <= fault.code < 500
        else:
            tls = isinstance(fault, ssl.SSLError) or isinstance(fault.__cause__, ssl.SSLError)
            passes = isinstance(fault, OSError) and not tls
        return fault if passes else PortError(f"{self._server}: {_what(fault)}", retry=True)

    def _answered(self, code: int, message: str) -> SendResult:
        """What the server's answer makes of the letter (RFC 5321, 4.2.1): taken, refused for good, or for this time.
        Behind the dot, what is no answer at all leaves it unknown."""
        said = f"{code} {readable(message)}".strip()
        if code in _LOGIN_CODES:
            self.drop()
            raise PortError(f"{self._server} wants a login: {said}", retry=True)
        if code == 421 or not 200 <= code < 600 or self.stage is Stage.BODY:
            self.drop()
        if self.stage is Stage.DOT and 200 <= code < 300:
            return SendResult(SendState.SENT, said)
        if self.stage is Stage.DOT and not 400 <= code < 600:
            return SendResult(SendState.UNKNOWN, said)
        return SendResult(SendState.REFUSED if 500 <= code < 600 else SendState.DEFERRED, said)

    def _sender_refused(self, code: int, message: str) -> SendResult:
        """A refused MAIL is about us, unless it is about the letter's size (RFC 1870, 6.1)."""
        if 500 <= code < 600 and code not in _SIZE_CODES:
            self.drop()
            raise PortError(f"{self._server} refuses our sender address: {code} {readable(message)}", retry=True)
        return self._answered(code, message)

    def _broken(self, fault: Exception) -> SendResult:
        self.drop()
        lost = self.stage is Stage.DOT
        where = f"{_what(fault)} ({self.stage.name.lower()})"
        return SendResult(SendState.UNKNOWN if lost else SendState.DEFERRED, f"{self._server}: {where}")

    async def _reset(self) -> None:
        """After a refusal the line is made ready for the next letter, or given up."""
        if self._client is None:
            return
        try:
            await self._client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self.drop()


def _abort(line: asyncio.BaseTransport | None) -> None:
    """Close a connection at once, without a TLS farewell or what is still in its buffer."""
    if isinstance(line, asyncio.WriteTransport):
        line.abort()


def _context(ca_file: Path | None) -> ssl.SSLContext:
    """Certificate and host name are always verified; `ca_file` adds an own authority."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def _what(fault: BaseException) -> str:
    """A fault in words: what the server said where it said something, else the system's own sentence."""
    if isinstance(fault, aiosmtplib.SMTPResponseException):
        return f"{fault.code} {readable(fault.message)}"
    return readable(str(fault)) or type(fault).__name__
