"""The daily comparison and the watch over the Sent folder, on a real Dovecot and the real ledger."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from mailbot.clock import FixedClock
from mailbot.credentials import Password
from mailbot.domain.letters import Composed
from mailbot.domain.mail import Arrival, MailState
from mailbot.domain.ports import Cursor
from mailbot.domain.server_ports import Swept
from mailbot.intake.faults import Refused
from mailbot.intake.leash import Leash
from mailbot.intake.mailbox import Mailbox
from mailbot.intake.passes import AGAIN, DAY, DailySweep, Passes, Told
from mailbot.intake.sent import EVERY, SentWatch
from mailbot.intake.session import Session
from mailbot.intake.sweep import Sweep
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.tables.mail import mails
from tests.intake.helpers import NOW, SENT, USER, account, limits, mail
from tests.rig.dovecot import Dovecot
from tests.rig.fake_imap import Box, FakeImap

pytestmark = pytest.mark.dovecot
OLD = SENT - timedelta(days=31)


@dataclass
class World:
    """A Dovecot, a ledger and a mailbox between them."""

    dovecot: Dovecot
    ledger: Ledger
    clock: FixedClock
    folders: tuple[str, ...] = ()

    def poll(self, passes: Passes | None = None) -> None:
        box = Mailbox(
            account(self.dovecot.imap),
            Password(lambda: self.dovecot.password),
            self.ledger.mails,
            self.clock,
            limits(poll_deadline_seconds=20),
            passes=passes,
        )
        box.poll_once()
        box.close()

    def session(self) -> Session:
        leash = Leash()
        return Session(account(self.dovecot.imap), Password(lambda: self.dovecot.password), limits(), leash)

    def sweep(self, since: datetime | None = None) -> list[Swept]:
        session = self.session()
        try:
            ours = replace(account(self.dovecot.imap), since=since)
            return Sweep(ours, self.folders, self.ledger.sweeps, self.clock, limits(listing_mails=3)).run(session)
        finally:
            session.close()

    def watch(self, folder: str = "auto") -> SentWatch:
        return SentWatch(account(self.dovecot.imap), folder, self.ledger.sent, self.clock, limits(listing_mails=3))

    def look(self, watch: SentWatch) -> None:
        session = self.session()
        try:
            watch.run(session, lambda _: None)
        finally:
            session.close()

    def make(self, folder: str) -> None:
        with self.dovecot.client(USER) as client:
            client.create_folder(folder)

    def move(self, uids: list[int], folder: str) -> None:
        with self.dovecot.client(USER) as client:
            client.select_folder("INBOX")
            client.move(uids, folder)

    def forget(self, uid: int) -> None:
        """A fault of our own: a mail below the cursor that the ledger does not hold."""
        with self.ledger.db.write("forgot") as unit:
            unit.conn.execute(delete(mails).where(mails.c.uid == uid))

    @property
    def raws(self) -> list[bytes]:
        return sorted(self.ledger.cases.raw(line.sha256) for line in self.ledger.queries.mails() if line.sha256)


@pytest.fixture
def world(ledger: Ledger) -> Iterator[World]:
    with Dovecot(USER) as server:
        yield World(server, ledger, FixedClock(NOW))


def test_where_nothing_is_missing_it_finds_nothing_and_says_so(world: World) -> None:
    world.dovecot.append(USER, mail(1), mail(2), at=SENT)
    world.poll()
    assert world.sweep() == [Swept("roster", "INBOX", listed=2)]
    last = world.ledger.sweeps.last("roster")
    assert last is not None
    assert (last.at, last.taken) == (NOW, 0)


def test_a_gap_below_the_cursor_is_filled_at_once_and_is_an_event(world: World) -> None:
    world.dovecot.append(USER, *(mail(number) for number in range(1, 8)), at=SENT)
    world.poll()
    world.forget(3)
    world.forget(6)
    assert world.sweep() == [Swept("roster", "INBOX", listed=7, taken=2)]
    assert world.raws == sorted(mail(number) for number in range(1, 8))
    assert world.sweep() == [Swept("roster", "INBOX", listed=7)]


def test_what_is_not_fetched_yet_is_no_gap(world: World) -> None:
    world.dovecot.append(USER, mail(1), at=SENT)
    world.poll()
    world.dovecot.append(USER, mail(2), mail(3), at=SENT)
    assert world.sweep() == [Swept("roster", "INBOX", listed=3, ahead=2)]
    assert world.raws == [mail(1)]


def test_before_the_first_round_and_under_another_uidvalidity_the_poll_lists_everything(world: World) -> None:
    world.dovecot.append(USER, mail(1), at=SENT)
    assert world.sweep() == [Swept("roster", "INBOX", listed=1, ahead=1)]
    world.poll()
    world.dovecot.stop()
    world.dovecot.recreate(USER, uidvalidity=77)
    world.dovecot.start()
    assert world.sweep() == [Swept("roster", "INBOX", listed=1, ahead=1)]


def test_what_is_older_than_thirty_days_or_left_alone_is_no_gap(world: World) -> None:
    world.dovecot.append(USER, *(mail(number) for number in range(1, 6)), at=OLD)
    world.dovecot.append(USER, mail(6), mail(7), at=SENT)
    world.poll()
    for uid in range(1, 7):
        world.forget(uid)
    at = world.ledger.mails.cursor("roster", "INBOX")
    assert at is not None
    world.ledger.mails.move("roster", "INBOX", replace(at, stock=6, since=SENT + timedelta(days=1)))
    assert world.sweep() == [Swept("roster", "INBOX", listed=7)]
    world.ledger.mails.move("roster", "INBOX", replace(at, stock=0, since=None))
    assert world.sweep() == [Swept("roster", "INBOX", listed=7, taken=1)]


def test_a_mail_that_could_not_be_had_is_taken_in_when_it_is_given(world: World) -> None:
    world.dovecot.append(USER, mail(1), at=SENT)
    world.poll()
    line = world.ledger.queries.mails()[0]
    cursor = world.ledger.mails.cursor("roster", "INBOX")
    assert cursor is not None
    world.forget(1)
    arrival = Arrival("roster", "INBOX", cursor.uidvalidity, 1, SENT)
    world.ledger.mails.store_poison(arrival, USER, line.size, "NO", cursor)
    assert world.sweep() == [Swept("roster", "INBOX", listed=1, given=1)]
    assert [one.state for one in world.ledger.queries.mails()] == [MailState.STORED]
    assert world.raws == [mail(1)]


def test_case_13_a_mail_that_staff_moved_before_it_was_fetched_is_found(world: World) -> None:
    """Put aside by hand it would never come in otherwise."""
    world.folders = ("已处理", "待人工", "没有的文件夹")
    world.make("已处理")
    world.dovecot.append(USER, mail(1), mail(2), at=SENT)
    world.poll()
    world.dovecot.append(USER, mail(3), at=SENT + timedelta(minutes=1))
    world.move([1, 3], "已处理")
    assert world.sweep() == [
        Swept("roster", "INBOX", listed=1),
        Swept("roster", "已处理", listed=2, taken=1),
    ]
    assert world.raws == [mail(1), mail(2), mail(3)]
    assert world.sweep()[1] == Swept("roster", "已处理", listed=2)


def test_case_13_a_handled_mail_of_another_arrival_is_known_by_its_bytes(world: World) -> None:
    world.folders = ("已处理",)
    world.make("已处理")
    world.dovecot.append(USER, mail(1), at=SENT)
    world.poll()
    world.dovecot.append(USER, mail(1), at=SENT + timedelta(hours=1), folder="已处理")
    world.dovecot.append(USER, mail(5), at=OLD, folder="已处理")
    assert world.sweep()[1] == Swept("roster", "已处理", listed=2)
    assert world.raws == [mail(1)]


def test_nothing_is_changed_on_the_server(world: World) -> None:
    world.dovecot.append(USER, mail(1), mail(2), at=SENT)
    world.poll()
    with world.dovecot.client(USER) as client:
        client.select_folder("INBOX")
        client.remove_flags([1, 2], [b"\\Seen"])
    world.forget(1)
    world.sweep()
    with world.dovecot.client(USER) as client:
        client.select_folder("INBOX")
        assert client.search(["UNSEEN"]) == [1, 2]


class TestDailySweep:
    """When it comes, and that it costs no mail."""

    def test_once_a_day_and_when_asked(self, world: World) -> None:
        world.dovecot.append(USER, mail(1), at=SENT)
        sweep = Sweep(account(world.dovecot.imap), (), world.ledger.sweeps, world.clock, limits())
        daily = DailySweep(sweep, world.clock, NOW)
        assert not daily.due()
        world.clock.advance(DAY)
        assert daily.due()
        world.poll(Passes((daily,)))
        assert world.ledger.sweeps.last("roster") is not None
        assert not daily.due()
        daily.ask()
        assert daily.due()
        world.clock.advance(-10 * DAY)
        world.poll(Passes((daily,)))
        assert not daily.due()

    def test_one_that_fails_comes_again_after_an_hour(self, world: World) -> None:
        class Refusing(Sweep):
            def run(self, session: Session) -> list[Swept]:
                raise Refused("EXAMINE refused")

        sweep = Refusing(account(world.dovecot.imap), (), world.ledger.sweeps, world.clock, limits())
        daily = DailySweep(sweep, world.clock, NOW - DAY)
        world.dovecot.append(USER, mail(1), at=SENT)
        world.poll(Passes((daily,)))
        assert world.raws == [mail(1)]
        assert not daily.due()
        world.clock.advance(AGAIN)
        assert daily.due()


class TestSentWatch:
    """What staff wrote is kept, what we wrote is passed over."""

    def test_mails_by_hand_are_kept_and_our_letters_are_not_even_fetched(self, world: World) -> None:
        world.make("Sent")
        ours = letter(world.ledger)
        world.dovecot.append(USER, mail(1), ours, at=SENT, folder="Sent")
        watch = world.watch()
        world.look(watch)
        assert [world.ledger.mails.raw(one.sha256) for one in world.ledger.sent.lines(9)] == [mail(1)]
        assert world.ledger.queries.mails() == [], "they are no mails that came in"
        world.dovecot.append(USER, mail(2), ours, mail(3), at=SENT, folder="Sent")
        world.look(watch)
        assert len(world.ledger.sent.lines(9)) == 3
        assert world.ledger.sent.cursor("roster", "Sent") is not None

    def test_the_first_look_goes_back_a_week(self, world: World) -> None:
        world.make("已发送")
        old = (mail(number) for number in range(1, 8))
        world.dovecot.append(USER, *old, at=SENT - timedelta(days=8), folder="已发送")
        world.dovecot.append(USER, mail(8), at=SENT, folder="已发送")
        world.look(world.watch())
        assert [world.ledger.mails.raw(one.sha256) for one in world.ledger.sent.lines(9)] == [mail(8)]

    def test_case_08_another_uidvalidity_keeps_nothing_twice(self, world: World) -> None:
        world.make("Sent")
        world.dovecot.append(USER, mail(1), at=SENT, folder="Sent")
        world.look(world.watch())
        cursor = world.ledger.sent.cursor("roster", "Sent")
        assert cursor is not None
        world.ledger.sent.move("roster", "Sent", Cursor(cursor.uidvalidity + 1, 900))
        world.look(world.watch())
        assert len(world.ledger.sent.lines(9)) == 1

    @pytest.mark.parametrize("folder", ["auto", "没有", "INBOX"])
    def test_without_such_a_folder_nothing_is_done(self, world: World, folder: str) -> None:
        world.dovecot.append(USER, mail(1), at=SENT)
        world.look(world.watch(folder))
        assert world.ledger.sent.lines(9) == []

    def test_a_folder_of_the_settings_is_read(self, world: World) -> None:
        world.make("工作人员回信")
        world.dovecot.append(USER, mail(1), at=SENT, folder="工作人员回信")
        world.look(world.watch("工作人员回信"))
        assert len(world.ledger.sent.lines(9)) == 1

    def test_every_few_minutes(self, world: World) -> None:
        watch = world.watch()
        assert watch.due()
        world.look(watch)
        assert not watch.due()
        world.clock.advance(EVERY)
        assert watch.due()
        world.look(watch)
        world.clock.advance(-DAY)
        assert watch.due()


def test_after_a_pass_the_inbox_is_open_again(world: World) -> None:
    """IDLE watches the folder that is open."""
    world.make("Sent")
    opened: list[str] = []

    class Looking:
        name = "looking"

        def due(self) -> bool:
            return True

        def run(self, session: Session, told: Told) -> None:
            session.select("Sent", look=True)
            told("looked")
            opened.append("Sent")

    world.dovecot.append(USER, mail(1), at=SENT)
    session = world.session()
    Passes((Looking(), Looking())).run(session, opened.append)
    assert opened == ["looked", "Sent", "looked", "Sent"]
    assert session.uids_above(0) == [1]
    session.close()


def test_a_pass_that_is_refused_is_logged_once_and_costs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Refusing:
        name = "roster: refusing"

        def due(self) -> bool:
            return True

        def run(self, session: Session, told: Told) -> None:
            raise Refused("LIST refused: not today")

    with FakeImap(Box().add(1)) as server:
        session = Session(account(server.port), Password(lambda: "pw"), limits(), Leash())
        passes = Passes((Refusing(),))
        for _ in range(3):
            passes.run(session, lambda _: None)
        session.close()
    assert caplog.text.count("not today") == 1


def letter(ledger: Ledger) -> bytes:
    """A letter of ours as the server keeps it."""
    made: list[str] = []

    def compose(letter_id: str) -> Composed:
        made.append(letter_id)
        return Composed("staff/digest", "工作清单", f"Message-ID: {letter_id}\r\n\r\n您好".encode())

    ledger.notices.plan("digest:2020-07-08", "staff@cqhrsp.com", compose, NOW)
    return f"Subject: x\r\nMessage-Id:  {made[0]}\r\n\r\n您好\r\n".encode()
