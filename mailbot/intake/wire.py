"""The connection itself: imapclient over a socket of our own making, watched from its first byte.

imapclient sets neither keep-alive nor TCP_NODELAY, bounds neither lines nor literals as a mailbox needs it, and logs
the whole conversation; the two classes here change just that.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Callable
from typing import Final, cast

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError
from imapclient.response_parser import parse_response

from mailbot.domain.limits import IntakeLimits
from mailbot.intake.account import Server
from mailbot.intake.leash import Leash

LONGEST_LINE: Final = 16_000_000
"""A SEARCH answer is one line: two million UIDs. imaplib stops at 1 MB, a mailbox of 140,000 mails."""


class Protocol(imaplib.IMAP4):
    """imaplib's connection with our socket. `context` puts TLS around it at once (implicit TLS, RFC 8314, 3.2)."""

    def __init__(self, server: Server, limits: IntakeLimits, leash: Leash, context: ssl.SSLContext | None) -> None:
        self._limits, self._leash, self._context = limits, leash, context
        super().__init__(server.host, server.port, limits.connect_seconds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        sock = socket.create_connection((self.host, self.port), timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._leash.hold(sock)
        if self._context is None:
            return sock
        try:
            return self._context.wrap_socket(sock, server_hostname=self.host)
        except OSError:
            sock.close()
            raise

    def readline(self) -> bytes:
        line = cast("bytes", self.file.readline(LONGEST_LINE + 1))
        if len(line) > LONGEST_LINE:
            raise self.abort("a line without end")
        return line

    def read(self, size: int) -> bytes:
        if size > self._limits.largest_mail_bytes:
            raise self.abort(f"a literal of {size} bytes")
        return super().read(size)


class Client(IMAPClient):  # type: ignore[misc]  # imapclient ships no types
    """imapclient on a `Protocol`. Aware times, nothing of the conversation in any log."""

    def __init__(self, server: Server, limits: IntakeLimits, leash: Leash) -> None:
        context = trust(server) if server.tls == "tls" else None
        self._dial: Callable[[], Protocol] = lambda: Protocol(server, limits, leash, context)
        timeout = SocketTimeout(limits.connect_seconds, limits.read_seconds)
        super().__init__(server.host, server.port, ssl=server.tls == "tls", ssl_context=context, timeout=timeout)
        self._imap.debug = 0
        self.normalise_times = False

    def _create_IMAP4(self) -> Protocol:  # noqa: N802 -- imapclient's name
        return self._dial()

    def _check_resp(self, expected: str, command: str, typ: str, data: list[bytes | None]) -> None:
        """Keep the server's words as bytes: imapclient drops all that is not ASCII in them."""
        if typ != expected:
            raise IMAPClientError(data[0] or f"{command} failed")

    def authenticate(self, mechanism: str, talk: Callable[[bytes], bytes]) -> None:
        """AUTHENTICATE (RFC 9051, 6.2.2). imaplib's own takes a refusal's bytes for UTF-8, and loses Chinese ones.

        Raises `IMAPClientError` with the server's words.
        """
        imap = self._imap
        imap.literal = imaplib._Authenticator(talk).process  # noqa: SLF001 -- imaplib's coder of such exchanges
        kind, said = imap._simple_command("AUTHENTICATE", mechanism)  # noqa: SLF001 -- as imaplib's own
        self._checkok("authenticate", kind, said)
        imap.state = "AUTH"

    def introduce(self, identity: dict[str, str]) -> object:
        """ID (RFC 2971), also where it is not offered, which imapclient refuses; the server's answer, parsed."""
        words = " ".join(f'"{word}"' for pair in identity.items() for word in pair)
        kind, said = self._imap._simple_command("ID", f"({words})")  # noqa: SLF001 -- imaplib has no ID
        self._checkok("id", kind, said)
        return parse_response(self._imap._untagged_response(kind, said, "ID")[1])  # noqa: SLF001 -- as above

    def idle(self) -> None:
        """Enter IDLE (RFC 2177, 3). A server may push before it says `+`, which imapclient takes for a refusal."""
        self._idle_tag = tag = self._imap._command("IDLE")  # noqa: SLF001 -- imaplib has no IDLE before Python 3.14
        while self._imap._get_response() is not None:  # noqa: SLF001 -- as above; None is the continuation
            if self._imap.tagged_commands[tag]:
                raise IMAPClientError(self._imap.tagged_commands.pop(tag)[1][0])


def trust(server: Server) -> ssl.SSLContext:
    """A context that verifies certificate and host name, against the system's authorities and the server's own."""
    context = ssl.create_default_context()
    if server.ca_file is not None:
        context.load_verify_locations(cafile=str(server.ca_file))
    return context
