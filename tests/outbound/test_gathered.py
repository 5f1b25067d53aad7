"""The letter that only says more will come, and what two letters must share to read alike."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from mailbot.domain.effects import LetterKind
from mailbot.domain.letters import MORE
from tests.outbound.letters import case, composer, done, view

NOTE = replace(view(), key=f"{MORE}mail:4:1", kind=LetterKind.NOTICE, cases=(), mail_id=4)


def text_of(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=policy.SMTP).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_it_says_that_more_will_come_in_one_letter_and_promises_no_number() -> None:
    made = composer().compose(NOTE)
    assert made.template == "mail/more"
    assert "合并在一封信中答复" in text_of(made.raw)
    assert "登记编号" not in text_of(made.raw)
    assert made.attachments == ()


@pytest.mark.parametrize(("subject", "answered"), [("报名名单", "回复：报名名单"), ("", "回复：（无主题）")])
def test_it_answers_the_mail_that_was_one_too_many(subject: str, answered: str) -> None:
    made = composer().compose(replace(NOTE, subject=subject))
    mail = message_from_bytes(made.raw, policy=policy.SMTP)
    assert (mail["Subject"], mail["To"]) == (answered, NOTE.to)
    assert mail["Auto-Submitted"].startswith("auto-")


def test_letters_that_read_alike_have_the_same_words_whenever_they_are_written() -> None:
    one = view(case(done(1)))
    first = composer().compose(one)
    later = composer().compose(replace(one, letter_id="<other@cqhrsp.com>", message_id="<2@unit.example>"))
    assert first.words == later.words != ""
    assert first.raw != later.raw


def test_another_subject_or_another_row_are_other_words() -> None:
    words = {
        composer().compose(one).words
        for one in (view(case(done(1))), view(case(done(1)), subject="另一封"), view(case(done(1), done(2))))
    }
    assert len(words) == 3
