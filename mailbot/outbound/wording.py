"""The small words of a letter: how a row, a date, a subject line is named. No sentence: those are in the templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mailbot.domain.letters import FindingView, RowView
from mailbot.domain.masking import mask_text
from mailbot.domain.passwords import veil_passwords
from mailbot.outbound.plain import clean

FIELDS: Final = {"name": "姓名", "id_number": "身份证号码", "phone": "手机号码"}
_BY_CODE: Final = {"name": "name", "id": "id_number", "phone": "phone"}
_WHOLE_ROW: Final = "整行"
_SERIAL_CHARACTERS: Final = 12
_CELL_CHARACTERS: Final = 200
_COUNTING: Final = re.compile(
    rf"(?=.*[0-9]).{{1,{_SERIAL_CHARACTERS}}}"
    rf"|[A-Za-z]{{1,2}}|[\W①-⑳〇零一二三四五六七八九十百甲乙丙丁戊己庚辛壬癸第号组]{{1,{_SERIAL_CHARACTERS}}}"
)
"""What numbers rows, as clerks write it: 7, 7., A-07, （三）, 财务2, 甲."""
_SHEET_CHARACTERS: Final = 31
_ANSWERED: Final = re.compile(
    r"(?:\s*(?:回复|回覆|答复|自动回复|re|aw|sv|ответ|réf)\s*(?:[\[(（]\d{1,3}[\])）])?\s*[:：])+\s*", re.IGNORECASE
)
NO_SUBJECT: Final = "（无主题）"
REPLY: Final = "回复："


@dataclass(frozen=True, slots=True)
class Naming:
    """What a row's name needs beside its sheet row: the sheet where there are several, the list where rows stand in
    lists of several mails."""

    sheets: bool = False
    lists: bool = False


def naming(rows: Sequence[RowView]) -> Naming:
    """What tells these rows apart."""
    return Naming(len({row.sheet for row in rows}) > 1, len({row.listed for row in rows}) > 1)


def list_of(row: RowView) -> str:
    """The list that the row stands in: 原名单, 7月15日名单."""
    return f"{row.listed.month}月{row.listed.day}日名单" if row.listed else "原名单"


def place(row: RowView, by: Naming) -> str:
    """A row by its sheet row and the clerk's own 序号: 第9行（序号7）; the panel where tables stand side by side."""
    serial = serial_of(row)
    return f"{_before(row, by)}第{row.row}行{_panel(row)}" + (f"（序号{serial}）" if serial else "")


def _before(row: RowView, by: Naming) -> str:
    sheet = f"“{harmless(row.sheet, _SHEET_CHARACTERS)}”" if by.sheets and row.sheet else ""
    return (list_of(row) if by.lists else "") + sheet


def _panel(row: RowView) -> str:
    return f"第{row.panel}栏" if row.panel > 1 else ""


def serial_of(row: RowView) -> str:
    """The clerk's own 序号, empty where what stands there counts nothing: in a row that slipped by a column it is
    somebody's name or ID number, and a letter shows neither."""
    text = clean(row.serial or "", _CELL_CHARACTERS)
    if mask_text(text) != text:
        return ""
    if text.isascii() and text.isdigit():
        return clean(text, _SERIAL_CHARACTERS)
    return text if _COUNTING.fullmatch(text) else ""


def places(rows: Iterable[RowView], limit: int, by: Naming) -> tuple[str, bool]:
    """Rows in few words: those that follow one another in row and 序号 as one run, 第6至48行（序号1至43）; whether some
    are left out, for at most `limit` runs are named."""
    runs: list[tuple[RowView, RowView]] = []
    for row in rows:
        if runs and _next(runs[-1][1], row):
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    named = (place(a, by) if a is b else _run(a, b, by) for a, b in runs[:limit])
    return "、".join(named), len(runs) > limit


def _next(before: RowView, row: RowView) -> bool:
    """Whether a row stands right below the other and its 序号 counts on."""
    if (row.listed, row.sheet, row.panel, row.row) != (before.listed, before.sheet, before.panel, before.row + 1):
        return False
    one, two = before.serial or "", row.serial or ""
    return one == two == "" or (_counts(one) and _counts(two) and int(two) == int(one) + 1)


def _counts(serial: str) -> bool:
    return serial.isascii() and serial.isdigit() and len(serial) <= _SERIAL_CHARACTERS


def _run(first: RowView, last: RowView, by: Naming) -> str:
    serial = f"（序号{first.serial}至{last.serial}）" if first.serial else ""
    return f"{_before(first, by)}第{first.row}至{last.row}行{_panel(first)}{serial}"


def field_of(finding: FindingView) -> str | None:
    """The column a finding of a row speaks of: name, id_number, phone; `None` for the row as a whole."""
    return finding.field if finding.field in FIELDS else _BY_CODE.get(finding.code.partition(".")[0])


def field_labels(findings: Iterable[FindingView]) -> str:
    """The columns that findings speak of, as the form calls them, without a word of what stands there."""
    labels = (FIELDS.get(field_of(finding) or "", _WHOLE_ROW) for finding in findings)
    return "、".join(dict.fromkeys(labels))


def sentences(findings: Iterable[FindingView]) -> tuple[str, ...]:
    """What findings say, each once, without the stop at its end: several stand in one line."""
    return tuple(dict.fromkeys(harmless(finding.message).rstrip("。；;. ") for finding in findings))


def day(value: date) -> str:
    """A date as letters write it."""
    return f"{value.year}年{value.month}月{value.day}日"


def harmless(value: str, limit: int = 200) -> str:
    """A sender's own words for a letter: one line, numbers of people masked, and only then cut: no cut bares one."""
    return clean(mask_text(clean(value, 4 * limit)), limit)


def reply_subject(subject: str, limit: int) -> str:
    """`回复：` and the subject that is answered, cut at `limit`; never a second 回复 or Re, nor a password."""
    bare = _ANSWERED.sub("", clean(subject, 4 * limit), count=1) if subject else ""
    return REPLY + (harmless(veil_passwords(bare), limit) or NO_SUBJECT)
