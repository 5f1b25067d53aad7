"""Office files under a password ([MS-OFFCRYPTO]): an OLE file with an encrypted package in it (xlsx, docx), and
workbooks of Excel 97 to 2003 whose records are encrypted. Opened with a password that the mail names, or with the one
that Excel itself sets where only the structure is protected.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Final, Protocol
from xml.parsers.expat import ExpatError

from msoffcrypto import OfficeFile
from msoffcrypto.exceptions import DecryptionError, FileFormatError, ParseError
from msoffcrypto.format.ooxml import OOXMLFile

from mailbot.domain.content import ENCRYPTED_OFFICE, XLS
from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.readers.base import Content, ReadFault
from mailbot.readers.keys import Keys

_EXCELS_OWN: Final = "VelvetSweatshop"
"""[MS-OFFCRYPTO], 2.4.2.3: written where a workbook is to open without a question."""
_FAULTS: Final = (
    DecryptionError,
    FileFormatError,
    ParseError,
    ExpatError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    OverflowError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What msoffcrypto and olefile really raise on broken files and wrong passwords."""


class _Locked(Protocol):
    """What is used of msoffcrypto's file."""

    def is_encrypted(self) -> bool: ...
    def load_key(self, password: str, **options: bool) -> None: ...
    def decrypt(self, outfile: io.BytesIO) -> None: ...


def unlock(data: bytes, media_type: str, keys: Keys) -> bytes:
    """The file without its password; the bytes as they are where they have none. Raises `ReadFault`:
    password_needed."""
    if media_type not in (ENCRYPTED_OFFICE, XLS):
        return data
    try:
        file: _Locked = OfficeFile(io.BytesIO(data))
        locked = file.is_encrypted()
    except _FAULTS as fault:
        if media_type == XLS:
            return data  # whether it is one at all, its reader says
        raise ReadFault(FaultKind.PASSWORD, f"encryption not understood: {type(fault).__name__}") from fault
    return _opened(file, keys) if locked else data


def _opened(file: _Locked, keys: Keys) -> bytes:
    options = {"verify_password": True} if isinstance(file, OOXMLFile) else {}
    for key, told in _candidates(keys):
        out = io.BytesIO()
        try:
            file.load_key(password=key, **options)
            file.decrypt(out)
        except _FAULTS:
            continue
        if told:
            keys.opened(key)
        return out.getvalue()
    raise ReadFault(FaultKind.PASSWORD, "encrypted office file")


def _candidates(keys: Keys) -> Iterator[tuple[str, bool]]:
    """The passwords to try, and whether the mail told them."""
    yield _EXCELS_OWN, False
    for key in keys.each():
        yield key, True


class EncryptedReader:
    """Claims what stayed encrypted, so that the sender is asked for the file without its password."""

    name = "encrypted"

    def claims(self, media_type: str) -> bool:
        return media_type == ENCRYPTED_OFFICE

    def read(self, data: bytes, limits: Limits) -> Content:  # noqa: ARG002  # the shape of every reader
        """Raises `ReadFault` always: password_needed."""
        raise ReadFault(FaultKind.PASSWORD, f"encrypted package of {len(data)} bytes")


READER = EncryptedReader()
