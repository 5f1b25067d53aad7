"""What is read out of a mail's header bytes before anybody parses it."""

from __future__ import annotations

import re
from typing import Final

_MESSAGE_ID: Final = re.compile(rb"^message-id:\s*(<[^<>\r\n]+>)", re.IGNORECASE | re.MULTILINE)


def message_id(head: bytes) -> str | None:
    """The first Message-ID of a header block (RFC 5322, 3.6.4), `None` without a whole one."""
    found = _MESSAGE_ID.search(head)
    return found[1].decode("utf-8", "replace") if found else None
