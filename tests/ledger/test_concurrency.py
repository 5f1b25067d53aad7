"""Several threads and several processes on one ledger: everything is claimed once, nothing is lost, nobody is refused."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mailbot.domain.effects import EffectState
from mailbot.domain.mail import MailState
from mailbot.domain.outcome import ClaimTaken
from mailbot.domain.ports import EffectEnd, PortError
from mailbot.ledger.ledger import Ledger
from tests.ledger.world import NOW, S, case, claimed, deliver, finished, new_mail, opened, result, send

ROOT = Path(__file__).resolve().parents[2]


def together(*works: Callable[[], object]) -> list[object]:
    """Run at the same time; the results, in order. A fault of any is raised here."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(run, work) for work in works]]


def test_threads_share_the_mails_without_one_taken_twice(ledger: Ledger) -> None:
    ledger.mails.store([new_mail(uid) for uid in range(1, 41)], None)

    def work() -> list[int]:
        taken = []
        while (mail := ledger.steps.claim_mail(NOW)) is not None:
            taken.append(mail.id)
            ledger.cases.finish(mail, result(mail, case(f"2020-{mail.id:06d}", people=[mail.id])))
        return taken

    shares = together(work, work, work)
    everything = [number for share in shares if isinstance(share, list) for number in share]
    assert sorted(everything) == list(range(1, 41))
    assert [line.state for line in ledger.queries.mails()] == [MailState.DONE] * 40
    assert ledger.audit.verify().intact


def test_threads_share_effects_and_letters_without_one_done_twice(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED] * 60))

    def effects() -> list[str]:
        keys: list[str] = []
        while jobs := ledger.steps.claim_effects(7, NOW):
            keys += [job.key for job in jobs]
            ledger.steps.conclude([EffectEnd(job.key, EffectState.DONE) for job in jobs], NOW)
        return keys

    shares = together(effects, effects, effects)
    keys = [key for share in shares if isinstance(share, list) for key in share]
    assert len(keys) == len(set(keys)) == 60
    assert ledger.cases.load_case("2020-000001").state is S.FULFILLED
    job = ledger.steps.due_letter(NOW)
    assert job is not None
    assert send(ledger) == job.key
    assert send(ledger) is None


def test_of_two_mails_that_claim_the_same_person_one_is_turned_back(ledger: Ledger) -> None:
    first, second = claimed(ledger, 1), claimed(ledger, 2)
    refused: list[int] = []

    def finish(mail_number: int) -> None:
        mail = (first, second)[mail_number]
        try:
            ledger.cases.finish(mail, result(mail, case(f"2020-00000{mail.id}", people=[1])))
        except ClaimTaken:
            refused.append(mail.id)

    together(lambda: finish(0), lambda: finish(1))
    assert len(refused) == 1
    assert len(ledger.queries.cases()) == 1
    assert ledger.queries.mail(refused[0]).state is MailState.WORKING


def test_readers_are_not_held_up_by_a_writer_and_see_whole_commits(ledger: Ledger) -> None:
    finished(ledger, case(states=[S.APPROVED] * 3))
    with ledger.db.write("long") as unit:
        unit.conn.exec_driver_sql("UPDATE items SET state = 'held'")
        inside = ledger.queries.cases()
    assert inside[0].items == {"approved": 3}
    assert ledger.queries.cases()[0].items == {"held": 3}


def test_intake_and_engine_work_side_by_side(ledger: Ledger) -> None:
    done = threading.Event()

    def intake() -> None:
        for uid in range(1, 26):
            ledger.mails.store([new_mail(uid)], None)
        done.set()

    def engine() -> int:
        count = 0
        while not (done.is_set() and ledger.queries.counts().mails.get("stored", 0) == 0):
            mail = ledger.steps.claim_mail(NOW)
            if mail is not None:
                count += 1
                ledger.cases.finish(mail, result(mail, case(f"2020-{mail.id:06d}", people=[mail.id])))
            deliver(ledger)
        return count

    assert together(intake, engine) == [None, 25]
    assert ledger.audit.verify().intact


CLAIMER = """
import json, sys
from pathlib import Path
from tests.ledger.world import NOW, case, opened, result
ledger = opened(Path(sys.argv[1]))
taken = []
while (mail := ledger.steps.claim_mail(NOW)) is not None:
    ledger.cases.finish(mail, result(mail, case(f"2020-{mail.id:06d}", people=[mail.id])))
    taken.append(mail.id)
print(json.dumps(taken))
"""


def test_two_processes_share_the_mails(ledger: Ledger, tmp_path: Path) -> None:
    ledger.mails.store([new_mail(uid) for uid in range(1, 31)], None)
    command = [sys.executable, "-c", CLAIMER, str(tmp_path)]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    shares = [json.loads(process.communicate()[0]) for process in running]
    assert sorted(shares[0] + shares[1]) == list(range(1, 31))
    report = ledger.audit.verify()
    assert report.intact, report


def test_a_full_disk_is_told_as_a_fault_that_may_pass(ledger: Ledger) -> None:
    with ledger.db.engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA max_page_count = 1")
        conn.commit()
    ledger.db.engine.dispose()

    def fill() -> None:
        with ledger.db.write("test") as unit:
            unit.conn.exec_driver_sql("PRAGMA max_page_count = 1")
            for number in range(10_000):
                unit.note("x", NOW, text="y" * 100, number=number)

    with pytest.raises(PortError) as caught:
        fill()
    assert caught.value.retry is True
    assert ledger.audit.verify().intact


def test_a_file_that_is_no_database_is_told_for_good(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"this is no database at all, sorry" * 100)
    with pytest.raises(PortError) as caught:
        opened(tmp_path)
    assert caught.value.retry is False


@pytest.mark.parametrize("name", ["ledger.sqlite3", "ledger.sqlite3-wal"])
def test_the_files_of_the_database_are_private(ledger: Ledger, tmp_path: Path, name: str) -> None:
    finished(ledger, case())
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_every_commit_is_synced_and_every_connection_enforces_keys(ledger: Ledger) -> None:
    for _ in range(3):
        with ledger.db.read() as conn:
            said = {
                name: conn.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
        assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
