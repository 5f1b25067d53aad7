"""Excel's binary workbooks in a zip (xlsb): the quick reader knows them, and nobody else here."""

from __future__ import annotations

from mailbot.domain.content import XLSB
from mailbot.domain.limits import Limits
from mailbot.readers.base import Content
from mailbot.readers.quick import read_quick
from mailbot.readers.zips import check_zip


class XlsbReader:
    """Reads xlsb, always light."""

    name = "xlsb"

    def claims(self, media_type: str) -> bool:
        return media_type == XLSB

    def read(self, data: bytes, limits: Limits) -> Content:
        """The workbook without hidden rows and error values. Raises `ReadFault`."""
        check_zip(data, limits.archive)
        return read_quick(data, limits.sheet)


READER = XlsbReader()
