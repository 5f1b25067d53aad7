"""Reused UIDs: the server has counted past our high-water again, and only the mails themselves tell."""

import pytest

from mailbot.domain.ports import Cursor
from mailbot.intake.identity import PROOFS, alike
from mailbot.intake.place import EPOCH
from tests.intake.helpers import mail
from tests.intake.test_poll import World
from tests.rig.fake_imap import Box


def box(*numbers: int) -> Box:
    """A mailbox whose UIDs begin at 1, holding the mails of these numbers."""
    return Box(mails={uid: mail(number) for uid, number in enumerate(numbers, start=1)})


def test_case_09_reused_uids_that_have_passed_our_high_water_lose_nothing() -> None:
    with World(box(1, 2, 3)) as world:
        world.rounds(1)
        world.box.mails = box(11, 12, 13, 14).mails
        world.rounds(2)
        assert sorted(world.store.raws) == sorted(mail(n) for n in (1, 2, 3, 11, 12, 13, 14))
        assert world.cursor == Cursor(7 + EPOCH, 4)


def test_case_09_a_restored_backup_that_lacks_the_last_mails() -> None:
    with World(box(*range(1, 61))) as world:
        world.rounds(1)
        world.box.mails = box(*range(1, 55), *range(101, 110)).mails
        world.rounds(2)
        assert {mail(number) for number in range(101, 110)} <= set(world.store.raws)
        assert world.cursor == Cursor(7 + EPOCH, 63)


def test_a_round_without_news_costs_one_short_answer() -> None:
    with World(box(1, 2, 3)) as world:
        world.rounds(1)
        before = len(world.server.asked("UID FETCH"))
        world.rounds(1)
        assert len(world.server.asked("UID FETCH")) == before + 1
        assert "BODY" not in world.server.asked("UID FETCH")[-1]


def test_a_server_that_never_tells_true_sizes_is_believed_after_a_look_at_the_bytes() -> None:
    wrong = box(*range(1, 9))
    wrong.sizes = dict.fromkeys(range(1, 9), 999)
    with World(wrong) as world:
        world.rounds(6)
        fetched = [command for command in world.server.asked("UID FETCH") if "BODY" in command]
        assert len(fetched) == 1 + 8, "each is proved once, some at a round"
        assert PROOFS < 8
        assert world.cursor == Cursor(7, 8)


def test_case_16_mails_without_dates_are_proved_by_their_bytes_and_not_taken_twice() -> None:
    undated = box(1, 2)
    undated.date = None
    with World(undated) as world:
        world.rounds(4)
        assert world.store.uids == [1, 2]
        assert world.cursor == Cursor(7, 2)


def test_case_13_mails_that_staff_took_away_prove_nothing() -> None:
    with World(box(1, 2, 3)) as world:
        world.rounds(1)
        del world.box.mails[2]
        world.box.uidnext = 4
        world.rounds(2)
        assert world.cursor == Cursor(7, 3)
        assert len(world.store.mails) == 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (b"Message-ID: <a@x>\r\n\r\n1", b"Message-Id: <a@x>\r\nX-Server: new\r\n\r\n2", True),
        (b"Message-ID: <a@x>\r\n\r\n1", b"Message-ID: <b@x>\r\n\r\n1", False),
        (b"Subject: x\r\n\r\nMessage-ID: <a@x>", b"Subject: y\r\n\r\nMessage-ID: <a@x>", False),
        (b"", b"", True),
        (b"", b"Subject: x\r\n\r\n", False),
    ],
)
def test_a_mail_written_anew_by_its_server_keeps_its_message_id(one: bytes, other: bytes, same: bool) -> None:
    assert alike(one, other) is same
