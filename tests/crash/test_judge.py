"""The judge on worlds made up for it: what must be a fault is one, what may happen is none."""

from email.message import EmailMessage

import pytest

from tests.crash.judge import early_claims, firsts, unexcused
from tests.crash.scenario import MAILS
from tests.crash.world import Account, Death, Happening, Letter

CLEAN = next(mail for mail in MAILS if mail.name == "clean")
FIRST, SECOND = (Account(one.id_number, one.phone) for one in CLEAN.opens)
SENDING, IDLE = Death("letter.after_send#1", sending=True), Death("mail.before_flow#1", sending=False)


def letter(number: int = 1, text: str = "已注册账号：2人。") -> Letter:
    message = EmailMessage()
    message["To"], message["In-Reply-To"], message["Message-ID"] = *CLEAN.purpose, f"<{number}@cqhrsp.com>"
    message.set_content(text)
    return Letter(CLEAN.purpose[0], message.as_bytes())


def test_a_letter_knows_its_purpose_and_words() -> None:
    assert letter().purpose == CLEAN.purpose
    assert letter().text.strip() == "已注册账号：2人。"


@pytest.mark.parametrize(
    ("log", "excused"),
    [
        ([letter(1), SENDING, letter(1)], True),
        ([letter(1), FIRST, SENDING, IDLE, letter(2), letter(1)], True),
        ([letter(1), letter(1)], False),
        ([letter(1), IDLE, letter(1)], False),
        ([SENDING, letter(1), letter(1)], False),
        ([letter(1), letter(2), SENDING, letter(1)], False),
        ([letter(1), SENDING, letter(1), letter(1)], False),
        ([letter(1), SENDING, letter(1, "已注册账号：3人。")], False),
    ],
)
def test_a_copy_needs_a_death_right_behind_the_first(log: list[Happening], excused: bool) -> None:
    assert (list(unexcused(log)) == []) is excused


@pytest.mark.parametrize(
    ("log", "true"),
    [
        ([FIRST, SECOND, letter()], True),
        ([FIRST, letter(), SECOND], False),
        ([FIRST, FIRST, letter()], False),
        ([letter()], False),
        ([letter(text="目前情况：已注册1人，待注册1人；共2人。"), FIRST], False),
        ([FIRST, letter(text="目前情况：已注册1人，待注册1人；共2人。")], True),
        ([letter(text="待注册：2人。"), FIRST, SECOND], True),
        ([Account("500101199001011234", "13800000000"), FIRST, letter()], False),
    ],
)
def test_a_letter_may_only_tell_of_accounts_that_are_there(log: list[Happening], true: bool) -> None:
    assert (list(early_claims(log)) == []) is true


def test_copies_are_one_letter() -> None:
    assert firsts([letter(1), letter(2), letter(1)]) == [letter(1), letter(2)]
