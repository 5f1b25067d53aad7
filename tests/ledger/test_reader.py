"""A ledger that is only looked at: nothing can be written through it, and whoever works there is not disturbed."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from mailbot.domain.ports import PortError
from mailbot.ledger.db import open_engine
from mailbot.ledger.ledger import FILE, Ledger, read_ledger
from tests.ledger.world import NOW, TERMS, case, claimed, finished, fresh, result


@pytest.fixture
def site(tmp_path: Path) -> Ledger:
    """A ledger at work in `tmp_path`."""
    return fresh(tmp_path)


def test_it_sees_what_is_committed_and_what_is_committed_since(site: Ledger, tmp_path: Path) -> None:
    finished(site, case())
    reader = read_ledger(tmp_path, TERMS)
    assert [one.id for one in reader.queries.cases()] == ["2020-000001"]
    finished(site, case("2020-000002", people=[9]), uid=2)
    assert len(reader.queries.cases()) == 2
    reader.close()


def test_whatever_would_write_fails_and_nothing_is_written(site: Ledger, tmp_path: Path) -> None:
    mail = claimed(site)
    reader = read_ledger(tmp_path, TERMS)
    with pytest.raises(PortError):
        reader.cases.finish(mail, result(mail, case()))
    with pytest.raises(PortError):
        reader.steps.claim_mail(NOW)
    with pytest.raises(PortError):
        reader.by_hand.revealed("张工", "看", NOW, mail_id=mail.id)
    reader.close()
    assert site.queries.cases() == []
    site.cases.finish(mail, result(mail, case()))


def test_a_writer_is_not_kept_waiting_by_somebody_who_reads(site: Ledger, tmp_path: Path) -> None:
    reader = read_ledger(tmp_path, TERMS)
    with reader.db.read() as conn:
        conn.execute(text("SELECT count(*) FROM mails")).scalar()
        finished(site, case())
    reader.close()


def test_a_ledger_of_another_schema_is_refused(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / FILE)
    with engine.begin() as conn:
        conn.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        conn.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    engine.dispose()
    with pytest.raises(PortError, match="0001") as refused:
        read_ledger(tmp_path, TERMS)
    assert refused.value.retry is False


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(PortError):
        read_ledger(tmp_path, TERMS)
    assert not (tmp_path / FILE).exists()
