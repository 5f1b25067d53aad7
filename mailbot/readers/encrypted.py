"""Office files under a password (MS-OFFCRYPTO: an OLE file with an EncryptedPackage): told apart, never opened."""

from __future__ import annotations

from mailbot.domain.content import ENCRYPTED_OFFICE
from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.readers.base import Content, ReadFault


class EncryptedReader:
    """Claims encrypted Office files, so that the sender is asked for the password-free file."""

    name = "encrypted"

    def claims(self, media_type: str) -> bool:
        return media_type == ENCRYPTED_OFFICE

    def read(self, data: bytes, limits: Limits) -> Content:  # noqa: ARG002  # the shape of every reader
        """Raises `ReadFault` always: password_needed."""
        raise ReadFault(FaultKind.PASSWORD, f"encrypted package of {len(data)} bytes")


READER = EncryptedReader()
