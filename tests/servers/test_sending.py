"""Letters leave through a real Postfix, and a line in between that does what providers do: cases by their numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest

from mailbot.domain.effects import EffectState
from mailbot.domain.mail import MailState
from tests.flow.office import roster
from tests.rig.actors import QQ_535, Line, Script, lose, say, swallow
from tests.rig.postfix import BOUNCING, FULL, GREY, NO_MX, REFUSED, SPAM, WAITING
from tests.rig.proxy import FaultProxy
from tests.servers.town import Office, unit_at, waits
from tools.stories import units
from tools.stories.people import people
from tools.stories.units import Unit

A, B = people(1_720, 2)
HOUR = timedelta(hours=1)


def of_unit(office: Office, domain: str | None = None) -> Unit:
    """A unit that writes to this office alone."""
    made = unit_at(units.PRIMARY, domain or f"jialan{office.number}.example")
    return replace(made, address=f"office{office.number}@{made.domain}")


@pytest.mark.parametrize("domain", [REFUSED, FULL, NO_MX])
def test_case_42_and_50_an_address_that_is_refused_is_tried_once_and_then_is_a_persons(
    office: Office, domain: str
) -> None:
    """550 no such user, 552 mailbox full, no such domain: staff have the telephone number of the form."""
    unit = of_unit(office, domain)
    office.appended(roster(A, unit=unit))
    for _ in range(3):
        office.settle(later=HOUR)
    found = office.look()
    [letter] = found.letters_to(unit.address)
    assert (letter.state, letter.attempts) == (EffectState.REJECTED, 1)
    assert [(one.contact, one.phone) for one in found.unreached] == [(unit.contact, unit.contact_phone)]
    assert found.cases[0].state.value == "fulfilled", "what was done stays done"


@pytest.mark.parametrize("domain", [BOUNCING, SPAM])
def test_case_42_a_late_report_finds_its_letter_and_opens_no_case(office: Office, domain: str) -> None:
    unit = of_unit(office, domain)
    office.appended(roster(A, unit=unit))
    office.settle()
    assert [letter.state for letter in office.look().letters] == [EffectState.DONE]
    waits(lambda: len(office.town.held(office.roster)) == 2, office.town.post)
    office.settle(later=timedelta(minutes=5))
    office.settle(later=timedelta(days=1))
    found = office.look()
    assert [mail.state for mail in found.mails if mail.sender != unit.address] == [MailState.IGNORED]
    assert len(found.cases) == 1
    assert len(found.letters) == 1, "a report gets no letter"
    [lost] = found.unreached
    assert (lost.to, lost.phone, lost.sure) == (unit.address, unit.contact_phone, True)


COREMAIL = """\
From: postmaster@{domain}
To: {roster}
Subject: =?gb18030?B?z7XNs83L0MU=?=
Date: Wed, 16 Sep 2020 10:20:00 +0800
Message-ID: <back-{number}@{domain}>
Content-Type: text/plain; charset=gb18030
Content-Transfer-Encoding: 8bit

很抱歉，您的邮件被退回。
收件人：{to}
退信原因：收件人邮箱空间不足 (550 Mailbox quota exceeded)
原邮件标识：{message_id}
"""


def test_case_42_a_providers_own_words_are_a_report_too(office: Office) -> None:
    """Coremail and Tencent write no multipart/report."""
    unit = of_unit(office)
    office.appended(roster(A, unit=unit))
    office.settle()
    [sent] = office.town.held(unit.address)
    words = {"domain": unit.domain, "roster": office.roster, "to": unit.address, "number": office.number}
    text = COREMAIL.format(message_id=message_from_bytes(sent)["Message-ID"], **words)
    raw = text.replace("\n", "\r\n").encode("gb18030")
    office.town.home.append(office.roster, raw, at=office.clock.now())
    office.settle(later=timedelta(minutes=30))
    found = office.look()
    assert [mail.state for mail in found.mails if mail.sender != unit.address] == [MailState.IGNORED]
    assert (len(found.cases), len(found.letters)) == (1, 1)
    assert [one.to for one in found.unreached] == [unit.address]


@pytest.mark.parametrize(
    ("line", "waits_for"),
    [
        (say("^EHLO", "421 4.7.0 HL:REP 163 smtp10, too many connections"), HOUR),
        (say("^MAIL", "421 HL:ICC 163 smtp2"), HOUR),
        (say("^RCPT", "451 RP:DRC 163 smtp9"), HOUR),
        (say("^RCPT", "451 4.7.1 greylisted, please try again"), HOUR),
        (swallow("451 MI:SFQ 163 smtp1"), HOUR),
        (swallow("452 4.3.1 insufficient system storage"), HOUR),
        (say("^AUTH", QQ_535), 3 * HOUR),
    ],
)
def test_case_44_what_passes_costs_a_letter_only_time(office: Office, line: Line, waits_for: timedelta) -> None:
    """421 and the rate codes of NetEase, greylisting, a refused login: the letter waits, and leaves once."""
    unit = of_unit(office)
    office.appended(roster(A, unit=unit))
    with FaultProxy(office.town.post.submission, Script(line)) as proxy:
        office.smtp = proxy.port
        office.settle()
        assert office.town.held(unit.address) == []
        [letter] = office.look().letters
        assert letter.state is EffectState.PLANNED
        office.settle(later=waits_for)
        office.settle(later=HOUR)
    waits(lambda: len(office.town.held(unit.address)) == 1, office.town.post)
    assert [letter.state for letter in office.look().letters] == [EffectState.DONE]


@pytest.mark.parametrize("answer", ["554 DT:SPM 163 smtp12", "552 5.3.4 message size exceeds fixed limit"])
def test_case_44_what_is_refused_for_good_goes_to_a_person(office: Office, answer: str) -> None:
    unit = of_unit(office)
    office.appended(roster(A, unit=unit))
    with FaultProxy(office.town.post.submission, Script(swallow(answer))) as proxy:
        office.smtp = proxy.port
        for _ in range(3):
            office.settle(later=HOUR)
    [letter] = office.look().letters
    assert letter.state is EffectState.REJECTED
    assert answer[:3] in (letter.detail or "")
    assert office.town.held(unit.address) == []


def test_case_44_the_answer_behind_the_dot_is_lost_and_the_letter_comes_twice_at_most(office: Office) -> None:
    unit = of_unit(office)
    office.appended(roster(A, unit=unit))
    with FaultProxy(office.town.post.submission, Script(lose("^DATA"))) as proxy:
        office.smtp = proxy.port
        office.settle()
        assert [letter.state for letter in office.look().letters] == [EffectState.UNCERTAIN]
        office.settle(later=timedelta(minutes=5))
        assert len(office.town.held(unit.address)) == 1, "not before the wait is over"
        for _ in range(3):
            office.settle(later=HOUR)
    got = [message_from_bytes(raw) for raw in office.town.held(unit.address)]
    assert 1 <= len(got) <= 2
    assert len({message["Message-ID"] for message in got}) == 1
    assert len({message.as_bytes() for message in got if message["Received"] is None}) <= 1


@pytest.mark.parametrize("domain", [GREY])
def test_case_44_a_server_that_puts_off_for_ever_ends_with_staff(office: Office, domain: str) -> None:
    """1, 5, 15, 60 minutes, 4 hours: then a person."""
    unit = of_unit(office, domain)
    office.appended(roster(A, unit=unit))
    for _ in range(8):
        office.settle(later=timedelta(hours=5))
    [letter] = office.look().letters
    assert letter.state is EffectState.UNCERTAIN
    assert letter.not_before is None
    assert letter.attempts == 6


def test_a_letter_that_waits_with_the_next_server_is_sent(office: Office) -> None:
    unit = of_unit(office, WAITING)
    office.appended(roster(A, unit=unit))
    office.settle()
    assert [letter.state for letter in office.look().letters] == [EffectState.DONE]


def test_case_45_a_hostile_subject_reaches_one_address_and_stays_one_line(office: Office) -> None:
    unit = of_unit(office)
    raw = b"=?utf-8?B?5ZCN5Y2VDQpCY2M6IHZpY3RpbUBldmlsLmV4YW1wbGU=?= =?x-unknown?Q?a=FF?="
    office.appended(roster(A, unit=unit, raw_subject=raw))
    office.settle()
    waits(lambda: len(office.town.held(unit.address)) == 1, office.town.post)
    message = message_from_bytes(office.town.held(unit.address)[0])
    assert office.town.held("victim@evil.example") == []
    assert message["Bcc"] is None
    assert "\n" not in str(make_header(decode_header(message["Subject"]))).strip()
