"""What was read from pictures: kept by bytes and reader, replaced, forgotten, and never taken in another shape."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from mailbot.domain.scan import Reading, Scan, SeenField, SeenGroup, SeenLine
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.scans import Scans
from mailbot.ledger.tables.scan import scans

NOW = datetime(2020, 10, 12, 9, 0, tzinfo=UTC)
FIELD = SeenField(
    name="amount",
    value="33.00",
    box=(1.0, 2.0, 3.0, 4.0),
    readings=(Reading(engine="a", text="33.00", confidence=0.5),),
)
READ = Scan(
    number=1,
    sha256="aa",
    engine="one 1",
    kind="order",
    lines=(SeenLine(text="支付金额 33.00", box=(0.0, 0.0, 9.0, 9.0), confidence=0.9),),
    groups=(SeenGroup(about="order", number=1, fields=(FIELD,)),),
)


@pytest.fixture
def store(ledger: Ledger) -> Scans:
    return ledger.scans


def test_a_reading_comes_back_whole(store: Scans) -> None:
    store.keep(READ, 0, NOW)
    assert store.known(["aa", "bb"], "one 1")["aa"].scan == READ
    assert set(store.known(["aa", "bb"], "one 1")) == {"aa"}


def test_the_reading_of_another_reader_is_not_used(store: Scans) -> None:
    store.keep(READ, 0, NOW)
    assert store.known(["aa"], "two 1") == {}


def test_a_reading_takes_the_place_of_the_one_before(store: Scans) -> None:
    store.keep(READ.model_copy(update={"fault": "stopped", "lines": ()}), 1, NOW)
    store.keep(READ, 1, NOW + timedelta(hours=1))
    assert store.known(["aa"], "one 1")["aa"].scan == READ
    assert store.known(["aa"], "one 1")["aa"].tries == 1


def test_whoever_read_last_is_asked_where_the_reader_does_not_matter(store: Scans) -> None:
    newer = READ.model_copy(update={"engine": "two 1", "kind": "other"})
    store.keep(newer, 0, NOW + timedelta(days=1))
    store.keep(READ, 0, NOW)
    assert store.known(["aa"], None)["aa"].scan == newer


def test_more_pictures_than_one_statement_takes(store: Scans) -> None:
    names = [f"{number:04}" for number in range(1100)]
    for name in (names[0], names[600], names[-1]):
        store.keep(READ.model_copy(update={"sha256": name}), 0, NOW)
    assert sorted(store.known(names, "one 1")) == [names[0], names[600], names[-1]]


def test_what_is_forgotten_is_gone_from_the_table(store: Scans) -> None:
    store.keep(READ, 0, NOW)
    store.keep(READ.model_copy(update={"engine": "two 1"}), 0, NOW)
    assert store.forget(["aa"]) == 2
    assert store.known(["aa"], None) == {}


def test_old_readings_go_and_newer_ones_stay(store: Scans) -> None:
    store.keep(READ, 0, NOW)
    store.keep(READ.model_copy(update={"sha256": "bb"}), 0, NOW + timedelta(days=400))
    assert store.forget_before(NOW + timedelta(days=1)) == 1
    assert set(store.known(["aa", "bb"], None)) == {"bb"}


@pytest.mark.parametrize("text", ["", "{}", '{"number":1,"sha256":"aa","unheard":2}', "[1]"])
def test_a_reading_in_another_shape_is_as_if_it_were_not_there(store: Scans, text: str) -> None:
    store.keep(READ, 0, NOW)
    with store.db.write("test") as unit:
        unit.conn.execute(update(scans).values(scan=text))
    assert store.known(["aa"], "one 1") == {}


def test_no_event_tells_of_a_reading(ledger: Ledger) -> None:
    """It must be possible to delete it whole: the chain of events keeps a digest for ever."""
    with ledger.db.read() as conn:
        before = conn.exec_driver_sql("SELECT count(*) FROM events").scalar()
    ledger.scans.keep(READ, 0, NOW)
    ledger.scans.forget(["aa"])
    with ledger.db.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM events").scalar() == before
