"""Lists that somebody typed as lines of text, one person a line: values apart by tabs, marks or blanks.

Only shapes are looked at here (an ID number, a mobile number, how many values a line has), never words: what a heading
or a label means is for whoever reads the table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mailbot.domain.identity import check_char

Cells = list[str]

_SERIAL: Final = re.compile(
    r"\s*(?:(?:[（(]\d{1,4}[)）]|\d{1,4}\s*[、.．)）]|[①-⑳])\s*(?=\D)|\d{1,3}[ \u3000]+(?=[\u3400-\u9fff]))"
)
_FULL_ID: Final = re.compile(r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0\d|1[0-2])[0-3]\d\d{3}[\dXx]")
_PHONE: Final = re.compile(r"(?:\+?86|0086)?1[3-9]\d{9}")
_APART: Final = re.compile(
    r"(?<![\dXx])(?:\d{6}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3}[\dXx]|(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?![\dXx])"
)
"""An ID or mobile number that is written in groups: its blanks part no values."""
_SET_WIDE: Final = re.compile(r"(?<!\S)[\u3400-\u9fff](?: [\u3400-\u9fff]){1,2}(?!\S)")
"""A name whose characters stand apart."""
_HELD: Final = "\ue000"
_MARKS: Final = ("\t", "|", "｜", ",", "，", "、", ";", "；", "/")
_WIDE_BLANKS: Final = re.compile(r"\s{2,}|\u3000+")
_BLANKS: Final = re.compile(r"[\s\u00a0\u3000]+|[,，、;；|｜/]\s*")
_LABELLED: Final = re.compile(
    r"(?P<label>[^\d\s:：]{1,10})[:：]\s*(?P<value>.*)|(?P<glued>[^\d\s:：]{0,8}[证号码机话])(?P<number>\d{11,18}[Xx]?)",
    re.DOTALL,
)
_LONGEST_HEADING: Final = 20
_MANY_DIGITS: Final = 10
"""A cell with so many digits is an attempt at a number of somebody."""
_BRIDGED: Final = 2
"""So many lines of words may stand between two people of one list."""
_PROSE: Final = re.compile("我|本人|请|您|麻烦|谢谢")
"""Words of somebody who speaks: no row of a list holds them."""
_PROMISED: Final = re.compile("身份证|证件|手机|电话|号码")
"""Words that stand where somebody's number is still to come."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line in values. `exact` says that marks part them, so that an empty value keeps its place."""

    text: str
    serial: str | None
    cells: Cells
    exact: bool

    @property
    def bare(self) -> Cells:
        """The values without the labels written before them."""
        return [_unlabelled(cell) for cell in self.cells]

    @property
    def labelled(self) -> bool:
        return any(map(_LABELLED.fullmatch, self.cells))

    @property
    def person(self) -> bool:
        """Whether somebody stands here: an ID number beside another value, or three values with a mobile number."""
        if len(self.cells) < 2 or _PROSE.search(self.text):
            return False
        if any(_id_like(cell) for cell in self.bare):
            return not self.labelled or any(map(_valid_id, self.bare))
        return len(self.cells) > 2 and not self.labelled and any(map(_phone_like, self.cells))

    @property
    def perhaps(self) -> bool:
        """Whether the line may be somebody of the list it stands in: a damaged or missing number."""
        if len(self.cells) < 2:
            return False
        if self.labelled:
            return any(map(_id_like, self.bare))
        tried = any(sum(char.isdigit() for char in cell) >= _MANY_DIGITS for cell in self.cells[1:])
        return tried or self.serial is not None or any(_PROMISED.search(cell) for cell in self.cells[1:])

    @property
    def row(self) -> bool:
        """Whether tabs make a row of the line, whatever it says."""
        return self.text.count("\t") > 1

    def opens(self, following: _Line) -> bool:
        """Whether a list begins with this line, which is nobody's for sure: a heading, a row, a damaged number."""
        if self.row and following.row:
            return True
        alike = self.labelled and self.perhaps and len(self.cells) == len(following.cells)
        return following.person and (alike or self.heads(following))

    def heads(self, following: _Line) -> bool:
        """Whether the line may name the values of the one below it."""
        short = all(len(cell) <= _LONGEST_HEADING and sum(map(str.isdigit, cell)) < 4 for cell in self.cells)
        fits = abs(len(self.cells) - len(following.cells) - (following.serial is not None)) <= 1
        return short and fits and len(self.cells) > 1 and not self.labelled and self.serial is None


def tables_in(lines: Sequence[str]) -> Iterator[str | list[Cells]]:
    """The lines in order, each as it stands, and every list among them as a table. Empty lines are left out."""
    split = [_split(line) for line in lines if line.strip()]
    at = 0
    while at < len(split):
        end = _end(split, at)
        if end > at:
            yield _table(split[at:end])
        else:
            end = at + 1
            yield split[at].text
        at = end


def _end(split: Sequence[_Line], at: int) -> int:
    """Behind the last line of the list that begins here; `at` where none does."""
    first = split[at]
    following = split[at + 1] if at + 1 < len(split) else None
    if first.person:
        end = at + 1
    elif following is not None and first.opens(following):
        end = at + 2
    else:
        return at
    while end < len(split):
        more = _more(split, end)
        if more == end:
            break
        end = more
    return end


def _more(split: Sequence[_Line], end: int) -> int:
    """The list's end with the next lines, as far as they belong to it."""
    if split[end].person or split[end].perhaps or split[end].row:
        return end + 1
    bridged = split[end : end + _BRIDGED + 1]
    for number, line in enumerate(bridged):
        if line.person and not any(_ends_list(between) for between in bridged[:number]):
            return end + number + 1
    return end


def _ends_list(line: _Line) -> bool:
    """Whether a line begins something else: a label block, or a heading of its own."""
    return line.labelled or len(line.cells) > 2


def _split(line: str) -> _Line:
    """One line in its values, by the mark that stands in it most often, else by blanks."""
    text = line.replace("\u00a0", " ").strip(" \u3000\r\n")
    serial = _SERIAL.match(text) if "\t" not in text else None
    rest = _APART.sub(_held, text[serial.end() :] if serial else text)
    mark = next((mark for mark in _MARKS if rest.count(mark) > 1 or (mark == "\t" and mark in rest)), None)
    if mark is not None:
        cells, exact = rest.split(mark), True
    else:
        wide = _WIDE_BLANKS.split(rest)
        cells, exact = (wide if len(wide) > 2 else _BLANKS.split(_SET_WIDE.sub(_held, rest))), False
    kept = [cell.replace(_HELD, " ").strip() for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    return _Line(text, serial[0].strip() if serial else None, kept if exact else [cell for cell in kept if cell], exact)


def _held(found: re.Match[str]) -> str:
    return found[0].replace(" ", _HELD)


def _table(lines: Sequence[_Line]) -> list[Cells]:
    """The lines as rows of equal columns. Labels before the values become the heading, where all have one."""
    headed = len(lines) > 1 and not (lines[0].person or lines[0].row) and lines[0].heads(lines[1])
    head, body = (lines[0].cells, lines[1:]) if headed else (None, lines)
    numbered = any(line.serial for line in body)
    rows = [line.bare if line.labelled else line.cells for line in body]
    kinds = _kinds(rows)
    rows = [row if line.exact else _aligned(row, kinds) for line, row in zip(body, rows, strict=True)]
    if head is None and all(map(_LABELLED.fullmatch, body[0].cells)):
        head = [_label(cell) for cell in body[0].cells]
    if numbered:
        rows = [[line.serial or "", *row] for line, row in zip(body, rows, strict=True)]
        if head is not None and not lines[0].exact:
            head = _serial_apart(head)
        if head is not None and len(head) < max(map(len, rows)):
            head = ["", *head]
    return [head, *rows] if head is not None else rows


def _serial_apart(head: Cells) -> Cells:
    """The heading of numbered rows; where the one above the numbers stands close to the next, as narrow columns make
    it (序号 姓名   身份证号码), the two are parted."""
    first = head[0].split()
    return [*first, *head[1:]] if len(first) == 2 and min(map(len, first)) > 1 else head


def _kinds(rows: Sequence[Cells]) -> list[str]:
    """What stands in each column of the usual width: `i` an ID number, `p` a mobile number, else nothing."""
    usual = Counter(map(len, rows)).most_common(1)[0][0]
    columns = [[row[at] for row in rows if len(row) == usual] for at in range(usual)]
    return [
        "i" if _most(column, _id_like) else "p" if _most(column, _phone_like) else ""  # nothing else is told by shape
        for column in columns
    ]


def _aligned(row: Cells, kinds: Sequence[str]) -> Cells:
    """A short row with its numbers below those of the other rows: blanks do not show where a value is missing."""
    if len(row) >= len(kinds):
        return row
    out: Cells = []
    for cell in row:
        kind = "i" if _id_like(cell) else "p" if _phone_like(cell) else ""
        at = next((n for n in range(len(out), len(kinds)) if kinds[n] == kind), len(out))
        out += [""] * (at - len(out)) + [cell]
    return out


def _most(column: Cells, test: Callable[[str], bool]) -> bool:
    return sum(map(test, column)) * 2 > len(column)


def _unlabelled(cell: str) -> str:
    found = _LABELLED.fullmatch(cell)
    return (found["value"] or found["number"] or "") if found else cell


def _label(cell: str) -> str:
    found = _LABELLED.fullmatch(cell)
    return (found["label"] or found["glued"]) if found else ""


def _id_like(cell: str) -> bool:
    return _FULL_ID.fullmatch(_joined(cell)) is not None


def _valid_id(cell: str) -> bool:
    text = _joined(cell).upper()
    return _FULL_ID.fullmatch(text) is not None and check_char(text[:17]) == text[17]


def _phone_like(cell: str) -> bool:
    return _PHONE.fullmatch(_joined(cell)) is not None


def _joined(cell: str) -> str:
    return re.sub(r"[\s-]", "", cell)
