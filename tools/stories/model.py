"""A story: its mails in order, and the truth that its author declares of each; it never comes from the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from tools.stories.cells import Row
from tools.stories.sheets import Grid

Toml = dict[str, object]


@dataclass(frozen=True, slots=True)
class CaseTruth:
    """What must hold of one case. `codes` are the case's own findings above a note, all of them, unless `at_least`;
    `None` is not judged. `opened` counts the accounts opened, `waiting` those asked for and not confirmed."""

    outcome: str | None
    state: str | None
    rows: tuple[tuple[Grid, tuple[Row, ...]], ...] = ()
    header: Toml = field(default_factory=dict)
    codes: tuple[str, ...] | None = ()
    at_least: bool = False
    notes: tuple[str, ...] = ()
    due_at: str | None = None
    opened: int | None = None
    sheet: str | None = None
    version: int = 1

    def toml(self) -> Toml:
        out: Toml = {"outcome": self.outcome, "state": self.state, "due_at": self.due_at, "opened": self.opened}
        out["version"] = self.version
        out |= {"sheet": self.sheet, "header": self.header, "notes": list(self.notes), "at_least": self.at_least}
        out["codes"] = None if self.codes is None else sorted(self.codes)
        out["people"] = [line for grid, rows in self.rows for line in _people(grid, rows)]
        return out


def _people(grid: Grid, rows: tuple[Row, ...]) -> list[Toml]:
    out: list[Toml] = []
    for (number, panel), row in zip(grid.placed, rows, strict=True):
        line: Toml = {"sheet": grid.name, "row": number, "panel": panel, "status": row.status}
        known = row.known()
        line |= {"codes": sorted(row.codes), "at_least": row.at_least, "known": known}
        line["null"] = [key for key, value in known.items() if value is None]
        if row.state:
            line["state"] = row.state
        out.append(line)
    return out


@dataclass(frozen=True, slots=True)
class Truth:
    """What must hold of one mail's line. `letters` counts the answers, `None` is not judged; `codes` must
    stand with the mail or one of its cases; `twin`: it must be told as a copy of an earlier mail of the story."""

    states: tuple[str, ...]
    cases: tuple[CaseTruth, ...] | None = ()
    letters: int | None = None
    letter_to: str | None = None
    twin: bool = False
    codes: tuple[str, ...] = ()
    subject: str | None = None
    files: tuple[str, ...] = ()

    def toml(self) -> Toml:
        out: Toml = {"states": list(self.states), "letters": self.letters, "letter_to": self.letter_to}
        out |= {"twin": self.twin, "codes": sorted(self.codes), "subject": self.subject, "files": list(self.files)}
        out["cases"] = None if self.cases is None else [case.toml() for case in self.cases]
        return out


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list that staff take in before a mail: `verb` is `orders` or `platform`, `as_of` the day it speaks of."""

    verb: str
    name: str
    data: bytes
    as_of: date


@dataclass(frozen=True, slots=True)
class Arrived:
    """One mail of a story: its bytes, when it arrived and in which mailbox, its truth, and the lists before it."""

    raw: bytes
    at: datetime
    truth: Truth
    mailbox: str = "2020gxkm@cqhrsp.com"
    lists: tuple[ListFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A named story: what it proves in one English sentence, and its mails in order."""

    name: str
    proves: str
    mails: tuple[Arrived, ...]


Tell = Callable[[], "Arrived | tuple[Arrived, ...]"]
_TOLD: Final[dict[str, tuple[str, Tell]]] = {}


def story(name: str) -> Callable[[Tell], Tell]:
    """Declares a story: the function beneath builds its mails, its docstring says what they prove.

    Raises `ValueError` for a number that is taken and a story that proves nothing."""

    def keep(tell: Tell) -> Tell:
        if any(other[:3] == name[:3] for other in _TOLD):
            raise ValueError(f"the number of {name} is taken")
        if not tell.__doc__:
            raise ValueError(f"{name} does not say what it proves")
        _TOLD[name] = (" ".join(tell.__doc__.split()), tell)
        return tell

    return keep


def told() -> list[Story]:
    """All stories that were declared, by number."""
    out = []
    for name, (proves, tell) in sorted(_TOLD.items()):
        mails = tell()
        out.append(Story(name, proves, mails if isinstance(mails, tuple) else (mails,)))
    return out
