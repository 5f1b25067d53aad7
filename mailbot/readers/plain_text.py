"""Text files that are no table by their marks: a list may be typed in them line by line."""

from __future__ import annotations

from typing import Final

from mailbot.domain.content import plain_text
from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.readers.base import Content, ReadFault
from mailbot.readers.scroll import Scroll

TEXT: Final = "text/plain"


class PlainTextReader:
    """Reads plain text."""

    name = "plain_text"

    def claims(self, media_type: str) -> bool:
        return media_type == TEXT

    def read(self, data: bytes, limits: Limits) -> Content:
        """The whole text as one sheet, its lists as tables. Raises `ReadFault`."""
        text = plain_text(data)
        if text is None:
            raise ReadFault(FaultKind.UNREADABLE, "no text")
        if len(text) > limits.mail.text_characters:
            raise ReadFault(FaultKind.TOO_MANY_ROWS, f"{len(text)} characters")
        scroll = Scroll(limits.sheet)
        scroll.text(text)
        return Content("document", (scroll.sheet(),))


READER = PlainTextReader()
