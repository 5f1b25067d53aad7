"""One small SQLite file per adapter: opened crash-safe, written in single transactions, closed to other users."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailbot.domain.ports import PortError

_BUSY_SECONDS = 10.0


class Store:
    """A connection that any thread may use, one at a time. WAL and synchronous=FULL: what a transaction returned from
    is on the disk. The file is readable by its owner alone, for it holds whole ID numbers."""

    def __init__(self, path: Path, schema: str) -> None:
        """Open or create the file. Raises `PortError` where it cannot be had."""
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self._db.execute(f"PRAGMA {pragma}")
            self._db.executescript(schema)
        except (sqlite3.Error, OSError) as fault:
            raise PortError(f"{path.name} cannot be opened: {fault}", retry=_may_pass(fault)) from fault

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One BEGIN IMMEDIATE transaction: all of it or nothing. Raises `PortError` for a fault of the database."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield self._db
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.Error as fault:
                raise PortError(f"the platform's own file: {fault}", retry=_may_pass(fault)) from fault

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        with self._lock:
            self._db.close()


def _may_pass(fault: BaseException) -> bool:
    """A locked file or a full disk may pass; a file that is no database, or a broken rule of the schema, does not."""
    return isinstance(fault, (sqlite3.OperationalError, OSError))
