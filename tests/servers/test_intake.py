"""Mail comes in through real servers and bad lines: the whole daemon, cases of docs by their numbers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from imapclient import SEEN

from mailbot.domain.mail import MailState
from tests.daemon.site import running
from tests.flow.office import roster
from tests.rig.actors import PROFILES, Capped, Line, Move, Script, say
from tests.rig.proxy import Fault, FaultProxy
from tests.servers.town import Office, waits
from tools.stories import units
from tools.stories.people import people
from tools.stories.post import when
from tools.stories.units import Unit

A, B, C = people(1_700, 3)
FLAGGED = b"UID STORE"


def of_unit(office: Office, unit: Unit = units.PRIMARY) -> Unit:
    """A unit that writes to this office alone, so that its letters lie in a mailbox of their own."""
    return replace(unit, address=f"hr@{unit.domain.partition('.')[0]}{office.number}.example")


def answered(office: Office, unit: Unit, count: int = 1) -> None:
    """Exactly so many letters lie in the unit's mailbox."""
    waits(lambda: len(office.town.held(unit.address)) >= count, office.town.post)
    assert len(office.town.held(unit.address)) == count


@pytest.mark.parametrize("profile", list(PROFILES))
def test_case_01_a_provider_with_its_own_ways_is_read_and_answered(office: Office, profile: str) -> None:
    """NetEase wants ID before SELECT; Aliyun and Tencent offer little and answer searches in their own way."""
    unit = of_unit(office)
    office.appended(roster(A, unit=unit))
    with FaultProxy(office.town.home.imap, PROFILES[profile]) as proxy:
        office.imap = office.other_imap = proxy.port
        office.settle()
        office.appended(roster(B, unit=replace(unit, order_no="2020071283338156"), at="2020-09-16 09:30"))
        office.settle()
    answered(office, unit, 2)
    assert office.town.seen(office.roster) == [True, True]
    assert {mail.state for mail in office.look().mails} == {MailState.DONE}


def test_case_04_a_server_that_can_nothing_but_the_protocol(office: Office) -> None:
    """Neither IDLE nor MOVE, UIDPLUS, ID or keywords: the poll finds what comes."""
    unit = of_unit(office)
    with FaultProxy(office.town.home.imap, lambda: Capped("IMAP4rev1", keywords=False)) as proxy:
        office.imap = proxy.port
        with running(office.daemon()) as life:
            waits(lambda: life.daemon.boxes[0].status.last_ok is not None, office.town.post)
            office.appended(roster(A, unit=unit))
            answered(office, unit)
    assert life.end is True


@pytest.mark.parametrize("death", ["silent", "end", "after_done"])
def test_case_05_an_idle_connection_that_dies_is_noticed(office: Office, death: str) -> None:
    unit = of_unit(office)
    mute = Script()
    with FaultProxy(office.town.home.imap, mute) as proxy:
        office.imap = proxy.port
        with running(office.daemon()) as life:
            waits(lambda: any(b"IDLE" in line for line in mute.heard), office.town.post)
            before = proxy.seen
            if death == "silent":
                proxy.fault = Fault("hang")
            elif death == "end":
                proxy.drop_all()
            else:
                mute.lines = [Line(b"^DONE", Move("say", b""))]
            office.appended(roster(A, unit=unit))
            waits(lambda: proxy.seen > before, office.town.post)
            proxy.fault = Fault()
            answered(office, unit)
    assert life.end is True


def test_case_06_cut_inside_a_literal_the_next_poll_takes_the_mail_once(office: Office) -> None:
    unit = of_unit(office)
    office.appended(roster(A, unit=unit))
    with FaultProxy(office.town.home.imap) as proxy:
        office.imap = proxy.port
        proxy.fault = Fault("cut_literal", after=700, times=1)
        with running(office.daemon()) as life:
            waits(lambda: proxy.struck == 1, office.town.post)
            answered(office, unit)
    assert life.end is True
    [mail] = office.look().mails
    assert mail.state is MailState.DONE


def test_case_07_a_trickling_mailbox_ends_at_its_deadline_and_holds_up_nobody(office: Office) -> None:
    slow, quick = of_unit(office), of_unit(office, units.HOSPITAL)
    office.limit(poll_deadline_seconds=2)
    office.appended(roster(A, unit=slow))
    with FaultProxy(office.town.home.imap) as proxy:
        office.imap = proxy.port
        proxy.fault = Fault("trickle", rate=200)
        with running(office.daemon()) as life:
            office.appended(roster(B, unit=quick), to="proof")
            began = time.monotonic()
            answered(office, quick)
            assert time.monotonic() - began < 10
            assert office.town.held(slow.address) == []
            waits(lambda: life.daemon.boxes[0].status.failures > 0, office.town.post)
            proxy.fault = Fault()
            proxy.drop_all()
            answered(office, slow)
    assert life.end is True


def test_case_08_uidvalidity_changes_and_nothing_is_done_twice_or_lost(office: Office) -> None:
    first, second = of_unit(office), of_unit(office, units.HOSPITAL)
    office.appended(roster(A, unit=first))
    office.settle()
    office.town.home.recreate(office.roster, uidvalidity=4_000_000_007)
    office.appended(roster(B, unit=second, at="2020-09-16 09:30"))
    office.settle()
    answered(office, first)
    answered(office, second)
    found = office.look()
    assert len(found.cases) == 2
    assert sum(mail.duplicate_of is not None for mail in found.mails) == 1


def test_case_10_the_last_old_mail_that_every_search_finds_is_not_fetched_again(office: Office) -> None:
    unit = of_unit(office)
    office.appended(roster(A, unit=unit))
    heard = Script()
    with FaultProxy(office.town.home.imap, heard) as proxy:
        office.imap = proxy.port
        for _ in range(3):
            office.settle()
    assert any(re.search(rb"SEARCH UID 2:\*", line) for line in heard.heard)
    assert sum(b"BODY.PEEK[]" in line for line in heard.heard) == 1
    answered(office, unit)


def test_case_13_what_staff_do_by_hand_changes_nothing(office: Office) -> None:
    """Read before we came; then moved, copied back, deleted: each mail is handled once."""
    read, moved, gone = (of_unit(office, unit) for unit in (units.PRIMARY, units.HOSPITAL, units.LIBRARY))
    office.appended(roster(A, unit=read), roster(B, unit=moved), roster(C, unit=gone))
    with office.town.home.client(office.roster) as staff:
        staff.select_folder("INBOX")
        staff.add_flags([1], [SEEN])
    office.settle()
    with office.town.home.client(office.roster) as staff:
        staff.create_folder("手工")
        staff.select_folder("INBOX")
        staff.move([2], "手工")
        staff.remove_flags([1], [SEEN])
        staff.delete_messages([3])
        staff.expunge()
        staff.select_folder("手工")
        staff.copy([1], "INBOX")
    office.settle()
    for unit in (read, moved, gone):
        answered(office, unit)
    found = office.look()
    assert len(found.cases) == 3
    assert [mail.duplicate_of is not None for mail in sorted(found.mails, key=lambda mail: mail.id)].count(True) == 1


def test_case_14_one_mail_to_both_mailboxes_and_again_in_five_minutes_is_one_case(office: Office) -> None:
    unit = of_unit(office)
    draft = roster(A, unit=unit, date="Wed, 16 Sep 2020 08:59:48 +0800")
    office.appended(draft)
    office.appended(draft, to="proof")
    office.settle()
    office.appended(replace(draft, at=draft.at + timedelta(minutes=5), message_id=draft.own_id()))
    office.settle()
    found = office.look()
    assert len(found.mails) == 3
    assert len(found.cases) == 1
    answered(office, unit)


def test_case_43_a_receipt_that_is_wanted_is_never_sent(office: Office) -> None:
    unit = of_unit(office)
    wanted = ("Disposition-Notification-To", unit.address), ("Return-Receipt-To", unit.address)
    office.appended(roster(A, unit=unit, extra=wanted))
    office.settle()
    office.settle(later=timedelta(hours=1))
    answered(office, unit)
    assert b"disposition-notification" not in office.town.held(unit.address)[0].lower()


def test_case_52_the_evening_before_a_holiday_counts_from_the_next_working_day(office: Office) -> None:
    """30 September 2020, 17:59: day 0 is the 9th of October, the 10th is a working Saturday."""
    office.clock.set(when("2020-10-09 09:00"))
    unit = of_unit(office)
    office.appended(roster(A, unit=unit, auth="none", at="2020-09-30 17:59", date="Thu, 1 Jan 1970 00:00:00 +0000"))
    office.settle()
    [case] = office.look().cases
    assert case.due_at == when("2020-10-12 17:30")


def test_case_38_a_roster_to_the_other_mailbox_is_handled(office: Office) -> None:
    unit = of_unit(office)
    draft = roster(A, unit=unit)
    office.appended(replace(draft, to=(office.proof,)), to="proof")
    office.settle()
    answered(office, unit)
    [case] = office.look().cases
    assert case.state.value == "fulfilled"


@pytest.mark.parametrize(
    ("place", "letters"),
    [
        ("intake.stored#1", 1),
        ("courier.after_dot#1", 2),
    ],
)
def test_case_17_killed_anywhere_nothing_is_lost_and_nothing_done_twice(
    office: Office, place: str, letters: int
) -> None:
    """Behind the final dot nobody can know: there the same letter may come a second time, under the same Message-ID."""
    unit = of_unit(office)
    office.appended(roster(A, unit=unit))
    assert lived(office, f"log={office.folder / 'places'};die={place}") == -signal.SIGKILL
    assert lived(office, "") == 0
    got = office.town.held(unit.address)
    assert 1 <= len(got) <= letters
    assert len({line for raw in got for line in raw.splitlines() if line.lower().startswith(b"message-id:")}) == 1
    found = office.look()
    assert [case.state.value for case in found.cases] == ["fulfilled"]
    assert len(found.mails) == 1


def lived(office: Office, failpoints: str) -> int:
    """One life of a daemon in a process of its own: all that is due, then an hour later what is due by then."""
    office.daemon()
    environment = {**os.environ, "MAILBOT_FAILPOINTS": failpoints, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "tests.servers.life", str(office.folder), office.clock.now().isoformat()]
    root = Path(__file__).parents[2]
    return subprocess.run(command, env=environment, cwd=root, check=False, timeout=50).returncode


@pytest.mark.parametrize("real_reader", [True])
def test_a_roster_through_the_door_of_the_world_is_stored_byte_for_byte(office: Office) -> None:
    """By SMTP to Postfix, by LMTP to Dovecot, by IMAP to the house, with the real reader; and the letter all the way
    back. What Postfix writes on top is believed, for it is our own."""
    unit = of_unit(office)
    raw = office.written(replace(roster(A, unit=unit), auth="none"))
    office.town.post.deliver(unit.address, [office.roster], raw)
    waits(lambda: office.town.held(office.roster), office.town.post)
    office.settle()
    [lying] = office.town.held(office.roster)
    with office.daemon() as daemon:
        [mail] = daemon.parts.ledger.queries.mails()
        assert daemon.parts.ledger.cases.raw(mail.sha256 or "") == lying
    assert lying.endswith(raw[raw.index(b"\r\nFrom: ") :])
    assert mail.sender == unit.address
    assert mail.state is MailState.DONE
    answered(office, unit)


def test_a_mail_that_a_server_refuses_to_give_comes_when_it_gives_it(office: Office) -> None:
    unit = of_unit(office)
    office.appended(roster(A, unit=unit))
    refusing = Script(say(r"FETCH .*BODY", "{tag} NO [UNAVAILABLE] 系统忙".encode("gb18030"), times=2))
    with FaultProxy(office.town.home.imap, refusing) as proxy:
        office.imap = proxy.port
        for _ in range(4):
            office.settle(later=timedelta(minutes=6))
    answered(office, unit)
