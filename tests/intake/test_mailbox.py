"""The loop around the rounds: reconnecting, refused logins, hints, beats, deadlines, status."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from mailbot.intake.faults import LoginRefused, Lost
from mailbot.intake.mailbox import Mailbox
from mailbot.intake.poll import Hooks
from mailbot.intake.status import Condition
from tests.intake.helpers import NOW, mailbox
from tests.intake.store import MemoryStore
from tests.rig.fake_imap import Box, FakeImap
from tests.rig.proxy import Fault, FaultProxy


def until(true: Callable[[], bool], seconds: float = 6.0) -> bool:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if true():
            return True
        time.sleep(0.02)
    return False


@contextmanager
def running(box: Mailbox, hooks: Hooks | None = None) -> Iterator[threading.Event]:
    """The mailbox's loop in a thread; yields the event that wakes it."""
    stop, wake = threading.Event(), threading.Event()
    thread = threading.Thread(target=box.run, args=(stop, wake, hooks))
    thread.start()
    try:
        yield wake
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def test_status_of_a_healthy_mailbox() -> None:
    with FakeImap(Box().add(1, 2)) as server:
        box = mailbox(server.port, MemoryStore())
        assert box.status.condition is Condition.STARTING
        box.poll_once()
        box.close()
    status = box.status
    assert (status.condition, status.last_ok, status.stored, status.uidnext) == (Condition.OK, NOW, 2, 3)
    assert status.last_error is None
    assert not status.alarm


def test_a_refused_login_is_an_alarm_and_the_lost_line_is_not() -> None:
    with FakeImap(Box(login=b"NO [AUTHENTICATIONFAILED] wrong")) as server:
        box = mailbox(server.port, MemoryStore())
        with pytest.raises(LoginRefused):
            box.poll_once()
        status = box.status
        assert (status.condition, status.alarm) == (Condition.REFUSED, True)
        assert "wrong" in str(status.last_error)
    with pytest.raises(Lost):
        box.poll_once()
    status = box.status
    assert (status.condition, status.alarm, status.failures) == (Condition.WAITING, False, 2)


@pytest.mark.parametrize(
    ("failures", "expected"),
    [(1, (1, 2)), (2, (1, 4)), (3, (1, 4)), (60, (1, 4))],
)
def test_reconnecting_waits_between_the_least_and_a_widening_most(failures: int, expected: tuple[int, int]) -> None:
    asked: list[tuple[float, float]] = []
    box = mailbox(1, MemoryStore())

    def spread(low: float, high: float) -> float:
        asked.append((low, high))
        return low

    box._spread = spread
    for _ in range(failures):
        box._note_failure(Lost("gone"))
    box._pause(Lost("gone"))
    assert asked == [expected]


def test_three_refused_logins_then_the_long_pause() -> None:
    box, refused = mailbox(1, MemoryStore()), LoginRefused("no")
    pauses = []
    for _ in range(4):
        box._note_failure(refused)
        pauses.append(box._pause(refused))
    assert pauses == [0.1, 0.1, 60, 60]


def test_a_login_that_is_only_unavailable_never_waits_so_long() -> None:
    box, later = mailbox(1, MemoryStore()), LoginRefused("later", "UNAVAILABLE")
    for _ in range(9):
        box._note_failure(later)
    assert box._pause(later) == 0.1


def test_the_loop_takes_new_mail_and_beats() -> None:
    beats: list[str] = []
    arrived: list[int] = []
    store = MemoryStore()
    with FakeImap(Box().add(1)) as server:
        box = mailbox(server.port, store)
        with running(box, Hooks(beats.append, arrived.append)):
            assert until(lambda: store.uids == [1])
            server.box.add(2)
            assert until(lambda: store.uids == [1, 2])
    assert set(beats) == {"roster"}
    assert len(beats) >= 3
    assert arrived == [1, 1]


def test_without_idle_it_polls_on_one_login() -> None:
    store = MemoryStore()
    with FakeImap(Box(capabilities="IMAP4rev1")) as server:
        with running(mailbox(server.port, store)):
            assert until(lambda: len(server.asked("SELECT")) > 1)
            server.box.add(1)
            assert until(lambda: store.uids == [1])
        assert len(server.asked("LOGIN")) == 1
        assert server.asked("IDLE") == []


def test_a_server_whose_idle_does_not_work_is_polled() -> None:
    store = MemoryStore()
    with FakeImap(Box(idle=[])) as server:
        with running(mailbox(server.port, store)):
            assert until(lambda: len(server.asked("SELECT")) > 2)
        assert len(server.asked("IDLE")) == 1


def test_wake_asks_for_a_round_now() -> None:
    store = MemoryStore()
    with FakeImap(Box()) as server, running(mailbox(server.port, store, poll_seconds=30)) as wake:
        assert until(lambda: len(server.asked("IDLE")) == 1)
        server.box.add(1)
        wake.set()
        assert until(lambda: store.uids == [1])


def test_the_loop_survives_a_store_that_is_full_and_goes_on_by_itself() -> None:
    store = MemoryStore(fail=[OSError(28, "No space left on device")])
    with FakeImap(Box().add(1)) as server:
        box = mailbox(server.port, store)
        with running(box):
            assert until(lambda: store.uids == [1])
    assert "No space left" in str(box.status.last_error)


def test_a_fault_of_our_own_is_not_hidden_in_the_loop() -> None:
    store = MemoryStore(fail=[KeyError("a fault of our own")])
    with FakeImap(Box().add(1)) as server:
        box = mailbox(server.port, store)
        with pytest.raises(KeyError):
            box.run(threading.Event(), threading.Event())
        assert box._session is None


def test_drain_takes_everything_and_ends_though_one_mail_cannot_be_had_yet() -> None:
    store = MemoryStore()
    with FakeImap(Box(refuses={7}).add(*range(1, 26))) as server:
        box = mailbox(server.port, store, batch_mails=1)
        total = box.drain(threading.Event())
        assert box._session is None
    assert (total.stored, total.poisoned, total.unsettled, total.waiting) == (24, 0, 0, 1)
    assert [one.uid for one in store.trying["roster", "INBOX"][1]] == [7]


@pytest.mark.parametrize(
    "fault", [Fault("hang"), Fault("trickle", rate=20), Fault("cut", times=1), Fault("cut_literal", after=5, times=1)]
)
def test_a_bad_line_ends_at_its_deadline_and_the_next_round_has_the_mail(fault: Fault) -> None:
    store, box = MemoryStore(), Box()
    box.mails[1] = b"Subject: long\r\n\r\n" + b"x" * 5000
    with FakeImap(box) as server, FaultProxy(server.port) as proxy:
        ours = mailbox(proxy.port, store, poll_deadline_seconds=1, read_seconds=60, slowest_bytes_per_second=50_000)
        proxy.fault = fault
        began = time.monotonic()
        with pytest.raises(Lost):
            ours.poll_once()
        assert time.monotonic() - began < 4
        assert store.mails == []
        proxy.fault = Fault()
        assert ours.poll_once().stored == 1
        ours.close()
    assert store.raws == [box.mails[1]]


def test_a_slow_line_that_moves_is_given_the_time_its_mail_needs() -> None:
    store, box = MemoryStore(), Box()
    box.mails[1] = b"Subject: long\r\n\r\n" + b"x" * 10_000
    with FakeImap(box) as server, FaultProxy(server.port) as proxy:
        ours = mailbox(proxy.port, store, poll_deadline_seconds=2, slowest_bytes_per_second=2_000)
        ours.poll_once()
        ours.close()
        box.uidvalidity = 8
        proxy.fault = Fault("trickle", rate=4_000)
        assert ours.poll_once().stored == 1
        ours.close()


def test_a_dead_line_in_idle_is_noticed() -> None:
    store = MemoryStore()
    with FakeImap(Box()) as server, FaultProxy(server.port) as proxy:
        ours = mailbox(proxy.port, store, read_seconds=1)
        with running(ours):
            assert until(lambda: len(server.asked("IDLE")) == 1)
            proxy.fault = Fault("hang")
            assert until(lambda: ours.status.failures > 0)
            proxy.fault = Fault()
            server.box.add(1)
            assert until(lambda: store.uids == [1])


def test_a_line_that_ends_in_idle_makes_no_busy_loop() -> None:
    with FakeImap(Box()) as server, FaultProxy(server.port) as proxy:
        ours = mailbox(proxy.port, MemoryStore(), reconnect_min_seconds=4)
        with running(ours):
            assert until(lambda: len(server.asked("IDLE")) == 1)
            seen = proxy.seen
            proxy.drop_all()
            assert until(lambda: proxy.seen == seen + 1)
            time.sleep(0.3)
            assert proxy.seen <= seen + 2


def test_check_says_in_readable_lines_what_it_found() -> None:
    with FakeImap(Box().add(1, 2)) as server:
        line, kind, _ = mailbox(server.port, MemoryStore()).check()
    assert "holds 2 mails" in line
    assert "IDLE ID UIDPLUS" in line
    assert "\n" not in line
    assert kind == "roster: profile generic (found)"


def test_check_brings_the_remedy_for_a_refused_password() -> None:
    with FakeImap(Box(login=b"NO wrong")) as server, pytest.raises(LoginRefused) as told:
        mailbox(server.port, MemoryStore()).check()
    assert "check user and password" in told.value.remedy


def test_check_changes_nothing() -> None:
    store = MemoryStore()
    with FakeImap(Box().add(1)) as server:
        mailbox(server.port, store).check()
        assert server.asked("UID") == []
    assert store.mails == []


def test_patience_covers_the_largest_mail_on_the_slowest_line() -> None:
    assert mailbox(1, MemoryStore(), poll_deadline_seconds=300).patience == 300 + 60_000_000 / 50_000
