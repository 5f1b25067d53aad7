"""The commitment letter: what stands in its blanks, found by the printed words on both sides of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mailbot.domain.scan import SeenField
from mailbot.ocr.fields.base import Page, Piece, Place, Rereader
from mailbot.ocr.fields.typed import field

_FILL: Final = frozenset("_＿ \t\u3000")
_BLANKS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("name", re.compile(r"本人([^，,:：]{1,30}?)[，,]?身份证")),
    ("id_number", re.compile(r"身份证号码?[:：]?([0-9Xx×]{1,24})")),
    ("phone", re.compile(r"手机号码?[:：]?([0-9]{1,16})")),
    ("paid_on", re.compile(r"已于(.{1,16}?日)缴费")),
    ("paid_course", re.compile(r"报名参加(.{1,40}?)公需科目")),
    ("reason", re.compile(r"因(.{1,60}?)原因")),
    ("user_name", re.compile(r"用户名为([^，,]{1,40}?)[，,。]?现申请")),
    ("apply_years", re.compile(r"免费参加(.{1,40}?)继续教育")),
    ("signed", re.compile(r"承诺人[:：]?([^时:：]{1,20}?)(?=时间|$)")),
    ("signed_on", re.compile(r"时间[:：]?(20[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?)")),
)
_YEAR: Final = re.compile(r"(?<![0-9])20[12][0-9](?![0-9])")
_DAY: Final = re.compile(r"(20[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_LIMIT: Final = 20_000
"""Characters of a page that are looked at: the letter has 600."""


def letter(page: Page, reread: Rereader | None) -> tuple[SeenField, ...]:
    """The blanks that hold something, and whether the letter is signed: `None` where no words follow 承诺人, for ink
    that is no words cannot be told from none."""
    marks = [(at, place) for at, line in enumerate(page.lines) for place, c in enumerate(line.text) if c not in _FILL]
    marks = marks[:_LIMIT]
    text = "".join(page.lines[at].text[place] for at, place in marks)
    fields = []
    for name, pattern in _BLANKS:
        found = pattern.search(text)
        if found is not None:
            place = Place(tuple(_pieces(page, marks[found.start(1) : found.end(1)])))
            fields.append(_blank(name, place, page, reread))
    return (*fields, *_unsigned(page, {one.name for one in fields}))


def _pieces(page: Page, marks: list[tuple[int, int]]) -> Iterator[Piece]:
    for at in dict.fromkeys(line for line, _ in marks):
        places = [place for line, place in marks if line == at]
        yield Piece.of(page.lines[at]).cut(places[0], places[-1] + 1)


def _blank(name: str, place: Place, page: Page, reread: Rereader | None) -> SeenField:
    seen = field(name, place, page, reread)
    if name == "apply_years":
        years = dict.fromkeys(_YEAR.findall(place.text))
        return seen.model_copy(update={"value": ",".join(years) or None})
    if name == "signed":
        return seen.model_copy(update={"value": "yes"})
    if name in ("paid_on", "signed_on"):
        found = _DAY.search("".join(place.text.split()))
        value = f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}" if found else None
        return seen.model_copy(update={"value": value})
    return seen


def _unsigned(page: Page, names: set[str]) -> Iterator[SeenField]:
    line = next((line for line in page.lines if "承诺人" in line.text), None)
    if line is not None and "signed" not in names:
        yield SeenField(name="signed", value=None, box=line.box, readings=line.readings)
