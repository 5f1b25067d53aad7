"""The undisturbed life comes to the world that the scenario's author wrote down, and passes every known place."""

import re
from collections import Counter

import pytest

from tests.crash.conftest import Undisturbed
from tests.crash.judge import NOTICE
from tests.crash.places import PLACES
from tests.crash.scenario import MAILS, Mail
from tests.crash.world import Account

pytestmark = pytest.mark.dovecot


def test_the_accounts_are_those_of_the_good_rows_and_each_is_opened_once(undisturbed: Undisturbed) -> None:
    due = {Account(one.id_number, one.phone) for mail in MAILS for one in mail.opens}
    assert undisturbed.wanted.accounts == dict.fromkeys(due, 1)


def test_every_mail_is_answered_as_often_as_it_deserves_and_staff_get_their_digest(undisturbed: Undisturbed) -> None:
    due = {mail.purpose: len(mail.answers) for mail in MAILS if mail.answers}
    assert {purpose: len(texts) for purpose, texts in undisturbed.wanted.texts.items()} == {**due, NOTICE: 1}


@pytest.mark.parametrize("mail", [mail for mail in MAILS if mail.answers], ids=lambda mail: mail.name)
def test_a_letter_says_what_is_so(undisturbed: Undisturbed, mail: Mail) -> None:
    for text, answer in zip(undisturbed.wanted.texts[mail.purpose], mail.answers, strict=True):
        if answer.registered is not None:
            assert tuple(map(int, re.findall(r"已注册账号：(\d+)人", text))) == answer.registered
        assert [word for word in answer.says if word not in text] == []


def test_every_mail_ends_as_it_should(undisturbed: Undisturbed) -> None:
    found = Counter((row[0], row[2]) for row in undisturbed.wanted.decisions["mails"])
    assert found == Counter((mail.account, mail.state) for mail in MAILS)


def test_the_time_limit_is_the_close_of_the_second_working_day(undisturbed: Undisturbed) -> None:
    """All rosters came on Monday the 14th of September 2020 in office hours: Wednesday, 17:30 in Chongqing."""
    limits = {row[8] for row in undisturbed.wanted.decisions["items"]}
    assert limits == {None, "2020-09-16 09:30:00.000000"}


def test_the_known_places_are_those_that_are_passed(undisturbed: Undisturbed) -> None:
    assert sorted({passage.name for passage in undisturbed.passed}) == sorted(PLACES)
