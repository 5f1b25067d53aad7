"""Where a round starts, and how its mails are cut into portions: pure, on made-up folders."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.ports import Cursor
from mailbot.intake.leash import Leash
from mailbot.intake.place import EPOCH, Place, batches, find_place, pieces
from mailbot.intake.session import Listed, Session
from tests.intake.helpers import PW, account, limits
from tests.rig.fake_imap import Box, FakeImap

SINCE = datetime(2020, 7, 7, tzinfo=UTC)
UIDS = st.lists(st.integers(1, 2**32 - 1), unique=True).map(sorted)


def place(box: Box, cursor: Cursor | None, since: datetime | None = None, *, reused: bool = False) -> Place:
    with FakeImap(box) as server:
        session = Session(account(server.port), PW, limits(), Leash())
        try:
            return find_place(session.select(), cursor, session, since, lambda _: reused)
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


def test_the_stock_of_an_old_mailbox_is_what_stands_there_at_the_first_look() -> None:
    assert place(Box().add(3, 9), None, SINCE) == Place(7, 0, [3, 9], rescan=True, stock=9, since=SINCE)
    begun = Cursor(7, 3, stock=9, since=SINCE)
    assert place(Box().add(3, 9, 10), begun, SINCE) == Place(7, 3, [9, 10], rescan=False, stock=9, since=SINCE)


def test_a_later_start_of_the_site_changes_nothing_any_more() -> None:
    begun = Cursor(7, 9, stock=9, since=SINCE)
    later = SINCE + timedelta(days=9)
    assert place(Box().add(3, 9, 10), begun, later) == Place(7, 9, [10], rescan=False, stock=9, since=SINCE)


def test_an_earlier_start_looks_through_the_stock_again() -> None:
    begun = Cursor(7, 9, stock=9, since=SINCE)
    before = SINCE - timedelta(days=9)
    assert place(Box().add(3, 9), begun, before) == Place(7, 0, [3, 9], rescan=True, stock=9, since=before)
    assert place(Box().add(3, 9), begun, None) == Place(7, 0, [3, 9], rescan=True)


def test_reused_uids_list_everything_as_other_mails() -> None:
    found = place(Box().add(1, 2), Cursor(7, 2, stock=1, since=SINCE), SINCE, reused=True)
    assert found == Place(7 + EPOCH, 0, [1, 2], rescan=True, stock=2, since=SINCE)


def test_a_server_without_uidnext() -> None:
    assert place(Box(uidnext=0).add(3, 4, 5), Cursor(7, 4)) == Place(7, 4, [5], rescan=False)


@given(UIDS, st.integers(1, 9))
def test_pieces_keep_the_order_and_lose_nothing(uids: list[int], size: int) -> None:
    cut = list(pieces(uids, size))
    assert [uid for piece in cut for uid in piece] == uids
    assert all(1 <= len(piece) <= size for piece in cut)


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
