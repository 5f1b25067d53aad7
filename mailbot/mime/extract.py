"""The bytes of every leaf: by mail-parser over an equivalent clean mail, and by our own walk where that fails.

mail-parser alone loses unnamed parts and damages mislabelled ones. What it gets here is flat, every part numbered and
in clean base64, so that it has nothing to guess; where a part does not come back our own reading is taken.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from email.message import Message
from typing import Final

import mailparser
from mailparser.exceptions import MailParserError

from mailbot.mime.marks import Mark, Marks
from mailbot.mime.transfer import Content, decode_transfer, is_base64
from mailbot.mime.tree import Leaf

_CLEAN_BASE64: Final = re.compile(rb"[A-Za-z0-9+/\r\n]+(?:={1,2}\s*)?")
_READER_FAULTS: Final = (MailParserError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


def contents(found: Sequence[Leaf], marks: Marks) -> list[bytes]:
    """The decoded bytes of each leaf, in order."""
    try:
        read = by_mailparser(found, marks)
    except _READER_FAULTS:
        read = []
    if len(read) == len(found):
        return read
    marks.add(Mark.SECOND_READER)
    return by_walk(found)


def by_walk(found: Sequence[Leaf]) -> list[bytes]:
    """Our own reading."""
    return [_content(leaf).data for leaf in found]


def by_mailparser(found: Sequence[Leaf], marks: Marks) -> list[bytes]:
    """mail-parser's reading; shorter than `found` where it lost a part. Raises what mail-parser raises."""
    flat = Message()
    flat["Content-Type"] = 'multipart/mixed; boundary="parts"'
    for number, leaf in enumerate(found):
        part = Message()
        part["Content-Type"] = "application/octet-stream"
        part["Content-Disposition"] = f'attachment; filename="{number}"'
        part["Content-Transfer-Encoding"] = "base64"
        part.set_payload(_letters(leaf, marks))
        flat.attach(part)
    parser = mailparser.MailParser(flat)
    return [base64.b64decode(attachment["payload"]) for attachment in parser.attachments]


def _letters(leaf: Leaf, marks: Marks) -> str:
    """The part in clean base64: as it stood where it is so already."""
    payload = leaf.node.raw_payload()
    if is_base64(leaf.encoding) and _CLEAN_BASE64.fullmatch(payload) and _whole(payload):
        return payload.decode("ascii")
    content = _content(leaf)
    if content.mended:
        marks.add(Mark.TRANSFER)
    return binascii.b2a_base64(content.data).decode("ascii")


def _whole(payload: bytes) -> bool:
    return len(payload.translate(None, b"\r\n \t")) % 4 == 0


def _content(leaf: Leaf) -> Content:
    return decode_transfer(leaf.node.raw_payload(), leaf.encoding)
