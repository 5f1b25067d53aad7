"""Statements made ready once give what Core itself gives: values in, values out, constants, lists, faults."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, Connection, Integer, MetaData, String, Table, bindparam, delete, insert, select
from sqlalchemy import update as change
from sqlmodel.sql.sqltypes import UTCDateTime

from mailbot.domain.ports import PortError
from mailbot.ledger.db import open_engine, port_errors
from mailbot.ledger.statement import Statement, among, one_of

ROWS = Table(
    "rows",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("key", String, unique=True, nullable=False),
    Column("at", UTCDateTime()),
    Column("data", JSON(none_as_null=True)),
    Column("state", String),
)
AT = datetime(2020, 7, 15, 9, 0, tzinfo=timezone(timedelta(hours=8)))
ADD = Statement(insert(ROWS))
ALL = Statement(select(ROWS).order_by(ROWS.c.id))


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[Connection]:
    engine = open_engine(tmp_path / "rows.sqlite3")
    ROWS.metadata.create_all(engine)
    with engine.connect() as connection, connection.begin():
        yield connection
    engine.dispose()


def row(key: str, **values: object) -> dict[str, object]:
    return {"key": key, "at": AT, "data": {"名": [1, None]}, "state": "new", **values}


def test_values_go_in_and_come_out_as_core_has_them(conn: Connection) -> None:
    ADD.run(conn, row("甲"))
    ADD.run(conn, row("乙", at=None, data=None))
    by_core = [dict(found) for found in conn.execute(select(ROWS).order_by(ROWS.c.id)).mappings()]
    assert ALL.maps(conn) == by_core
    assert by_core[0]["at"] == AT.astimezone(UTC)
    assert by_core[0]["data"] == {"名": [1, None]}
    assert (by_core[1]["at"], by_core[1]["data"]) == (None, None)


def test_what_core_writes_is_read_the_same(conn: Connection) -> None:
    conn.execute(insert(ROWS), row("甲"))
    assert ALL.maps(conn) == [dict(found) for found in conn.execute(select(ROWS)).mappings()]


def test_a_naive_time_is_refused_here_too(conn: Connection) -> None:
    with pytest.raises(ValueError, match="timezone"):
        ADD.run(conn, row("甲", at=datetime(2020, 7, 15)))  # noqa: DTZ001  # the fault itself


def test_many_rows_and_none(conn: Connection) -> None:
    ADD.run_all(conn, [])
    ADD.run_all(conn, [row(str(number)) for number in range(50)])
    assert len(ALL.rows(conn)) == 50


def test_the_number_of_a_new_row(conn: Connection) -> None:
    assert [ADD.add(conn, row(key)) for key in "abc"] == [1, 2, 3]


def test_rows_changed_are_counted_and_columns_come_from_the_parameters(conn: Connection) -> None:
    ADD.run_all(conn, [row("a"), row("b")])
    one = Statement(change(ROWS).where(ROWS.c.key == bindparam("b_key"), ROWS.c.state == "new"))
    assert one.run(conn, {"b_key": "a", "state": "old"}) == 1
    assert one.run(conn, {"b_key": "a", "state": "older"}) == 0
    assert one.run(conn, {"b_key": "b", "data": [1]}) == 1
    assert [(found["state"], found["data"]) for found in ALL.maps(conn)] == [("old", {"名": [1, None]}), ("new", [1])]


def test_first_scalar_and_map_of_nothing(conn: Connection) -> None:
    this = Statement(select(ROWS.c.id, ROWS.c.key).where(ROWS.c.key == bindparam("key")))
    assert (this.first(conn, {"key": "x"}), this.scalar(conn, {"key": "x"}), this.map(conn, {"key": "x"})) == (
        None,
        None,
        None,
    )
    ADD.run(conn, row("x"))
    assert this.first(conn, {"key": "x"}) == (1, "x")
    assert this.scalar(conn, {"key": "x"}) == 1
    assert this.map(conn, {"key": "x"}) == {"id": 1, "key": "x"}
    assert this.scalars(conn, {"key": "x"}) == [1]


def test_a_missing_parameter_is_a_fault_and_not_null(conn: Connection) -> None:
    this = Statement(select(ROWS.c.id).where(ROWS.c.key == bindparam("key"), ROWS.c.state == bindparam("state")))
    with pytest.raises(KeyError):
        this.rows(conn, {"key": "x"})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    keys=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), unique=True, max_size=8),
    asked=st.lists(st.text(max_size=3), max_size=40),
)
def test_a_list_finds_what_core_finds(conn: Connection, keys: list[str], asked: list[str]) -> None:
    conn.execute(delete(ROWS))
    ADD.run_all(conn, [row(key) for key in keys])
    listed = Statement(select(ROWS.c.key).where(one_of(ROWS.c.key, "keys")))
    wanted = [*asked, *keys[:2]]
    assert sorted(listed.scalars(conn, {"keys": wanted})) == sorted(set(keys) & set(wanted))


def test_a_list_of_numbers_and_an_empty_one(conn: Connection) -> None:
    ADD.run_all(conn, [row(key) for key in "abc"])
    listed = Statement(select(ROWS.c.key).where(one_of(ROWS.c.id, "ids")).order_by(ROWS.c.id))
    assert listed.scalars(conn, {"ids": [3, 1, 9]}) == ["a", "c"]
    assert listed.scalars(conn, {"ids": ()}) == []


def test_a_list_of_any_length_is_one_statement(conn: Connection) -> None:
    ADD.run_all(conn, [row(str(number)) for number in range(3)])
    listed = Statement(select(ROWS.c.key).where(one_of(ROWS.c.key, "keys")))
    assert len(listed.scalars(conn, {"keys": [str(number) for number in range(100_000)]})) == 3


def test_words_of_the_statement_itself(conn: Connection) -> None:
    ADD.run_all(conn, [row("a", state="x"), row("b", state="y"), row("c", state="z")])
    some = Statement(select(ROWS.c.key).where(among(ROWS.c.state, ("x", "z"))).order_by(ROWS.c.key))
    assert some.scalars(conn) == ["a", "c"]


def test_a_broken_rule_of_the_schema_is_our_fault_and_a_locked_file_may_pass(conn: Connection) -> None:
    ADD.run(conn, row("a"))
    with pytest.raises(sqlite3.IntegrityError), port_errors():
        ADD.run(conn, row("a"))
    with pytest.raises(PortError, match="locked") as locked, port_errors():
        raise sqlite3.OperationalError("database is locked")
    assert locked.value.retry
    with pytest.raises(PortError, match="malformed") as broken, port_errors():
        raise sqlite3.DatabaseError("database disk image is malformed")
    assert not broken.value.retry


def test_a_list_that_core_would_write_out_at_each_run_is_refused(conn: Connection) -> None:
    with pytest.raises(TypeError, match="one_of"):
        Statement(select(ROWS).where(ROWS.c.state.in_(("x", "y")))).rows(conn)
