"""The blank roster form (Annex 1 of the notice), built from the form's own data, for letters that ask for the file."""

from __future__ import annotations

from typing import Final

from mailbot.domain.campaign import Campaign
from mailbot.domain.forms import Form
from mailbot.outbound.book import Book

_COLUMNS: Final = ("serial", "name", "id_number", "phone", "remark")
_HINTS: Final = {"name": "（姓名中间不能有空格）", "id_number": "（身份证号码含X，必须大写）"}
_LABELS: Final = (("unit", "contact"), ("tax_id", "contact_phone"), ("order_no", ""))
_WIDTHS: Final = (18, 26, 26, 18, 18)
_ROWS: Final = 200
_TOP: Final = 5
"""Rows above the first person: title, three lines of labels, headings."""
NAME: Final = "报名名单（空白表）.xlsx"


def blank_form(form: Form, campaign: Campaign) -> bytes:
    """An empty roster of this campaign: title, labels, headings, numbered rows whose cells are text already.

    The labels and headings are the form's own (rules/forms), so what is sent out is what the reader knows.
    """
    book = Book("报名名单", _WIDTHS)
    book.row(0, [(f"{campaign.title}学员报名名单", "title")])
    for number, (left, right) in enumerate(_LABELS, start=1):
        book.row(number, _label_row(form, left, right))
    book.row(_TOP - 1, [(_heading(form, name), "heading") for name in _COLUMNS if name in form.columns])
    for number in range(1, _ROWS + 1):
        book.row(_TOP - 1 + number, [(str(number), "text"), *[("", "text")] * (len(_COLUMNS) - 1)])
    book.expect_length((_TOP, 2), (_TOP + _ROWS - 1, 2), 18, "身份证号码一般为18位，请核对。")
    book.expect_length((_TOP, 3), (_TOP + _ROWS - 1, 3), 11, "手机号码一般为11位，请核对。")
    book.freeze(_TOP)
    return book.finish()


def _label_row(form: Form, left: str, right: str) -> list[tuple[str, str]]:
    """A label and an empty text cell beside it, twice."""
    cells: list[tuple[str, str]] = []
    for name in (left, right):
        label = form.labels.get(name)
        cells += [(f"{label.label}：", "heading"), ("", "text")] if label else []
    return cells


def _heading(form: Form, name: str) -> str:
    return form.columns[name].label + _HINTS.get(name, "")
