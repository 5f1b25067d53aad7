"""The adapters' own file: whole transactions, owner only, readable faults."""

import stat
import threading
from pathlib import Path

import pytest

from mailbot.domain.ports import PortError
from mailbot.platform.store import Store

SCHEMA = "CREATE TABLE IF NOT EXISTS things (name TEXT PRIMARY KEY) STRICT;"


def count(store: Store) -> int:
    with store.transaction() as db:
        return int(db.execute("SELECT count(*) FROM things").fetchone()[0])


def test_what_was_committed_is_there_after_opening_again(tmp_path: Path) -> None:
    first = Store(tmp_path / "a" / "s.sqlite", SCHEMA)
    with first.transaction() as db:
        db.execute("INSERT INTO things VALUES ('x')")
    first.close()
    assert count(Store(tmp_path / "a" / "s.sqlite", SCHEMA)) == 1


def test_a_broken_transaction_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite", SCHEMA)

    def break_off() -> None:
        with store.transaction() as db:
            db.execute("INSERT INTO things VALUES ('x')")
            raise KeyError("broken")

    with pytest.raises(KeyError):
        break_off()
    assert count(store) == 0


def test_a_fault_of_the_database_is_a_fault_of_the_port(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite", SCHEMA)
    with pytest.raises(PortError) as fault, store.transaction() as db:
        db.execute("INSERT INTO things VALUES ('x'), ('x')")
    assert fault.value.retry is False
    assert count(store) == 0


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.sqlite").write_bytes(b"not a database, and longer than a header" * 9)
    with pytest.raises(PortError, match=r"s\.sqlite") as fault:
        Store(tmp_path / "s.sqlite", SCHEMA)
    assert fault.value.retry is False


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite", SCHEMA)
    with store.transaction() as db:
        db.execute("INSERT INTO things VALUES ('x')")
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name


def test_every_commit_is_synced(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite", SCHEMA).transaction() as db:
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_threads_take_turns(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite", SCHEMA)

    def write(number: int) -> None:
        for step in range(10):
            with store.transaction() as db:
                db.execute("INSERT INTO things VALUES (?)", (f"{number}-{step}",))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(store) == 40
