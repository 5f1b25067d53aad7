"""A ledger full of cases: one real case, as the product wrote it, many times over under other keys."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

_TABLES = (
    "mails",
    "cases",
    "case_versions",
    "items",
    "case_mails",
    "case_orders",
    "claims",
    "effects",
    "effect_items",
    "letters",
    "letter_cases",
    "letter_follows",
    "events",
    "event_details",
)
_HASH = re.compile(r"[0-9a-f]{64}")
_ODD, _ROUND = 0x9E3779B97F4A7C15, 1 << 64
Value = str | int | float | bytes | None
Change = Callable[[int], Value]


def fill(ledger: Path, cases: int) -> None:
    """Make so many cases of the only one that the ledger holds. Every table gets the rows, keys and indexes of real
    ones; the chain of events goes on behind them but does not verify."""
    db = sqlite3.connect(ledger, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys=OFF")
    [case] = db.execute("SELECT id FROM cases").fetchall()
    last = int(db.execute("SELECT max(id) FROM events").fetchone()[0])
    db.execute("BEGIN")
    for table in _TABLES:
        rows = db.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - a name of the list above
        for row in rows:
            marks = ",".join("?" * len(row))
            more = _copies(table, dict(row), str(case["id"]), last, cases)
            db.executemany(f"INSERT INTO {table} VALUES ({marks})", more)  # noqa: S608
    db.execute("UPDATE chain_heads SET last = last * ?", (cases,))
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def _copies(table: str, row: Mapping[str, Value], case: str, events: int, cases: int) -> Iterator[list[Value]]:
    values = list(row.values())
    changes = [
        (place, change)
        for place, (column, value) in enumerate(row.items())
        if (change := _change(table, column, value, case, events)) is not None
    ]
    for number in range(1, cases):
        for place, change in changes:
            values[place] = change(number)
        yield values


def _change(table: str, column: str, value: Value, case: str, events: int) -> Change | None:
    """How a value differs from copy to copy; `None` where it does not."""
    if value is None:
        return None
    if isinstance(value, int):
        mail = column == "mail_id" or (table == "mails" and column in ("id", "uid"))
        event = (table, column) in (("events", "id"), ("event_details", "event_id"))
        steps = 1 if mail else events if event else 0
        return (lambda number: value + number * steps) if steps else None
    if column == "message_id":
        return lambda number: f"<{number}.{str(value)[1:]}"
    if isinstance(value, str) and (case in value or "mail:1:" in value or _HASH.search(value)):
        return lambda number: _other(value, case, number)
    return None


def _other(text: str, case: str, number: int) -> str:
    """The text with the copy's own case, letter and hashes, these spread as hashes are."""
    head = f"{number * _ODD % _ROUND:016x}"
    text = text.replace(case, f"{case}-{number + 1}").replace("mail:1:", f"mail:{number + 1}:")
    return _HASH.sub(lambda found: head + found[0][16:], text)
