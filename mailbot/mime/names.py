"""Names of attachments: the sender's data, made fit to be shown. Nothing is ever stored under them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from mailbot.domain import content
from mailbot.mime.words import plain

_PATH: Final = re.compile(r"[/\\]+")
_EXTENSIONS: Final = {
    content.XLSX: ".xlsx",
    content.XLSM: ".xlsm",
    content.XLSB: ".xlsb",
    content.XLS: ".xls",
    content.XML_SHEET: ".xml",
    content.DOC: ".doc",
    content.DOCX: ".docx",
    content.CSV: ".csv",
    content.TSV: ".txt",
    content.MESSAGE: ".eml",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/vnd.rar": ".rar",
    "application/x-7z-compressed": ".7z",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "image/heic": ".heic",
    "text/plain": ".txt",
    "text/html": ".html",
}


def shown_name(name: str, number: int, media_type: str, limit: int) -> str:
    """The last path component without control, format and direction characters, at most `limit` characters with its
    ending kept; a part without a name is called 附件N with the ending of its content."""
    last = _PATH.split(plain(name).rstrip("/\\ "))[-1]
    clean = "".join(char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Cn")).strip()
    if not clean.strip(". "):
        return f"附件{number}{_EXTENSIONS.get(media_type, '')}"
    if len(clean) <= limit:
        return clean
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 8 or not stem:
        return clean[:limit]
    return stem[: limit - len(ending) - 2] + "…." + ending
