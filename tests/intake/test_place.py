"""Where a round starts, and how its mails are cut into portions: pure, on made-up folders."""

from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.ports import Cursor
from mailbot.intake.leash import Leash
from mailbot.intake.place import EPOCH, Place, batches, find_place
from mailbot.intake.session import Listed, Session
from tests.intake.helpers import account, limits
from tests.rig.fake_imap import Box, FakeImap

UIDS = st.lists(st.integers(1, 2**32 - 1), unique=True).map(sorted)


def place(box: Box, cursor: Cursor | None) -> Place:
    with FakeImap(box) as server:
        session = Session(account(server.port), "pw", limits(), Leash())
        try:
            return find_place(session.select(), cursor, session)
        finally:
            session.close()


def test_the_first_round_lists_everything() -> None:
    assert place(Box().add(3, 4), None) == Place(7, 0, [3, 4], rescan=True)


def test_the_next_goes_on_behind_the_cursor() -> None:
    assert place(Box().add(3, 4, 9), Cursor(7, 4)) == Place(7, 4, [9], rescan=False)


def test_the_last_old_mail_that_every_server_repeats_is_no_new_one() -> None:
    assert place(Box().add(3, 4), Cursor(7, 4)) == Place(7, 4, [], rescan=False)


def test_another_uidvalidity_lists_everything() -> None:
    assert place(Box(uidvalidity=8).add(1, 2), Cursor(7, 900)) == Place(8, 0, [1, 2], rescan=True)


def test_uids_counted_anew_under_the_old_uidvalidity_are_other_mails() -> None:
    assert place(Box().add(1, 2), Cursor(7, 90)) == Place(7 + EPOCH, 0, [1, 2], rescan=True)


def test_counted_anew_a_second_time() -> None:
    assert place(Box().add(1), Cursor(7 + EPOCH, 2)) == Place(7 + 2 * EPOCH, 0, [1], rescan=True)


def test_within_an_epoch_the_cursor_goes_on() -> None:
    assert place(Box().add(1, 2, 3), Cursor(7 + EPOCH, 2)) == Place(7 + EPOCH, 2, [3], rescan=False)


def test_a_server_that_merely_misstates_uidnext_is_not_read_from_the_start_again() -> None:
    assert place(Box(uidnext=2).add(3, 4, 5), Cursor(7, 4)) == Place(7, 4, [5], rescan=False)
    assert place(Box(uidnext=2).add(3, 4), Cursor(7, 4)) == Place(7, 4, [], rescan=False)


def test_a_server_without_uidnext() -> None:
    assert place(Box(uidnext=0).add(3, 4, 5), Cursor(7, 4)) == Place(7, 4, [5], rescan=False)


@given(UIDS, st.data())
def test_portions_keep_the_order_lose_nothing_and_stay_small(uids: list[int], data: st.DataObject) -> None:
    sizes = {uid: data.draw(st.none() | st.integers(0, 30)) for uid in uids}
    listed = {uid: Listed(size, None) for uid, size in sizes.items()}
    cut = list(batches(uids, listed, 5, 20))
    assert [uid for batch in cut for uid in batch] == uids
    for batch in cut:
        assert 1 <= len(batch) <= 5
        assert len(batch) == 1 or sum(sizes[uid] or 0 for uid in batch) <= 20


def test_a_large_mail_goes_alone() -> None:
    listed = {1: Listed(1, None), 2: Listed(50, None), 3: Listed(1, None)}
    assert list(batches([1, 2, 3], listed, 5, 20)) == [[1], [2], [3]]
