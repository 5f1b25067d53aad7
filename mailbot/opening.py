"""One mail opened: its readable side, and a document for every part that is not a mere picture, text or container.

Composes the rooms mime and readers, and runs in the sandbox's child.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mailbot.domain.content import MESSAGE
from mailbot.domain.document import Document, FaultKind, Opened
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Part
from mailbot.mime.parse import parse
from mailbot.readers.find import read, unread


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


def _is_readable(part: Part) -> bool:
    return not part.type.startswith("image/") and part.type not in ("text/plain", MESSAGE)
