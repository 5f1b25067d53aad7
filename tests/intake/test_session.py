"""The few commands: what they make of servers that are odd, hostile, or gone."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from mailbot.intake.faults import LoginRefused, Lost, Refused
from mailbot.intake.leash import Leash
from mailbot.intake.session import Listed, Session
from tests.intake.helpers import PW, account, limits
from tests.intake.opened import Opened
from tests.rig.fake_imap import Box
from tests.rig.ports import free_port


def refused_by(box: Box) -> LoginRefused:
    with pytest.raises(LoginRefused) as told, Opened(box):
        pass
    return told.value


def test_a_wrong_password_is_final_and_its_chinese_words_are_shown() -> None:
    error = refused_by(Box(login=b"NO [AUTHENTICATIONFAILED] " + "密码错误".encode("gbk")))
    assert "密码错误" in str(error)
    assert not error.retry


@pytest.mark.parametrize("code", ["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"])
def test_a_server_that_cannot_look_up_passwords_now_may_be_asked_again(code: str) -> None:
    assert refused_by(Box(login=f"NO [{code}] later".encode())).retry


def test_a_refusal_without_a_code_is_final() -> None:
    assert not refused_by(Box(login=b"NO LOGIN Login error password error")).retry


def test_bad_at_login_is_a_refusal_too() -> None:
    assert not refused_by(Box(login=b"BAD no such command")).retry


def test_id_is_sent_before_select_where_it_is_offered() -> None:
    box = Box(wants_id=True)
    with Opened(box) as session:
        assert session.select().uidvalidity == 7
    assert [command.split(" ")[0] for command in box.commands].index("ID") == 3


def test_no_id_where_it_is_not_offered() -> None:
    box = Box(capabilities="IMAP4rev1")
    with Opened(box) as session:
        session.select()
    assert not [command for command in box.commands if command.startswith("ID")]


def test_case_01_select_is_refused_until_id_is_sent() -> None:
    box = Box(wants_id=True, capabilities="IMAP4rev1").add(1)
    with Opened(box) as session:
        assert session.select().exists == 1
    verbs = [command.split(" ")[0] for command in box.commands if command.split(" ")[0] in {"ID", "SELECT"}]
    assert verbs == ["SELECT", "ID", "SELECT"]


def test_case_01_a_folder_that_stays_shut_is_for_a_person_and_brings_the_remedy() -> None:
    box = Box(answers={"SELECT": b"NO SELECT Unsafe Login. Please contact kefu@188.com for help"})
    with Opened(box) as session, pytest.raises(Refused) as told:
        session.select()
    assert "Unsafe Login" in str(told.value)
    assert "授权码" in str(told.value)
    assert not told.value.retry
    assert len([command for command in box.commands if command.startswith("SELECT")]) == 1


def test_case_01_another_refusal_of_select_is_left_as_it_is() -> None:
    box = Box(answers={"SELECT": b"NO [NONEXISTENT] no such folder"}, capabilities="IMAP4rev1")
    with Opened(box) as session, pytest.raises(Refused, match="no such folder") as told:
        session.select()
    assert told.value.code == "NONEXISTENT"
    assert not [command for command in box.commands if command.startswith("ID")]


def test_a_read_only_mailbox_is_opened_all_the_same() -> None:
    with Opened(Box(select=b"OK [READ-ONLY] selected").add(1)) as session:
        assert session.select().read_only
        assert session.uids_above(0) == [1]


def test_no_uidvalidity_is_refused_since_mails_could_not_be_told_apart() -> None:
    with Opened(Box(uidvalidity=None)) as session, pytest.raises(Refused, match="UIDVALIDITY"):
        session.select()


def test_search_filters_what_the_server_repeats() -> None:
    with Opened(Box().add(5, 3, 9)) as session:
        session.select()
        assert session.uids_above(0) == [3, 5, 9]
        assert session.uids_above(9) == []
        assert session.has(5)
        assert not session.has(4)


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ('"08-Jul-2020 17:30:00 +0800"', datetime(2020, 7, 8, 9, 30, tzinfo=UTC)),
        ('" 8-Jul-2020 17:30:00 +0000"', datetime(2020, 7, 8, 17, 30, tzinfo=UTC)),
        ('"08-Jul-2020 17:30:00 -0000"', datetime(2020, 7, 8, 17, 30, tzinfo=UTC)),
        ('"nonsense"', None),
        (None, None),
    ],
)
def test_arrival_is_aware_or_not_known(date: str | None, moment: datetime | None) -> None:
    with Opened(Box(date=date).add(1)) as session:
        session.select()
        assert session.listing([1])[1].received_at == moment


def test_listing_and_bytes() -> None:
    box = Box().add(1, 2)
    with Opened(box) as session:
        session.select()
        assert session.listing([1, 2])[2] == Listed(len(box.mails[2]), datetime(2020, 7, 8, 9, 30, tzinfo=UTC))
        assert session.fetch([1, 2]) == box.mails
        assert session.fetch([2, 77]) == {2: box.mails[2]}


def test_an_answer_with_flags_alone_is_no_mail() -> None:
    with Opened(Box(without_body={2}).add(1, 2)) as session:
        session.select()
        assert list(session.fetch([1, 2])) == [1]


def test_a_refused_fetch_is_told_in_the_servers_words() -> None:
    with Opened(Box(refuses={1}).add(1)) as session:
        session.select()
        with pytest.raises(Refused, match="信件已损坏"):
            session.fetch([1])


def test_a_literal_larger_than_any_mail_is_not_read_into_memory() -> None:
    box = Box()
    box.mails[1] = b"x" * 2000
    with Opened(box, largest_mail_bytes=1000) as session:
        session.select()
        with pytest.raises(Lost, match="2000"):
            session.fetch([1])


def test_a_line_of_many_thousand_uids() -> None:
    box = Box().add(*range(1_000_000_000, 1_000_000_000 + 120_000))
    with Opened(box) as session:
        session.select()
        assert len(session.uids_above(0)) == 120_000


def test_idle_takes_what_is_pushed_before_the_plus() -> None:
    with Opened(Box(idle=[b"* 5 EXISTS\r\n", b"+ idling\r\n"])) as session:
        session.select()
        session.wait_for_hint(1, lambda: False)
        assert session.select().uidvalidity == 7


def test_idle_refused() -> None:
    with Opened(Box(idle=[])) as session:
        session.select()
        with pytest.raises(Refused, match="no idling"):
            session.wait_for_hint(1, lambda: False)


def test_idle_ends_when_woken() -> None:
    box = Box()
    with Opened(box) as session:
        session.select()
        session.wait_for_hint(3600, lambda: True)
    assert [command for command in box.commands if command in {"IDLE", "NOOP"}] == ["IDLE", "NOOP"]


def test_nobody_there() -> None:
    with pytest.raises(Lost, match="connect to"):
        Session(account(free_port()), PW, limits(), Leash())


@pytest.mark.parametrize("verb", ["select", "uids", "fetch", "seen"])
def test_after_the_server_died_every_command_says_lost(verb: str) -> None:
    with Opened(Box(kills={1}).add(1)) as session:
        session.select()
        with pytest.raises(Lost):
            session.fetch([1])
        doings: dict[str, Callable[[], object]] = {
            "select": session.select,
            "uids": lambda: session.uids_above(0),
            "fetch": lambda: session.fetch([1]),
            "seen": lambda: session.mark_seen([1]),
        }
        with pytest.raises(Lost):
            doings[verb]()


@pytest.mark.parametrize(
    "answer",
    [
        b"* SEARCH one two\r\n",
        b"* SEARCH 4\r\n* SEARCH 5\r\n",
        b"* SEARCH\r\n* 99999999999999999999999 EXISTS\r\n",
        b"* 1 FETCH (UID x BODY[] {3}\r\nabc)\r\n",
        b"* BYE tired\r\n",
        b"* OK [UIDVALIDITY x] y\r\n",
        b"garbage without form\r\n",
        b"* 1 FETCH (UID 1\r\n",
        b"* 1 FETCH " + b"(" * 3000 + b")" * 3000 + b"\r\n",
        b"\xff\xfe\r\n",
    ],
)
def test_nonsense_is_a_lost_line_or_a_refusal_and_nothing_else(answer: bytes) -> None:
    box = Box().add(1)
    with Opened(box) as session:
        session.select()
        box.chatter = answer
        for ask in (session.select, lambda: session.uids_above(0), lambda: session.fetch([1])):
            with contextlib.suppress(Lost, Refused):
                ask()
