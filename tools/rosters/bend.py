"""Pages spoilt at random: cells lost, moved, joined, cut, lines thrown in. Whatever comes of it, nobody may get an
account who does not stand there with these three values; to ask or to hold is always right."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from tools.roster_people import Value
from tools.rosters.clerk import HEADS
from tools.rosters.model import Page, Roster

Line = list[Value]
Spoil = Callable[[random.Random, Line], Line]
MOBILE: Final = 11
_PHONE_HEADS: Final[frozenset[Value]] = frozenset((*HEADS["phone"], *HEADS["phone2"]))
_JUNK: Final[tuple[Line, ...]] = (
    ["合计", None, "12人"],
    ["附件2"],
    ["2016-2019年度补学人员"],
    [None, "刘主任", None, "13900000001"],
    ["备注：以上人员已核对"],
    ["张三", "李四", "王五"],
)


def _lose(rng: random.Random, line: Line) -> Line:
    place = rng.randrange(len(line))
    return [*line[:place], None, *line[place + 1 :]]


def _shift(rng: random.Random, line: Line) -> Line:
    return [None, *line] if rng.random() < 0.5 else line[1:]


def _swap(rng: random.Random, line: Line) -> Line:
    """Two cells; two telephone numbers and two headings of them stay, for nobody could tell."""
    out = list(line)
    one, two = rng.randrange(len(out)), rng.randrange(len(out))
    if all(len(str(out[place])) != MOBILE for place in (one, two)) and not {out[one], out[two]} <= _PHONE_HEADS:
        out[one], out[two] = out[two], out[one]
    return out


def _join(rng: random.Random, line: Line) -> Line:
    place = rng.randrange(max(1, len(line) - 1))
    both = [str(cell) for cell in line[place : place + 2] if cell is not None]
    return [*line[:place], rng.choice(["", " ", "\n", "/"]).join(both), None, *line[place + 2 :]]


def _cut(rng: random.Random, line: Line) -> Line:
    place = rng.randrange(len(line))
    text = str(line[place] or "")
    at = rng.randrange(len(text) + 1)
    return [*line[:place], text[:at], text[at:], *line[place + 1 :]]


def _double(_: random.Random, line: Line) -> Line:
    return [*line, *line]


GENTLE: Final[tuple[Spoil, ...]] = (_lose, _join, _double)
SPOILS: Final[tuple[Spoil, ...]] = (*GENTLE, _shift, _swap, _cut)
"""What moves cells is left out where several people stand in one row: they would only change places."""


def bent(roster: Roster, seed: int) -> Roster:
    """The roster with some lines spoilt and some thrown in; its truth still tells who may get an account."""
    rng = random.Random(f"bend {seed}")  # noqa: S311 - samples, not secrets
    together = max((row.panel for row in roster.truth), default=1) > 1
    return replace(roster, pages=[_page(rng, page, GENTLE if together else SPOILS) for page in roster.pages])


def _page(rng: random.Random, page: Page, spoils: Sequence[Spoil]) -> Page:
    rows: list[Line] = []
    for line in page.rows:
        spoilt = rng.choice(spoils)(rng, line) if line and rng.random() < 0.15 else line
        rows.append(spoilt)
        if rng.random() < 0.04:
            rows.append(list(rng.choice(_JUNK)))
    return replace(page, rows=rows, merges=[], hidden=set(), hidden_columns=set())
