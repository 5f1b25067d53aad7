"""Waiting for a push: silence, ends and slow drops are all noticed within their time (cases 4, 5, 7)."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from mailbot.intake.account import Account, Server
from mailbot.intake.faults import Lost
from mailbot.intake.mailbox import Mailbox
from tests.intake.helpers import PW, USER, StillClock, account, limits, mailbox
from tests.intake.opened import Opened
from tests.intake.store import MemoryStore
from tests.intake.test_mailbox import running, until
from tests.rig.fake_imap import Box, FakeImap
from tests.rig.ports import LOOPBACK
from tests.rig.proxy import Fault, FaultProxy


def test_case_04_a_server_without_any_extension_is_polled_and_marked_plainly() -> None:
    store, box = MemoryStore(), Box(capabilities="IMAP4rev1", permanent=b"\\Seen \\Deleted").add(1)
    with FakeImap(box) as server:
        with running(mailbox(server.port, store)):
            assert until(lambda: store.uids == [1])
            box.add(2)
            assert until(lambda: store.uids == [1, 2])
        assert server.asked("IDLE") == server.asked("ID") == []
        assert all("mailbot" not in line for line in server.asked("UID STORE"))
        assert len(server.asked("LOGIN")) == 1, "never a login per round"


def test_case_04_idle_that_is_offered_and_refused_is_not_asked_for_again() -> None:
    with FakeImap(Box(answers={"IDLE": b"NO not for this account"})) as server:
        ours = mailbox(server.port, MemoryStore())
        with running(ours):
            assert until(lambda: len(server.asked("SELECT")) > 2)
        assert len(server.asked("IDLE")) == 1


def test_case_05_idle_that_returns_nothing_is_followed_by_a_command_that_must_answer() -> None:
    box = Box()
    with Opened(box) as session:
        session.select()
        session.wait_for_hint(1, lambda: False)
    assert box.commands[-2:] == ["IDLE", "NOOP"]


def test_case_05_a_line_that_dies_silently_in_idle_is_lost_within_its_time() -> None:
    with FakeImap(Box()) as server, FaultProxy(server.port) as proxy, silent(proxy) as session:
        proxy.fault = Fault("hang")
        began = time.monotonic()
        with pytest.raises(Lost):
            session.poll_and_wait()
        assert time.monotonic() - began < 4


def test_case_05_a_line_that_ends_in_idle_is_lost_at_once() -> None:
    with FakeImap(Box()) as server, FaultProxy(server.port) as proxy, silent(proxy, poll_seconds=60) as session:
        threading.Timer(0.3, proxy.drop_all).start()
        began = time.monotonic()
        with pytest.raises(Lost):
            session.poll_and_wait()
        assert time.monotonic() - began < 4


def test_case_05_a_server_that_hangs_after_done_is_lost_within_its_time() -> None:
    with FakeImap(Box()) as server, FaultProxy(server.port) as proxy, silent(proxy) as session:

        def woken() -> bool:
            proxy.fault = Fault("hang")
            return True

        began = time.monotonic()
        with pytest.raises(Lost):
            session.poll_and_wait(woken)
        assert time.monotonic() - began < 4


def test_case_05_idle_waits_on_the_folder_that_is_read() -> None:
    box = Box()
    with Opened(box) as session:
        session.select("Sent", look=True)
        session.wait_for_hint(1, lambda: True)
    verbs = [line for line in box.commands if line.split(" ")[0] in {"SELECT", "EXAMINE", "IDLE"}]
    assert [line.split(" ")[0] for line in verbs] == ["EXAMINE", "SELECT", "IDLE"]
    assert "INBOX" in verbs[1]


@pytest.mark.parametrize("fault", [Fault("trickle", rate=200), Fault("hang")], ids=lambda fault: fault.kind)
def test_case_07_a_slow_mailbox_ends_at_its_deadline_and_the_other_is_not_held_up(fault: Fault) -> None:
    slow_store, quick_store, box = MemoryStore(), MemoryStore(), Box()
    box.mails[1] = b"Subject: long\r\n\r\n" + b"x" * 200_000
    with FakeImap(box) as far, FaultProxy(far.port) as proxy, FakeImap(Box().add(1)) as near:
        slow = mailbox(proxy.port, slow_store, poll_deadline_seconds=1, slowest_bytes_per_second=1_000_000)
        quick = Mailbox(
            Account("proof", USER, Server(LOOPBACK, near.port, USER, "plain")),
            PW,
            quick_store,
            StillClock(),
            limits(),
        )
        proxy.fault = fault
        began = time.monotonic()
        with running(slow), running(quick):
            assert until(lambda: quick_store.uids == [1], 2)
            assert until(lambda: slow.status.failures > 0, 5)
            assert time.monotonic() - began < 5
            near.box.add(2)
            assert until(lambda: quick_store.uids == [1, 2], 3)
            proxy.fault = Fault()
            proxy.drop_all()
        assert slow_store.mails == [] or slow_store.raws == [box.mails[1]]


def test_a_provider_that_pushes_nothing_is_polled_at_its_own_pace() -> None:
    box = Box(capabilities="IMAP4rev1 ID", greeting=b"* OK Coremail System IMap Server Ready(163com[1])").add(1)
    with FakeImap(box) as server:
        store, home = MemoryStore(), replace(account(server.port), profile="netease")
        ours = Mailbox(home, PW, store, StillClock(), limits())
        with running(ours) as wake:
            assert until(lambda: store.uids == [1])
            time.sleep(1.3)
            assert len(server.asked("SELECT")) == 1
            box.add(2)
            wake.set()
            assert until(lambda: store.uids == [1, 2])


class Waiting:
    """A session through a proxy, with the leash of a mailbox."""

    def __init__(self, port: int, **changes: int) -> None:
        home = account(port)
        self.box = Mailbox(home, PW, MemoryStore(), StillClock(), limits(read_seconds=1, **changes))
        self.box.poll_once()

    def poll_and_wait(self, woken: object = None) -> None:
        """As the mailbox's own loop does between two rounds."""
        session = self.box._session
        assert session is not None
        with self.box._guarded(), self.box._leash.limit(self.box._limits.poll_seconds + 1):
            session.wait_for_hint(self.box._limits.poll_seconds, woken if callable(woken) else lambda: False)


@contextmanager
def silent(proxy: FaultProxy, **changes: int) -> Iterator[Waiting]:
    waiting = Waiting(proxy.port, **changes)
    try:
        yield waiting
    finally:
        waiting.box.close()
