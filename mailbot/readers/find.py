"""Which reader reads which part: every module of this room with a `READER`, and exactly one claimant per part."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

from mailbot import readers
from mailbot.domain.document import Document, FaultKind, unread
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Part
from mailbot.readers.base import Content, Reader, ReadFault


class TwoClaimants(Exception):
    """Two readers claim one part: a fault of the program, never of a mail."""


@cache
def discover() -> tuple[Reader, ...]:
    """The readers of this room, by name of module; loaded at the first call."""
    modules = (
        importlib.import_module(f"{readers.__name__}.{found.name}") for found in pkgutil.iter_modules(readers.__path__)
    )
    return tuple(module.READER for module in modules if hasattr(module, "READER"))


def claimant(media_type: str, candidates: Iterable[Reader] | None = None) -> Reader | None:
    """The one reader for a media type, `None` where nobody reads it. Raises `TwoClaimants`."""
    found = [reader for reader in (discover() if candidates is None else candidates) if reader.claims(media_type)]
    if len(found) > 1:
        raise TwoClaimants(f"{media_type}: {', '.join(reader.name for reader in found)}")
    return found[0] if found else None


def read(part: Part, data: bytes, limits: Limits) -> Document:
    """One part as its reader understands it; a fault where it cannot be read."""
    reader = claimant(part.type)
    if reader is None:
        return unread(part, FaultKind.UNSUPPORTED, part.type)
    try:
        content = reader.read(data, limits)
    except ReadFault as fault:
        return unread(part, fault.kind, fault.detail, reader.name)
    except (MemoryError, RecursionError) as fault:
        return unread(part, FaultKind.BOMB, type(fault).__name__, reader.name)
    return _document(part, reader.name, content)


def _document(part: Part, reader: str, content: Content) -> Document:
    return Document(
        number=part.number,
        name=part.name,
        member=part.member,
        sha256=part.sha256,
        family=content.family,
        type=part.type,
        reader=reader,
        light=content.light,
        sheets=content.sheets,
        names=content.names,
    )
