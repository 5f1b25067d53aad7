"""The measurements run, small, and measure what they say; how long anything takes is `make bench`'s to tell."""

import io
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from mailbot.domain.identity import inspect
from mailbot.domain.phone import inspect as inspect_phone
from tools.bench import __main__ as bench
from tools.bench import backlog, bare, hard, post, roster
from tools.bench.figure import Figure, table
from tools.bench.fill import fill
from tools.bench.mails import START, mails, person
from tools.bench.usage import memory, seconds, tree

TODAY = START.date()


def test_people_are_distinct_and_well_formed() -> None:
    people = [person(number) for number in range(0, 60_000, 7)]
    assert len({identity for _, identity, _ in people}) == len({phone for _, _, phone in people}) == len(people)
    assert all(inspect(identity, TODAY) is None and inspect_phone(phone) is None for _, identity, phone in people)


def test_mails_differ_and_hold_their_rows() -> None:
    made = list(mails(3, 4))
    assert len({raw for raw, _ in made}) == 3
    bare.parse(raw for raw, _ in made)
    bare.read(book for _, book in made)


@pytest.mark.timeout(180)  # two processes of its own load the whole product: on a busy machine a minute is not enough
def test_post_counts_product_and_parts() -> None:
    [figure] = post.measure(2, bench.limits())
    assert figure.product > 0
    assert figure.base > 0
    assert all(part in figure.note for part in ("fetch", "parse", "fork", "read", "keep", "commits", "send"))


def test_roster_reads_judges_writes_and_weighs() -> None:
    decided, written, peak, rule = roster.measure(300)
    assert 0 < decided.product < written.product
    assert peak.product > 10
    assert rule.product > 0


def test_backlog_drains_behind_many_cases_and_behind_none() -> None:
    [figure] = backlog.measure(3, 20)
    assert figure.product > 0
    assert figure.base > 0


def test_a_full_ledger_has_real_rows_under_keys_of_their_own(tmp_path: Path) -> None:
    backlog.full(tmp_path / "site", 7)
    db = sqlite3.connect(tmp_path / "site" / "storage" / "ledger.sqlite3")
    try:
        counts = {
            name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - names of this test
            for name in ("mails", "cases", "items", "claims", "effects", "effect_items", "letters")
        }
        rows = backlog.TEMPLATE_ROWS
        assert counts == {
            "mails": 7,
            "cases": 7,
            "items": 7 * rows,
            "claims": 14 * rows,
            "effects": 7 * rows,
            "effect_items": 7 * rows,
            "letters": 7,
        }
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        db.close()


def test_only_one_case_is_multiplied(tmp_path: Path) -> None:
    backlog.full(tmp_path / "site", 2)
    with pytest.raises(ValueError, match="too many values"):
        fill(tmp_path / "site" / "storage" / "ledger.sqlite3", 3)


def test_the_bare_ledger_gets_every_row(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    with sqlite3.connect(source) as db:
        db.execute("CREATE TABLE t (a INTEGER)")
        db.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(10)])
    db.close()
    bare.write(source, target, 3)
    db = sqlite3.connect(target)
    assert sorted(db.execute("SELECT a FROM t")) == [(n,) for n in range(10)]
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()


def test_usage_sees_children_and_memory() -> None:
    assert seconds(lambda: sum(range(2_000_000))) > 0
    assert memory(tree(1)[0]) >= 0


def test_the_table_tells_verdicts_and_notes() -> None:
    kept, broken, told = (Figure("a", 1, "b", 2, 0.5), Figure("c", 3, "b", 2, 1.0, "why"), Figure("d", 1, "b", 1, None))
    lines = table([kept, broken, told]).splitlines()
    assert lines[1].endswith("0.50   0.50   kept")
    assert lines[2].endswith("NOT KEPT")
    assert lines[3] == "    why"
    assert lines[4].split() == ["d", "1.00", "1.00", "b", "1.00"]


def test_the_program_prints_the_table_and_judges(capsys: pytest.CaptureFixture[str]) -> None:
    code = bench.main(["--mails", "2", "--cases", "3", "backlog"])
    out = capsys.readouterr().out
    assert code == (1 if "NOT KEPT" in out else 0)
    assert "2 mails behind 3 cases" in out


def test_openpyxl_reads_what_is_measured() -> None:
    [(_, book)] = mails(1, 4)
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    assert sheet.max_row == 9


def test_parse_reads_every_fixture_mail_both_ways() -> None:
    [figure] = hard.measure(bench.limits().mail, 1)
    assert len(hard.mails()) > 350
    assert 0 < figure.base < 50
    assert figure.ratio < 3, "the promise is 1.5; a busy machine blurs one round"
