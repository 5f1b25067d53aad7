"""What can go wrong with a mail server, of two kinds: the line is lost, or the server refused; its words made readable.

A lost connection is never used again, since leftovers of the old answer would be taken for the new one.
"""

from __future__ import annotations

import ast
import re
import ssl
from typing import Final

from mailbot.domain.ports import PortError
from mailbot.intake.refusals import TEMPORARY, cause_of

_CODE: Final = re.compile(r"\[([A-Z][A-Z0-9-]*)[ \]]")
_BAD: Final = re.compile(r"command error: BAD (\[.*\])$", re.DOTALL)
_LONGEST: Final = 300


class IntakeError(PortError):
    """A fault of a mailbox, told to the operator by its server's words."""


class Lost(IntakeError):
    """The connection is gone, too slow, or talks nonsense: build a new one."""

    def __init__(self, message: str, *, retry: bool = True) -> None:
        super().__init__(message, retry=retry)


class Untrusted(Lost):
    """No line to this server can be had that keeps a password safe. A person must act: certificate, name, port, TLS."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retry=False)


class Refused(IntakeError):
    """The server understood and said no. `code` is the bracketed response code, empty where there is none."""

    def __init__(self, message: str, code: str = "", *, retry: bool | None = None) -> None:
        super().__init__(message, retry=code in TEMPORARY if retry is None else retry)
        self.code = code


class LoginRefused(Refused):
    """The server does not take these credentials, for the `cause` that its words name; `remedy` is the provider's.
    `wary`: it locks accounts."""

    def __init__(self, message: str, code: str = "", *, said: str = "", remedy: str = "", wary: bool = False) -> None:
        self.cause = cause_of(said or message, code)
        super().__init__(message, code, retry=self.cause.passes)
        self.remedy, self.wary = remedy, wary


def readable(raw: bytes) -> str:
    """A server's text: UTF-8, else GB18030, as Chinese providers answer unannounced; control characters removed."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    return "".join(char for char in text if char.isprintable())[:_LONGEST]


def server_text(error: BaseException) -> str:
    """What the server said, out of an exception of imaplib or imapclient.

    imapclient repeats imaplib's error as the repr of its bytes, so the bytes are looked for down the chain first; a BAD
    answer imaplib itself keeps only as such a repr.
    """
    cause: BaseException | None = error
    while cause is not None:
        for argument in cause.args:
            if isinstance(argument, bytes):
                return readable(argument)
        cause = cause.__cause__ or cause.__context__
    told = _BAD.search(str(error))
    if told:
        return readable(_bytes_in(told[1]))
    return readable(str(error).encode("utf-8", "replace")) or type(error).__name__


def _bytes_in(listed: str) -> bytes:
    """The bytes of a printed list of bytes, or the text itself where it is none."""
    try:
        parts = ast.literal_eval(listed)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        parts = None
    whole = isinstance(parts, list) and all(isinstance(part, bytes) for part in parts)
    return b" ".join(parts) if whole and parts else listed.encode("utf-8", "replace")


def code_of(text: str) -> str:
    """The first bracketed response code of a server's text, empty where there is none."""
    found = _CODE.search(text)
    return found[1] if found else ""


_EXPIRED, _NOT_YET, _ITSELF, _OWN_ROOT, _NO_ISSUER, _FIRST_UNKNOWN, _NAME, _ADDRESS = 10, 9, 18, 19, 20, 21, 62, 64
_CERTIFICATE: Final = {
    _EXPIRED: "it has run out: whoever runs the server must renew it",
    _NOT_YET: "it is not valid yet: set this machine's clock right",
    _ITSELF: "it is signed by itself: if it is the office's own, name its file with ca_file",
    _OWN_ROOT: "its authority is not known here: if it is the office's own, name its certificate with ca_file",
    _NO_ISSUER: "its authority is not known here: name it with ca_file, or the server leaves out the middle ones",
    _FIRST_UNKNOWN: "its authority is not known here: name it with ca_file, or the server leaves out the middle ones",
    _NAME: "it is made out for another name: write that name as host",
    _ADDRESS: "it is made out for another name: write the server's name as host, not its address",
}
"""By the numbers of x509_vfy.h (OpenSSL), which `verify_code` carries."""
_HANDSHAKE: Final = {
    "WRONG_VERSION_NUMBER": "the port does not speak TLS at once: 993 goes with tls = 'tls', 143 with 'starttls'",
    "UNSUPPORTED_PROTOCOL": "the server offers TLS below 1.2 only: it must be renewed",
    "TLSV1_ALERT_PROTOCOL_VERSION": "the server offers TLS below 1.2 only: it must be renewed",
    "NO_PROTOCOLS_AVAILABLE": "the server offers TLS below 1.2 only: it must be renewed",
    "DH_KEY_TOO_SMALL": "the server's keys are too weak: it must be renewed",
    "EE_KEY_TOO_SMALL": "the server's keys are too weak: it must be renewed",
    "CA_MD_TOO_WEAK": "the server's certificate is signed too weakly: it must be renewed",
}


def tls_fault(error: BaseException) -> str | None:
    """Why no encrypted line came about, with the remedy; `None` for what is no lasting fault of TLS."""
    if isinstance(error, ssl.SSLCertVerificationError):
        remedy = _CERTIFICATE.get(error.verify_code, "see host and ca_file")
        return f"the certificate is not trusted: {error.verify_message} ({remedy})"
    reason = getattr(error, "reason", None) if isinstance(error, ssl.SSLError) else None
    if reason in _HANDSHAKE:
        return f"no TLS: {reason.replace('_', ' ').lower()} ({_HANDSHAKE[reason]})"
    return None
