"""What the other columns of a table say against its people, put into their remarks: an answer (是否参加：否), a second
number under the same heading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from mailbot.casetypes.roster.folding import blank, fold, squeeze, text_of
from mailbot.casetypes.roster.grid import Grid
from mailbot.casetypes.roster.heads import Columns, Head
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.likeness import ids_inside, phones_inside
from mailbot.casetypes.roster.rows import FEWEST_DIGITS, Raw
from mailbot.casetypes.roster.sayings import fine, year_of
from mailbot.casetypes.roster.tables import Asked, Table
from mailbot.domain.forms import Question

JOINT: Final = "；"
_UNANSWERED: Final = "未填"
_OTHER_SERIAL: Final = "另一序号"
SLIPPED: Final = "疑似错位"
"""The words that hold a row (rules/forms/roster.toml)."""
_TWINS: Final = ("serial", "phone", "id_number")
_LONGEST: Final = 40
"""Characters of a heading or answer that are shown."""


def with_words(raw: Raw, *words: str) -> Raw:
    """The row with more words in its remark."""
    said = [text_of(raw.remark)] if not blank(raw.remark) else []
    return replace(raw, remark=JOINT.join((*said, *(word[:_LONGEST] for word in words)))) if words else raw


def asked_in(grid: Grid, head: Head, panels: Sequence[Columns], lexicon: Lexicon) -> tuple[Asked, ...]:
    """The columns of a heading that ask, and those that stand a second time in their panel."""
    starts = [0, *(min(panel.values()) for panel in panels[1:])]
    out: list[Asked] = []
    for column in sorted(head.headed):
        number = max(n for n, start in enumerate(starts, start=1) if start <= column)
        panel = panels[number - 1]
        if column in panel.values():
            continue
        heading = "".join(text for text in _headings(grid, head, column))
        question = lexicon.question(heading)
        twin = None if question else _twin(grid, head, column, panel)
        if question or twin:
            out.append(Asked(column, number, squeeze(heading), question, twin))
    return (*out, *_below_one_heading(grid, head, panels))


def other_headings(grid: Grid, head: Head, panels: Sequence[Columns]) -> dict[int, str]:
    """The texts of the headings that name no column of a panel."""
    mine = {column for panel in panels for column in panel.values()}
    return {column: squeeze("".join(_headings(grid, head, column))) for column in sorted(head.headed - mine)}


def answered(grid: Grid, table: Table) -> list[Raw]:
    """The people of a table with what other columns say against them."""
    people = table.people
    for asked in table.asked:
        people = _heard(grid, asked, people, table)
    return people


def _headings(grid: Grid, head: Head, column: int) -> Iterator[str]:
    """The heading's texts above a column, from top to bottom; a merged one is its first column's."""
    for row in range(head.top, head.bottom + 1):
        cell = grid.cell(row, column)
        if not blank(cell):
            yield text_of(cell)


def _twin(grid: Grid, head: Head, column: int, panel: Columns) -> int | None:
    """The column of the panel that has this column's heading, hints in brackets left out. What a clerk has hidden is
    not meant to stand beside the other."""
    if column in grid.sheet.hidden_columns:
        return None
    own = fold("".join(_headings(grid, head, column)))
    places = (panel[key] for key in _TWINS if key in panel)
    return next((place for place in places if own and fold("".join(_headings(grid, head, place))) == own), None)


def _below_one_heading(grid: Grid, head: Head, panels: Sequence[Columns]) -> Iterator[Asked]:
    """The further columns below a heading of the phone that is merged over several."""
    for number, panel in enumerate(panels, start=1):
        place = panel.get("phone")
        span = grid.span(head.top, place) if place else None
        if place and span:
            others = set(range(span.left, span.right + 1)) - set(panel.values()) - {place}
            yield from (Asked(column, number, "手机号码", twin=place) for column in sorted(others))


def _heard(grid: Grid, asked: Asked, people: list[Raw], table: Table) -> list[Raw]:
    """The people with what one column says against those of its panel."""
    answers = {raw.row: squeeze(text_of(grid.shown(raw.row, asked.column))) for raw in people}
    if asked.question:
        words = _against(
            asked, asked.question, {raw.row: answers[raw.row] for raw in people if raw.panel == asked.panel}
        )
    else:
        serial = asked.twin == table.panels[asked.panel - 1].get("serial")
        heading = _OTHER_SERIAL if serial else asked.heading
        own = {raw.row: squeeze(text_of(grid.cell(raw.row, asked.twin or 0))) for raw in people}
        words = {row: _against_twin(heading, text) for row, text in answers.items() if text and text != own[row]}
    return [with_words(raw, words[raw.row]) if raw.panel == asked.panel and raw.row in words else raw for raw in people]


def _against_twin(heading: str, text: str) -> str:
    """What a second cell under one heading says; a number that is nobody's decides too."""
    said = f"{heading}：{text}"
    wrong = text.isalnum() and sum(map(str.isdigit, text)) >= FEWEST_DIGITS
    return f"{SLIPPED}：{said}" if wrong and not (phones_inside(text) or ids_inside(text)) else said


def _against(asked: Asked, question: Question, answers: Mapping[int, str]) -> dict[int, str]:
    """What the answers of a column say against the people of its rows."""
    if question.label is None:
        return {}
    newest = max(filter(None, map(year_of, answers.values())), default=None)
    ticked = question.marks and any(fine(question, answer) for answer in answers.values())

    def decides(answer: str) -> bool:
        if not answer:
            return ticked
        return year_of(answer) != newest if question.year else not fine(question, answer)

    return {row: f"{asked.heading}：{answer or _UNANSWERED}" for row, answer in answers.items() if decides(answer)}
