"""The contract of a round, on a scripted server: what is stored, in which order, and what a mail that cannot be had costs."""

from datetime import UTC, datetime
from typing import Self

import pytest

from mailbot.domain.ports import Cursor
from mailbot.intake.faults import Lost
from mailbot.intake.mailbox import Mailbox
from mailbot.intake.place import EPOCH
from mailbot.intake.poll import Hooks
from tests.intake.helpers import NOW, USER, mailbox
from tests.intake.store import MemoryStore
from tests.rig.fake_imap import Box, FakeImap

INBOX = ("roster", "INBOX")


class World:
    """A scripted server, a store and the mailbox between them."""

    def __init__(self, box: Box, *, batch_mails: int = 50) -> None:
        self.box, self.store = box, MemoryStore()
        self.server = FakeImap(box)
        self.mailbox = mailbox(self.server.port, self.store, batch_mails=batch_mails)

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
        self.mailbox = mailbox(self.server.port, self.store)
        return self.mailbox

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


def test_another_uidvalidity_loses_nothing() -> None:
    with World(Box().add(1, 2)) as world:
        world.mailbox.poll_once()
        world.box.uidvalidity = 8
        world.box.add(3)
        world.mailbox.poll_once()
        assert [(m.arrival.uidvalidity, m.arrival.uid) for m in world.store.mails] == [
            (7, 1), (7, 2), (8, 1), (8, 2), (8, 3),
        ]  # fmt: skip
        assert world.cursor == Cursor(8, 3)


def test_uids_counted_anew_under_the_same_uidvalidity_lose_nothing() -> None:
    with World(Box().add(1, 2, 3)) as world:
        world.mailbox.poll_once()
        world.box.mails = {1: b"Subject: another\r\n\r\nnew mail under an old number\r\n"}
        world.mailbox.poll_once()
        world.mailbox.poll_once()
        assert world.store.raws[3:] == [world.box.mails[1]]
        assert world.cursor == Cursor(7 + EPOCH, 1)


def test_a_mail_without_arrival_is_taken_as_arrived_now() -> None:
    with World(Box(date=None).add(1)) as world:
        world.mailbox.poll_once()
        assert world.store.mails[0].arrival.received_at == NOW


def test_an_empty_mail_is_a_mail() -> None:
    with World(Box(mails={1: b""})) as world:
        world.mailbox.poll_once()
        assert world.store.raws == [b""]


class TestMailsThatCannotBeHad:
    """The others go on; a person gets it after some tries; the cursor waits for neither to be forgotten."""

    @pytest.mark.parametrize("way", ["refuses", "without_body"])
    def test_the_others_go_on_and_it_is_recorded_after_three_rounds(self, way: str) -> None:
        box = Box().add(1, 2, 3)
        setattr(box, way, {2})
        with World(box) as world:
            world.rounds(1)
            assert world.store.uids == [1, 3]
            assert world.cursor == Cursor(7, 1)
            world.rounds(1)
            assert world.store.poison == []
            world.rounds(1)
            assert [(p.arrival.uid, p.address, p.size) for p in world.store.poison] == [(2, USER, 22)]
            assert world.cursor == Cursor(7, 3)
            assert world.store.uids == [1, 3]

    def test_the_servers_words_are_kept_for_the_person(self) -> None:
        with World(Box(refuses={2}).add(2)) as world:
            world.rounds(3)
            assert "信件已损坏" in world.store.poison[0].detail

    def test_a_mail_that_is_given_at_last_is_stored(self) -> None:
        with World(Box(refuses={2}).add(1, 2, 3)) as world:
            world.rounds(2)
            world.box.refuses.clear()
            world.rounds(3)
            assert sorted(world.store.uids) == [1, 2, 3]
            assert world.store.poison == []
            assert world.cursor == Cursor(7, 3)

    def test_after_a_restart_it_is_asked_for_again(self) -> None:
        with World(Box(refuses={2}).add(1, 2, 3)) as world:
            world.rounds(2)
            world.restarted()
            world.rounds(3)
            assert world.store.uids == [1, 3]
            assert [p.arrival.uid for p in world.store.poison] == [2]

    def test_new_mail_is_not_held_up(self) -> None:
        with World(Box(refuses={2}).add(1, 2)) as world:
            world.rounds(1)
            world.box.add(3)
            world.rounds(1)
            assert world.store.uids == [1, 3]
            assert world.cursor == Cursor(7, 1)

    def test_one_that_kills_the_connection_each_time(self) -> None:
        with World(Box(kills={2}).add(1, 2, 3)) as world:
            world.rounds(3)
            assert sorted(world.store.uids) == [1, 3]
            assert world.store.poison == []
            world.rounds(9)
            assert [p.arrival.uid for p in world.store.poison] == [2]
            assert world.cursor == Cursor(7, 3)

    def test_a_mail_taken_away_meanwhile_is_neither_stored_nor_recorded(self) -> None:
        with World(Box(vanishes={2}).add(1, 2, 3)) as world:
            report = world.mailbox.poll_once()
            assert (report.stored, report.poisoned, report.unsettled) == (2, 0, 0)
            world.rounds(4)
            assert world.store.poison == []

    def test_a_mail_of_an_empty_answer_is_not_stored_as_empty(self) -> None:
        box = Box(mails={1: b""}, sizes={1: 500})
        with World(box) as world:
            world.rounds(3)
            assert world.store.mails == []
            assert [p.size for p in world.store.poison] == [500]

    def test_a_mail_above_the_largest_size_is_recorded_without_fetching(self) -> None:
        box = Box(sizes={2: 61_000_000}).add(1, 2, 3)
        with World(box) as world:
            world.rounds(1)
            assert world.store.uids == [1, 3]
            assert world.store.poison[0].size == 61_000_000
            assert not [command for command in world.server.asked("UID FETCH 2 ") if "BODY" in command]
            assert world.cursor == Cursor(7, 3)

    def test_a_server_that_gives_none_of_many_mails_is_itself_ill(self) -> None:
        uids = set(range(1, 7))
        with World(Box(refuses=set(uids)).add(*uids)) as world:
            world.rounds(5)
            assert world.store.poison == []
            world.box.refuses.clear()
            world.rounds(1)
            assert set(world.store.uids) == uids
