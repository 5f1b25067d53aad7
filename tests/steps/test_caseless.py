"""Mails without a case: filed in silence, answered by the hotlines once a day, else left to a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.domain.effects import LetterKind
from mailbot.domain.findings import Finding, Severity, Stops
from mailbot.domain.kinds import SenderView
from mailbot.domain.mail import Mail, MailState
from mailbot.domain.outcome import Lookups, MailResult
from mailbot.domain.states import ItemState
from mailbot.steps import caseless, letters
from tests.steps.fakes import UNVERIFIED, VERIFIED, base, stored
from tests.steps.test_talk import case, hand

ASKS = Mail(subject="密码", text="密码忘了怎么办？")
PLAIN = replace(VERIFIED, verified=None)


def note(code: str, severity: Severity = Severity.NOTE) -> Finding:
    return Finding(code, severity, "说明。", Stops.ITEM)


def end(
    *found: Finding,
    sender: SenderView = VERIFIED,
    mail: Mail = ASKS,
    lookups: Lookups | None = None,
) -> MailResult:
    at = replace(hand(sender=sender), base=base(findings=found))
    return caseless.end(at, mail, lookups or Lookups())


def codes(result: MailResult) -> list[str]:
    return [finding.code for finding in result.findings]


@pytest.mark.parametrize("code", caseless.FILED)
@pytest.mark.parametrize("sender", [VERIFIED, UNVERIFIED, PLAIN])
def test_what_needs_nobody_is_filed_with_the_word_why(code: str, sender: SenderView) -> None:
    result = end(note(code), sender=sender)
    assert (result.state, result.letters, result.cases) == (MailState.IGNORED, (), ())
    assert result.marks == (code,)


@pytest.mark.parametrize("code", caseless.FILED)
def test_an_office_that_wants_to_see_them_sees_them(code: str) -> None:
    assert end(note(code, Severity.HOLD)).state is MailState.SET_ASIDE


@pytest.mark.parametrize("sender", [VERIFIED, PLAIN])
def test_the_hotlines_answer_and_nobody_needs_to_look(sender: SenderView) -> None:
    result = end(note("mail.help_password"), note("mail.help_invoice"), sender=sender)
    assert result.state is MailState.DONE
    [letter] = result.letters
    assert (letter.kind, letter.to, letter.case_ids) == (LetterKind.ANSWER, sender.address, ())


@pytest.mark.parametrize(
    "sender",
    [
        UNVERIFIED,
        replace(VERIFIED, lookalike=True),
        replace(VERIFIED, ambiguous=True),
        replace(VERIFIED, address=None),
    ],
)
def test_a_forged_or_doubtful_sender_is_told_nothing_and_a_person_looks(sender: SenderView) -> None:
    assert not letters.may_help(sender)
    result = end(note("mail.help_password"), sender=sender)
    assert (result.state, result.letters) == (MailState.SET_ASIDE, ())
    assert "mail.unclaimed" in codes(result)


def test_the_same_question_again_that_day_is_for_a_person() -> None:
    told = Lookups(told=("mail.help_password",))
    again = end(note("mail.help_password"), lookups=told)
    assert (again.state, codes(again)) == (MailState.SET_ASIDE, ["mail.help_again"])
    assert len(again.letters) == 1, "that it came"
    other = end(note("mail.help_password"), note("mail.help_course"), lookups=told)
    assert other.state is MailState.DONE, "something of it was not told yet"


def test_a_question_beside_something_else_is_for_a_person_and_answered() -> None:
    held = note("mail.unclaimed", Severity.HOLD)
    result = end(held, note("mail.help_course"), sender=PLAIN)
    assert (result.state, len(result.letters)) == (MailState.SET_ASIDE, 1)
    assert end(held, sender=PLAIN).letters == (), "without a question only a verified address hears that it came"
    assert len(end(held).letters) == 1


def test_a_courtesy_that_is_held_gets_no_letter() -> None:
    held = note("mail.unclaimed", Severity.HOLD)
    assert end(held, mail=Mail(subject="回复：名单", text="谢谢提醒")).letters == ()
    assert len(end(held, mail=Mail(subject="公需科目报名名单", text="请查收，谢谢！")).letters) == 1


def test_what_no_rule_speaks_of_is_for_a_person() -> None:
    result = end()
    assert (result.state, codes(result)) == (MailState.SET_ASIDE, ["mail.unclaimed"])


def test_words_in_the_thread_of_an_open_enquiry_are_not_set_aside() -> None:
    enquiry = case(ItemState.HELD, kind="enquiry")
    at = replace(hand(enquiry), base=base(findings=(note("mail.unclaimed", Severity.HOLD),)))
    result = caseless.end(at, Mail(text="补充说明"), Lookups(threads=("2020-000001",)))
    assert (result.state, [one.version for one in result.cases]) == (MailState.DONE, [2])
    unreadable = replace(at, base=base(findings=(note("mail.unreadable", Severity.HOLD),)))
    aside = caseless.end(unreadable, Mail(text="补充说明"), Lookups(threads=("2020-000001",)))
    assert (aside.state, aside.cases) == (MailState.SET_ASIDE, ())


def test_the_letter_of_a_mail_is_known_by_the_mail() -> None:
    [letter] = letters.helped(base(), stored(), VERIFIED).letters
    assert (letter.key, letter.mail_id) == ("mail:7:1", 7)
