"""A list that staff hand in, as columns told by their headings: which is what, which is nothing, and of which day.

The words for headings and values are data (`order_file.toml`, `account_file.toml`). Nothing is guessed: a heading that
is not known is named, a word that is not known refuses its row.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

from mailbot.domain.mail import Record
from mailbot.domain.masking import mask_text
from mailbot.domain.ports import PortError
from mailbot.platform.table_file import HEADING_ROWS, LOST, Markup, Rows, TableFile, cell_at, read_file

DAY: Final = "day"
QUOTED: Final = 20
"""Characters of a cell that a reason shows."""
UNDATED: Final = "清单未载明日期"
LOST_REASON: Final = "按数字保存，末几位已经丢失，请把该栏设为文本格式后重新导出"
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_NOT_WORD: Final = re.compile(r"[\W_]+")
_DAY: Final = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(20\d\d)(\d\d)(\d\d)(?!\d)")
_YEAR: Final = re.compile(r"(20\d\d)年?度?(?:公需科目)?(?:学习状态|学习情况|完成情况|是否完成|是否结业|结业|完成)?")


class Column(Record):
    """One column: its Chinese name and the headings it goes by, the preferred one first."""

    label: str
    aliases: tuple[str, ...]
    required: bool = False


class ListForm(Record):
    """One kind of list. `words` are, by column, the words of its values and what each of them means; `totals` begin a
    line that sums up."""

    title: str
    totals: tuple[str, ...]
    columns: dict[str, Column]
    words: dict[str, dict[str, tuple[str, ...]]]

    def meaning(self, column: str, value: str) -> str | None:
        """What a word of a column means, `None` for one that is not known."""
        said = folded(value) or value.strip()
        known = self.words[column].items()
        return next((meaning for meaning, words in known if said in {folded(word) or word for word in words}), None)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was refused: its line in the file from 1, and why, in Chinese; no whole number stands in it."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list as its headings tell it. `columns` are the known ones with their places (from 0), `years` columns of
    single years, `unused` headings nobody knows, `missing` the labels of columns that are not there. `rows` are (line,
    cells). `said` is the day that a line above the headings names."""

    form: ListForm
    name: str
    sha256: str
    sheet: str
    columns: Mapping[str, int]
    headings: tuple[str, ...]
    years: Mapping[int, int]
    unused: tuple[str, ...]
    missing: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    said: date | None
    text: bool

    def cell(self, row: Sequence[str], column: str) -> str:
        """The cell of a known column; empty where the list has no such column."""
        return cell_at(row, self.columns.get(column))


def read_form(path: Path) -> ListForm:
    """The words of one kind of list, out of a file of this package."""
    return ListForm.model_validate(tomllib.loads(path.read_text("utf-8")))


def read_list(path: Path, form: ListForm, others: Sequence[ListForm] = (), markup: Markup | None = None) -> ListTable:
    """The list of a file: the first sheet that has its headings. Raises `PortError` (no retry) for a file that is none;
    the message names the headings that were found, and which of the `others` it is."""
    file = read_file(path, markup)
    for sheet, rows in file.sheets:
        found = _headed(rows, form)
        if found is not None:
            return _table(file, sheet, rows, found, form)
    raise PortError(_wrong(file, form, others), retry=False)


def folded(text: str) -> str:
    """A heading or a word as it is compared: in NFKC, without brackets and their content, blanks and punctuation."""
    plain = unicodedata.normalize("NFKC", text)
    return _NOT_WORD.sub("", _BRACKETS.sub("", plain)).casefold()


def quoted(cell: str) -> str:
    """The beginning of a cell in quotation marks, as a reason may show it: a number of a person in it is masked."""
    return f"“{mask_text(cell)[:QUOTED]}”"


def day_in(text: str) -> date | None:
    """The first day that a text names (2020-09-01, 2020年9月1日, 20200901)."""
    for found in _DAY.finditer(text):
        with suppress(ValueError):
            return date(*(int(part) for part in found.groups() if part))
    return None


def day_of(table: ListTable, given: date | None, undated: date) -> tuple[date, str, list[BadRow]]:
    """The day the list speaks of and whence it is known: as given, else the newest of its own column, else the line
    above its headings, else `undated`; and the rows whose day cannot be read."""
    bad: list[BadRow] = []
    days: list[date] = []
    for line, row in table.rows if given is None else ():
        text = table.cell(row, DAY)
        read = day_in(text)
        if read is not None:
            days.append(read)
        elif text:
            bad.append(BadRow(line, f"{table.form.columns[DAY].label}{quoted(text)}不是日期"))
    if given is not None:
        return given, "--as-of", bad
    if days:
        return max(days), table.form.columns[DAY].label, bad
    return (table.said, "表头上方", bad) if table.said else (undated, UNDATED, bad)


def _headed(rows: Rows, form: ListForm) -> tuple[int, dict[str, int]] | None:
    """The number of rows down to the headings, and the place of each known column."""
    for number, row in enumerate(rows[:HEADING_ROWS], start=1):
        heads = [folded(cell) for cell in row]
        found = {key: place for key, column in form.columns.items() if (place := _place(heads, column)) is not None}
        if all(key in found for key, column in form.columns.items() if column.required):
            return number, found
    return None


def _place(heads: Sequence[str], column: Column) -> int | None:
    return next((heads.index(name) for name in map(folded, column.aliases) if name in heads), None)


def _table(file: TableFile, sheet: str, rows: Rows, found: tuple[int, dict[str, int]], form: ListForm) -> ListTable:
    top, columns = found
    headings = rows[top - 1]
    free = [place for place, heading in enumerate(headings) if heading and place not in columns.values()]
    years = {int(hit[1]): place for place in free if (hit := _YEAR.fullmatch(folded(headings[place])))}
    body = ((line, tuple(row)) for line, row in enumerate(rows[top:], start=top + 1))
    above = (day_in(cell) for row in rows[: top - 1] for cell in row)
    return ListTable(
        form=form,
        name=file.name,
        sha256=file.sha256,
        sheet=sheet,
        columns=columns,
        headings=tuple(headings),
        years=years if "study" in form.columns else {},
        unused=tuple(headings[place] for place in free if place not in years.values() or "study" not in form.columns),
        missing=tuple(column.label for key, column in form.columns.items() if key not in columns and key != DAY),
        rows=tuple((line, row) for line, row in body if any(row) and not _total(row, form)),
        said=next((day for day in above if day is not None), None),
        text=file.text,
    )


def _total(row: Sequence[str], form: ListForm) -> bool:
    """Whether a line sums up: its first cell that is not empty begins with a word for it."""
    first = next((cell for cell in row if cell), "")
    return first != LOST and folded(first).startswith(form.totals)


def _wrong(file: TableFile, form: ListForm, others: Sequence[ListForm]) -> str:
    wanted = "、".join("/".join(column.aliases[:3]) for column in form.columns.values() if column.required)
    head = max(
        (row for _, rows in file.sheets for row in rows[:HEADING_ROWS]), key=lambda row: sum(map(bool, row)), default=()
    )
    seen = (cell[:12] for cell in head if cell and not any(char.isdigit() or char == LOST for char in cell))
    shown = "、".join(islice(seen, 12)) or "没有文字"
    is_other = (other.title for other in others if any(_headed(rows, other) for _, rows in file.sheets))
    hint = next((f"，看来是{title}" for title in is_other), "")
    return f"{file.name} 不是{form.title}{hint}：没有找到“{wanted}”一栏的表头（见到的是：{shown}）"
