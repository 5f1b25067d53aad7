"""PDF files under a password: opened with one that the mail names, and handed on without it."""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium

from mailbot.domain.document import FaultKind
from mailbot.readers.base import ReadFault
from mailbot.readers.keys import Keys


def is_locked(fault: pypdfium2.PdfiumError) -> bool:
    """Whether a file was refused for its password."""
    return "password" in str(fault).lower()


def unlock_pdf(data: bytes, keys: Keys) -> bytes:
    """The file without its password; as it is where none is needed, or where something else is wrong with it. Raises
    `ReadFault` (password_needed) where no key opens it."""
    if _opens(data, None) is not None:
        return data
    for key in keys.each():
        if (plain := _opens(data, key)) is not None:
            keys.opened(key)
            return plain
    raise ReadFault(FaultKind.PASSWORD, "encrypted PDF")


def _opens(data: bytes, key: str | None) -> bytes | None:
    """The file opened with a key, or with none; `None` where it asks for another."""
    try:
        with pypdfium2.PdfDocument(data, password=key) as file:
            return data if key is None else _without_password(file)
    except pypdfium2.PdfiumError as fault:
        return None if is_locked(fault) else data


def _without_password(file: pypdfium2.PdfDocument) -> bytes:
    out: list[bytes] = []

    def take(_writer: object, start: int, size: int) -> int:
        out.append(ctypes.string_at(start, size))
        return 1

    writer = pdfium.FPDF_FILEWRITE(version=1)
    writer.WriteBlock = type(writer.WriteBlock)(take)
    if not pdfium.FPDF_SaveAsCopy(file, writer, pdfium.FPDF_REMOVE_SECURITY):
        raise ReadFault(FaultKind.UNREADABLE, "not saved without its password")
    return b"".join(out)
