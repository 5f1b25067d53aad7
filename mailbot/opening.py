"""One mail opened: its readable side, and a document for every part that is not a mere picture, text or container.

Composes the rooms mime and readers, and runs in the sandbox's child.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.message import EmailMessage

from mailbot.domain.content import MESSAGE
from mailbot.domain.document import Document, FaultKind, Opened
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Part
from mailbot.mime.parse import parse
from mailbot.readers.find import discover, read, unread
from mailbot.readers.sample import sample_workbook

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
    number of each part before it is read, so that a part which kills the reader is known."""
    parsed = parse(raw, limits.mail)
    documents: list[Document] = []
    for found in parsed.parts:
        if not _is_readable(found.part):
            continue
        fault = (skip or {}).get(found.part.number)
        if fault is not None:
            documents.append(unread(found.part, fault, "the reader was stopped at this part"))
            continue
        progress(found.part.number)
        documents.append(read(found.part, found.data, limits))
    return Opened(mail=parsed.mail, documents=tuple(documents))


def warm_up(limits: Limits) -> None:
    """Opens a mail of our own once, so that what the libraries load at first use is there before any child is
    forked."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "报名名单", "甲 <a@example.cn>", "b@example.cn"
    mail.set_content("附件为报名名单。", charset="gb18030")
    mail.add_alternative("<p>附件为报名名单。</p>", subtype="html")
    mail.add_attachment(sample_workbook(), maintype="application", subtype="octet-stream", filename="名单.xlsx")
    opened = open_mail(mail.as_bytes(), limits)
    Opened.model_validate_json(opened.model_dump_json())


def _is_readable(part: Part) -> bool:
    return not part.type.startswith("image/") and part.type not in ("text/plain", MESSAGE)
