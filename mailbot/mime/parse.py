"""Raw bytes in, `Mail` and the bytes of its parts out: one pass over the mail and over the mails inside it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from mailbot.domain.content import MESSAGE, UNKNOWN_TYPE, media_type
from mailbot.domain.limits import MailLimits
from mailbot.domain.mail import Mail, Part
from mailbot.mime.bodies import Body, body_page, body_text, cut
from mailbot.mime.extract import contents
from mailbot.mime.headers import Headers, read_headers
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.names import shown_name
from mailbot.mime.quotes import split_quote
from mailbot.mime.repair import repair
from mailbot.mime.tree import Leaf, leaves, parse_tree

_READABLE = ("text/plain", "text/html", "text/csv", "text/tab-separated-values", UNKNOWN_TYPE)


@dataclass(frozen=True, slots=True)
class PartBytes:
    """A part and its decoded bytes."""

    part: Part
    data: bytes


@dataclass(frozen=True, slots=True)
class Parsed:
    """A mail as read. `parts` follow `mail.parts`; `page` is its own text as HTML where that holds a table."""

    mail: Mail
    parts: tuple[PartBytes, ...]
    page: str = ""


def parse(raw: bytes, limits: MailLimits) -> Parsed:
    """Reads one mail. Raises nothing for its content: what could not be had is missing, and a mark says so."""
    reading = _Reading(limits)
    headers, text = reading.read(raw, (), 0)
    fresh, quoted = split_quote(text)
    forwarded = "\n\n".join((quoted, *reading.forwarded)) if reading.forwarded else quoted
    mail = _mail(headers, fresh, cut(forwarded, limits, reading.marks), reading)
    return Parsed(mail, tuple(reading.parts), reading.page)


@dataclass(slots=True)
class _Reading:
    """The state of one pass: what was found so far, across the mails inside the mail."""

    limits: MailLimits
    marks: Marks = field(default_factory=Marks)
    parts: list[PartBytes] = field(default_factory=list)
    forwarded: list[str] = field(default_factory=list)
    page: str = ""

    def read(self, raw: bytes, path: tuple[str, ...], depth: int) -> tuple[Headers, str]:
        """Headers and text of one mail; its parts are added. `path` leads from the outer mail's attachment to it."""
        if len(raw) > self.limits.bytes:
            self.marks.add(Mark.TOO_BIG)
            raw = raw[: self.limits.header_bytes].split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0]
        tree = parse_tree(repair(raw, self.limits, self.marks), self.marks)
        found = list(leaves(tree, self.limits, self.marks))
        bodies: list[Body] = []
        for leaf, data in zip(found, contents(found, self.marks), strict=True):
            kind = media_type(data) if leaf.name or not leaf.is_text or leaf.disposition == "attachment" else None
            if kind is None and (not data or (kind := media_type(data)) in _READABLE):
                bodies.append(Body(leaf, data))
            elif data or leaf.name:
                self._attach(leaf, data, kind or UNKNOWN_TYPE, path, depth)
        if not path:
            self.page = body_page(bodies, self.limits, self.marks)
        return read_headers(tree, self.limits, self.marks), body_text(bodies, self.limits, self.marks)

    def _attach(self, leaf: Leaf, data: bytes, kind: str, path: tuple[str, ...], depth: int) -> None:
        if len(self.parts) >= self.limits.attachments:
            self.marks.add(Mark.TOO_MANY_PARTS)
            return
        kind = MESSAGE if leaf.declared == MESSAGE else kind
        number = len(self.parts) + 1
        trail = (*path, shown_name(leaf.name, number, kind, self.limits.name_characters))
        part = Part(
            number=number,
            name=trail[0],
            member="/".join(trail[1:]) or None,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            type=kind,
            inline=leaf.disposition == "inline" or (leaf.content_id and kind.startswith("image/")),
        )
        self.parts.append(PartBytes(part, data))
        if kind == MESSAGE:
            self._open(data, trail, depth)

    def _open(self, data: bytes, trail: tuple[str, ...], depth: int) -> None:
        if depth >= self.limits.forward_depth:
            self.marks.add(Mark.TOO_DEEP)
            return
        headers, text = self.read(data, trail, depth + 1)
        self.forwarded.append("\n".join(line for line in (headers.first("subject"), text) if line))


def _mail(headers: Headers, fresh: str, quoted: str, reading: _Reading) -> Mail:
    limits = reading.limits
    return Mail(
        subject=headers.first("subject")[: limits.header_characters],
        from_values=headers.all("from"),
        to=headers.addresses("to", limits.addresses),
        cc=headers.addresses("cc", limits.addresses),
        reply_to=headers.addresses("reply-to", limits.addresses),
        message_id=headers.message_id(),
        in_reply_to=headers.message_ids("in-reply-to"),
        references=headers.message_ids("references"),
        date=headers.first("date") or None,
        text=fresh,
        quoted=quoted,
        headers=headers.kept(),
        parts=tuple(found.part for found in reading.parts),
        marks=tuple(reading.marks),
    )
