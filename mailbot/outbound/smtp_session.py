"""One SMTP connection, stepped through MAIL, RCPT and DATA so that it is always known how far a letter came.

aiosmtplib raises the same `SMTPServerDisconnected` for a line that broke before and behind the final dot. Here the
stage is kept: before the dot the server cannot have taken the letter, behind it nobody knows (RFC 5321, 4.2.5, 6.1).
"""

from __future__ import annotations

import asyncio
import re
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Final

import aiosmtplib
from aiosmtplib.response import SMTPResponse

from mailbot.domain.ports import About, LoginRefused, Note, PortError, SendResult, SendState, nothing_to_note
from mailbot.failpoints import failpoint
from mailbot.outbound.address import on_the_wire
from mailbot.outbound.answers import Stage, verdict
from mailbot.outbound.plain import readable
from mailbot.outbound.smtp_door import SmtpSettings, enter, words_of

__all__ = ["Parcel", "Session", "SmtpSettings", "Stage"]

_DOT: Final = re.compile(rb"(?m)^\.")
_XTEXT: Final = re.compile(r"[^!-*,-<>-~]")
_QUIT_SECONDS: Final = 2.0
_LAST_TURNS: Final = 4
"""Turns of the loop in which closed transports, one inside the other, see their end."""
_BREATH_SECONDS: Final = 0.005


@dataclass(frozen=True, slots=True)
class Parcel:
    """One letter to hand over: `Courier.send`'s four things."""

    to: str
    raw: bytes
    mark: str = ""
    before_dot: Note = nothing_to_note


class Session:
    """A connection and the letter on it. Lives on one event loop and serves one letter at a time."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None
        self._last_use = 0.0
        self.stage = Stage.CONNECTING

    async def deliver(self, parcel: Parcel) -> SendResult:
        """One letter within its deadline. Raises `PortError` where the fault is the site's and not the letter's, and
        what `before_dot` raises."""
        self.stage = Stage.CONNECTING
        try:
            async with asyncio.timeout(self._settings.send_seconds):
                result = await self._step_through(parcel)
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
        site = self._settings
        try:
            async with asyncio.timeout(site.send_seconds):
                client = await self._connected()
        except (aiosmtplib.SMTPException, OSError) as broken:
            raise PortError(f"{site.server}: {words_of(broken)}", retry=True) from broken
        size = client.esmtp_extensions.get("size", "") or "no size told"
        login = f"logged in as {site.user}" if site.user else "no login"
        return f"{site.server}: {site.security}, {login}, size limit {size}"

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

    async def _step_through(self, parcel: Parcel) -> SendResult:
        client = await self._connected()
        self.stage = Stage.SENDER
        to = on_the_wire(parcel.to)
        if not to.isascii() and not client.supports_extension("smtputf8"):
            said = "the server takes no address outside ASCII (SMTPUTF8, RFC 6531)"
            return SendResult(SendState.REFUSED, said, About.ADDRESS, offered=False)
        reports = ["RET=HDRS", f"ENVID={_xtext(parcel.mark)}"] if self._reports(client, parcel.mark) else []
        options = [*_options(client, len(parcel.raw), utf8=not to.isascii()), *reports]
        await client.mail(self._settings.envelope_sender, options=options)
        self.stage = Stage.RECIPIENT
        await client.rcpt(to, options=["NOTIFY=FAILURE"] if reports else [], encoding="utf-8")
        failpoint("courier.before_data")
        answer = await self._data(client, parcel)
        failpoint("courier.answered")
        self._last_use = asyncio.get_running_loop().time()
        return self._answered(answer.code, answer.message)

    def _reports(self, client: aiosmtplib.SMTP, mark: str) -> bool:
        """Whether reports of failure are asked for: where offered, and where there is an address to send them to (RFC
        3461, 4.1, 5.1)."""
        return bool(mark and self._settings.envelope_sender) and client.supports_extension("dsn")

    async def _data(self, client: aiosmtplib.SMTP, parcel: Parcel) -> SMTPResponse:
        """DATA, body, dot, in three steps. An answer before the dot is the server's last word on the letter."""
        start = await client.execute_command(b"DATA")
        line = client.protocol
        self.stage = Stage.BODY
        if start.code != 354 or line is None or not isinstance(line.transport, asyncio.WriteTransport):
            return start
        answer = asyncio.create_task(line.read_response())
        try:
            await asyncio.sleep(0)
            line.write(_DOT.sub(b"..", parcel.raw))
            # No event tells that the buffer ran empty, without reaching into aiosmtplib's protocol.
            while line.is_connected and not answer.done() and line.transport.get_write_buffer_size():  # noqa: ASYNC110
                await asyncio.sleep(_BREATH_SECONDS)
            await self._noted(parcel.before_dot)
            if line.is_connected and not answer.done():
                failpoint("courier.before_dot")
                self.stage = Stage.DOT
                line.write(b".\r\n" if parcel.raw.endswith(b"\r\n") else b"\r\n.\r\n")
                failpoint("courier.after_dot")
            return await answer
        finally:
            if not answer.cancel():
                answer.cancelled() or answer.exception()

    async def _noted(self, before_dot: Note) -> None:
        """Note that the dot comes next, while the server takes in the end of the body. The loop serves this one letter,
        so it may wait for the disk. Where it cannot be noted, the half-sent letter is given up with its line."""
        with ExitStack() as unless_noted:
            unless_noted.callback(self.drop)
            before_dot()
            unless_noted.pop_all()
        await asyncio.sleep(0)  # a deadline that passed meanwhile shows here, before the dot

    async def _connected(self) -> aiosmtplib.SMTP:
        """The kept connection, tried with NOOP where it lay idle, or a new one."""
        for _ in range(_LAST_TURNS if self._client else 0):
            await asyncio.sleep(0)  # nobody listened since the last letter: a line that was closed shows now
        client, now = self._client, asyncio.get_running_loop().time()
        if client is not None and client.is_connected and now - self._last_use > self._settings.idle_seconds:
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.noop()
                self._last_use = now
        stale = client is None or now - self._last_use > self._settings.idle_seconds
        if client is None or stale or not client.is_connected:
            self.drop()
            client = self._client = await enter(self._settings)
            failpoint("courier.connected")
        self._last_use = asyncio.get_running_loop().time()
        return client

    def _answered(self, code: int, message: str) -> SendResult:
        """What the server's answer makes of the letter, and of the line. Raises `LoginRefused` where it is about us."""
        said = f"{code} {readable(message)}".strip()
        found = verdict(self.stage, code, said)
        answered_too_early = self.stage is Stage.BODY and 200 <= code < 400
        if code == 421 or not 200 <= code < 600 or found.about is About.LOGIN or answered_too_early:
            self.drop()
        if found.about is About.LOGIN:
            raise LoginRefused(f"{self._settings.server} refuses us and not the letter: {said}", retry=True)
        return SendResult(found.state, said, found.about, offered=self.stage >= Stage.RECIPIENT)

    def _broken(self, fault: Exception) -> SendResult:
        """A line that broke: before RCPT no letter would have fared better."""
        self.drop()
        said = f"{self._settings.server}: {words_of(fault)} ({self.stage.name.lower()})"
        if self.stage is Stage.DOT:
            return SendResult(SendState.UNKNOWN, said)
        if self.stage >= Stage.RECIPIENT:
            return SendResult(SendState.DEFERRED, said)
        return SendResult(SendState.DEFERRED, said, About.LINE, offered=False)

    async def _reset(self) -> None:
        """After a refusal the line is made ready for the next letter, or given up."""
        if self._client is None:
            return
        try:
            await self._client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self.drop()


def _options(client: aiosmtplib.SMTP, size: int, *, utf8: bool) -> list[str]:
    """What MAIL says of the letter (RFC 1870, 6; RFC 6531, 3.4)."""
    known = [f"SIZE={size}"] if client.supports_extension("size") else []
    return [*known, *(["SMTPUTF8", "BODY=8BITMIME"] if utf8 else [])]


def _xtext(mark: str) -> str:
    """A mark as it may stand behind ENVID= (RFC 3461, 4)."""
    return _XTEXT.sub(lambda odd: "".join(f"+{byte:02X}" for byte in odd[0].encode()), mark)


def _abort(line: asyncio.BaseTransport | None) -> None:
    """Close a connection at once, without a TLS farewell or what is still in its buffer."""
    if isinstance(line, asyncio.WriteTransport):
        line.abort()
