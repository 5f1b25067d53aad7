"""The way to a mail server that lets us in: address and secret, TLS that is always verified, login, and what kept the
door shut.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiosmtplib

from mailbot.domain.hosts import is_loopback
from mailbot.domain.ports import LoginRefused, PortError
from mailbot.domain.server_ports import Secret
from mailbot.outbound.plain import readable


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The way out. `secret` is asked for at every login, so that a changed one needs no restart. `envelope_sender`
    empty is the null reverse-path of automatic replies (RFC 3834, 3.3); providers that refuse it need a mailbox that is
    read. Times are seconds: of one command, of one whole letter, and after which an idle line is tried first."""

    host: str
    port: int
    security: Literal["tls", "starttls", "plain"]
    user: str | None = None
    secret: Secret | None = None
    envelope_sender: str = ""
    ca_file: Path | None = None
    helo_name: str = "[127.0.0.1]"
    command_seconds: float = 60.0
    send_seconds: float = 300.0
    idle_seconds: float = 30.0

    def __post_init__(self) -> None:
        if self.security == "plain" and not is_loopback(self.host):
            raise PortError(f"{self.host}: mail leaves this machine over TLS or STARTTLS only", retry=False)

    @property
    def server(self) -> str:
        """Host and port, for people."""
        return f"{self.host}:{self.port}"


async def enter(site: SmtpSettings) -> aiosmtplib.SMTP:
    """A connection that is logged in. Raises `LoginRefused` where we are not let in, `PortError` for another fault of
    the site, and aiosmtplib's or the system's own error for what passes: a broken line, a 4xx."""
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
        if site.user is not None:
            await _log_in(client, site.user, site)
    except (aiosmtplib.SMTPException, OSError) as fault:
        client.close()
        raise _shut(fault, site) from fault
    except PortError:
        client.close()
        raise
    return client


async def _log_in(client: aiosmtplib.SMTP, user: str, site: SmtpSettings) -> None:
    """Show the proof of the moment; a token that is refused is not shown again. Nothing where the site names none."""
    if site.secret is None:
        return
    proof = site.secret.proof()
    try:
        if proof.bearer:
            await client.auth_xoauth2(user, proof.text)
        else:
            await client.login(user, proof.text)
    except aiosmtplib.SMTPAuthenticationError:
        site.secret.refused(proof)
        raise


def _shut(fault: Exception, site: SmtpSettings) -> Exception:
    """What kept the door shut: a line that breaks or a 4xx passes; a refused login or certificate, a server without
    STARTTLS or AUTH, a 5xx greeting stop all letters, and the operator must see them."""
    if isinstance(fault, aiosmtplib.SMTPAuthenticationError) and fault.code >= 500:
        said = f"{fault.code} {readable(fault.message)}"
        return LoginRefused(f"{site.server} refuses the login of {site.user}: {said}", retry=True)
    if isinstance(fault, aiosmtplib.SMTPResponseException):
        passes = 400 <= fault.code < 500
    else:
        tls = isinstance(fault, ssl.SSLError) or isinstance(fault.__cause__, ssl.SSLError)
        passes = isinstance(fault, OSError) and not tls
    return fault if passes else PortError(f"{site.server}: {words_of(fault)}", retry=True)


def _context(ca_file: Path | None) -> ssl.SSLContext:
    """Certificate and host name are always verified; `ca_file` adds an own authority."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def words_of(fault: BaseException) -> str:
    """A fault in words: what the server said where it said something, else the system's own sentence."""
    if isinstance(fault, aiosmtplib.SMTPResponseException):
        return f"{fault.code} {readable(fault.message)}"
    return readable(str(fault)) or type(fault).__name__
