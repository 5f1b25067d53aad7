"""What the rows of a list name for themselves: their unit and order number, in columns or in lines between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mailbot.casetypes.roster.folding import blank, fold, text_of
from mailbot.casetypes.roster.header import Heading, lost
from mailbot.casetypes.roster.heads import Columns
from mailbot.casetypes.roster.labels import LabelHit
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.rows import Raw

_SAME_AS_ABOVE: Final = frozenset({"同上", "〃", "″", "“", "”", '"', "同", "上同"})


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one unit, in the order of the sheet. `unit` is `None` where nobody says which."""

    unit: str | None
    people: list[Raw]


def groups_of(people: Sequence[Raw], lexicon: Lexicon) -> list[Group]:
    """The people by the unit that their rows name; a row that names none belongs to the unit above it.

    Rows that name parts of a unit (内科, 外科) are of one unit that they do not name. A single unit is that of all.
    """
    units: dict[str, Group] = {}
    current: str | None = None
    for raw in people:
        said = "" if blank(raw.unit) else text_of(raw.unit).strip()
        if said and said not in _SAME_AS_ABOVE:
            current = said
        units.setdefault(fold(current or ""), Group(current, [])).people.append(raw)
    named = [group for group in units.values() if group.unit]
    if any(lexicon.is_part(group.unit or "") for group in named):
        return []
    return [Group(named[0].unit, list(people))] if len(named) == 1 else list(units.values())


def orders_in_rows(people: Sequence[Raw], columns: Sequence[Columns]) -> Heading:
    """The order numbers that the rows name, as the label that is missing above: all of them in one cell, or the first
    that lost its digits."""
    cells = [raw for raw in people if not blank(raw.order_no)]
    if not cells:
        return Heading()
    first = next((raw for raw in cells if lost(raw.order_no)), cells[0])
    said = dict.fromkeys(text_of(raw.order_no).strip() for raw in cells)
    value = first.order_no if len(said) == 1 or lost(first.order_no) else "、".join(said)
    return Heading({"order_no": LabelHit("order_no", value, first.row, columns[first.table]["order_no"])})
