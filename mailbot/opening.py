"""One mail opened: its readable side, a document for every part that is not a mere picture or container, and one for
the mail's own words where they may hold a list.

Composes the rooms mime and readers, and runs in the sandbox's child. A password that opens a file comes from the mail
itself and goes no further.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.message import EmailMessage

from mailbot.domain.content import ARCHIVES, MESSAGE, media_type
from mailbot.domain.document import Document, FaultKind, Opened, unread
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Mail, Part
from mailbot.domain.passwords import veil_passwords
from mailbot.domain.scan import PictureRef
from mailbot.mime.bounces import with_notice
from mailbot.mime.marks import Mark
from mailbot.mime.parse import Parsed, PartBytes, parse
from mailbot.mime.tnef import MEDIA_TYPE as TNEF
from mailbot.readers.base import ReadFault
from mailbot.readers.body import read_body
from mailbot.readers.encrypted import unlock
from mailbot.readers.find import discover, read
from mailbot.readers.pdf import PDF
from mailbot.readers.pdf_lock import unlock_pdf
from mailbot.readers.sample import sample_workbook
from mailbot.sight_find import Held, pictures_of
from mailbot.unpacking import Unpacking

discover()  # before any child is forked


def nobody(number: int) -> None:
    """Takes progress where nobody asks for it."""


def open_mail(
    raw: bytes,
    limits: Limits,
    skip: Mapping[int, FaultKind] | None = None,
    progress: Callable[[int], None] = nobody,
) -> Opened:
    """Opens one mail. Parts named in `skip` are not read again: they stand as that fault. `progress` is told the
    number of each part before it is read, so that a part which kills the reader is known.

    The parts of the mail come first, what their archives hold behind them: the same numbers each time, and numbers
    that only rise.
    """
    parsed = parse(raw, limits.mail)
    opening = _Opening(parsed, limits)
    for found in opening.parts:  # which grow on the way
        number = found.part.number
        if opening.is_given_up(number):
            continue
        if not _is_readable(found.part):
            opening.note_pictures(found.part, found.data)
            continue
        if skip and number in skip:
            opening.give_up(number, ReadFault(skip[number], "the reader was stopped at this part"))
            continue
        progress(number)
        opening.read(found)
    return opening.opened(with_notice(raw, parsed.mail, limits.mail))


def picture_in(raw: bytes, limits: Limits, wanted: PictureRef) -> Held | None:
    """The picture that was listed when the mail was opened, with its bytes; `None` where it is not there any more."""
    opening = _Opening(parse(raw, limits.mail), limits)
    for found in opening.parts:
        if opening.is_given_up(found.part.number):
            continue
        if found.part.number == wanted.number or found.part.type in ARCHIVES:
            held = opening.held(found) if found.part.type not in ARCHIVES else opening.unpacked(found)
            match = next(
                (one for one in held if (one.ref.index, one.ref.sha256) == (wanted.index, wanted.sha256)), None
            )
            if match is not None:
                return match
    return None


class _Opening:
    """One mail on its way: its parts, what was read of them and what could not be."""

    def __init__(self, parsed: Parsed, limits: Limits) -> None:
        self.parts = list(parsed.parts)
        self._faults: dict[int, tuple[ReadFault, str]] = {}
        mail, whole = parsed.mail, Mark.TEXT_CUT not in parsed.mail.marks
        body = read_body(mail.text, parsed.page, limits, whole=whole)
        self._documents: list[Document] = [body] if body else []
        self._own = len(self.parts)
        self._limits = limits
        self._pictures: list[PictureRef] = []
        for number in parsed.broken:
            self.give_up(number, ReadFault(FaultKind.UNREADABLE, "an Outlook wrapping that is broken"), "tnef")
        self._unpacking = Unpacking(parsed.mail, limits)

    def give_up(self, number: int, fault: ReadFault, reader: str = "") -> None:
        """A part stands as not read, and why."""
        self._faults[number] = (fault, reader)

    def is_given_up(self, number: int) -> bool:
        """Whether that is so."""
        return number in self._faults

    def read(self, found: PartBytes) -> None:
        """An archive adds its members to the parts, anything else becomes a document."""
        part = found.part
        if not found.data:
            self.give_up(part.number, ReadFault(FaultKind.UNREADABLE, "an empty file"))
            return
        if part.type in ARCHIVES:
            if part.number <= self._own:  # one in another was opened with it
                self._unpack(found)
            return
        try:
            plain = self._plain(found)
        except ReadFault as fault:
            self.give_up(part.number, fault, "encrypted")
            return
        self.note_pictures(part, plain)
        kind = part.type if plain is found.data else media_type(plain)
        self._documents.append(read(_shown(part).model_copy(update={"type": kind}), plain, self._limits))

    def _plain(self, found: PartBytes) -> bytes:
        """A part without its password. Raises `ReadFault`."""
        kind, keys = found.part.type, self._unpacking.keys
        return unlock(unlock_pdf(found.data, keys) if kind == PDF else found.data, kind, keys)

    def note_pictures(self, part: Part, data: bytes) -> None:
        """Lists the pictures that a part is or holds, up to the limit of a mail."""
        most = self._limits.picture.pictures - len(self._pictures)
        self._pictures += [held.ref for held in pictures_of(_shown(part), data, self._limits)[:most]]

    def held(self, found: PartBytes) -> tuple[Held, ...]:
        """The pictures of a part with their bytes; none where it cannot be opened."""
        try:
            return pictures_of(_shown(found.part), self._plain(found), self._limits)
        except ReadFault:
            return ()

    def unpacked(self, found: PartBytes) -> tuple[Held, ...]:
        """Adds an archive's members to the parts; an archive itself holds no picture."""
        if found.part.number <= self._own:
            self._unpack(found)
        return ()

    def _unpack(self, found: PartBytes) -> None:
        try:
            inside = self._unpacking.expand(found.part, found.data)
        except ReadFault as fault:
            self.give_up(found.part.number, fault, "archive")
            return
        for number, inner in enumerate(inside, start=len(self.parts) + 1):
            self.parts.append(inner.numbered(number, found.part))
            if inner.fault is not None:
                self.give_up(number, inner.fault, "archive")

    def opened(self, mail: Mail) -> Opened:
        """All of it, in the order of the parts."""
        parts = tuple(_shown(found.part) for found in self.parts)
        faults = [unread(parts[n - 1], fault.kind, fault.detail, by) for n, (fault, by) in self._faults.items()]
        documents = sorted((*self._documents, *faults), key=lambda document: document.number)
        unclaimed = [
            document.member
            for document in self._documents
            if document.number > self._own and document.member and _is_unsupported(document)
        ]
        return Opened(
            mail=mail.model_copy(update={"parts": parts}),
            documents=tuple(documents),
            left_out=tuple(map(veil_passwords, (*self._unpacking.left_out, *unclaimed))),
            pictures=tuple(self._pictures),
        )


def _shown(part: Part) -> Part:
    """The part as the rest of the house sees it: a password in its name stays here."""
    name, member = veil_passwords(part.name), part.member and veil_passwords(part.member)
    return (
        part if (name, member) == (part.name, part.member) else part.model_copy(update={"name": name, "member": member})
    )


def _is_unsupported(document: Document) -> bool:
    return document.fault is not None and document.fault.kind is FaultKind.UNSUPPORTED


def warm_up(limits: Limits) -> None:
    """Opens a mail of our own once, so that what the libraries load at first use is there before any child is
    forked."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "报名名单", "甲 <a@example.cn>", "b@example.cn"
    mail.set_content("附件为报名名单。甲 13800000000", charset="gb18030")
    mail.add_alternative("<p>附件为报名名单。</p><table><tr><td>甲<td>13800000000</table>", subtype="html")
    mail.add_attachment(sample_workbook(), maintype="application", subtype="octet-stream", filename="名单.xlsx")
    opened = open_mail(mail.as_bytes(), limits)
    Opened.model_validate_json(opened.model_dump_json())


def _is_readable(part: Part) -> bool:
    """Whether a part is more than a mere picture, or what only wraps parts that stand beside it."""
    return not part.type.startswith("image/") and part.type not in (MESSAGE, TNEF)
