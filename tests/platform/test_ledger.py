"""The embedded register: who is new, who is there, who contradicts; and that it never says a person is absent."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from mailbot.domain.effects import Person
from mailbot.domain.lists import ListHead
from mailbot.domain.ports import PortError, Presence, RowResult, Wish
from mailbot.platform.known import Account, Group
from mailbot.platform.ledger import FILE, EmbeddedLedger
from tests.examples import examples
from tests.platform.people import NOON, person, settings, wish


@pytest.fixture
def ledger(tmp_path: Path) -> EmbeddedLedger:
    return EmbeddedLedger(settings(tmp_path))


def results(ledger: EmbeddedLedger, *wishes: Wish) -> list[RowResult]:
    return [answer.result for answer in ledger.ensure_accounts(wishes)]


def told(ledger: EmbeddedLedger, *accounts: Account, day: date = date(2020, 7, 1)) -> None:
    """A list of that day was taken in."""
    ledger.known.take(ListHead("export.csv", "0" * 64, day), accounts, {Group.ACCOUNT}, "张工", NOON)


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
    told(ledger, Account(person(1).id_number))
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


def test_whom_a_list_names_is_found_and_gets_no_second_account(ledger: EmbeddedLedger) -> None:
    one, two = person(1), person(2)
    told(ledger, Account(one.id_number, one.phone, one.name, "zhao1990"), Account(two.id_number, two.phone, two.name))
    found = ledger.find([one])[0]
    assert (found.presence, found.user_name, found.as_of) == (Presence.FOUND, "zhao1990", date(2020, 7, 1))
    answer = ledger.ensure_accounts([wish(1)])[0]
    assert (answer.result, answer.detail) == (RowResult.ALREADY, "list of 2020-07-01")
    assert results(ledger, wish(3)) == [RowResult.DONE]


@pytest.mark.parametrize(("phone", "name"), [("13900000001", None), (None, "孙小红")])
def test_whom_a_list_names_with_other_values_conflicts(
    ledger: EmbeddedLedger, phone: str | None, name: str | None
) -> None:
    one = person(1)
    told(ledger, Account(one.id_number, phone or one.phone, name or one.name))
    assert results(ledger, wish(1)) == [RowResult.CONFLICT]


def test_a_list_speaks_against_an_account_of_our_own_too(ledger: EmbeddedLedger) -> None:
    ledger.ensure_accounts([wish(1)])
    told(ledger, Account(person(1).id_number, "13900000001"))
    assert ledger.find([person(1)])[0].phone == "13900000001"
    assert ledger.find([person(1)])[0].name == person(1).name
    assert results(ledger, wish(1)) == [RowResult.CONFLICT]


def test_what_a_list_does_not_tell_stays_unknown_and_contradicts_nothing(ledger: EmbeddedLedger) -> None:
    told(ledger, Account(person(1).id_number))
    assert ledger.find([person(1)])[0].phone is None
    assert results(ledger, wish(1)) == [RowResult.ALREADY]


def test_an_account_that_a_list_named_can_be_withdrawn(ledger: EmbeddedLedger) -> None:
    told(ledger, Account(person(1).id_number, person(1).phone))
    assert [a.result for a in ledger.revoke([wish(1)])] == [RowResult.DONE]
    assert ledger.find([person(1)])[0].presence is Presence.UNKNOWN


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    first = EmbeddedLedger(settings(tmp_path))
    first.ensure_accounts([wish(1)])
    first.close()
    assert (tmp_path / FILE).exists()
    assert results(EmbeddedLedger(settings(tmp_path)), wish(1)) == [RowResult.ALREADY]


def test_years_are_granted_once_and_taken_back(ledger: EmbeddedLedger) -> None:
    ledger.ensure_accounts([wish(1)])
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


def test_a_grant_to_nobody_who_is_known_conflicts_and_is_not_written(ledger: EmbeddedLedger) -> None:
    assert [a.result for a in ledger.grant([wish(1, year=2018)])] == [RowResult.CONFLICT]
    ledger.ensure_accounts([wish(1)])
    assert [a.result for a in ledger.grant([wish(1, year=2018)])] == [RowResult.DONE]


def test_who_stands_in_a_list_can_be_granted_a_year_also_under_another_phone(ledger: EmbeddedLedger) -> None:
    one = person(1)
    told(ledger, Account(one.id_number, person(9).phone, one.name))
    assert [a.result for a in ledger.grant([wish(1, year=2018)])] == [RowResult.DONE]


def test_a_rehearsal_may_take_everybody_for_registered_but_not_for_somebody_else(tmp_path: Path) -> None:
    assuming = EmbeddedLedger(settings(tmp_path, assume_registered="yes"))
    assert assuming.caps.assumes_registered
    assert [a.result for a in assuming.grant([wish(1, year=2018)])] == [RowResult.DONE]
    assuming.ensure_accounts([wish(2)])
    thief = Wish("k", Person("钱小红", person(3).id_number, person(2).phone), 2018)
    assert [a.result for a in assuming.grant([thief])] == [RowResult.CONFLICT]
    assert assuming.find([person(5)])[0].presence is Presence.UNKNOWN


def test_a_grant_without_a_year_is_refused_whole(ledger: EmbeddedLedger) -> None:
    ledger.ensure_accounts([wish(1), wish(2)])
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
