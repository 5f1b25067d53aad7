"""What Outlook wraps in winmail.dat (TNEF, [MS-OXTNEF]): the attachments, those of messages inside it, and its text.

tnefparse reads it. It raises whatever a damaged file leads it to, and looks at every attribute by copying the rest of
the file, so the attributes are counted first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tnefparse import TNEF
from tnefparse.properties import MAPI_ATTACH_LONG_FILENAME
from tnefparse.tnef import TNEFAttachment

from mailbot.mime.charsets import decode

MEDIA_TYPE: Final = "application/ms-tnef"
_FAULTS: Final = (
    ValueError, LookupError, TypeError, AttributeError, NameError, AssertionError, OverflowError, RecursionError,
    MemoryError, struct.error,
)  # fmt: skip
_HEAD: Final = 6
_FRAME: Final = 11
"""Bytes of an attribute besides its data: level, name, type, length, and a checksum behind."""
_ATTRIBUTES: Final = 5_000
"""A mail of fifty attachments has some five hundred."""


class Broken(Exception):
    """A file that is no TNEF, or not to its end."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """One attachment: `path` leads through the messages inside to its name."""

    path: tuple[str, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What was in it. `html` tells what kind of text `text` is."""

    files: tuple[Wrapped, ...]
    text: str = ""
    html: bool = False


def unwrap(data: bytes, depth: int) -> Unwrapped:
    """Opens it, and messages inside it to that depth. Raises `Broken`."""
    _count(data)
    try:
        outer = TNEF(data, do_checksum=False)
        text, html = _text(outer)
        return Unwrapped(tuple(_files(outer, (), depth)), text, html)
    except _FAULTS as fault:
        raise Broken(type(fault).__name__) from fault


def _count(data: bytes) -> None:
    """Walks over the frames of the attributes. Raises `Broken` where they do not fill the file, or are too many."""
    at, seen = _HEAD, 0
    while at < len(data):
        seen += 1
        if len(data) - at < _FRAME or seen > _ATTRIBUTES:
            raise Broken(f"attribute {seen} at {at} of {len(data)} bytes")
        at += _FRAME + int.from_bytes(data[at + 5 : at + 9], "little")
    if at != len(data):
        raise Broken(f"cut off at {len(data)} of {at} bytes")


def _files(message: TNEF, path: tuple[str, ...], depth: int) -> Iterator[Wrapped]:
    titles = _titles(message)
    for number, attachment in enumerate(message.attachments):
        name = _long_name(attachment) or (titles[number] if number < len(titles) else "")
        inside = getattr(attachment, "embed", None)
        if not isinstance(inside, TNEF):
            yield Wrapped((*path, name), bytes(attachment.data))
        elif depth > 1:
            yield from _files(inside, (*path, name), depth - 1)
        else:
            raise Broken("messages too deep in one another")


def _titles(message: TNEF) -> list[str]:
    """The short names in the order of the attachments: raw bytes, for the library takes them all for UTF-8."""
    out: list[str] = []
    for attribute in message.objects:
        if attribute.name == TNEF.ATTATTACHRENDDATA:
            out.append("")
        elif attribute.name == TNEF.ATTATTACHTITLE and out:
            out[-1] = decode(bytes(attribute.data).rstrip(b"\0"), message.codepage).text
    return out


def _long_name(attachment: TNEFAttachment) -> str:
    for attribute in attachment.mapi_attrs:
        if attribute.name == MAPI_ATTACH_LONG_FILENAME:
            return _shown(attribute.data, attachment.codepage)
    return ""


def _text(message: TNEF) -> tuple[str, bool]:
    """The message's own words, HTML where there is nothing else."""
    plain = _shown(message.body, message.codepage)
    return (plain, False) if plain.strip() else (_shown(message.htmlbody, message.codepage), True)


def _shown(value: object, codepage: str | None) -> str:
    """A property's text: the library gives text, bytes, or a list of one of them."""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        return decode(value.rstrip(b"\0"), codepage).text
    return value.rstrip("\0") if isinstance(value, str) else ""
