"""The worklist's memory: batches, their rows, and the wishes that each row serves. Intent is here before any file is.

A row waits as `pending` until a person or an error file answers it. Nothing here reads silence as success.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mailbot.domain.ports import Answer, RowResult, Wish
from mailbot.platform.worklist_book import ListRow
from mailbot.platform.worklist_data import ListVerb

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS batches (
    number INTEGER PRIMARY KEY AUTOINCREMENT, verb TEXT NOT NULL, made_at TEXT NOT NULL,
    written INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS rows (
    id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batches, position INTEGER NOT NULL, verb TEXT NOT NULL,
    name TEXT NOT NULL, id_number TEXT NOT NULL, phone TEXT NOT NULL, year INTEGER,
    state TEXT NOT NULL, detail TEXT NOT NULL, actor TEXT, answered_at TEXT, settled INTEGER NOT NULL DEFAULT 0,
    UNIQUE (batch, position)
) STRICT;
CREATE INDEX IF NOT EXISTS rows_by_id ON rows (id_number);
CREATE INDEX IF NOT EXISTS rows_by_phone ON rows (phone);
CREATE INDEX IF NOT EXISTS rows_open ON rows (state, settled);
CREATE TABLE IF NOT EXISTS wishes (key TEXT PRIMARY KEY, row INTEGER NOT NULL REFERENCES rows) STRICT;
CREATE INDEX IF NOT EXISTS wishes_by_row ON wishes (row);
"""
SUCCESS: Final = frozenset({RowResult.DONE, RowResult.ALREADY})
_ROWS: Final = (
    "SELECT r.id, r.batch, r.position, r.name, r.id_number, r.phone, r.year, r.verb, r.state, r.detail, r.settled"
    " FROM rows AS r "
)
_BY_KEY: Final = _ROWS + "JOIN wishes AS w ON w.row = r.id WHERE w.key = ?"
_BY_PERSON: Final = _ROWS + (
    "WHERE (r.id_number = ? OR r.phone = ?) AND r.verb = ? AND r.year IS ?"
    " AND r.state IN ('pending', 'done', 'already', 'unknown') ORDER BY r.id"
)
_BY_WHO: Final = _ROWS + "WHERE (r.phone = ? OR r.id_number = ?) AND (? IS NULL OR r.batch = ?) ORDER BY r.id"
_BY_BATCH: Final = _ROWS + "WHERE r.batch = ? ORDER BY r.position"
_WAITING: Final = _ROWS + "WHERE r.state = 'pending' AND r.verb = ? ORDER BY r.id LIMIT ?"


@dataclass(frozen=True, slots=True)
class Row:
    """One row as stored. `settled`: its answer has arrived where it was waited for."""

    id: int
    batch: int
    position: int
    name: str
    id_number: str
    phone: str
    year: int | None
    verb: ListVerb
    state: RowResult
    detail: str
    settled: bool

    @property
    def live(self) -> bool:
        """Whether it keeps its person's place: it waits, or it came true."""
        return self.state is RowResult.PENDING or self.state in SUCCESS

    def serves(self, wish: Wish) -> bool:
        """Whether it asks for exactly what the wish wants."""
        person = wish.person
        mine = (self.name, self.id_number, self.phone, self.year)
        return mine == (person.name, person.id_number, person.phone, wish.year)

    @property
    def listed(self) -> ListRow:
        """The row as the workbooks show it."""
        return ListRow(self.position, self.name, self.id_number, self.phone, self.year, batch_name(self.batch))


def batch_name(number: int) -> str:
    """A batch as people write it."""
    return f"{number:04d}"


def by_key(db: sqlite3.Connection, key: str) -> Row | None:
    """The row that serves a wish."""
    return next(_rows(db, _BY_KEY, key), None)


def rivals(db: sqlite3.Connection, verb: ListVerb, wish: Wish) -> list[Row]:
    """Rows of the same verb and year that hold the wish's ID number or phone: live, or ended nobody knows how."""
    return list(_rows(db, _BY_PERSON, wish.person.id_number, wish.person.phone, verb, wish.year))


def of_person(db: sqlite3.Connection, who: str, batch: int | None) -> list[Row]:
    """All rows of this phone (which is the user name) or ID number, in one batch or in all, oldest first."""
    return list(_rows(db, _BY_WHO, who, who.upper(), batch, batch))


def batch_rows(db: sqlite3.Connection, number: int) -> list[Row]:
    """All rows of a batch, in order."""
    return list(_rows(db, _BY_BATCH, number))


def keys_by_position(db: sqlite3.Connection, number: int) -> dict[int, str]:
    """One key for every position of a batch: any of those its row serves."""
    sql = (
        "SELECT r.position, min(w.key) FROM rows AS r JOIN wishes AS w ON w.row = r.id WHERE r.batch = ?"
        " GROUP BY r.position"
    )
    return dict(db.execute(sql, (number,)).fetchall())


def waiting(db: sqlite3.Connection, verb: ListVerb, limit: int) -> tuple[list[Row], int]:
    """The oldest rows that wait, at most `limit`, and how many there are in all."""
    sql = "SELECT count(*) FROM rows WHERE state = 'pending' AND verb = ?"
    return list(_rows(db, _WAITING, verb, limit)), db.execute(sql, (verb,)).fetchone()[0]


def still_waiting(db: sqlite3.Connection, number: int | None) -> int:
    """How many rows wait, in one batch or in all."""
    sql = "SELECT count(*) FROM rows WHERE state = 'pending' AND (? IS NULL OR batch = ?)"
    count: int = db.execute(sql, (number, number)).fetchone()[0]
    return count


def open_wishes(db: sqlite3.Connection) -> list[tuple[Row, str, str]]:
    """Every wish whose row waits: the row, when its batch was made, the wish's key."""
    sql = (
        "SELECT b.made_at, w.key, r.id, r.batch, r.position, r.name, r.id_number, r.phone, r.year, r.verb, r.state,"
        " r.detail, r.settled FROM rows AS r JOIN batches AS b ON b.number = r.batch JOIN wishes AS w ON w.row = r.id"
        " WHERE r.state = 'pending' ORDER BY r.id, w.key"
    )
    return [(_row(rest), made_at, key) for made_at, key, *rest in db.execute(sql)]


def add_batch(db: sqlite3.Connection, verb: ListVerb, made_at: str) -> int:
    """A new batch without rows, whose file is not written; its number."""
    sql = "INSERT INTO batches (verb, made_at) VALUES (?, ?) RETURNING number"
    number: int = db.execute(sql, (verb, made_at)).fetchone()[0]
    return number


def add_row(db: sqlite3.Connection, verb: ListVerb, batch: int, position: int, wish: Wish) -> Row:
    """A pending row that serves the wish, instead of any row that served it before."""
    person, detail = wish.person, f"batch {batch_name(batch)} row {position + 1}"
    sql = (
        "INSERT INTO rows (batch, position, verb, name, id_number, phone, year, state, detail)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?) RETURNING id"
    )
    values = (batch, position, verb, person.name, person.id_number, person.phone, wish.year, detail)
    number: int = db.execute(sql, values).fetchone()[0]
    bind(db, wish.key, number)
    return Row(
        number, batch, position, person.name, person.id_number, person.phone, wish.year, verb,
        RowResult.PENDING, detail, settled=False,
    )  # fmt: skip


def bind(db: sqlite3.Connection, key: str, row: int) -> None:
    """Let a row serve a wish."""
    db.execute("INSERT OR REPLACE INTO wishes (key, row) VALUES (?, ?)", (key, row))


def unwritten(db: sqlite3.Connection) -> list[tuple[int, ListVerb]]:
    """Batches whose workbook is not known to be in its place."""
    return db.execute("SELECT number, verb FROM batches WHERE written = 0 ORDER BY number").fetchall()


def mark_written(db: sqlite3.Connection, number: int) -> None:
    """The batch's workbook is in its place."""
    db.execute("UPDATE batches SET written = 1 WHERE number = ?", (number,))


def tallies(db: sqlite3.Connection) -> list[tuple[int, ListVerb, str, str, int]]:
    """(batch, verb, made at, state, rows) for every state that stands in a batch."""
    return db.execute(
        "SELECT b.number, b.verb, b.made_at, r.state, count(*) FROM batches AS b JOIN rows AS r ON r.batch = b.number"
        " GROUP BY b.number, r.state ORDER BY b.number, r.state"
    ).fetchall()


def answer_row(db: sqlite3.Connection, row: Row, result: RowResult, detail: str, by: tuple[str, str]) -> None:
    """The answer to a pending row, with who gave it and when. A row that was answered keeps its first answer."""
    db.execute(
        "UPDATE rows SET state = ?, detail = ?, actor = ?, answered_at = ? WHERE id = ? AND state = 'pending'",
        (result.value, detail, *by, row.id),
    )


def end_others(db: sqlite3.Connection, verb: ListVerb, row: Row) -> None:
    """A revocation came true: what it took back no longer keeps the person's place."""
    db.execute(
        "UPDATE rows SET state = 'rejected', detail = ? WHERE verb = ? AND id_number = ? AND year IS ?"
        " AND state IN ('done', 'already')",
        (f"taken back in {row.detail}", verb, row.id_number, row.year),
    )


def answers(db: sqlite3.Connection) -> list[tuple[int, Answer]]:
    """Answered rows that are not settled, one answer for each wish they serve."""
    found = db.execute(
        "SELECT r.id, w.key, r.state, r.detail FROM rows AS r JOIN wishes AS w ON w.row = r.id"
        " WHERE r.settled = 0 AND r.state <> 'pending' ORDER BY r.id"
    )
    return [(row, Answer(key, RowResult(state), detail)) for row, key, state, detail in found]


def settle(db: sqlite3.Connection, rows: Sequence[int]) -> None:
    """These answers have arrived: they are not told again."""
    db.executemany("UPDATE rows SET settled = 1 WHERE id = ?", [(row,) for row in rows])


def _rows(db: sqlite3.Connection, sql: str, *values: str | int | None) -> Iterator[Row]:
    return map(_row, db.execute(sql, values))


def _row(found: Sequence[Any]) -> Row:
    number, batch, position, name, id_number, phone, year, verb, state, detail, settled = found
    return Row(
        number, batch, position, name, id_number, phone, year, verb,
        RowResult(state), detail, settled=bool(settled),
    )  # fmt: skip
