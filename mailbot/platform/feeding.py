"""What an error file means for the rows of the worklist: each line finds its row, or it is said why not.

A file that speaks of another batch is refused whole: whoever mixed up two files would otherwise confirm the wrong rows
with the next word. Two lines that contradict each other about one row are a person's matter.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mailbot.domain.masking import mask_text
from mailbot.domain.ports import PortError, RowResult
from mailbot.platform import worklist_store as memory
from mailbot.platform.error_file import ErrorRow

Meaning = Callable[[str], RowResult]


@dataclass(frozen=True, slots=True)
class Fed:
    """What an error file came to. The numbers are lines of that file: `strange` messages nobody has ruled on (held for
    a person), `unmatched` lines of nobody who waits, `contrary` lines about rows that were answered otherwise before,
    `repeated` those that only say again what is known. `waiting` counts the batch's rows that still wait."""

    answered: int
    strange: tuple[int, ...] = ()
    unmatched: tuple[int, ...] = ()
    contrary: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()
    waiting: int = 0


@dataclass(slots=True)
class Said:
    """What a file says of one row: the lines and messages about it, and what they mean together."""

    row: memory.Row
    result: RowResult
    lines: list[int] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def add(self, line: int, message: str, result: RowResult) -> None:
        """One more line about the row."""
        self.lines.append(line)
        text = mask_text(message)
        if text not in self.messages:
            self.messages.append(text)
        if result is not self.result:
            self.result = RowResult.UNKNOWN


@dataclass(slots=True)
class Sorted:
    """The lines of a file, sorted: what is said of rows that wait, by row, and the lines that change nothing."""

    said: dict[int, Said] = field(default_factory=dict)
    unmatched: list[int] = field(default_factory=list)
    contrary: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)

    def fed(self, waiting: int) -> Fed:
        """The report."""
        strange = [line for one in self.said.values() if one.result is RowResult.UNKNOWN for line in one.lines]
        return Fed(
            len(self.said),
            tuple(sorted(strange)),
            tuple(self.unmatched),
            tuple(self.contrary),
            tuple(self.repeated),
            waiting,
        )


def sort_out(db: sqlite3.Connection, errors: Sequence[ErrorRow], meaning: Meaning, batch: int | None) -> Sorted:
    """Find every line's row, in one batch or in all. Raises `PortError` (no retry) for the file of another batch."""
    found = Sorted()
    for error in errors:
        rows = memory.of_person(db, error.who, None)
        mine = [row for row in rows if batch is None or row.batch == batch]
        _refuse_another_batch(error, rows, mine, batch)
        _place(found, error, mine, meaning(error.message))
    if batch is not None and errors and len(found.unmatched) == len(errors):
        raise PortError(f"no line of the file speaks of a row of batch {memory.batch_name(batch)}", retry=False)
    return found


def _refuse_another_batch(
    error: ErrorRow, rows: Sequence[memory.Row], mine: Sequence[memory.Row], batch: int | None
) -> None:
    if batch is None:
        return
    other = next((row.batch for row in rows if row.state is RowResult.PENDING), None)
    if error.batch.isdecimal() and int(error.batch) != batch:
        other = int(error.batch)
    elif mine or other is None:
        return
    raise PortError(
        f"line {error.line} speaks of a row of batch {memory.batch_name(other)}, not of batch"
        f" {memory.batch_name(batch)}; nothing of the file was taken in",
        retry=False,
    )


def _place(found: Sorted, error: ErrorRow, mine: Sequence[memory.Row], result: RowResult) -> None:
    waiting = [row for row in mine if row.state is RowResult.PENDING]
    if len(waiting) == 1:
        row = waiting[0]
        found.said.setdefault(row.id, Said(row, result)).add(error.line, error.message, result)
    elif waiting or not mine:
        found.unmatched.append(error.line)
    elif mine[-1].state is result:
        found.repeated.append(error.line)
    else:
        found.contrary.append(error.line)
