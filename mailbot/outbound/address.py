"""Which addresses and Message-IDs may stand in a letter: plain ones, as `mailbot.domain.sender` reads them, and those
outside ASCII whose every character is a letter, a digit or a mark of its script.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from mailbot.domain.sender import plain_address

_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,240}>")
_PATH: Final = 254
_LOCAL: Final = 64
"""Bytes of an address and of what stands before its @ (RFC 5321, 4.5.3.1; RFC 6531, 3.3)."""
_STAND_IN: Final = "x"


def is_plain(address: str) -> bool:
    """Whether the text is nothing but one plain address: in ASCII, or in letters and digits of any script (RFC 6531,
    3.3) where the ASCII rest of it is plain."""
    if not address.isascii():
        return _is_plain_beyond_ascii(address)
    return len(address) <= _PATH and (plain_address(address) or "").casefold() == address.casefold() != ""


def _is_plain_beyond_ascii(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    if len(address.encode("utf-8", "surrogatepass")) > _PATH or len(local.encode("utf-8", "surrogatepass")) > _LOCAL:
        return False
    if unicodedata.normalize("NFC", address) != address or _in_ascii(domain) is None:
        return False
    beyond = [ch for ch in local if not ch.isascii()]
    told = "".join(ch if ch.isascii() else _STAND_IN for ch in local)
    letters = all(unicodedata.category(ch)[0] in "LN" or unicodedata.category(ch) in ("Mn", "Mc") for ch in beyond)
    return letters and is_plain(f"{told}@{_in_ascii(domain)}")


def on_the_wire(address: str) -> str:
    """A plain address as SMTP gets it: a domain outside ASCII goes as its A-labels (RFC 5890), so that only an address
    whose local part is outside ASCII needs SMTPUTF8."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{_in_ascii(domain) or domain}"


def _in_ascii(domain: str) -> str | None:
    """The domain in A-labels, `None` where it cannot be one."""
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def is_message_id(text: str) -> bool:
    """Whether the text is one printable ASCII token in angle brackets, as every server writes a Message-ID."""
    return _MESSAGE_ID.fullmatch(text) is not None
