"""What can go wrong with a mail server, of two kinds: the line is lost, or the server refused; its words made readable.

A lost connection is never used again, since leftovers of the old answer would be taken for the new one.
"""

from __future__ import annotations

import re
from typing import Final

from mailbot.domain.ports import PortError

TEMPORARY: Final = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"})
"""Response codes that blame the server's moment, not the credentials (RFC 5530, 3)."""

_CODE: Final = re.compile(r"\[([A-Z][A-Z0-9-]*)[ \]]")
_LONGEST: Final = 300


class IntakeError(PortError):
    """A fault of a mailbox, told to the operator by its server's words."""


class Lost(IntakeError):
    """The connection is gone, too slow, or talks nonsense: build a new one."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retry=True)


class Refused(IntakeError):
    """The server understood and said no. `code` is the bracketed response code, empty where there is none."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message, retry=code in TEMPORARY)
        self.code = code


class LoginRefused(Refused):
    """The server does not take these credentials (unless `retry`: it only cannot look them up now)."""


def readable(raw: bytes) -> str:
    """A server's text: UTF-8, else GB18030, as Chinese providers answer unannounced; control characters removed."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    return "".join(char for char in text if char.isprintable())[:_LONGEST]


def server_text(error: BaseException) -> str:
    """What the server said, out of an exception of imaplib or imapclient.

    imapclient repeats imaplib's error as the repr of its bytes, so the bytes are looked for down the chain first.
    """
    cause: BaseException | None = error
    while cause is not None:
        for argument in cause.args:
            if isinstance(argument, bytes):
                return readable(argument)
        cause = cause.__cause__ or cause.__context__
    return readable(str(error).encode("utf-8", "replace")) or type(error).__name__


def code_of(text: str) -> str:
    """The first bracketed response code of a server's text, empty where there is none."""
    found = _CODE.search(text)
    return found[1] if found else ""
