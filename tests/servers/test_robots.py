"""Robots answer the office's letters: a real Sieve vacation, words without marks, and one that never stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes

import pytest

from mailbot.domain.mail import MailState
from tests.flow.office import roster
from tests.servers.town import Office, waits
from tools.stories import units
from tools.stories.people import people
from tools.stories.units import Unit

A, B = people(1_740, 2)
VACATION = """\
require ["vacation"];
vacation :days 1 :subject "自动回复: 外出" :addresses ["{address}"] "我正在休假，紧急事务请致电办公室。";
"""
BY_HAND = "From: {ours}\r\nTo: {theirs}\r\nSubject: a word\r\nMessage-ID: <by-hand@cqhrsp.com>\r\n\r\nhello\r\n"


def of_unit(office: Office) -> Unit:
    return replace(units.PRIMARY, address=f"hr@robot{office.number}.example")


def letters(office: Office, unit: Unit) -> int:
    return len(office.town.held(unit.address))


def test_case_41_a_real_vacation_does_not_answer_our_letters(office: Office) -> None:
    """They say that a machine wrote them (RFC 3834), and Sieve keeps to it (RFC 5230, 4.6)."""
    unit = of_unit(office)
    office.town.home.answer_by(unit.address, VACATION.format(address=unit.address))
    office.appended(roster(A, unit=unit))
    office.settle()
    waits(lambda: letters(office, unit) == 1, office.town.post)
    assert "discarding vacation response" in office.town.home.log
    assert len(office.town.held(office.roster)) == 1


def test_case_41_a_real_vacation_between_our_letter_and_theirs(office: Office) -> None:
    """Staff write by hand from the web mail, and the unit's server answers that; its next roster is handled as ever."""
    unit = of_unit(office)
    office.town.home.answer_by(unit.address, VACATION.format(address=unit.address))
    office.appended(roster(A, unit=unit))
    office.settle()
    office.town.post.submit(office.roster, unit.address, BY_HAND.format(ours=office.roster, theirs=unit.address))
    waits(lambda: len(office.town.held(office.roster)) == 2, office.town.post)
    assert message_from_bytes(office.town.held(office.roster)[1])["Auto-Submitted"] == "auto-replied (vacation)"
    office.settle(later=timedelta(minutes=5))
    other = replace(unit, order_no="2020071283338156")
    office.appended(roster(B, unit=other, at="2020-09-16 10:10"))
    office.settle(later=timedelta(minutes=10))
    found = office.look()
    assert [mail.state for mail in found.mails].count(MailState.IGNORED) == 1
    assert (len(found.cases), len(found.letters)) == (2, 2)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "自动回复:回复：2020年公需科目报名名单",
            "这是来自QQ邮箱的假期自动回复邮件。\n\n您好，我最近正在休假中，无法亲自回复您的邮件。",
        ),
        ("回复：2020年公需科目报名名单", "这是一封来自QQ邮箱的自动回复邮件。您的来信已收到。"),
        ("Out of Office: 2020", "I am out of the office until Monday. This is an automatic reply."),
        ("Automatic reply: 2020", "I am on leave."),
    ],
)
def test_case_41_words_without_marks_end_in_silence(office: Office, subject: str, text: str) -> None:
    unit = of_unit(office)
    office.appended(roster(A, unit=unit))
    office.settle()
    waits(lambda: letters(office, unit) == 1, office.town.post)
    sent = message_from_bytes(office.town.held(unit.address)[0])
    draft = replace(roster(A, unit=unit, at="2020-09-16 10:05"), files=(), subject=subject, text=text)
    office.appended(replace(draft, answers=sent["Message-ID"]))
    office.settle(later=timedelta(minutes=10))
    found = office.look()
    assert [mail.state for mail in found.mails if mail.subject == subject] == [MailState.IGNORED]
    assert (len(found.letters), len(found.cases)) == (1, 1)


@pytest.mark.parametrize(
    "words", ["您的邮件我已收到，会尽快处理，第{turn}号。", "收到，谢谢！", "请问你们收到我的名单了吗？第{turn}次询问"]
)
def test_case_41_two_robots_that_answer_each_other_fall_silent(office: Office, words: str) -> None:
    """A rude one: no marks, no memory, a new Message-ID each time. Ours stops by itself within the hour's cap."""
    unit = of_unit(office)
    office.appended(roster(A, unit=unit))
    office.settle()
    answered = 0
    for turn in range(9):
        got = office.town.held(unit.address)
        if len(got) == answered:
            break
        answered = len(got)
        last = message_from_bytes(got[-1])
        draft = replace(roster(A, unit=unit), files=(), subject="Re: 名单", text=words.format(turn=turn))
        moment = office.clock.now() + timedelta(minutes=2)
        office.appended(replace(draft, answers=last["Message-ID"], at=moment, message_id=f"<{turn}@{unit.domain}>"))
        office.settle(later=timedelta(minutes=3))
    else:
        pytest.fail(f"{answered} letters, and no end")
    assert answered <= 5, "the result, three more in an hour, and one last note"
