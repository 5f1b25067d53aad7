"""OpenDocument spreadsheets (OASIS ODF 1.3, part 3), packed or flat, as LibreOffice and WPS save them.

Read from their XML: python-calamine knows neither hidden rows nor merged cells, and no error value.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import IO, Final

from lxml.etree import XMLSyntaxError

from mailbot.domain.content import FLAT_ODS, ODS
from mailbot.domain.document import FaultKind
from mailbot.domain.limits import Limits
from mailbot.readers.base import Content, ReadFault
from mailbot.readers.ods_tables import read_tables
from mailbot.readers.zips import check_zip

_CONTENT: Final = "content.xml"
_MANIFEST: Final = "META-INF/manifest.xml"
_ENCRYPTED: Final = b"encryption-data"
_FAULTS: Final = (
    XMLSyntaxError,
    ValueError,
    KeyError,
    OSError,
    EOFError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the zip and XML parsers really raise on broken files."""


class OdsReader:
    """Reads ods, and its flat form."""

    name = "ods"

    def claims(self, media_type: str) -> bool:
        return media_type in (ODS, FLAT_ODS)

    def read(self, data: bytes, limits: Limits) -> Content:
        """The workbook in full. Raises `ReadFault`."""
        flat = not data.startswith(b"PK")
        if not flat:
            check_zip(data, limits.archive)
        try:
            with io.BytesIO(data) if flat else _content(data) as source:
                return Content("workbook", read_tables(source, limits.sheet))
        except _FAULTS as fault:
            raise ReadFault(FaultKind.UNREADABLE, f"ods: {type(fault).__name__}") from fault


def _content(data: bytes) -> IO[bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    if _MANIFEST in archive.namelist() and _ENCRYPTED in archive.read(_MANIFEST):
        raise ReadFault(FaultKind.PASSWORD, "encrypted document")
    return archive.open(_CONTENT)


READER = OdsReader()
