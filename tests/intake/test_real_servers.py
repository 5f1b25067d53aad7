"""Intake on Dovecot and on pymap: nothing here is scripted but the faults of the line and of ourselves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from mailbot.credentials import Password
from mailbot.intake.account import Account, Server
from mailbot.intake.faults import LoginRefused, Lost
from mailbot.intake.mailbox import Mailbox
from mailbot.intake.place import EPOCH
from mailbot.intake.status import Condition
from tests.intake.helpers import SENT, USER, StillClock, account, limits, mail, mailbox
from tests.intake.store import MemoryStore
from tests.intake.test_mailbox import running, until
from tests.rig.dovecot import PASSWORD, Dovecot
from tests.rig.proxy import Fault, FaultProxy
from tools.servers import ImapServer

OTHER = "cqgxkm@cqhrsp.com"


@dataclass
class Rig:
    """A real server: its port, and how a mail gets into USER's INBOX."""

    port: int
    deliver: Callable[..., None]


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with Dovecot(USER, OTHER) as server:
        yield server


@pytest.fixture(params=[pytest.param("dovecot", marks=pytest.mark.dovecot), "pymap"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    if request.param == "dovecot":
        with Dovecot(USER) as server:
            yield Rig(server.imap, lambda *raws: server.append(USER, *raws, at=SENT))
    else:
        with ImapServer({OTHER: "another", USER: PASSWORD}) as demo:

            def deliver(*raws: bytes) -> None:
                for raw in raws:
                    demo.deliver(USER, raw, SENT)

            yield Rig(demo.port, deliver)


def test_new_mail_is_stored_byte_for_byte_with_its_arrival(rig: Rig) -> None:
    store = MemoryStore()
    ours = mailbox(rig.port, store)
    hard = b'Subject: \xc4\xe3\xba\xc3 {17}\r\n\r\n\x80\xff raw ("bytes") {5}\r\n.\r\n' + b"\xd6\xd8\xc7\xec" * 50
    rig.deliver(mail(1))
    ours.poll_once()
    rig.deliver(hard)
    ours.poll_once()
    ours.close()
    assert store.raws == [mail(1), hard]
    assert {m.arrival.received_at for m in store.mails} == {datetime(2020, 7, 8, 9, 30, tzinfo=UTC)}
    assert store.cursors["roster", "INBOX"].high_water == store.uids[-1]


def test_two_hundred_mails_come_in_portions_of_fifty(rig: Rig) -> None:
    store = MemoryStore()
    rig.deliver(*(mail(number) for number in range(200)))
    ours = mailbox(rig.port, store)
    assert ours.poll_once().stored == 200
    ours.close()
    assert store.batches == [50] * 4
    assert store.raws == [mail(number) for number in range(200)]


def test_a_push_is_seen_long_before_the_next_poll(rig: Rig) -> None:
    store = MemoryStore()
    ours = mailbox(rig.port, store, poll_seconds=60)
    with running(ours):
        assert until(lambda: ours.status.last_ok is not None)
        time.sleep(0.2)
        rig.deliver(mail(1))
        assert until(lambda: len(store.mails) == 1)


def test_a_wrong_password_is_told_as_such(rig: Rig) -> None:
    ours = mailbox(rig.port, MemoryStore(), password="wrong")
    with pytest.raises(LoginRefused) as told:
        ours.poll_once()
    assert not told.value.retry
    assert ours.status.condition is Condition.REFUSED
    assert "wrong" not in str(told.value)


@pytest.mark.parametrize("fault", [Fault("hang"), Fault("trickle", rate=100), Fault("cut_literal", after=9, times=1)])
def test_a_bad_line_ends_at_its_deadline_and_the_mail_comes_once(rig: Rig, fault: Fault) -> None:
    store = MemoryStore()
    rig.deliver(mail(1, 4000))
    with FaultProxy(rig.port) as proxy:
        ours = mailbox(proxy.port, store, poll_deadline_seconds=1, read_seconds=60)
        proxy.fault = fault
        began = time.monotonic()
        with pytest.raises(Lost):
            ours.poll_once()
        assert time.monotonic() - began < 4
        proxy.fault = Fault()
        ours.poll_once()
        ours.poll_once()
        ours.close()
    assert store.raws == [mail(1, 4000)]


def test_check_says_what_the_server_offers(rig: Rig) -> None:
    rig.deliver(mail(1))
    line = mailbox(rig.port, MemoryStore()).check()[0]
    assert "holds 1 mails" in line
    assert "IDLE" in line


@pytest.mark.dovecot
class TestDovecot:
    """What needs a server that can be stopped, encrypted, or robbed of its UIDs."""

    def box(self, dovecot: Dovecot, store: MemoryStore, server: Server | None = None, **changes: int) -> Mailbox:
        home = account(dovecot.imap)
        home = home if server is None else replace(home, server=server)
        return Mailbox(
            home, Password(lambda: dovecot.password), store, StillClock(), limits(**changes), lambda low, _: low / 10
        )

    def test_mails_are_marked_as_read_after_they_are_stored(self, dovecot: Dovecot) -> None:
        dovecot.append(USER, mail(1), mail(2))
        self.box(dovecot, MemoryStore()).drain(Event())
        with dovecot.client(USER) as client:
            client.select_folder("INBOX")
            assert client.search(["SEEN"]) == [1, 2]

    def test_mails_that_staff_have_read_already_are_fetched_too(self, dovecot: Dovecot) -> None:
        dovecot.append(USER, mail(1))
        with dovecot.client(USER) as client:
            client.select_folder("INBOX")
            client.fetch([1], ["BODY[]"])
        store = MemoryStore()
        self.box(dovecot, store).drain(Event())
        assert store.uids == [1]

    @pytest.mark.parametrize("tls", ["tls", "starttls"])
    def test_encrypted_with_a_private_authority(self, dovecot: Dovecot, tls: str) -> None:
        dovecot.append(USER, mail(1))
        port = dovecot.imaps if tls == "tls" else dovecot.imap
        server = Server("localhost", port, USER, "tls" if tls == "tls" else "starttls", dovecot.ca_file)
        store = MemoryStore()
        self.box(dovecot, store, server).drain(Event())
        assert store.raws == [mail(1)]

    @pytest.mark.parametrize("tls", ["tls", "starttls"])
    def test_an_unknown_certificate_gets_no_password(self, dovecot: Dovecot, tls: str) -> None:
        port = dovecot.imaps if tls == "tls" else dovecot.imap
        server = Server("localhost", port, USER, "tls" if tls == "tls" else "starttls")
        with pytest.raises(Lost, match="certificate is not trusted"):
            self.box(dovecot, MemoryStore(), server).poll_once()
        assert "Login:" not in (dovecot.top / "log").read_text("utf-8")

    def test_a_certificate_for_another_name_gets_no_password(self, dovecot: Dovecot) -> None:
        server = Server("127.0.0.2", dovecot.imaps, USER, "tls", dovecot.ca_file)
        with pytest.raises(Lost):
            self.box(dovecot, MemoryStore(), server).poll_once()

    def test_user_and_password_that_login_cannot_carry(self, dovecot: Dovecot) -> None:
        odd = 'a "b" c\\d%*'
        dovecot.set_users(odd.replace(":", ""), USER, password="口令 ü")
        box = Mailbox(account(dovecot.imap), Password(lambda: "口令 ü"), MemoryStore(), StillClock(), limits())
        assert "logged in" in box.check()[0]

    def test_uidvalidity_changes_and_nothing_is_lost(self, dovecot: Dovecot) -> None:
        store = MemoryStore()
        box = self.box(dovecot, store)
        dovecot.append(USER, mail(1), mail(2))
        box.drain(Event())
        dovecot.stop()
        dovecot.recreate(USER, uidvalidity=4_000_000_001)
        dovecot.start()
        dovecot.append(USER, mail(3))
        box.drain(Event())
        assert sorted(store.raws) == sorted([mail(1), mail(2), mail(1), mail(2), mail(3)])
        assert store.cursors["roster", "INBOX"].uidvalidity == 4_000_000_001

    def test_uids_begin_anew_under_the_same_uidvalidity_and_nothing_is_lost(self, dovecot: Dovecot) -> None:
        store = MemoryStore()
        box = self.box(dovecot, store)
        dovecot.append(USER, mail(1), mail(2), mail(3))
        box.drain(Event())
        same = store.cursors["roster", "INBOX"].uidvalidity
        dovecot.stop()
        for old in (dovecot.top / "mail" / USER / "cur").iterdir():
            old.unlink()
        dovecot.recreate(USER, uidvalidity=same)
        dovecot.start()
        dovecot.append(USER, mail(4))
        box.drain(Event())
        assert store.raws[3:] == [mail(4)]
        assert store.cursors["roster", "INBOX"].uidvalidity == same + EPOCH

    def test_a_restarted_server_is_found_again(self, dovecot: Dovecot) -> None:
        store = MemoryStore()
        box = self.box(dovecot, store)
        with running(box):
            assert until(lambda: box.status.last_ok is not None)
            dovecot.stop()
            assert until(lambda: box.status.failures > 0)
            dovecot.start()
            dovecot.append(USER, mail(1))
            assert until(lambda: len(store.mails) == 1)

    def test_a_hanging_mailbox_does_not_hold_up_the_other(self, dovecot: Dovecot) -> None:
        stores = MemoryStore(), MemoryStore()
        with FaultProxy(dovecot.imap) as proxy:
            proxy.fault = Fault("hang")
            slow = Mailbox(
                account(proxy.port),
                Password(lambda: PASSWORD),
                stores[0],
                StillClock(),
                limits(poll_deadline_seconds=20),
            )
            quick = Mailbox(
                Account("proof", OTHER, Server("127.0.0.1", dovecot.imap, OTHER, "plain")),
                Password(lambda: PASSWORD),
                stores[1],
                StillClock(),
                limits(),
            )
            with running(slow), running(quick):
                dovecot.append(OTHER, mail(1))
                assert until(lambda: len(stores[1].mails) == 1)
                assert stores[0].mails == []
                proxy.drop_all()

    def test_deletes_nothing(self, dovecot: Dovecot) -> None:
        dovecot.append(USER, mail(1), mail(2))
        box = self.box(dovecot, MemoryStore())
        for _ in range(3):
            box.poll_once()
        box.close()
        with dovecot.client(USER) as client:
            assert client.folder_status("INBOX", ["MESSAGES"])[b"MESSAGES"] == 2

    def test_two_thousand_old_mails_are_taken_window_by_window(self, dovecot: Dovecot) -> None:
        dovecot.drop(USER, *(mail(number) for number in range(2_000)))
        store = MemoryStore()
        box = self.box(dovecot, store, poll_deadline_seconds=60)
        assert box.poll_once().more
        assert len(store.mails) == 500
        box.drain(Event())
        assert sorted(store.raws) == sorted(mail(number) for number in range(2_000))

    @pytest.mark.parametrize("place", ["intake.fetched#1", "intake.stored#1", "intake.flagged#1"])
    def test_killed_anywhere_no_mail_is_lost_and_none_stands_twice(
        self, dovecot: Dovecot, tmp_path: Path, place: str
    ) -> None:
        dovecot.append(USER, *(mail(number) for number in range(3)))
        killed = drive(dovecot, tmp_path, f"log={tmp_path / 'places'};die={place}")
        assert killed == -signal.SIGKILL
        assert drive(dovecot, tmp_path, "") == 0
        stored = [path.read_bytes() for path in sorted((tmp_path / "kept").iterdir())]
        assert stored == [mail(number) for number in range(3)]


def drive(dovecot: Dovecot, folder: Path, failpoints: str) -> int:
    """One drain by a process of its own, with a store that keeps files; its exit code."""
    program = Path(__file__).with_name("drain_once.py")
    environment = {**os.environ, "MAILBOT_FAILPOINTS": failpoints, "PYTHONPATH": str(program.parents[2])}
    command = [sys.executable, str(program), str(dovecot.imap), USER, dovecot.password, str(folder)]
    return subprocess.run(command, env=environment, check=False, timeout=30).returncode
