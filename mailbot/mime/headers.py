"""The readable side of a mail's headers: decoded, on one line, and only what later steps judge by."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from mailbot.domain.limits import MailLimits
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.tree import Node, to_bytes
from mailbot.mime.words import decode_addresses, decode_value, split_addresses

_ADDRESSES: Final = re.compile("from|to|cc|bcc|reply-to|sender|return-path|disposition-notification-to")
_KEPT: Final = re.compile(
    "(?:list-|x-|resent-).*|(?:arc-)?authentication-results|return-path|received|auto-submitted|precedence|sender|reply-to"
    "|content-type|disposition-notification-to|delivered-to|errors-to|feedback-id|user-agent|importance"
)
_READ: Final = frozenset(("subject", "from", "to", "cc", "reply-to", "date", "message-id", "in-reply-to", "references"))
"""What a mail is made of besides."""
_ONCE: Final = ("subject", "from", "date", "message-id", "content-type")
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,990}>")
_REFERENCES: Final = 100


@dataclass(slots=True)
class Headers:
    """All headers of one mail, decoded, by lower-case name in order of appearance."""

    values: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(self.values.get(name, ()))

    def first(self, name: str) -> str:
        return next(iter(self.values.get(name, ())), "")

    def kept(self) -> dict[str, tuple[str, ...]]:
        """What later steps judge by."""
        return {name: tuple(found) for name, found in self.values.items() if _KEPT.fullmatch(name)}

    def addresses(self, name: str, limit: int, marks: Marks) -> tuple[str, ...]:
        """The mailboxes of an address header, all its lines together; of too many the first ones, with a mark."""
        found = split_addresses(", ".join(self.values.get(name, ())), limit + 1)
        if len(found) > limit:
            marks.add(Mark.TOO_MANY_ADDRESSES)
        return found[:limit]

    def message_id(self) -> str | None:
        """The first Message-ID; one without brackets gets them."""
        text = self.first("message-id")
        found = _MESSAGE_ID.search(text)
        if found:
            return found.group()
        bare = text.strip("<> ")
        return f"<{bare}>" if bare and " " not in bare and len(bare) < 990 else None

    def message_ids(self, name: str) -> tuple[str, ...]:
        """The Message-IDs of In-Reply-To or References, the last hundred."""
        return tuple(_MESSAGE_ID.findall(" ".join(self.values.get(name, ()))))[-_REFERENCES:]


def read_headers(tree: Node, limits: MailLimits, marks: Marks) -> Headers:
    """Decodes the headers of a tree's root, `limits.headers` of them at most; Received lines one above their limit."""
    headers = Headers()
    for number, (name, value) in enumerate(tree.raw_items()):
        if number >= limits.headers:
            marks.add(Mark.HEADERS_CUT)
            break
        key = name.strip().lower()
        if key == "received" and len(headers.values[key]) > limits.received_lines:
            continue
        if key not in _READ and not _KEPT.fullmatch(key):
            continue
        raw = to_bytes(value)
        headers.values[key].append(decode_addresses(raw) if _ADDRESSES.fullmatch(key) else decode_value(raw))
    if any(len(headers.values.get(name, ())) > 1 for name in _ONCE):
        marks.add(Mark.REPEATED_HEADER)
    return headers
