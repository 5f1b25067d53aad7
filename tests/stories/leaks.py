"""Looks for what must never leave: a whole ID number or mobile number, in any text, letter or returned workbook."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import openpyxl

ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9][0-9]{9}(?![0-9A-Za-z])")


def whole_numbers(text: str) -> list[str]:
    """Every whole ID number and mobile number that stands in a text."""
    return [*ID_NUMBER.findall(text), *MOBILE.findall(text)]


def letter(path: Path) -> EmailMessage:
    """A letter as it was written."""
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert isinstance(message, EmailMessage)
    return message


def texts_of(message: EmailMessage) -> Iterator[str]:
    """Everything of a letter that somebody can read: subject, names, bodies, the cells of its workbooks."""
    yield str(message["Subject"])
    for part in message.walk():
        if part.is_multipart():
            continue
        yield part.get_filename() or ""
        if part.get_content_maintype() == "text":
            yield part.get_content()
        elif (part.get_filename() or "").endswith(".xlsx"):
            yield from cells_of(part.get_content())


def cells_of(workbook: bytes) -> Iterator[str]:
    """The text of every cell and comment of a workbook, and of its defined names. The user names of the table that the
    platform imports are phones on purpose (docs/decisions/0015): those cells are left out, and only those."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    yield from (str(name.value) for name in book.defined_names.values())
    for sheet in book:
        user_names = next((c.column for c in sheet[1] if sheet.title == "导入人员" and c.value == "工号"), None)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.column != user_names or not MOBILE.fullmatch(str(cell.value)):
                    yield "" if cell.value is None else str(cell.value)
                yield cell.comment.text if cell.comment else ""


def formulas_of(workbook: bytes) -> list[str]:
    """The cells of a workbook that a spreadsheet would calculate; a blank form for Word has none."""
    if "word/document.xml" in zipfile.ZipFile(io.BytesIO(workbook)).namelist():
        return []
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
