"""Raw bytes in, `Mail` and the bytes of its parts out: one pass over the mail and over the mails inside it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from mailbot.domain.content import MESSAGE, UNKNOWN_TYPE, is_message, media_type
from mailbot.domain.limits import MailLimits
from mailbot.domain.mail import Link, Mail, Part
from mailbot.mime.bodies import Body, Text, body_links, body_of, body_page, body_text, cut
from mailbot.mime.extract import contents
from mailbot.mime.headers import Headers, read_headers
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.names import shown_name
from mailbot.mime.pictures import is_decoration, lifted
from mailbot.mime.quotes import split_quote
from mailbot.mime.repair import repair
from mailbot.mime.tnef import MEDIA_TYPE as TNEF
from mailbot.mime.tnef import Broken, unwrap
from mailbot.mime.tree import Leaf, leaves, parse_tree
from mailbot.mime.uu import unwound

_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_FILES: Final = (b"%PDF-", b"{\\rtf", b"<?xml", b"\xef\xbb\xbf<?xml")
_READABLE: Final = ("text/plain", "text/html", "text/csv", "text/tab-separated-values", UNKNOWN_TYPE)


@dataclass(frozen=True, slots=True)
class PartBytes:
    """A part and its decoded bytes."""

    part: Part
    data: bytes


@dataclass(frozen=True, slots=True)
class Parsed:
    """A mail as read. `parts` follow `mail.parts`; `page` is its own text as HTML where that holds a table; `broken`
    are the numbers of parts that hold others, and could not be opened."""

    mail: Mail
    parts: tuple[PartBytes, ...]
    page: str = ""
    broken: frozenset[int] = frozenset()


def parse(raw: bytes, limits: MailLimits) -> Parsed:
    """Reads one mail. Raises nothing for its content: what could not be had is missing, and a mark says so."""
    reading = _Reading(limits)
    headers, text = reading.read(raw, (), 0)
    fresh, quoted = split_quote(text.text)
    if text.cut:
        reading.marks.add(Mark.QUOTE_CUT if quoted else Mark.TEXT_CUT)
    forwarded = "\n\n".join((quoted, *reading.forwarded)) if reading.forwarded else quoted
    mail = _mail(headers, fresh, cut(forwarded, limits, reading.marks), reading)
    return Parsed(mail, tuple(reading.parts), reading.page, frozenset(reading.broken))


@dataclass(frozen=True, slots=True)
class _File:
    """What becomes a part: its name as the mail gives it, its bytes and their type; `inline`: it lies in the text."""

    name: str
    data: bytes
    type: str
    inline: bool = False


@dataclass(slots=True)
class _Reading:
    """The state of one pass: what was found so far, across the mails inside the mail."""

    limits: MailLimits
    marks: Marks = field(default_factory=Marks)
    parts: list[PartBytes] = field(default_factory=list)
    forwarded: list[str] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)
    page: str = ""
    links: tuple[Link, ...] = ()

    def read(self, raw: bytes, path: tuple[str, ...], depth: int) -> tuple[Headers, Text]:
        """Headers and text of one mail; its parts are added. `path` leads from the outer mail's attachment to it."""
        if len(raw) > self.limits.bytes:
            self.marks.add(Mark.TOO_BIG)
            raw = raw[: self.limits.header_bytes].split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0]
        tree = parse_tree(repair(raw, self.limits, self.marks), self.limits, self.marks)
        found = list(leaves(tree, self.limits, self.marks))
        bodies, wrapped = list[Body](), list[Body]()
        for leaf, data in zip(found, contents(found, self.marks), strict=True):
            kind = media_type(data) if leaf.name or not leaf.is_text or leaf.disposition == "attachment" else None
            if kind is None and (_is_words(data) or (kind := media_type(data)) in _READABLE):
                bodies.append(body_of(leaf, self._own_text(leaf, data, path, depth), self.limits, self.marks))
            elif data or leaf.name:
                wrapped += self._attach(_file(leaf, data, kind or UNKNOWN_TYPE), path, depth)
        bodies = bodies if any(body.text.strip() for body in bodies) else wrapped
        if not path:
            self.page, self.links = body_page(bodies), body_links(bodies)
        return read_headers(tree, self.limits, self.marks), body_text(bodies, self.limits)

    def _own_text(self, leaf: Leaf, data: bytes, path: tuple[str, ...], depth: int) -> bytes:
        """The bytes of a readable leaf without the files that were written into them."""
        room = self.limits.attachments + 1
        if leaf.declared == "text/html":
            page = lifted(data, room)
            for picture in page.pictures:
                self._attach(_File("", picture, media_type(picture), inline=True), path, depth)
            return page.html
        if b"begin" not in data:
            return data
        text = unwound(data, room)
        for file in text.files:
            self.marks.add(Mark.UUENCODED if file.whole else Mark.TRANSFER)
            self._attach(_File(file.name, file.data, media_type(file.data)), path, depth)
        return text.text

    def _attach(self, file: _File, path: tuple[str, ...], depth: int) -> list[Body]:
        """Adds a part and what lies in it. Gives the text of an Outlook wrapping, which is the mail's own."""
        if len(self.parts) >= self.limits.attachments:
            self.marks.add(Mark.TOO_MANY_ATTACHMENTS)
            return []
        number = len(self.parts) + 1
        trail = (*path, shown_name(file.name, number, file.type, self.limits.name_characters))
        self.parts.append(PartBytes(self._part(file, number, trail), file.data))
        if file.type == MESSAGE:
            self._open(file.data, trail, depth)
        return self._unwrap(number, file.data, path, depth) if file.type == TNEF else []

    def _part(self, file: _File, number: int, trail: tuple[str, ...]) -> Part:
        picture = file.type.startswith("image/")
        return Part(
            number=number,
            name=trail[0],
            member="/".join(trail[1:]) or None,
            sha256=hashlib.sha256(file.data).hexdigest(),
            size=len(file.data),
            type=file.type,
            inline=file.inline,
            decoration=picture and is_decoration(file.data, file.type, self.limits, inline=file.inline),
        )

    def _open(self, data: bytes, trail: tuple[str, ...], depth: int) -> None:
        if depth >= self.limits.forward_depth:
            self.marks.add(Mark.FORWARD_TOO_DEEP)
            return
        headers, text = self.read(data, trail, depth + 1)
        if text.cut:
            self.marks.add(Mark.QUOTE_CUT)
        self.forwarded.append("\n".join(line for line in (headers.first("subject"), text.text) if line))

    def _unwrap(self, number: int, data: bytes, path: tuple[str, ...], depth: int) -> list[Body]:
        """The attachments of an Outlook wrapping stand beside it, for their sender never saw that there is one."""
        try:
            inside = unwrap(data, self.limits.forward_depth)
        except Broken:
            self.marks.add(Mark.TNEF)
            self.broken.add(number)
            return []
        for file in inside.files:
            steps = (shown_name(step, number, MESSAGE, self.limits.name_characters) for step in file.path[:-1])
            self._attach(_File(file.path[-1], file.data, media_type(file.data)), (*path, *steps), depth)
        most = self.limits.text_characters
        return [Body(inside.text[:most], None, inside.html, cut=len(inside.text) > most)] if inside.text else []


def _is_words(data: bytes) -> bool:
    """Whether bytes under no name are plainly text, so that nobody needs to ask what they are: no kind of file that is
    known by its bytes is without control characters, but for those that begin so."""
    return not (_CONTROLS.search(data) or data.startswith(_FILES) or is_message(data))


def _file(leaf: Leaf, data: bytes, kind: str) -> _File:
    kind = MESSAGE if leaf.declared == MESSAGE else kind
    inline = leaf.disposition == "inline" or (leaf.content_id and kind.startswith("image/"))
    return _File(leaf.name, data, kind, inline=inline)


def _mail(headers: Headers, fresh: str, quoted: str, reading: _Reading) -> Mail:
    limits = reading.limits
    addresses = {name: headers.addresses(name, limits.addresses, reading.marks) for name in ("to", "cc", "reply-to")}
    return Mail(
        subject=headers.first("subject")[: limits.header_characters],
        from_values=headers.all("from"),
        to=addresses["to"],
        cc=addresses["cc"],
        reply_to=addresses["reply-to"],
        message_id=headers.message_id(),
        in_reply_to=headers.message_ids("in-reply-to"),
        references=headers.message_ids("references"),
        date=headers.first("date") or None,
        text=fresh,
        quoted=quoted,
        headers=headers.kept(),
        parts=tuple(found.part for found in reading.parts),
        marks=tuple(reading.marks),
        links=reading.links,
    )
