"""What lies inside archives, and in mails inside them, as parts: everything that an attachment of a mail leads to.

An archive is one matter: where anything in it goes too far, the whole attachment is a bomb and none of it is read. A
member that is itself broken or locked stands as that, beside the others.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mailbot.domain.content import ARCHIVES, MESSAGE, media_type
from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Mail, Part
from mailbot.domain.passwords import in_name
from mailbot.mime.names import shown_name
from mailbot.mime.parse import PartBytes, parse
from mailbot.readers.archives import unpack
from mailbot.readers.base import ReadFault
from mailbot.readers.keys import Keys
from mailbot.readers.stream import Room

_SYSTEM_FILE: Final = re.compile(
    r"(?:.*/)?(?:__MACOSX/.*|~\$[^/]*|\._[^/]*|thumbs\.db|desktop\.ini|\.ds_store)", re.IGNORECASE
)
"""What Windows, macOS and Office leave behind: no member to speak of."""
_GZIP_ENDING: Final = re.compile(r"\.gz$", re.IGNORECASE)
_FOLDERS: Final = 8
"""So many parts of a member's path are shown, the last ones."""


@dataclass(frozen=True, slots=True)
class Found:
    """A part that came out of an archive: its path from there, its bytes, and why it could not be opened further."""

    path: tuple[str, ...]
    data: bytes
    type: str
    fault: ReadFault | None = None

    def numbered(self, number: int, outer: Part) -> PartBytes:
        """The part as the mail counts it."""
        part = Part(
            number=number,
            name=outer.name,
            member="/".join((*((outer.member,) if outer.member else ()), *self.path)),
            sha256=hashlib.sha256(self.data).hexdigest(),
            size=len(self.data),
            type=self.type,
        )
        return PartBytes(part, self.data)


class Unpacking:
    """The archives of one mail: what may still come out of them, and the passwords that the mail names."""

    def __init__(self, mail: Mail, limits: Limits) -> None:
        self._limits = limits
        names = [in_name(name) for part in mail.parts for name in (part.name, part.member or "")]
        self.keys = Keys((mail.subject, mail.text, *names, mail.quoted), limits.container)
        bounds = limits.container
        self._room = Room(bounds.members, bounds.bytes, bounds.member_bytes, limits.archive.ratio)
        self.left_out: list[str] = []

    def expand(self, part: Part, data: bytes) -> Sequence[Found]:
        """Everything inside an archive, down to its bottom. Raises `ReadFault` where the archive itself cannot be
        opened, or anything in it goes too far."""
        room, left_out = self._room, len(self.left_out)
        try:
            return tuple(self._members(data, part.type, (), part.name, 0))
        except (ReadFault, MemoryError, RecursionError) as fault:
            self._room = room
            del self.left_out[left_out:]
            if isinstance(fault, ReadFault):
                raise
            raise ReadFault(FaultKind.BOMB, type(fault).__name__) from fault

    def _members(self, data: bytes, kind: str, path: tuple[str, ...], name: str, depth: int) -> Iterator[Found]:
        if depth > self._limits.container.nesting:
            raise ReadFault(FaultKind.BOMB, f"more than {depth} archives in one another")
        out = unpack(data, kind, self.keys, self._room)
        self._room = self._room.less(out.seen, sum(len(member.data) for member in out.members))
        self.left_out += ["/".join((*path, *self._shown(found))) for found in out.left_out if not is_system_file(found)]
        files = [member for member in out.members if not is_system_file(member.name)]
        self.keys.learn(in_name(member.name) for member in files)
        for member in files:
            inner = member.name or _GZIP_ENDING.sub("", name)
            yield from self._inside(member.data, (*path, *self._shown(inner)), depth)

    def _inside(self, data: bytes, path: tuple[str, ...], depth: int) -> Iterator[Found]:
        """A file that lay in an archive, and what lies in it."""
        kind = media_type(data)
        if kind == MESSAGE:
            yield Found(path, data, kind)
            yield from self._of_message(data, path, depth)
        elif kind in ARCHIVES:
            yield from self._of_archive(data, kind, path, depth)
        else:
            yield Found(path, data, kind)

    def _of_archive(self, data: bytes, kind: str, path: tuple[str, ...], depth: int) -> Iterator[Found]:
        try:
            inner = tuple(self._members(data, kind, path, path[-1], depth + 1))
        except ReadFault as fault:
            if fault.kind is FaultKind.BOMB:
                raise
            yield Found(path, data, kind, fault)
            return
        yield Found(path, data, kind)
        yield from inner

    def _of_message(self, data: bytes, path: tuple[str, ...], depth: int) -> Iterator[Found]:
        """The attachments of a mail in an archive; those of mails inside it come with them."""
        parsed = parse(data, self._limits.mail)
        self._room = self._room.less(len(parsed.parts), 0)
        if self._room.members < 0:
            raise ReadFault(FaultKind.BOMB, "too many attachments of mails in archives")
        self.keys.learn((parsed.mail.subject, parsed.mail.text))
        for found in parsed.parts:
            inner = (*path, found.part.name, *((found.part.member,) if found.part.member else ()))
            if found.part.type in ARCHIVES:
                yield from self._of_archive(found.data, found.part.type, inner, depth)
            else:
                yield Found(inner, found.data, found.part.type)

    def _shown(self, name: str) -> tuple[str, ...]:
        """A member's path, fit to be shown. It leads nowhere: nothing is stored under it."""
        most = self._limits.mail.name_characters
        steps = [step for step in name.split("/") if step.strip(". ")][-_FOLDERS:] or [""]
        return tuple(shown_name(step, 1, "", most) for step in steps)


def is_system_file(name: str) -> bool:
    """Whether a member is nothing that a person put there."""
    return _SYSTEM_FILE.fullmatch(name) is not None
