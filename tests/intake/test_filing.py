"""Handled mails are moved as a courtesy: never one that was not stored, never a deletion for good, never in the way."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.credentials import Password
from mailbot.domain.server_ports import Decided
from mailbot.intake.faults import Lost, Refused
from mailbot.intake.filing import BATCH, EVERY, REST, Filing
from mailbot.intake.mailbox import Mailbox
from mailbot.intake.passes import Passes
from tests.intake.helpers import NOW, PW, SENT, USER, account, limits, mail
from tests.intake.opened import Opened
from tests.intake.store import MemoryStore
from tests.rig.dovecot import PASSWORD as RIG
from tests.rig.dovecot import Dovecot
from tests.rig.fake_imap import Box, FakeImap

ARRIVED = datetime(2020, 7, 8, 9, 30, tzinfo=UTC)
HANDLED, PERSON = "已处理", "待人工"
ON_LINE = {HANDLED: "&XfJZBHQG-", PERSON: "&X4VOul3l-"}


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass
class Memory:
    """A FilingStore in memory. `rest` and `person` are the mails of each kind that were not filed."""

    rest: list[Decided] = field(default_factory=list)
    person: list[Decided] = field(default_factory=list)
    filed: dict[int, str] = field(default_factory=dict)
    asked: int = 0

    def decided(self, account: str, mailbox: str, limit: int, *, person: bool) -> list[Decided]:
        assert (account, mailbox) == ("roster", "INBOX")
        self.asked += 1
        return [one for one in (self.person if person else self.rest) if one.mail_id not in self.filed][:limit]

    def note_filed(self, mail_ids: Sequence[int], folder: str, at: datetime) -> None:
        assert at >= NOW
        self.filed.update(dict.fromkeys(mail_ids, folder))


def decided(*uids: int, arrived: datetime = ARRIVED, uidvalidity: int = 7) -> list[Decided]:
    return [Decided(uid + 100, uidvalidity, uid, arrived) for uid in uids]


def filing(store: Memory, clock: Hand | None = None, *, handled: str = HANDLED, person: str = PERSON) -> Filing:
    home = replace(account(1), handled_folder=handled, person_folder=person)
    return Filing(home, store, clock or Hand())


def told(_what: str) -> None:
    """Nobody listens."""


def test_each_kind_goes_to_its_folder_by_one_move() -> None:
    box = Box(capabilities="IMAP4rev1 MOVE UIDPLUS").add(1, 2, 3, 4)
    store = Memory(rest=decided(1, 3), person=decided(4))
    with Opened(box) as session:
        filing(store).run(session, told)
    assert box.moved == {1: ON_LINE[HANDLED], 3: ON_LINE[HANDLED], 4: ON_LINE[PERSON]}
    assert sorted(box.mails) == [2]
    assert store.filed == {101: HANDLED, 103: HANDLED, 104: PERSON}
    assert len([line for line in box.commands if line.startswith("UID MOVE")]) == 2
    assert len([line for line in box.commands if line.startswith("CREATE")]) == 2


def test_case_04_without_move_a_copy_and_the_removal_of_exactly_these() -> None:
    box = Box(capabilities="IMAP4rev1 UIDPLUS").add(1, 2, 3)
    box.deleted = {2}
    store = Memory(rest=decided(1, 3))
    with Opened(box) as session:
        filing(store).run(session, told)
    assert set(box.moved) == {1, 3}
    assert sorted(box.mails) == [2], "what staff marked as deleted is not expunged by us"
    assert [line for line in box.commands if "EXPUNGE" in line] == ["UID EXPUNGE 1,3"]


def test_case_04_without_move_and_uidplus_every_mail_stays() -> None:
    box = Box(capabilities="IMAP4rev1").add(1)
    store = Memory(rest=decided(1))
    with Opened(box) as session, pytest.raises(Refused, match="stay where they are"):
        filing(store).run(session, told)
    assert sorted(box.mails) == [1]
    assert box.moved == {}
    assert not [line for line in box.commands if "EXPUNGE" in line or "Deleted" in line]
    assert store.filed == {}


def test_a_copy_that_is_refused_removes_nothing() -> None:
    box = Box(capabilities="IMAP4rev1 UIDPLUS", answers={"COPY": b"NO [OVERQUOTA] full"}).add(1)
    store = Memory(rest=decided(1))
    with Opened(box) as session, pytest.raises(Refused, match="full"):
        filing(store).run(session, told)
    assert (sorted(box.mails), box.deleted, store.filed) == ([1], set(), {})


def test_another_mail_under_a_known_uid_is_never_touched() -> None:
    box = Box(capabilities="IMAP4rev1 MOVE").add(1, 2)
    box.dates = {2: '"09-Jul-2020 08:00:00 +0800"'}
    store = Memory(rest=decided(1, 2))
    with Opened(box) as session:
        filing(store).run(session, told)
    assert sorted(box.mails) == [2]
    assert store.filed == {101: HANDLED, 102: ""}


def test_under_another_uidvalidity_nothing_is_touched() -> None:
    box = Box(capabilities="IMAP4rev1 MOVE").add(1)
    store = Memory(rest=decided(1, uidvalidity=8))
    with Opened(box) as session:
        filing(store).run(session, told)
    assert sorted(box.mails) == [1]
    assert store.filed == {101: ""}


def test_a_server_without_arrival_times_keeps_its_mails() -> None:
    box = Box(capabilities="IMAP4rev1 MOVE", date=None).add(1)
    store = Memory(rest=decided(1))
    with Opened(box) as session:
        filing(store).run(session, told)
    assert sorted(box.mails) == [1]


def test_what_staff_took_away_is_not_asked_for_again() -> None:
    store = Memory(rest=decided(1, 2))
    box = Box(capabilities="IMAP4rev1 MOVE").add(2)
    with Opened(box) as session:
        filing(store).run(session, told)
    assert store.filed == {101: "", 102: HANDLED}


def test_a_read_only_mailbox_keeps_its_mails() -> None:
    box = Box(capabilities="IMAP4rev1 MOVE", select=b"OK [READ-ONLY] selected").add(1)
    with Opened(box) as session, pytest.raises(Refused, match="read-only"):
        filing(Memory(rest=decided(1))).run(session, told)
    assert box.moved == {}


def test_the_folder_that_is_read_is_no_folder_for_handled_mails() -> None:
    box = Box(capabilities="IMAP4rev1 MOVE").add(1)
    with Opened(box) as session, pytest.raises(Refused, match="name another"):
        filing(Memory(rest=decided(1)), handled="Inbox").run(session, told)
    assert box.moved == {}


def test_a_folder_that_stands_already_is_not_made() -> None:
    box = Box(capabilities="IMAP4rev1 MOVE", folders=[("", "INBOX"), ("", ON_LINE[HANDLED])]).add(1)
    with Opened(box) as session:
        filing(Memory(rest=decided(1))).run(session, told)
    assert not [line for line in box.commands if line.startswith("CREATE")]
    assert box.moved == {1: ON_LINE[HANDLED]}


def test_only_the_folder_that_is_named_is_used() -> None:
    box = Box(capabilities="IMAP4rev1 MOVE").add(1, 2)
    store = Memory(rest=decided(1), person=decided(2))
    with Opened(box) as session:
        filing(store, person="").run(session, told)
    assert (sorted(box.mails), store.asked) == ([2], 1)
    assert not filing(store, handled="", person="").due()


def test_how_often_it_looks() -> None:
    clock, store = Hand(), Memory()
    ours = filing(store, clock)
    assert ours.due()
    with Opened(Box(capabilities="IMAP4rev1 MOVE")) as session:
        ours.run(session, told)
    assert not ours.due()
    clock.moment += EVERY
    assert ours.due()
    clock.moment -= timedelta(days=2)
    assert ours.due()


def test_a_full_batch_goes_on_at_once_and_a_refusal_rests() -> None:
    clock, uids = Hand(), range(1, BATCH + 20)
    box = Box(capabilities="IMAP4rev1 MOVE").add(*uids)
    store = Memory(rest=decided(*uids))
    ours = filing(store, clock)
    with Opened(box) as session:
        ours.run(session, told)
        assert len(store.filed) == BATCH
        assert ours.due()
        box.answers["MOVE"] = b"NO later"
        with pytest.raises(Refused):
            ours.run(session, told)
    assert not ours.due()
    clock.moment += REST
    assert ours.due()


def test_a_line_that_breaks_over_it_costs_one_line_an_hour_and_no_mail() -> None:
    store, box = MemoryStore(), Box(capabilities="IMAP4rev1 MOVE", answers={"MOVE": b"* BYE no"}).add(1)
    filed = Memory()
    with FakeImap(box) as server:
        home = replace(account(server.port), handled_folder=HANDLED)
        ours = Mailbox(home, PW, store, Hand(), limits(read_seconds=1), passes=Passes((Filing(home, filed, Hand()),)))
        filed.rest = decided(1)
        with pytest.raises(Lost):
            ours.poll_once()
        box.add(2)
        ours.poll_once()
        ours.close()
    assert store.uids == [1, 2]
    assert filed.filed == {}


@pytest.mark.dovecot
class TestDovecot:
    """What a real server makes of it."""

    @pytest.mark.parametrize("hidden", [frozenset[str](), frozenset({"MOVE"})])
    def test_moved_mails_lie_whole_in_the_folder_and_nothing_is_lost(self, hidden: frozenset[str]) -> None:
        with Dovecot(USER) as dovecot:
            dovecot.append(USER, mail(1), mail(2), mail(3), at=SENT)
            home = replace(account(dovecot.imap), handled_folder=HANDLED)
            store = MemoryStore()
            box = Mailbox(home, Password(lambda: RIG), store, Hand(), limits())
            box.poll_once()
            session = box._session
            assert session is not None
            session.capabilities -= hidden
            key = store.cursors["roster", "INBOX"].uidvalidity
            filed = Memory(rest=decided(1, 3, arrived=SENT.astimezone(UTC), uidvalidity=key))
            Filing(home, filed, Hand()).run(session, told)
            assert box.poll_once().stored == 0
            box.close()
            with dovecot.client(USER) as client:
                assert client.select_folder(HANDLED)[b"EXISTS"] == 2
                assert sorted(one[b"BODY[]"] for one in client.fetch([1, 2], ["BODY[]"]).values()) == [mail(1), mail(3)]
                assert client.select_folder("INBOX")[b"EXISTS"] == 1

    def test_a_mail_that_staff_move_back_comes_in_again_as_a_copy(self) -> None:
        with Dovecot(USER) as dovecot:
            dovecot.append(USER, mail(1), at=SENT)
            home = replace(account(dovecot.imap), handled_folder=HANDLED)
            store = MemoryStore()
            box = Mailbox(home, Password(lambda: RIG), store, Hand(), limits())
            box.poll_once()
            assert box._session is not None
            key = store.cursors["roster", "INBOX"].uidvalidity
            filed = Memory(rest=decided(1, arrived=SENT.astimezone(UTC), uidvalidity=key))
            Filing(home, filed, Hand()).run(box._session, told)
            with dovecot.client(USER) as client:
                client.select_folder(HANDLED)
                client.move([1], "INBOX")
            assert box.poll_once().stored == 1
            box.close()
            assert store.raws == [mail(1), mail(1)]
            assert store.uids == [1, 2]
