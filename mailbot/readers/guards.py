"""Whether our workbook reader is safe from XML entities here: by behaviour, on a workbook whose sheet declares one."""

from __future__ import annotations

import hashlib
import io
import zipfile

from openpyxl import DEFUSEDXML, LXML

from mailbot.domain.content import XLSX
from mailbot.domain.limits import Limits
from mailbot.domain.mail import Part
from mailbot.readers.find import read
from mailbot.readers.sample import sample_workbook

_MARK = "entity-was-expanded"
_SHEET = "xl/worksheets/sheet1.xml"
_DTD = f'<!DOCTYPE worksheet [<!ENTITY e "{_MARK}">]>'.encode()


def guarded_by() -> str:
    """Which of the two libraries openpyxl found when it was imported."""
    return ", ".join(name for name, found in (("defusedxml", DEFUSEDXML), ("lxml", LXML)) if found) or "neither"


def entities_are_refused(limits: Limits) -> bool:
    """Whether a workbook with an entity in a cell is refused, or read without expanding it."""
    data = hostile_workbook()
    part = Part(number=1, name="x.xlsx", sha256=hashlib.sha256(data).hexdigest(), size=len(data), type=XLSX)
    document = read(part, data, limits)
    return document.fault is not None or not any(
        _MARK in str(cell) for sheet in document.sheets for row in sheet.rows for cell in row
    )


def hostile_workbook() -> bytes:
    """The sample workbook whose first cell is an entity of its own declaration."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sample_workbook())) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            target.writestr(item, _with_entity(content) if item.filename == _SHEET else content)
    return out.getvalue()


def _with_entity(sheet: bytes) -> bytes:
    start = sheet.index(b"<t>") + len(b"<t>")
    end = sheet.index(b"</t>")
    return _DTD + sheet[:start] + b"&e;" + sheet[end:]
