"""A mail that only points at a file: its sender is asked for the file, where a letter may reach them."""

from dataclasses import replace

import pytest

from mailbot.domain.effects import LetterKind
from mailbot.domain.findings import Finding, Severity
from mailbot.domain.kinds import SenderView
from mailbot.domain.links import CLOUD_LINK
from mailbot.domain.mail import MailState
from mailbot.steps.letters import asked_to_attach
from tests.steps.fakes import UNVERIFIED, VERIFIED, base, stored
from tests.steps.test_caseless import codes, end, note

ASKED = replace(base(), findings=(Finding(CLOUD_LINK, Severity.ASK, "请以普通附件重新发送。"),))


def test_a_verified_sender_is_asked_and_nobody_else_needs_to_look() -> None:
    result = asked_to_attach(ASKED, stored(), VERIFIED)
    [letter] = result.letters
    assert (letter.kind, letter.to, letter.case_ids, letter.trusted) == (LetterKind.ANSWER, VERIFIED.address, (), False)
    assert result.state is MailState.DONE


@pytest.mark.parametrize(
    "sender",
    [UNVERIFIED, replace(VERIFIED, address=None), replace(VERIFIED, lookalike=True), replace(VERIFIED, ambiguous=True)],
)
def test_whom_no_letter_may_reach_a_person_writes_to(sender: SenderView) -> None:
    result = asked_to_attach(ASKED, stored(), sender)
    assert (result.state, result.letters) == (MailState.SET_ASIDE, ())


def test_where_no_rule_asks_for_it_a_person_looks() -> None:
    assert asked_to_attach(base(), stored(), VERIFIED).state is MailState.SET_ASIDE


def test_among_the_ends_of_a_mail_without_a_case() -> None:
    asked = end(note(CLOUD_LINK, Severity.ASK), note("mail.thanks"))
    assert asked.state is MailState.DONE
    assert len(asked.letters) == 1
    assert codes(asked) == [CLOUD_LINK, "mail.thanks"]


@pytest.mark.parametrize("unwanted", ["mail.advertising", "mail.phishing"])
def test_a_link_that_nobody_waits_for_is_asked_of_nobody(unwanted: str) -> None:
    result = end(note(CLOUD_LINK, Severity.ASK), note(unwanted))
    assert (result.state, result.letters) == (MailState.IGNORED, ())
