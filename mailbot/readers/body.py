"""The mail's own words as a document: a table that was pasted into them, or a list typed line by line.

Whoever calls has taken the quoted history away. Words without any long number or table are no document.
"""

from __future__ import annotations

import hashlib
import re
from itertools import groupby
from typing import Final

from mailbot.domain.document import BODY, Cell, Document, Fault, Merge, Sheet
from mailbot.domain.limits import Limits
from mailbot.readers.base import ReadFault
from mailbot.readers.cells import filled
from mailbot.readers.html_table import tables
from mailbot.readers.scroll import Row, Scroll

_NAME: Final = "body"
_LONG_NUMBER: Final = re.compile(r"\d[\d\s-]{9,}[\dXx]")
"""Somebody's number, or an attempt at one."""


def read_body(text: str, page: str, limits: Limits, *, whole: bool = True) -> Document | None:
    """The document of a mail's own words, `None` for words that are none. `page` is the text as HTML where it holds a
    table. `whole`: nothing was cut off; else the document is light, for people may be missing at its end."""
    if not _LONG_NUMBER.search(text) and not _LONG_NUMBER.search(page):
        return None
    try:
        sheet = _of_page(page, limits) if page else None
        sheet = sheet or _of_text(text, limits)
    except ReadFault as fault:
        return _document(text, page).model_copy(
            update={"family": "unread", "fault": Fault(kind=fault.kind, detail=fault.detail)}
        )
    return _document(text, page).model_copy(update={"sheets": (sheet,), "light": not whole})


def _document(text: str, page: str) -> Document:
    digest = hashlib.sha256(f"{text}\0{page}".encode("utf-8", "replace")).hexdigest()
    return Document(number=BODY, name="", sha256=digest, family="body", reader=_NAME)


def _of_text(text: str, limits: Limits) -> Sheet:
    scroll = Scroll(limits.sheet)
    scroll.text(text)
    return scroll.sheet()


def _of_page(page: str, limits: Limits) -> Sheet | None:
    """The page's tables and the lines between them; a table that only frames text is lines. `None` without a table."""
    roomy = limits.sheet.model_copy(update={"cell_characters": limits.mail.text_characters})
    found = next(iter(tables(page, roomy)), None)
    if found is None:
        return None
    scroll = Scroll(limits.sheet)
    numbered = list(zip(found.rows, found.lines, strict=True))
    at = 0
    for table, group in groupby(numbered, key=lambda line: line[1].table if line[1] else 0):
        rows = [row for row, _ in group]
        if table and any(len(_filled(row)) > 1 for row in rows):
            _lay(scroll, rows, found, at, limits.sheet.cell_characters)
        else:
            for row in rows:
                scroll.text("\n".join(str(cell) for cell in _filled(row)))
        at += len(rows)
    return scroll.sheet().model_copy(update={"hidden_columns": found.hidden_columns})


def _lay(scroll: Scroll, rows: list[Row], found: Sheet, above: int, limit: int) -> None:
    """One table of a page, with its merges and hidden rows counted within it."""
    end = above + len(rows)
    merges = [
        Merge(top=merge.top - above, left=merge.left, bottom=min(merge.bottom, end) - above, right=merge.right)
        for merge in found.merges
        if above < merge.top <= end
    ]
    cut = [tuple(cell[:limit] if isinstance(cell, str) else cell for cell in row) for row in rows]
    scroll.table(cut, merges, frozenset(row - above for row in found.hidden_rows if above < row <= end))


def _filled(row: Row) -> list[Cell]:
    return [cell for cell in row if filled(cell)]
