"""The processes that read pictures: long-lived, replaced, limited, and what a hostile picture does to them and to
nobody else."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.domain.limits import Limits
from mailbot.domain.ports import PortError
from mailbot.domain.scan import Scan
from mailbot.sandbox.readers import Readers, Stopped

TARGET = "tests.sandbox.seeing:read"


def narrowed(limits: Limits, **bounds: int) -> Limits:
    usual = {"workers": 1, "page_seconds": 2, "memory_bytes": 1_000_000_000, "result_bytes": 10_000}
    return limits.model_copy(update={"ocr": limits.ocr.model_copy(update={**usual, **bounds})})


@pytest.fixture(scope="module")
def readers(limits: Limits) -> Iterator[Readers]:
    found = Readers(narrowed(limits), TARGET, "tests.sandbox.seeing:warm_up")
    yield found
    found.close()


def said(readers: Readers, picture: str) -> str:
    return Scan.model_validate_json(readers.read(picture.encode())).lines[0].text


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_nothing_runs_before_the_first_picture(limits: Limits) -> None:
    readers = Readers(narrowed(limits), TARGET)
    assert readers.pids() == frozenset()
    readers.close()


def test_one_process_reads_one_picture_after_the_other(readers: Readers) -> None:
    assert said(readers, "pid") == said(readers, "pid")
    assert {int(said(readers, "pid"))} == readers.pids()


def test_no_more_processes_than_cores(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2})
    assert Readers(narrowed(limits, workers=8), TARGET).count == 3
    assert Readers(narrowed(limits, workers=2), TARGET).count == 2


@pytest.mark.parametrize("picture", ["crash", "end", "raise 110101199003070011", "hang", "grow 2000000000", "long"])
def test_a_picture_that_ends_its_reader_is_stopped_and_the_next_is_read(readers: Readers, picture: str) -> None:
    with pytest.raises(Stopped) as caught:
        readers.read(picture.encode())
    assert "1101" not in str(caught.value)
    assert said(readers, "next") == "next"


def test_what_the_reader_started_ends_with_it(readers: Readers, tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    with pytest.raises(Stopped, match="out of time"):
        readers.read(f"fork {noted}".encode())
    pid = int(noted.read_text(encoding="ascii"))
    end = time.monotonic() + 5
    while not gone(pid) and time.monotonic() < end:
        time.sleep(0.02)
    assert gone(pid)


def test_processor_time_is_bounded_for_each_picture(limits: Limits) -> None:
    readers = Readers(narrowed(limits, page_seconds=30, cpu_seconds=1), TARGET)
    try:
        said(readers, "warm")
        with pytest.raises(Stopped, match="it ended"):
            readers.read(b"spin")
    finally:
        readers.close()


def test_a_reader_is_replaced_after_so_many_pages(limits: Limits) -> None:
    readers = Readers(narrowed(limits, pages=2), TARGET)
    try:
        first, second, third = (said(readers, "pid") for _ in range(3))
        assert first == second != third
        assert gone(int(first))
    finally:
        readers.close()


def test_a_reader_that_has_grown_is_replaced(limits: Limits) -> None:
    readers = Readers(narrowed(limits, recycle_bytes=1_000_000), TARGET)
    try:
        assert said(readers, "pid") != said(readers, "pid")
        assert readers.pids() == frozenset()
    finally:
        readers.close()


def test_a_reader_knows_no_secret(readers: Readers, monkeypatch: pytest.MonkeyPatch, limits: Limits) -> None:
    monkeypatch.setenv("MAILBOT_KEY", "very secret")
    fresh = Readers(narrowed(limits), TARGET)
    try:
        environment = said(fresh, "environment")
    finally:
        fresh.close()
    assert "secret" not in environment
    assert {"OMP_THREAD_LIMIT=1", "ORT_DISABLE_TELEMETRY=1"} <= set(environment.splitlines())
    assert "mailbot.ledger" not in said(readers, "modules")
    assert said(readers, "core") == "0"


def test_a_reader_has_no_network(readers: Readers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        with pytest.raises(Stopped):
            readers.read(f"connect {server.getsockname()[1]}".encode())
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    ("target", "warm_up"), [("tests.sandbox.seeing:nothing", None), (TARGET, "tests.sandbox.seeing:fail_to_start")]
)
def test_a_reader_that_cannot_start_is_a_fault_of_the_site(limits: Limits, target: str, warm_up: str | None) -> None:
    readers = Readers(narrowed(limits), target, warm_up)
    for _ in range(2):
        with pytest.raises(PortError) as caught:
            readers.read(b"x")
        assert caught.value.retry
    assert readers.pids() == frozenset()


def test_two_pictures_are_read_by_two_processes_at_once(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    readers = Readers(narrowed(limits, workers=2, page_seconds=10), TARGET)
    pids: list[str] = []
    threads = [threading.Thread(target=lambda: pids.append(said(readers, "pid"))) for _ in range(8)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(pids) == 8
        assert {int(pid) for pid in pids} <= readers.pids()
        assert len(readers.pids()) <= 2
    finally:
        readers.close()


def test_closing_ends_a_reader_at_work(limits: Limits) -> None:
    readers = Readers(narrowed(limits, page_seconds=30), TARGET)
    said(readers, "warm")
    [pid] = readers.pids()
    stopped: list[bool] = []

    def hang() -> None:
        try:
            readers.read(b"hang")
        except Stopped:
            stopped.append(True)

    thread = threading.Thread(target=hang)
    thread.start()
    time.sleep(0.2)
    readers.close()
    thread.join(5)
    assert stopped == [True]
    assert gone(pid)


def test_none_starts_behind_the_end(limits: Limits) -> None:
    readers = Readers(narrowed(limits), TARGET)
    readers.close()
    with pytest.raises(PortError, match="closed"):
        readers.read(b"x")
