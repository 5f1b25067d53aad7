"""Statements that run often: written in Core, made ready once, and run on the driver's own cursor.

Core's way through a statement costs several times what SQLite takes to carry it out. Here its text, the order of its
parameters and the way values go in and out are worked out at the first run for a dialect and a set of parameters, and
kept. What Core would do (types, names, constants) is done by Core's own pieces.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Dialect, bindparam, func, literal, select
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.types import TypeDecorator, TypeEngine, Unicode

from mailbot.ledger.codec import dumps

Params = Mapping[str, Any]
Row = tuple[Any, ...]
_Process = Callable[[Any], Any]
_NONE: Final[Params] = {}


@dataclass(frozen=True, slots=True)
class _Ready:
    """One statement for one dialect and one set of parameter names."""

    text: str
    binds: tuple[tuple[str, _Process | None], ...]
    constants: Mapping[str, Any]
    names: tuple[str, ...]
    results: tuple[tuple[int, _Process], ...]

    def values(self, params: Params) -> Row:
        """The parameters in their order, each as the driver wants it."""
        known = {**self.constants, **params} if self.constants else params
        return tuple([known[name] if process is None else process(known[name]) for name, process in self.binds])

    def row(self, found: Row) -> Row:
        """A row of the driver with its values as Python has them."""
        values = list(found)
        for index, process in self.results:
            values[index] = process(values[index])
        return tuple(values)


class Statement:
    """A Core statement to be run many times. Lists go in by `one_of`, not by an expanding parameter."""

    def __init__(self, clause: ClauseElement) -> None:
        self._clause = clause
        self._ready: dict[tuple[str, ...], _Ready] = {}

    def run(self, conn: Connection, params: Params = _NONE) -> int:
        """Carry it out; the number of rows it changed."""
        ready = self._for(conn, params)
        return driver(conn).cursor().execute(ready.text, ready.values(params)).rowcount

    def add(self, conn: Connection, params: Params) -> int:
        """Carry out an INSERT into a table that numbers its rows; the number of the new one."""
        ready = self._for(conn, params)
        number = driver(conn).cursor().execute(ready.text, ready.values(params)).lastrowid
        if number is None:
            raise LookupError("the database gave the new row no number")
        return number

    def run_all(self, conn: Connection, rows: Sequence[Params]) -> None:
        """Carry it out once for each of these; all name the same parameters."""
        if rows:
            ready = self._for(conn, rows[0])
            driver(conn).cursor().executemany(ready.text, [ready.values(row) for row in rows])

    def rows(self, conn: Connection, params: Params = _NONE) -> list[Row]:
        """All rows it finds."""
        ready = self._for(conn, params)
        found = driver(conn).cursor().execute(ready.text, ready.values(params)).fetchall()
        return [ready.row(row) for row in found] if ready.results else found

    def first(self, conn: Connection, params: Params = _NONE) -> Row | None:
        """The first row it finds."""
        ready = self._for(conn, params)
        cursor = driver(conn).cursor().execute(ready.text, ready.values(params))
        row = cursor.fetchone()
        cursor.close()  # a SELECT that is not read to its end would keep its state open
        return None if row is None else ready.row(row)

    def scalars(self, conn: Connection, params: Params = _NONE) -> list[Any]:
        """The first column of all rows."""
        return [row[0] for row in self.rows(conn, params)]

    def scalar(self, conn: Connection, params: Params = _NONE) -> Any:  # noqa: ANN401  # whatever the column holds
        """The first column of the first row, `None` where there is none."""
        row = self.first(conn, params)
        return None if row is None else row[0]

    def maps(self, conn: Connection, params: Params = _NONE) -> list[dict[str, Any]]:
        """All rows, by the names of their columns."""
        names = self._for(conn, params).names
        return [dict(zip(names, row, strict=True)) for row in self.rows(conn, params)]

    def map(self, conn: Connection, params: Params = _NONE) -> dict[str, Any] | None:
        """The first row, by the names of its columns."""
        row = self.first(conn, params)
        return None if row is None else dict(zip(self._for(conn, params).names, row, strict=True))

    def _for(self, conn: Connection, params: Params) -> _Ready:
        key = tuple(params)
        ready = self._ready.get(key)
        if ready is None:
            ready = self._ready[key] = _made_ready(self._clause, conn.dialect, key)
        return ready


class _Listed(TypeDecorator[Sequence[object]]):
    """A list that goes in as one JSON text."""

    impl = Unicode
    cache_ok = True

    def process_bind_param(self, value: Sequence[object] | None, dialect: Dialect) -> str:  # noqa: ARG002
        return dumps(value or ())


def one_of(column: Column[Any], name: str) -> ColumnElement[bool]:
    """Whether a column holds one of the values of the list `name`. The list is one parameter (`json_each`, SQLite's
    JSON functions), so that one statement serves lists of every length and is prepared once."""
    each = func.json_each(bindparam(name, type_=_Listed())).table_valued("value")
    return column.in_(select(each.c.value))


def among(column: Column[Any], words: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column holds one of these words, which are the statement's own."""
    return column.in_([literal(word) for word in words])


def driver(conn: Connection) -> sqlite3.Connection:
    """The driver's own connection beneath Core's."""
    raw: sqlite3.Connection = conn.connection.driver_connection  # type: ignore[assignment]  # the one driver there is
    return raw


def _made_ready(clause: ClauseElement, dialect: Dialect, names: Sequence[str]) -> _Ready:
    compiled = clause.compile(dialect=dialect, column_keys=list(names))
    if not isinstance(compiled, SQLCompiler) or compiled.positiontup is None:
        raise TypeError("a statement with numbered parameters is expected")
    if "POSTCOMPILE" in compiled.string:
        raise TypeError("a list goes in by one_of, the statement's own words by among: in_ is written out at each run")
    own = [name for name in compiled.positiontup if name not in names and not compiled.binds[name].required]
    constants = {name: compiled.params[name] for name in own}
    binds = tuple((name, _going_in(compiled.binds[name].type, dialect)) for name in compiled.positiontup)
    columns = list(compiled._result_columns)  # noqa: SLF001  # nowhere else are the types
    coming_out = [(at, _coming_out(column.type, dialect)) for at, column in enumerate(columns)]
    results = tuple((at, process) for at, process in coming_out if process is not None)
    return _Ready(compiled.string, binds, constants, tuple(column.keyname for column in columns), results)


def _going_in(of_type: TypeEngine[Any], dialect: Dialect) -> _Process | None:
    process: _Process | None = of_type.dialect_impl(dialect).bind_processor(dialect)
    return process


def _coming_out(of_type: TypeEngine[Any], dialect: Dialect) -> _Process | None:
    process: _Process | None = of_type.dialect_impl(dialect).result_processor(dialect, None)
    return process
