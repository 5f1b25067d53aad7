"""HTML tables: what web systems and reporting programs call an Excel file, and what spreadsheets save as a page."""

from __future__ import annotations

import re
from typing import Final

from lxml.etree import HTMLParser

from mailbot.domain.content import HTML, markup_text
from mailbot.domain.document import FaultKind, Sheet
from mailbot.domain.limits import Limits, SheetLimits
from mailbot.readers.base import Content, ReadFault
from mailbot.readers.html_page import Page

_NO_CHARACTERS: Final = re.compile("[\ud800-\udfff]")
_STRETCH: Final = 65_536


def tables(html: str, limits: SheetLimits) -> tuple[Sheet, ...]:
    """The tables of a page below one another as one sheet, with the texts between them as rows of one cell; nothing
    for a page without a table.

    Merged cells, hidden rows and columns are told, and in `lines` which table's row a row is. A number stays one where
    Excel's own attributes or the number format say so; any other cell is text. Raises `ReadFault`: too_many_rows.
    """
    page = Page(limits)
    parser = HTMLParser(target=page, huge_tree=True)  # type: ignore[arg-type]  # the stub knows no target without comments
    clean = _NO_CHARACTERS.sub("\ufffd", html.replace("\0", ""))
    for start in range(0, len(clean), _STRETCH):
        parser.feed(clean[start : start + _STRETCH])
    sheet: object = parser.close() if clean else None  # what the target gives
    return (sheet,) if isinstance(sheet, Sheet) else ()


class HtmlTableReader:
    """Reads HTML pages with tables."""

    name = "html_table"

    def claims(self, media_type: str) -> bool:
        return media_type == HTML

    def read(self, data: bytes, limits: Limits) -> Content:
        """The page's tables; light where they are very large. What is not typed by Excel may have lost digits, as in
        any table of text. Raises `ReadFault`: unsupported for a page without a table, unreadable for the frame of a
        workbook whose sheets stayed behind."""
        text = markup_text(data)
        found = tables(text, limits.sheet)
        if not found or not found[0].rows:
            if "<frameset" in text.lower():
                raise ReadFault(FaultKind.UNREADABLE, "a page of frames without its sheets")
            raise ReadFault(FaultKind.UNSUPPORTED, "a page without a table")
        sheets = tuple(
            sheet.model_copy(update={"lines": ()}) for sheet in found
        )  # rows as a spreadsheet program shows them
        return Content("text_table", sheets, light=len(found[0].rows) > limits.sheet.full_rows)


READER = HtmlTableReader()
