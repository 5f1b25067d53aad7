"""The returned workbook 请改这里: the rows to correct, what stands there (masked), the fault, and empty cells to fill.

A new workbook, not the sender's own: in the General cells of that one the same digits would be lost again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mailbot.domain.document import CORRECTED_ID
from mailbot.domain.letters import CaseView, RowView
from mailbot.domain.masking import mask_id, mask_name, mask_phone
from mailbot.outbound.book import Book
from mailbot.outbound.plain import clean
from mailbot.outbound.standing import asks, to_correct
from mailbot.outbound.wording import FIELDS, field_labels, field_of, harmless, sentences, serial_of

SHEET: Final = "请改这里"
HEADINGS: Final = (
    "原行号", "序号", "姓名", "身份证号码", "手机号码", "错误说明",
    "正确姓名", CORRECTED_ID, "正确手机号码", "位置",
)  # fmt: skip
_WIDTHS: Final = (8, 8, 12, 22, 16, 44, 14, 24, 18, 8)
_CELL_CHARACTERS: Final = 60
_MASKS: Final[dict[str, Callable[[str], str]]] = {"name": mask_name, "id_number": mask_id, "phone": mask_phone}


def correction_book(case: CaseView, *, trusted: bool, whole: bool) -> bytes | None:
    """The workbook of a case's rows to correct; `None` where there are none.

    `trusted`: what stands in the rows may be shown back. `whole`: the site shows it unmasked, to trusted senders only.
    The last column, hidden, tells sheet, panel, row and the item's number, so that rows find their way back.
    """
    rows = to_correct(case)
    if not rows:
        return None
    book = Book(SHEET, _WIDTHS)
    book.row(0, [(heading, "heading") for heading in HEADINGS])
    for number, row in enumerate(rows, start=1):
        book.row(number, _cells(row, trusted=trusted, whole=whole))
    book.expect_length((1, 7), (len(rows), 7), 18, "身份证号码一般为18位，请核对。")
    book.expect_length((1, 8), (len(rows), 8), 11, "手机号码一般为11位，请核对。")
    book.freeze(1)
    book.hide_column(len(HEADINGS) - 1)
    book.hide_case(case.id)
    return book.finish()


def _cells(row: RowView, *, trusted: bool, whole: bool) -> list[tuple[str, str]]:
    found = asks(row.findings)
    bad = {field_of(finding) for finding in found}
    values = {"name": row.name, "id_number": row.id_number, "phone": row.phone}
    shown = {name: _shown(name, value, whole=whole) if trusted else "" for name, value in values.items()}
    faults = "；".join(sentences(found))
    return [
        (str(row.row), "text"),
        (serial_of(row), "text"),
        *((shown[name], "bad" if name in bad else "text") for name in FIELDS),
        (faults if trusted else f"{field_labels(found)}需要更正", "wrapped"),
        *(("", "text") for _ in FIELDS),
        (f"{harmless(row.sheet or '', 31)}!{row.panel}!{row.row}#{row.number}", "text"),
    ]


def _shown(name: str, value: str | None, *, whole: bool) -> str:
    text = clean(value or "", _CELL_CHARACTERS)
    return text if whole else _MASKS[name](text)
