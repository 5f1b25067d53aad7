"""What stands in one roster row and what is true of it: the cells as typed, the findings they deserve."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from tools.stories.people import Person


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula cell: its text, and the value a spreadsheet left beside it (`None`: nobody calculated it)."""

    text: str
    value: str | int | None = None


Cell = str | int | float | Formula | None
Status = Literal["ok", "fixed", "ask", "hold"]


class Same:
    """The type of `SAME`: the cell holds what is right for the person."""


SAME: Final = Same()


@dataclass(frozen=True, slots=True)
class Row:
    """One person's row with its declared truth.

    `codes` are its findings above a note, all of them unless `at_least`. `unknown` names the values that must be null;
    values of cells that were typed wrongly are otherwise not judged in rows that wait. `state` is the item's; what is
    `None` is not judged.
    """

    person: Person
    status: Status | None = "ok"
    codes: tuple[str, ...] = ()
    name: Cell | Same = SAME
    id_number: Cell | Same = SAME
    phone: Cell | Same = SAME
    remark: Cell = None
    extra: dict[str, Cell] = field(default_factory=dict)
    serial: Cell | Same = SAME
    unknown: tuple[str, ...] = ()
    at_least: bool = False
    hidden: bool = False
    state: str | None = None

    def cell(self, key: str) -> Cell:
        """The cell of a column by its key; the serial number is the writer's own business."""
        if key in ("name", "id_number", "phone"):
            typed: Cell | Same = getattr(self, key)
            right: str = getattr(self.person, key)
            return right if isinstance(typed, Same) else typed
        return self.remark if key == "remark" else self.extra.get(key)

    def known(self) -> dict[str, str | None]:
        """The values that the program must print, by column; what is not judged is not among them."""
        out: dict[str, str | None] = {}
        for key in ("name", "id_number", "phone"):
            if key in self.unknown:
                out[key] = None
            elif self.status in ("ok", "fixed") or isinstance(getattr(self, key), Same):
                out[key] = getattr(self.person, key)
        return out


def rows(people: tuple[Person, ...]) -> tuple[Row, ...]:
    """Rows with nothing wrong."""
    return tuple(Row(person) for person in people)
