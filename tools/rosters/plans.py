"""A roster of a seed: one of the arrangements, by their weights."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tools.rosters.lists import gaps_in_header, one, several_sheets
from tools.rosters.model import Roster
from tools.rosters.odd import as_texts, hidden_sheet, old_list, on_its_side, without_heading
from tools.rosters.units import unit_a_sheet, unit_column, unit_lines, units_below, units_side_by_side

PLANS: Final[dict[Callable[[random.Random], Roster], int]] = {
    one: 50,
    gaps_in_header: 6,
    several_sheets: 8,
    unit_a_sheet: 6,
    units_below: 7,
    unit_column: 7,
    unit_lines: 5,
    units_side_by_side: 3,
    on_its_side: 4,
    without_heading: 4,
    as_texts: 3,
    old_list: 4,
    hidden_sheet: 3,
}
"""Every arrangement with its weight."""


def generate(seed: int) -> Roster:
    """The roster of a seed: the same seed gives the same roster."""
    rng = random.Random(seed)  # noqa: S311 - samples, not secrets
    (plan,) = rng.choices(list(PLANS), list(PLANS.values()))
    return replace(plan(rng), plan=plan.__name__)
