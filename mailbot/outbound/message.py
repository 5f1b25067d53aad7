"""From words to the exact bytes of a mail, and back again to see that they say what was meant and nothing more.

The bytes are a pure function of what goes in: the boundary comes from the Message-ID, the date from the view. Headers
are written by the standard library's older generator, which never tears a long Message-ID or reference apart.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.header import Header, decode_header, make_header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, parseaddr
from typing import Final, Literal

from mailbot.domain.ports import PortError
from mailbot.outbound.address import is_message_id, is_plain, on_the_wire

_WIRE: Final = policy.compat32.clone(linesep="\r\n", max_line_length=78)
_OF_MIME: Final = frozenset({"content-type", "content-transfer-encoding", "mime-version"})
_REFERENCES: Final = 10
_LINE: Final = 998
"""Bytes of a line without its end (RFC 5322, 2.1.1)."""
_XLSX: Final = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX: Final = "vnd.openxmlformats-officedocument.wordprocessingml.document"
AutoSubmitted = Literal["auto-replied", "auto-generated"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A workbook or a form that goes with a letter, its kind told by its name: xlsx or docx."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """The headers of a letter as meant. `auto_submitted` tells an answer from a notice that no mail caused (RFC 3834,
    5.2); `case` is our own mark by which a returned letter is known."""

    sender: str
    to: str
    subject: str
    letter_id: str
    at: datetime
    auto_submitted: AutoSubmitted
    case: str = ""
    answers: str | None = None
    references: tuple[str, ...] = ()

    def headers(self) -> list[tuple[str, str]]:
        """Every header in order, decoded, as the finished mail must have them."""
        thread = _thread(self.answers, self.references)
        found = [
            ("From", self.sender),
            ("To", on_the_wire(self.to)),
            ("Subject", self.subject),
            ("Date", format_datetime(self.at)),
            ("Message-ID", self.letter_id),
            ("In-Reply-To", thread[-1] if thread and thread[-1] == self.answers else ""),
            ("References", " ".join(thread)),
            ("Auto-Submitted", self.auto_submitted),
            ("X-Auto-Response-Suppress", "All"),
            ("X-Mailbot-Case", self.case),
        ]
        return [(name, value) for name, value in found if value]


def build(envelope: Envelope, text: str, attachments: Sequence[Attachment]) -> bytes:
    """The mail's bytes, checked. Raises `PortError` (no retry) for an address or Message-ID that is not plain, and for
    a mail that would say anything else than was meant."""
    for address in (envelope.sender, envelope.to):
        if not is_plain(address):
            raise PortError("a letter goes from one plain address to one plain address", retry=False)
    if not is_message_id(envelope.letter_id):
        raise PortError("the letter's own Message-ID is malformed", retry=False)
    body = text.replace("\r\n", "\n").replace("\n", "\r\n")
    root = _tree(envelope, body, attachments)
    for name, value in envelope.headers():
        root[name] = Header(value, "utf-8", header_name=name).encode() if name == "Subject" else _raw(value)
    raw = root.as_bytes(policy=_WIRE)
    _compare(raw, envelope, body, attachments)
    return raw


def _tree(envelope: Envelope, body: str, attachments: Sequence[Attachment]) -> Message:
    text = MIMEText(body, "plain", "utf-8", policy=_WIRE)
    if not attachments:
        return text
    del text["MIME-Version"]
    boundary = "=_" + hashlib.sha256(envelope.letter_id.encode()).hexdigest()[:40]
    root = MIMEMultipart("mixed", boundary=boundary, _subparts=[text], policy=_WIRE)
    for attachment in attachments:
        part = MIMEApplication(attachment.content, _DOCX if attachment.name.endswith(".docx") else _XLSX, policy=_WIRE)
        del part["MIME-Version"]  # once, at the top (RFC 2045, 4)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", attachment.name))
        root.attach(part)
    return root


def _thread(answers: str | None, references: Sequence[str]) -> tuple[str, ...]:
    """The conversation's Message-IDs, well-formed ones only: the first, the last ones, and the mail that is answered
    (RFC 5322, 3.6.4, bounded)."""
    chain = [one for one in dict.fromkeys(references) if is_message_id(one) and one != answers]
    if len(chain) > _REFERENCES:
        chain = [chain[0], *chain[1 - _REFERENCES :]]
    return (*chain, answers) if answers is not None and is_message_id(answers) else tuple(chain)


def _raw(value: str) -> str:
    """A header's value that goes as it is, in UTF-8 where it is an address outside ASCII (RFC 6532, 3.2)."""
    return value.encode("utf-8").decode("ascii", "surrogateescape")


def _compare(raw: bytes, envelope: Envelope, body: str, attachments: Sequence[Attachment]) -> None:
    """Read the finished mail as a receiver does; whatever differs from what was meant stops the letter."""
    mail = message_from_bytes(raw, policy=_WIRE)
    leaves = [part for part in mail.walk() if not part.is_multipart()]
    meant = envelope.headers()
    same = (
        [(name, _decoded(value)) for name, value in mail.raw_items() if name.lower() not in _OF_MIME] == meant
        and parseaddr(dict(meant)["To"]) == ("", on_the_wire(envelope.to))
        and _text(leaves[0]) == body
        and [_file(part) for part in leaves[1:]] == [(file.name, file.content) for file in attachments]
        and not any(part.defects for part in mail.walk())
    )
    lines = raw.split(b"\r\n")
    if not same or any(len(line) > _LINE or b"\n" in line or b"\r" in line or b"\0" in line for line in lines):
        raise PortError("the finished letter differs from what was meant, and is not sent", retry=False)


def _decoded(value: str) -> str:
    """A header's value unfolded (RFC 5322, 2.2.3) and decoded (RFC 2047, RFC 6532)."""
    flat = re.sub(r"\r?\n(?=[ \t])", "", value)
    if flat.isascii():
        return str(make_header(decode_header(flat))).strip()
    return flat.encode("ascii", "surrogateescape").decode("utf-8")


def _text(part: Message) -> str | None:
    payload = part.get_payload(decode=True) if part.get_content_type() == "text/plain" else None
    return payload.decode("utf-8") if isinstance(payload, bytes) else None


def _file(part: Message) -> tuple[str | None, object]:
    """Name and content of an attachment; the name is missing where the part is none."""
    name = part.get_filename() if part.get_content_disposition() == "attachment" else None
    return name, part.get_payload(decode=True)
