"""Brings a ledger to the schema of this program at start: all outstanding migrations in one transaction, or none."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, inspect, text

from mailbot.domain.ports import PortError
from mailbot.failpoints import failpoint

_FOLDER = Path(__file__).resolve().parent / "migrations"


def config(conn: Connection | None = None) -> Config:
    """Alembic's configuration, without a file: the scripts travel inside the package."""
    made = Config()
    made.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    made.attributes["connection"] = conn
    return made


def head() -> str:
    """The revision that this program writes."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


def revision(conn: Connection) -> str | None:
    """The revision that the database stands at; `None` for an empty one."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found = conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def migrate(engine: Engine) -> None:
    """Bring the schema to `head`. A process that is killed on the way leaves the old schema whole; a second process
    waits for the first. Raises `PortError` (no retry) for a ledger that a newer program wrote."""
    with engine.connect() as conn:
        # A table that is rebuilt is dropped for a moment: its rows must not cascade. Only outside a transaction.
        _pragma(conn, "PRAGMA foreign_keys = OFF")
        try:
            with conn.begin():
                if revision(conn) != head():
                    failpoint("ledger.migrate.begun")
                    _upgrade(conn)
                    failpoint("ledger.migrate.before_commit")
        finally:
            _pragma(conn, "PRAGMA foreign_keys = ON")
    failpoint("ledger.migrate.after_commit")


def _upgrade(conn: Connection) -> None:
    try:
        command.upgrade(config(conn), "head")
    except CommandError as fault:
        raise PortError(f"the ledger was written by a newer mailbot: {fault}", retry=False) from fault


def _pragma(conn: Connection, statement: str) -> None:
    if conn.dialect.name == "sqlite":
        driver = conn.connection.driver_connection
        if driver is not None:
            driver.execute(statement).close()
