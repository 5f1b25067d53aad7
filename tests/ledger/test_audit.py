"""The chain tells every change to what is past, and lets details go without breaking."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import String, literal, select, type_coerce, update

from mailbot.ledger.ledger import Ledger
from mailbot.ledger.tables.journal import event_details, events
from tests.examples import examples
from tests.ledger.world import NOW, TERMS, KeyedHasher, case, deliver, finished, fresh, opened, send


def history(ledger: Ledger) -> int:
    """Some events; how many."""
    for n in (1, 2, 3):
        finished(ledger, case(f"2020-00000{n}", people=[n]), uid=n)
    deliver(ledger)
    while send(ledger):
        pass
    return ledger.audit.verify().events


def tamper(ledger: Ledger, *statements: str, number: int = 0) -> None:
    """Somebody with access to the file, who knows SQL and no key. `:n` stands for the number."""
    with ledger.db.engine.connect() as conn:
        driver = conn.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            assert driver.execute(statement, {"n": number}).rowcount > 0, statement
        driver.execute("PRAGMA foreign_keys = ON")


def test_an_untouched_chain_is_intact_also_after_a_restart(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    count = history(ledger)
    ledger.close()
    again = opened(tmp_path)
    report = again.audit.verify()
    assert (report.intact, report.events, report.purged) == (True, count, 0)
    assert count > 10
    again.close()


def test_an_empty_chain_is_intact(tmp_path: Path) -> None:
    ledger = opened(tmp_path, mode=None)
    assert ledger.audit.verify().intact
    ledger.close()


CHANGES = [
    "UPDATE events SET actor = 'somebody' WHERE id = 5",
    "UPDATE events SET kind = 'mail.done' WHERE id = 5",
    "UPDATE events SET at = '2020-01-01 00:00:00.000000' WHERE id = 5",
    "UPDATE events SET about = 'else' WHERE id = 5",
    "UPDATE events SET case_id = '2020-000009', mail_id = 9 WHERE id = 5",
    "UPDATE events SET digest = '0' WHERE id = 5",
    "UPDATE events SET hash = '0' WHERE id = 5",
    "UPDATE event_details SET detail = '{\"moves\":{}}' WHERE event_id = 5",
    "UPDATE event_details SET salt = 'x' WHERE event_id = 5",
    "DELETE FROM event_details WHERE event_id = 5",
    "DELETE FROM events WHERE id = 5",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_or_deleted_row_is_named(ledger: Ledger, change: str) -> None:
    history(ledger)
    tamper(ledger, change)
    report = ledger.audit.verify()
    assert (report.broken, bool(report.why)) == (5, True)


def test_an_inserted_row_is_named(ledger: Ledger) -> None:
    history(ledger)
    shift = ["UPDATE events SET id = id + 1000 WHERE id >= 5", "UPDATE events SET id = id - 999 WHERE id > 1000"]
    copy = (
        "INSERT INTO events SELECT 5, at, actor, kind, mail_id, case_id, about, digest, hash FROM events WHERE id = 4"
    )
    tamper(ledger, *shift, copy)
    assert ledger.audit.verify().broken == 5


SWAPS = [
    "UPDATE events SET id = -1 WHERE id = 5",
    "UPDATE events SET id = 5 WHERE id = 6",
    "UPDATE events SET id = 6 WHERE id = -1",
    "UPDATE event_details SET event_id = -1 WHERE event_id = 5",
    "UPDATE event_details SET event_id = 5 WHERE event_id = 6",
    "UPDATE event_details SET event_id = 6 WHERE event_id = -1",
]


def test_reordered_rows_are_named(ledger: Ledger) -> None:
    history(ledger)
    tamper(ledger, *SWAPS)
    assert ledger.audit.verify().broken == 5


CUT = ["DELETE FROM event_details WHERE event_id = :n", "DELETE FROM events WHERE id = :n"]


def test_a_cut_tail_is_told_by_the_head(ledger: Ledger) -> None:
    count = history(ledger)
    tamper(ledger, *CUT, number=count)
    report = ledger.audit.verify()
    assert (report.broken, report.events) == (count, count - 1)


def test_a_forged_or_missing_head_is_told(ledger: Ledger) -> None:
    count = history(ledger)
    forged = "UPDATE chain_heads SET last = :n - 1, hash = (SELECT hash FROM events WHERE id = :n - 1)"
    tamper(ledger, *CUT, forged, number=count)
    assert "sealed" in ledger.audit.verify().why
    tamper(ledger, "DELETE FROM chain_heads")
    assert "head" in ledger.audit.verify().why


def test_a_chain_that_was_rebuilt_without_the_key_is_told(tmp_path: Path) -> None:
    class OtherKey(KeyedHasher):
        def token(self, text: str) -> str:
            return super().token("other" + text)

    forger = opened(tmp_path, terms=replace(TERMS, hasher=OtherKey()))
    history(forger)
    forger.close()
    ledger = opened(tmp_path)
    assert ledger.audit.verify().why == "the head of the chain is not sealed with this site's key"
    ledger.close()


PARTS = [
    *((events, name) for name in ("digest", "hash", "actor", "kind")),
    *((event_details, name) for name in ("salt", "detail")),
]


@examples(15, unless=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_single_character_of_the_chain_can_change_unnoticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    ledger = fresh(tmp_path_factory.mktemp("chain"))
    finished(ledger, case())
    count = ledger.audit.verify().events
    number = data.draw(st.integers(1, count))
    table, name = data.draw(st.sampled_from(PARTS))
    key, column = next(iter(table.primary_key)), table.c[name]
    with ledger.db.engine.begin() as conn:
        old = str(conn.execute(select(type_coerce(column, String)).where(key == number)).scalar_one())
        place = data.draw(st.integers(0, len(old) - 1))
        changed = old[:place] + ("1" if old[place] == "0" else "0") + old[place + 1 :]
        conn.execute(update(table).where(key == number).values({name: type_coerce(literal(changed), String)}))
    report = ledger.audit.verify()
    ledger.close()
    assert report.broken == number


def test_purged_details_are_gone_and_the_chain_still_verifies(ledger: Ledger) -> None:
    count = history(ledger)
    gone = ledger.audit.purge(count - 2, "张工", "retention", NOW)
    assert gone == count - 2
    report = ledger.audit.verify()
    assert (report.intact, report.events, report.purged) == (True, count + 1, count - 2)
    line = ledger.queries.events_of(case_id="2020-000001")[0]
    assert (line.kind, line.detail) == ("case.decided", None)
    assert ledger.audit.purge(count - 2, "张工", "again", NOW) == 0
    assert ledger.audit.verify().intact


def test_only_what_stands_can_be_purged(ledger: Ledger) -> None:
    count = history(ledger)
    for wrong in (0, -1, count + 1):
        with pytest.raises(ValueError, match="the chain has events"):
            ledger.audit.purge(wrong, "张工", "retention", NOW)


def test_a_detail_that_vanishes_behind_the_purge_is_told(ledger: Ledger) -> None:
    history(ledger)
    ledger.audit.purge(4, "张工", "retention", NOW)
    tamper(ledger, "DELETE FROM event_details WHERE event_id = 6")
    report = ledger.audit.verify()
    assert report.broken == 6
    assert "nobody purged" in report.why


def test_the_chain_itself_holds_no_values_of_people(ledger: Ledger) -> None:
    history(ledger)
    with ledger.db.read() as conn:
        rows = conn.exec_driver_sql("SELECT * FROM events").all()
    told = " ".join(str(value) for row in rows for value in row)
    for word in ("hr@unit.example", "测试1", "50010119900101", "139000000"):
        assert word not in told
