"""A mail that kills whoever takes it through the flow: after three times it is a person's, and the others are done."""

import hashlib

import pytest

from tests.crash.conftest import Try, Undisturbed
from tests.crash.judge import WHATEVER_THE_ORDER, Reference, judge, same_words, still
from tests.crash.scenario import MAILS, Mail
from tests.crash.world import Account

pytestmark = [pytest.mark.dovecot, pytest.mark.timeout(120)]
POISON = next(mail for mail in MAILS if mail.name == "partial")


def without(wanted: Reference, mail: Mail) -> Reference:
    """The undisturbed life without this mail's accounts and letters."""
    gone = {Account(one.id_number, one.phone) for one in mail.opens}
    accounts = {account: number for account, number in wanted.accounts.items() if account not in gone}
    texts = {purpose: said for purpose, said in wanted.texts.items() if purpose != mail.purpose}
    return Reference(accounts, texts, wanted.decisions)


def test_poison_is_set_aside_after_three_deaths_and_the_others_go_on(undisturbed: Undisturbed, fresh: Try) -> None:
    wanted = without(undisturbed.wanted, POISON)
    with fresh() as life:
        life.poison = hashlib.sha256(POISON.raw).hexdigest()
        life.until_quiet()
        assert life.lives == [-9, -9, -9, 0]
        assert judge(life, wanted, (*WHATEVER_THE_ORDER, same_words)) == []
        assert still(life) == []
        found = life.ask("SELECT uid, state, attempts, last_error FROM mails WHERE state = 'set_aside' OR attempts > 2")
    assert found == [(2, "set_aside", 3, "given up after 3 attempts, the last one cut short")]
