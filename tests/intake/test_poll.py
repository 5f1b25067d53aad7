"""The contract of a round, on a scripted server: what is stored, in which order, and what a mail that cannot be had costs."""

from datetime import UTC, datetime, timedelta
from typing import Self

import pytest

from mailbot.clock import FixedClock
from mailbot.domain.ports import Cursor
from mailbot.intake.faults import Lost
from mailbot.intake.mailbox import Mailbox
from mailbot.intake.place import EPOCH
from mailbot.intake.poll import Hooks
from tests.intake.helpers import NOW, PW, USER, account, limits
from tests.intake.store import MemoryStore
from tests.rig.fake_imap import Box, FakeImap

INBOX = ("roster", "INBOX")


class World:
    """A scripted server, a store and the mailbox between them."""

    def __init__(self, box: Box, **changes: int) -> None:
        self.box, self.store, self.clock = box, MemoryStore(), FixedClock(NOW)
        self._changes = changes
        self.server = FakeImap(box)
        self.mailbox = self._made()

    def _made(self) -> Mailbox:
        spread = lambda low, _high: low / 10  # noqa: E731 -- one use
        here = account(self.server.port)
        return Mailbox(here, PW, self.store, self.clock, limits(**self._changes), spread)

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.mailbox.close()
        self.server.__exit__(None, None, None)

    def rounds(self, times: int) -> None:
        """Rounds, one after another, whatever line is lost."""
        for _ in range(times):
            try:
                self.mailbox.poll_once()
            except Lost:
                continue

    def restarted(self) -> Mailbox:
        """The mailbox of a new process on the same store."""
        self.mailbox.close()
        self.mailbox = self._made()
        return self.mailbox

    def minutes(self, *times: float) -> None:
        """A round after each of these waits."""
        for minutes in times:
            self.clock.advance(timedelta(minutes=minutes))
            self.rounds(1)

    @property
    def cursor(self) -> Cursor | None:
        return self.store.cursors.get(INBOX)


def test_what_is_new_is_stored_byte_for_byte_with_its_arrival() -> None:
    with World(Box().add(3, 4)) as world:
        report = world.mailbox.poll_once()
        assert (report.stored, report.unsettled, report.more, report.uidnext) == (2, 0, False, 5)
        assert world.store.raws == [world.box.mails[3], world.box.mails[4]]
        arrival = world.store.mails[0].arrival
        assert (arrival.account, arrival.mailbox, arrival.uidvalidity, arrival.uid) == ("roster", "INBOX", 7, 3)
        assert arrival.received_at == datetime(2020, 7, 8, 9, 30, tzinfo=UTC)
        assert world.store.mails[0].address == USER
        assert world.cursor == Cursor(7, 4)


def test_a_round_without_news_stores_nothing() -> None:
    with World(Box().add(3)) as world:
        world.rounds(3)
        assert world.store.batches == [1]
        assert len(world.server.asked("LOGIN")) == 1


def test_the_flag_is_set_once_a_batch_and_after_the_commit() -> None:
    with World(Box().add(1, 2, 3), batch_mails=2) as world:
        seen_at_commit: list[int] = []
        world.mailbox.poll_once(Hooks(arrived=lambda _: seen_at_commit.append(len(world.box.seen))))
        assert seen_at_commit == [0, 2]
        assert len(world.server.asked("UID STORE")) == 2
        assert world.box.seen == {1, 2, 3}


def test_nothing_changes_on_the_server_when_the_store_fails() -> None:
    with World(Box().add(1)) as world:
        world.store.fail = [OSError(28, "No space left on device")]
        with pytest.raises(OSError, match="No space"):
            world.mailbox.poll_once()
        assert world.box.seen == set()
        assert world.cursor is None
        world.mailbox.poll_once()
        assert world.store.uids == [1]


def test_a_refused_flag_costs_nothing() -> None:
    with World(Box(store=b"NO read-only today").add(1)) as world:
        assert world.mailbox.poll_once().stored == 1
        assert world.cursor == Cursor(7, 1)


def test_no_flags_in_a_read_only_mailbox() -> None:
    with World(Box(select=b"OK [READ-ONLY] selected").add(1)) as world:
        assert world.mailbox.poll_once().stored == 1
        assert world.server.asked("UID STORE") == []


def test_nothing_is_ever_deleted_or_moved() -> None:
    with World(Box().add(1, 2)) as world:
        world.rounds(2)
        commands = " ".join(world.box.commands).upper()
        assert not any(word in commands for word in ("DELETED", "EXPUNGE", "MOVE", "COPY", "CLOSE"))


def test_portions_by_number_and_by_bytes() -> None:
    box = Box().add(*range(1, 8))
    box.sizes = {5: 20_000_000}
    with World(box, batch_mails=3) as world:
        world.mailbox.poll_once()
        assert world.store.batches == [3, 1, 1, 2]


def test_the_cursor_moves_with_every_portion() -> None:
    with World(Box().add(*range(1, 8)), batch_mails=3) as world:
        marks: list[int] = []
        world.mailbox.poll_once(Hooks(arrived=lambda _: marks.append(world.cursor.high_water if world.cursor else 0)))
        assert marks == [3, 6, 7]


def test_a_round_takes_one_window_and_says_that_there_is_more() -> None:
    with World(Box().add(*range(1, 26)), batch_mails=1) as world:
        assert world.mailbox.poll_once().more
        assert world.cursor == Cursor(7, 10)
        world.rounds(2)
        assert world.store.uids == list(range(1, 26))


def test_case_08_another_uidvalidity_loses_nothing() -> None:
    with World(Box().add(1, 2)) as world:
        world.mailbox.poll_once()
        world.box.uidvalidity = 8
        world.box.add(3)
        world.mailbox.poll_once()
        assert [(m.arrival.uidvalidity, m.arrival.uid) for m in world.store.mails] == [
            (7, 1), (7, 2), (8, 1), (8, 2), (8, 3),
        ]  # fmt: skip
        assert world.cursor == Cursor(8, 3)


def test_case_09_uids_counted_anew_under_the_same_uidvalidity_lose_nothing() -> None:
    with World(Box().add(1, 2, 3)) as world:
        world.mailbox.poll_once()
        world.box.mails = {1: b"Subject: another\r\n\r\nnew mail under an old number\r\n"}
        world.mailbox.poll_once()
        world.mailbox.poll_once()
        assert world.store.raws[3:] == [world.box.mails[1]]
        assert world.cursor == Cursor(7 + EPOCH, 1)


@pytest.mark.parametrize("date", [None, '"01-Jan-1970 00:00:00 +0000"', '"08-Jul-2099 17:30:00 +0800"'])
def test_case_16_a_mail_whose_arrival_is_missing_or_absurd_is_taken_as_arrived_now(date: str | None) -> None:
    with World(Box(date=date).add(1)) as world:
        world.rounds(3)
        assert [one.arrival.received_at for one in world.store.mails] == [NOW]


def test_an_empty_mail_is_a_mail() -> None:
    with World(Box(mails={1: b""})) as world:
        world.mailbox.poll_once()
        assert world.store.raws == [b""]
