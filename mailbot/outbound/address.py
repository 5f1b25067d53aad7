"""Which addresses and Message-IDs may stand in a letter: plain ones, as `mailbot.domain.sender` reads them."""

from __future__ import annotations

import re
from typing import Final

from mailbot.domain.sender import plain_address

_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,240}>")


def is_plain(address: str) -> bool:
    """Whether the text is nothing but one plain ASCII address, within the length of a path (RFC 5321, 4.5.3.1.3)."""
    return len(address) <= 254 and (plain_address(address) or "").casefold() == address.casefold() != ""


def is_message_id(text: str) -> bool:
    """Whether the text is one printable ASCII token in angle brackets, as every server writes a Message-ID."""
    return _MESSAGE_ID.fullmatch(text) is not None
