"""The database: one engine, one way to write and one way to read.

SQLite with a write-ahead log, every commit synced to disk, foreign keys on, and writers that take their turn at BEGIN
(up to 30 s) instead of failing half-way. A write is one transaction with its events; a read sees one state.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from mailbot.domain.ports import PortError
from mailbot.failpoints import failpoint
from mailbot.ledger.blobs import Blobs
from mailbot.ledger.chain import Event, append
from mailbot.ledger.codec import dumps
from mailbot.ledger.statement import driver
from mailbot.ledger.terms import Terms

BUSY_SECONDS = 30
_TURN_SECONDS = 0.05
READS = "mailbot_reads"
"""The execution option of a connection that only reads and therefore needs no writer's lock."""
# Keys are hashes, so a roster touches pages all over the indexes. They stay in memory, and the log is written back to
# the file in larger strides (64 MB), where a page that was written often counts once. Every commit is still synced.
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",
    "PRAGMA wal_autocheckpoint = 16384",
)
AUTO = "auto"
"""The actor of what the machine did."""


def open_engine(path: Path) -> Engine:
    """An engine on a SQLite file, created 0600 where it does not stand yet."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS}, json_serializer=dumps, pool_size=8
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def open_reader(path: Path) -> Engine:
    """An engine on a SQLite file that stands, which can write nothing: the file is opened for reading, beside whoever
    writes it."""
    address = f"sqlite:///{path.resolve().as_uri()}?mode=ro&uri=true"
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS}, json_serializer=dumps)
    event.listen(engine, "connect", _on_connect_reader)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect_reader(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    for pragma in (_PRAGMAS[0], "PRAGMA query_only = ON"):
        connection.execute(pragma).close()


def _on_connect(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    """Python's own transaction handling is switched off: it begins late, and not at all before DDL."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        _patiently(connection, pragma)


def _patiently(connection: sqlite3.Connection, pragma: str) -> None:
    """Run a pragma, waiting its turn: where two bring a new file to its write-ahead log at once, SQLite refuses one of
    them without asking the busy time-out."""
    for left in range(round(BUSY_SECONDS / _TURN_SECONDS), -1, -1):
        try:
            connection.execute(pragma).close()
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY or not left:
                raise
            time.sleep(_TURN_SECONDS)
        else:
            return


def _on_begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN" if conn.get_execution_options().get(READS) else "BEGIN IMMEDIATE")


@contextmanager
def port_errors() -> Iterator[None]:
    """A fault of the database as the port's error: a full disk or a long lock may pass, a damaged file does not.
    A broken constraint or statement is a fault of ours and stays what it is."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as fault:
        raise PortError(f"the ledger cannot be used now: {_said(fault)}", retry=True) from fault
    except (DatabaseError, sqlite3.DatabaseError) as fault:
        if type(fault) not in (DatabaseError, sqlite3.DatabaseError):
            raise
        raise PortError(f"the ledger is damaged: {_said(fault)}", retry=False) from fault


def _said(fault: BaseException) -> BaseException:
    """The driver's own word, without Core's statement and values around it."""
    return getattr(fault, "orig", None) or fault


@dataclass(slots=True)
class Unit:
    """One write transaction: its connection, and the events that are appended to the chain before it commits."""

    conn: Connection
    terms: Terms
    events: list[Event] = field(default_factory=list)

    def note(
        self,
        kind: str,
        at: datetime,
        /,
        *,
        actor: str = AUTO,
        mail_id: int | None = None,
        case_id: str | None = None,
        about: str | None = None,
        **detail: object,
    ) -> None:
        """Record that something happened. `about` and `actor` stay for ever, `detail` can be purged."""
        self.events.append(Event(at, actor, kind, mail_id, case_id, about, detail))


@dataclass(frozen=True, slots=True)
class Database:
    """The engine, the blobs and the site's terms: what every part of the ledger shares."""

    engine: Engine
    blobs: Blobs
    terms: Terms

    @contextmanager
    def write(self, name: str) -> Iterator[Unit]:
        """One transaction, committed with its events when the block ends and undone when it raises."""
        with port_errors(), self.engine.connect() as conn:
            with conn.begin():
                unit = Unit(conn, self.terms)
                yield unit
                append(conn, unit.events, self.terms.hasher)
                failpoint(f"ledger.{name}.before_commit")
            failpoint(f"ledger.{name}.after_commit")

    @contextmanager
    def note(self, name: str) -> Iterator[Unit]:
        """As `write`, without waiting for the disk: what is committed outlives this process, and may not outlive the
        machine. For what `boot.py` makes good; the next write syncs it along. Appends no event."""
        with port_errors(), self.engine.connect() as conn:
            driver(conn).execute("PRAGMA synchronous = NORMAL").close()
            try:
                with conn.begin():
                    yield Unit(conn, self.terms)
                    failpoint(f"ledger.{name}.before_commit")
            finally:
                driver(conn).execute("PRAGMA synchronous = FULL").close()
            failpoint(f"ledger.{name}.after_commit")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that reads one state and writes nothing."""
        with port_errors(), self.engine.connect() as conn, conn.execution_options(**{READS: True}).begin():
            yield conn
