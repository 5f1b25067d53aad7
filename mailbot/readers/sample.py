"""A small workbook of our own with everything the readers look at: what warms a zygote up, and a first test."""

from __future__ import annotations

import io
from datetime import date

from openpyxl import Workbook


def sample_workbook() -> bytes:
    """An xlsx with text, numbers, a date, a formula without value, a merge, a hidden row and a defined name."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名单"
    sheet.append(["重庆市专技人员继续教育报名名单"])
    sheet.append(["序号", "姓名", "手机号码", "日期", "合计"])
    sheet.append([1, "甲_x000D_", "13800000000", date(2020, 7, 8), "=A3"])
    sheet.append([2.5, "乙", 13800000001, True, None])
    sheet.merge_cells("A1:E1")
    sheet.row_dimensions[4].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
