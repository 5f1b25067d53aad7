"""The embedded register: who is new, who is there, who contradicts; and that it never says a person is absent."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from mailbot.domain.effects import Person
from mailbot.domain.ports import PortError, Presence, RowResult, Wish
from mailbot.platform.ledger import FILE, Account, EmbeddedLedger
from tests.examples import examples
from tests.platform.people import person, settings, wish


@pytest.fixture
def ledger(tmp_path: Path) -> EmbeddedLedger:
    return EmbeddedLedger(settings(tmp_path))


def results(ledger: EmbeddedLedger, *wishes: Wish) -> list[RowResult]:
    return [answer.result for answer in ledger.ensure_accounts(wishes)]


def test_new_people_are_done_and_the_same_people_again_are_already(ledger: EmbeddedLedger) -> None:
    assert results(ledger, wish(1), wish(2)) == [RowResult.DONE, RowResult.DONE]
    assert results(ledger, wish(1), wish(2), wish(3)) == [RowResult.ALREADY, RowResult.ALREADY, RowResult.DONE]


def test_answers_come_under_the_keys_that_were_asked(ledger: EmbeddedLedger) -> None:
    answers = ledger.ensure_accounts([wish(2, key="b"), wish(1, key="a")])
    assert [answer.key for answer in answers] == ["b", "a"]


def test_one_person_twice_in_one_call_is_opened_once(ledger: EmbeddedLedger) -> None:
    assert results(ledger, wish(1), wish(1, key="other")) == [RowResult.DONE, RowResult.ALREADY]


def test_a_phone_held_by_another_person_conflicts(ledger: EmbeddedLedger) -> None:
    ledger.ensure_accounts([wish(1)])
    thief = Wish("k", Person("钱小红", person(2).id_number, person(1).phone))
    assert results(ledger, thief) == [RowResult.CONFLICT]
    assert ledger.find([person(2)])[0].presence is Presence.UNKNOWN


@pytest.mark.parametrize("other", ["phone", "name"])
def test_an_id_number_with_another_phone_or_name_conflicts(ledger: EmbeddedLedger, other: str) -> None:
    ledger.ensure_accounts([wish(1)])
    one = person(1)
    changed = Person(
        "孙小明" if other == "name" else one.name, one.id_number, person(9).phone if other == "phone" else one.phone
    )
    assert results(ledger, Wish("k", changed)) == [RowResult.CONFLICT]
    assert ledger.find([one])[0].name == one.name


def test_id_of_one_account_and_phone_of_another_conflict(ledger: EmbeddedLedger) -> None:
    ledger.learn([Account(person(1).id_number)], told_by="export")
    ledger.ensure_accounts([wish(2)])
    mixed = Person(person(1).name, person(1).id_number, person(2).phone)
    assert results(ledger, Wish("k", mixed)) == [RowResult.CONFLICT]


def test_a_known_person_is_found_with_registered_values(ledger: EmbeddedLedger) -> None:
    ledger.ensure_accounts([wish(1)])
    one = person(1)
    found = ledger.find([one, person(2)])
    assert (found[0].presence, found[0].phone, found[0].user_name) == (Presence.FOUND, one.phone, one.phone)
    assert found[1].presence is Presence.UNKNOWN
    assert found[1].name is None


def test_a_person_is_found_by_phone_too_and_shows_who_holds_it(ledger: EmbeddedLedger) -> None:
    ledger.ensure_accounts([wish(1)])
    found = ledger.find([Person("李小明", person(3).id_number, person(1).phone)])[0]
    assert found.presence is Presence.FOUND
    assert found.id_number == person(1).id_number


def test_an_import_tells_of_people_and_overwrites_nobody(ledger: EmbeddedLedger) -> None:
    ledger.ensure_accounts([wish(1)])
    one, two = person(1), person(2)
    told = [
        Account(one.id_number, one.phone, one.name, "zhao1990"),
        Account(two.id_number, two.phone, two.name, "qian"),
        Account(one.id_number, person(7).phone, one.name),
    ]
    learned = ledger.learn(told, told_by="export 2020-07-01")
    assert (learned.new, learned.known, learned.conflicts) == (1, 1, 1)
    assert ledger.find([one])[0].user_name == one.phone
    assert ledger.find([two])[0].user_name == "qian"
    assert results(ledger, wish(2)) == [RowResult.ALREADY]


def test_what_an_export_does_not_tell_stays_unknown_and_contradicts_nothing(ledger: EmbeddedLedger) -> None:
    ledger.learn([Account(person(1).id_number)], told_by="export")
    assert ledger.find([person(1)])[0].phone is None
    assert results(ledger, wish(1)) == [RowResult.ALREADY]


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    first = EmbeddedLedger(settings(tmp_path))
    first.ensure_accounts([wish(1)])
    first.close()
    assert (tmp_path / FILE).exists()
    assert results(EmbeddedLedger(settings(tmp_path)), wish(1)) == [RowResult.ALREADY]


def test_years_are_granted_once_and_taken_back(ledger: EmbeddedLedger) -> None:
    asked = [wish(1, year=2018), wish(1, key="b", year=2019)]
    assert [a.result for a in ledger.grant(asked)] == [RowResult.DONE, RowResult.DONE]
    assert [a.result for a in ledger.grant(asked[:1])] == [RowResult.ALREADY]
    assert [a.result for a in ledger.revoke(asked[:1])] == [RowResult.DONE]
    assert [a.result for a in ledger.revoke(asked[:1])] == [RowResult.ALREADY]
    assert [a.result for a in ledger.grant(asked)] == [RowResult.DONE, RowResult.ALREADY]


def test_a_grant_to_a_phone_of_somebody_else_conflicts(ledger: EmbeddedLedger) -> None:
    ledger.ensure_accounts([wish(1)])
    wrong = Wish("k", Person("钱小明", person(2).id_number, person(1).phone), 2018)
    assert [a.result for a in ledger.grant([wrong])] == [RowResult.CONFLICT]


def test_an_account_can_be_withdrawn_and_opened_again(ledger: EmbeddedLedger) -> None:
    ledger.ensure_accounts([wish(1)])
    assert [a.result for a in ledger.revoke([wish(1)])] == [RowResult.DONE]
    assert results(ledger, wish(1)) == [RowResult.DONE]


def test_a_grant_without_a_year_is_refused_whole(ledger: EmbeddedLedger) -> None:
    with pytest.raises(PortError, match="year"):
        ledger.grant([wish(1, year=2018), wish(2)])
    assert [a.result for a in ledger.grant([wish(1, year=2018)])] == [RowResult.DONE]


def test_it_answers_at_once_and_has_nothing_to_collect(ledger: EmbeddedLedger) -> None:
    ledger.ensure_accounts([wish(1)])
    assert ledger.collect() == []


@examples(25, unless=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 1)), max_size=12))
def test_no_order_of_wishes_gives_a_phone_or_an_id_number_two_holders(
    tmp_path_factory: pytest.TempPathFactory, order: list[tuple[int, int, int]]
) -> None:
    ledger = EmbeddedLedger(settings(tmp_path_factory.mktemp("register")))
    opened: set[tuple[str, str]] = set()
    for number, phone, name in order:
        who = Person("甲乙"[name], person(number).id_number, person(phone).phone)
        (answer,) = ledger.ensure_accounts([Wish("k", who)])
        if answer.result is RowResult.DONE:
            opened.add((who.id_number, who.phone))
    assert len({id_number for id_number, _ in opened}) == len(opened)
    assert len({phone for _, phone in opened}) == len(opened)
