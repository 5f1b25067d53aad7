"""Mails that the server lists and does not give: the others go on, a person gets it after three tries in fifteen minutes."""

import pytest

from mailbot.domain.ports import Cursor
from tests.intake.helpers import USER
from tests.intake.test_poll import World
from tests.rig.fake_imap import Box


def bodies(world: World, uid: int) -> int:
    """How often the bytes of a mail were asked for alone."""
    return len([command for command in world.server.asked(f"UID FETCH {uid} ") if "BODY" in command])


@pytest.mark.parametrize("way", ["refuses", "without_body"])
def test_case_11_the_rest_goes_on_and_it_is_recorded_after_three_tries_in_fifteen_minutes(way: str) -> None:
    box = Box().add(1, 2, 3)
    setattr(box, way, {2})
    with World(box) as world:
        world.rounds(1)
        assert world.store.uids == [1, 3]
        assert world.cursor == Cursor(7, 1)
        world.minutes(5, 5)
        assert world.store.poison == []
        assert world.cursor == Cursor(7, 1)
        world.minutes(4.9)
        assert world.store.poison == [], "not before the time is over"
        world.minutes(0.1)
        assert [(p.arrival.uid, p.address, p.size) for p in world.store.poison] == [(2, USER, 22)]
        assert world.cursor == Cursor(7, 3)
        assert world.store.uids == [1, 3]
        assert world.store.trying["roster", "INBOX"] == (7, [])


def test_case_11_it_is_asked_for_alone_and_not_before_its_time() -> None:
    with World(Box(refuses={2}).add(1, 2, 3)) as world:
        world.rounds(1)
        assert bodies(world, 2) == 1, "once, after the answer to all three"
        world.minutes(1, 1, 1, 1)
        assert bodies(world, 2) == 1
        world.minutes(1)
        assert bodies(world, 2) == 2


def test_case_11_the_servers_words_are_kept_for_the_person() -> None:
    with World(Box(refuses={2}).add(2)) as world:
        world.rounds(1)
        world.minutes(5, 5, 5)
        assert "信件已损坏" in world.store.poison[0].detail


def test_a_mail_that_is_given_at_last_is_stored() -> None:
    with World(Box(refuses={2}).add(1, 2, 3)) as world:
        world.rounds(1)
        world.minutes(5)
        world.box.refuses.clear()
        world.minutes(5, 5)
        assert sorted(world.store.uids) == [1, 2, 3]
        assert world.store.poison == []
        assert world.cursor == Cursor(7, 3)
        assert world.store.trying["roster", "INBOX"] == (7, [])


def test_a_restart_neither_forgives_nor_hurries_it() -> None:
    with World(Box(refuses={2}).add(1, 2, 3)) as world:
        world.rounds(1)
        world.minutes(5)
        world.restarted()
        world.rounds(3)
        assert bodies(world, 2) == 2
        assert world.store.uids == [1, 3], "what is stored is not fetched again"
        world.minutes(5)
        world.restarted()
        world.minutes(5)
        assert [p.arrival.uid for p in world.store.poison] == [2]


def test_a_clock_that_was_set_back_does_not_stop_the_tries() -> None:
    with World(Box(refuses={2}).add(1, 2)) as world:
        world.rounds(1)
        world.minutes(-600)
        assert bodies(world, 2) == 2


def test_new_mail_is_not_held_up() -> None:
    with World(Box(refuses={2}).add(1, 2)) as world:
        world.rounds(1)
        world.box.add(3)
        world.rounds(1)
        assert world.store.uids == [1, 3]
        assert world.cursor == Cursor(7, 1)


def test_it_is_told_as_unsettled_but_does_not_make_the_loop_hurry() -> None:
    with World(Box(refuses={2}).add(1, 2)) as world:
        report = world.mailbox.poll_once()
        assert (report.unsettled, report.waiting, report.more, report.ahead) == (0, 1, False, 1)
        assert world.mailbox.status.unsettled == 1


def test_one_that_kills_the_connection_each_time_is_found_out_and_the_others_come() -> None:
    with World(Box(kills={2}).add(1, 2, 3)) as world:
        world.rounds(9)
        assert sorted(world.store.uids) == [1, 3]
        world.minutes(*[5] * 8)
        assert world.store.poison == []
        world.minutes(5)
        assert [p.arrival.uid for p in world.store.poison] == [2]
        assert world.cursor == Cursor(7, 3)


def test_case_06_over_a_line_lost_once_a_mail_waits_for_the_next_round_only() -> None:
    with World(Box(kills={1}).add(1)) as world:
        world.rounds(1)
        world.box.kills.clear()
        world.rounds(1)
        assert world.store.uids == [1]
        assert world.store.trying["roster", "INBOX"] == (7, [])


def test_a_mail_taken_away_meanwhile_is_neither_stored_nor_recorded() -> None:
    with World(Box(vanishes={2}).add(1, 2, 3)) as world:
        report = world.mailbox.poll_once()
        assert (report.stored, report.poisoned, report.unsettled) == (2, 0, 0)
        world.minutes(5, 5, 5, 5)
        assert world.store.poison == []


def test_case_12_a_mail_of_an_empty_answer_is_not_stored_as_empty() -> None:
    with World(Box(mails={1: b""}, sizes={1: 500})) as world:
        world.rounds(1)
        world.minutes(5, 5, 5)
        assert world.store.mails == []
        assert [p.size for p in world.store.poison] == [500]


def test_case_12_an_entry_without_a_body_is_asked_for_again_in_the_same_round() -> None:
    with World(Box(without_body={2}).add(1, 2, 3)) as world:
        world.rounds(1)
        assert bodies(world, 2) == 1
        world.box.without_body.clear()
        world.minutes(5)
        assert sorted(world.store.uids) == [1, 2, 3]


def test_a_mail_above_the_largest_size_is_recorded_without_fetching() -> None:
    with World(Box(sizes={2: 61_000_000}).add(1, 2, 3)) as world:
        world.rounds(1)
        assert world.store.uids == [1, 3]
        assert world.store.poison[0].size == 61_000_000
        assert bodies(world, 2) == 0
        assert world.cursor == Cursor(7, 3)


def test_a_server_that_gives_none_of_many_mails_is_itself_ill() -> None:
    uids = set(range(1, 7))
    with World(Box(refuses=set(uids)).add(*uids)) as world:
        world.rounds(1)
        world.minutes(*[5] * 8)
        assert world.store.poison == []
        world.box.refuses.clear()
        world.minutes(5)
        assert set(world.store.uids) == uids
