"""Migrations: they end where the table classes stand, all or nothing, once, and never backwards."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from mailbot.domain.ports import PortError
from mailbot.ledger.db import open_engine
from mailbot.ledger.migrate import head, migrate, revision
from mailbot.ledger.tables import alarm, case, filing, journal, mail, orders, outbox, proof, reach, scan, sent, stops
from mailbot.ledger.tables.base import Base

SUBJECTS = (mail, case, outbox, journal, orders, sent, alarm, reach, stops, filing, proof, scan)
ROOT = Path(__file__).resolve().parents[2]


def _schema(engine: Engine) -> set[str]:
    """Every line of the schema; the order of columns and constraints in a table means nothing (SQLite writes a column
    that came later on the line of the one before)."""
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name != 'alembic_version'"
    with engine.connect() as conn:
        rows = conn.execute(text(query)).all()
    lines = (
        (name, line) for name, sql in rows for line in re.sub(r", (?=[a-z_]+ [A-Z])", ",\n", str(sql)).splitlines()
    )
    return {f"{name}: {line.strip().rstrip(',')}" for name, line in lines}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_engine(tmp_path / "ledger.sqlite3")


def test_the_migrated_schema_is_the_one_of_the_table_classes(engine: Engine, tmp_path: Path) -> None:
    migrate(engine)
    straight = open_engine(tmp_path / "straight.sqlite3")
    Base.metadata.create_all(straight)
    assert _schema(engine) == _schema(straight)
    straight.dispose()


def test_alembic_finds_no_difference_either(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_second_run_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    before = _schema(engine)
    migrate(engine)
    assert _schema(engine) == before
    with engine.connect() as conn:
        assert revision(conn) == head()


def test_foreign_keys_are_enforced_again_after_a_migration(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as conn:
        assert conn.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_every_table_runs_on_postgresql_too() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its constructor untyped
    for table in Base.metadata.sorted_tables:
        ddl = str(CreateTable(table).compile(dialect=dialect))
        assert "DATETIME" not in ddl
        assert all(str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)


def test_every_constraint_has_a_name_that_a_migration_can_use() -> None:
    for table in Base.metadata.sorted_tables:
        for constraint in table.constraints:
            assert constraint.name, (table.name, constraint)


def test_no_time_column_overrides_the_type_that_keeps_zones() -> None:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            assert not re.fullmatch(r"(DateTime|TIMESTAMP).*", repr(column.type)), (table.name, column.name)


def test_a_ledger_of_a_newer_program_is_refused_and_left_alone(engine: Engine) -> None:
    migrate(engine)
    with engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(PortError, match="newer") as caught:
        migrate(engine)
    assert caught.value.retry is False
    with engine.connect() as conn:
        assert revision(conn) == "9999"


def test_two_starters_at_once_both_find_a_whole_schema(tmp_path: Path) -> None:
    engines = [open_engine(tmp_path / "ledger.sqlite3") for _ in range(2)]
    faults: list[BaseException] = []

    def start(engine: Engine) -> None:
        try:
            migrate(engine)
        except BaseException as fault:  # noqa: BLE001 - handed to the test's own thread
            faults.append(fault)

    threads = [threading.Thread(target=start, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(_schema(engines[0])) > 100


@pytest.mark.parametrize("turn", range(8))
def test_two_who_open_a_new_file_at_once_both_get_its_log(tmp_path: Path, turn: int) -> None:
    gate = threading.Barrier(4)
    found: list[object] = []

    def open_it() -> None:
        engine = open_engine(tmp_path / f"{turn}.sqlite3")
        gate.wait()
        try:
            with engine.connect() as conn:
                found.append(conn.exec_driver_sql("PRAGMA journal_mode").scalar_one())
        except BaseException as fault:  # noqa: BLE001 - handed to the test's own thread
            found.append(fault)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["wal"] * 4


START = """
import sys
from pathlib import Path
from mailbot.ledger.db import open_engine
from mailbot.ledger.migrate import migrate
migrate(open_engine(Path(sys.argv[1])))
"""


@pytest.mark.parametrize(
    ("place", "stands"),
    [
        ("ledger.migrate.begun", False),
        ("ledger.migrate.half", False),
        ("ledger.migrate.before_commit", False),
        ("ledger.migrate.after_commit", True),
    ],
)
def test_a_migration_that_is_killed_leaves_the_old_schema_or_the_new(tmp_path: Path, place: str, stands: bool) -> None:
    path = tmp_path / "ledger.sqlite3"
    env = {**os.environ, "MAILBOT_FAILPOINTS": f"log={tmp_path / 'log'};die={place}#1"}
    died = subprocess.run([sys.executable, "-c", START, str(path)], env=env, cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    engine = open_engine(path)
    with engine.connect() as conn:
        assert revision(conn) == (head() if stands else None)
    migrate(engine)
    with engine.connect() as conn:
        assert revision(conn) == head()
        assert conn.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    engine.dispose()
