"""Who is right about a hard mail, field by field: the product, and mail-parser alone."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import mailparser

from mailbot.domain.content import MESSAGE
from mailbot.domain.limits import MailLimits
from mailbot.mime.parse import parse
from mailbot.mime.tnef import MEDIA_TYPE as TNEF
from tools.hard.tree import Kept

FIELDS: Final = ("subject", "sender", "words", "files", "names", "marks")
_ANGLE: Final = re.compile(r"<([^<>]*)>\s*$")
_COMMENT: Final = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader makes of a mail. `marks` of `None`: it sets none."""

    subject: str
    sender: str
    text: str
    files: tuple[tuple[str, str], ...]
    marks: tuple[str, ...] | None = None


Reader = Callable[[bytes], Seen]


def wrong(kept: Kept, seen: Seen) -> tuple[str, ...]:
    """The fields in which a reader is wrong."""
    said = _squeezed(seen.text)
    words = all(_squeezed(one) in said for one in kept.words) and not any(_squeezed(one) in said for one in kept.never)
    right = {
        "subject": seen.subject == kept.subject,
        "sender": seen.sender == kept.sender,
        "words": words,
        "files": sorted(digest for _, digest in seen.files) == sorted(digest for _, digest in kept.files),
        "names": sorted(seen.files) == sorted(kept.files),
        "marks": seen.marks is None or set(kept.marks) <= set(seen.marks),
    }
    return tuple(field for field in FIELDS if not right[field])


def ours(limits: MailLimits) -> Reader:
    """The product's reading."""

    def read(raw: bytes) -> Seen:
        mail = parse(raw, limits).mail
        value = mail.from_values[0] if mail.from_values else ""
        files = [part for part in mail.parts if part.type not in (MESSAGE, TNEF)]
        shown = tuple(((part.member or part.name).rpartition("/")[2], part.sha256) for part in files)
        return Seen(mail.subject, _address(value), mail.text, shown, mail.marks)

    return read


def mailparser_alone(raw: bytes) -> Seen:
    """mail-parser as it comes, on the raw bytes. A mail that it cannot read is wrong in every field."""
    try:
        read = mailparser.parse_from_bytes(raw)
        sender = read.from_[0][1] if read.from_ else ""
        text = "\n".join((*read.text_plain, *read.text_html, *read.text_not_managed))
        files = tuple(
            (one["filename"], _digest(one)) for one in read.attachments if one["mail_content_type"] != MESSAGE
        )
        return Seen(read.subject or "", sender, text, files)
    except Exception as fault:  # noqa: BLE001 - whatever it raises, it has not read the mail
        return Seen(f"{type(fault).__name__}", "", "", ())


def _address(value: str) -> str:
    found = _ANGLE.search(value)
    return (found[1] if found else _COMMENT.sub("", value)).strip()


def _digest(attachment: dict[str, str | bool]) -> str:
    payload = str(attachment["payload"])
    data = base64.b64decode(payload) if attachment["binary"] else payload.encode("utf-8", "surrogateescape")
    return hashlib.sha256(data).hexdigest()


def _squeezed(text: str) -> str:
    return "".join(text.split())


def table(mails: Sequence[Kept], readers: dict[str, Reader]) -> str:
    """How many each reader has right of all, whole and by field."""
    lines = ["| reader | all right | " + " | ".join(FIELDS) + " |", "|---" * (len(FIELDS) + 2) + "|"]
    for name, read in readers.items():
        faults = [wrong(kept, read(kept.raw)) for kept in mails]
        right = sum(not fault for fault in faults)
        fields = (str(len(mails) - sum(field in fault for fault in faults)) for field in FIELDS)
        lines.append(f"| {name} | {right} of {len(mails)} | " + " | ".join(fields) + " |")
    return "\n".join(lines)
