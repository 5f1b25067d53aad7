"""What lists told of people: three groups with a day each; newer supersedes, older and same change nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.lists import ListHead
from mailbot.domain.ports import Presence, Registration, RowResult
from mailbot.platform.known import FIELDS, SCHEMA, Account, Group, Known, Told, find, groups_of, merged
from mailbot.platform.store import Store
from mailbot.platform.worklist import Worklist
from tests.platform.people import NOON, person, settings, wish

FIRST, LATER = date(2020, 7, 1), date(2020, 7, 9)
ONE, TWO = person(1), person(2)
FULL = Account(ONE.id_number, ONE.phone, ONE.name, "zhao", (2020,), (), (2019,))
EVERY = frozenset(Group)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "known.sqlite", SCHEMA)


def take(store: Store, *accounts: Account, day: date = FIRST, groups: Collection[Group] = EVERY) -> tuple[int, int]:
    """How many were new and how many were written."""
    learned = Known(store).take(ListHead("people.csv", "0" * 64, day), accounts, groups, "张工", NOON)
    return learned.new, len(learned.writes)


def asked(store: Store, who: int = 1) -> Registration:
    with store.transaction() as db:
        return find(db, [person(who)])[0]


def test_without_a_list_everybody_is_unknown(store: Store) -> None:
    assert asked(store) == Registration(Presence.UNKNOWN)
    assert Known(store).newest() is None


def test_what_is_told_comes_back_with_the_day_of_each_group(store: Store) -> None:
    assert take(store, FULL) == (1, 1)
    assert take(store, replace(FULL, assigned=(2020,)), day=LATER, groups={Group.CODES}) == (0, 1)
    found = asked(store)
    assert (found.bought, found.assigned, found.completed, found.user_name) == ((2020,), (2020,), (2019,), "zhao")
    assert (found.as_of, found.codes_as_of, found.completed_as_of) == (FIRST, LATER, FIRST)
    assert asked(store, 2).presence is Presence.UNKNOWN
    assert Known(store).newest() == LATER


def test_a_list_of_one_group_leaves_the_others_as_they_are(store: Store) -> None:
    take(store, FULL)
    take(store, Account(ONE.id_number, "13900000009", ONE.name), day=LATER, groups={Group.ACCOUNT})
    found = asked(store)
    assert (found.phone, found.bought, found.completed) == ("13900000009", (2020,), (2019,))


def test_who_stands_in_a_list_of_codes_alone_has_an_account_of_unknown_values(store: Store) -> None:
    take(store, Account(ONE.id_number, assigned=(2020,)), groups={Group.CODES})
    found = asked(store)
    assert (found.presence, found.name, found.phone, found.as_of) == (Presence.FOUND, None, None, FIRST)


def test_the_same_list_again_writes_nothing(store: Store) -> None:
    take(store, FULL)
    assert take(store, FULL) == (0, 0)
    with store.transaction() as db:
        assert db.execute("SELECT count(*) FROM lists").fetchone() == (1,)


def test_an_older_list_is_told_as_such(store: Store) -> None:
    take(store, FULL, day=LATER)
    learned = Known(store).compare([replace(FULL, phone="13900000009")], EVERY, FIRST)
    assert (learned.older, learned.changed, learned.writes) == (1, (), ())


def test_comparing_writes_nothing(store: Store) -> None:
    assert Known(store).compare([FULL], EVERY, FIRST).new == 1
    assert asked(store).presence is Presence.UNKNOWN


def test_who_else_holds_the_phone_is_named_first(store: Store) -> None:
    take(store, FULL, Account(TWO.id_number, "13900000009", TWO.name))
    take(store, Account(TWO.id_number, ONE.phone, TWO.name), day=LATER)
    assert asked(store).id_number == TWO.id_number


def test_thousands_of_people_are_asked_in_strides(store: Store) -> None:
    take(store, *(Account(person(n).id_number, person(n).phone) for n in range(1, 1300)))
    with store.transaction() as db:
        found = find(db, [person(n) for n in range(1400)])
    assert [one.presence is Presence.FOUND for one in found] == [1 <= n < 1300 for n in range(1400)]


def test_the_groups_of_a_list_follow_from_its_columns() -> None:
    assert groups_of(["id_number", "name"]) == {Group.ACCOUNT}
    assert groups_of(["id_number", "code", "study"]) == {Group.CODES, Group.YEARS}
    assert groups_of(["id_number"]) == set()


YEARS = st.none() | st.sampled_from([(), (2019,), (2019, 2020)])
ACCOUNTS = st.builds(Account, st.just("1"), st.sampled_from([None, "p", "q"]), bought=YEARS, completed=YEARS)
STEPS = st.lists(st.tuples(ACCOUNTS, st.frozensets(st.sampled_from(Group)), st.dates(FIRST, LATER)), min_size=1)


@given(STEPS)
def test_each_value_is_what_the_newest_list_said_of_it(steps: list[tuple[Account, frozenset[Group], date]]) -> None:
    known: Told | None = None
    for account, groups, day in steps:
        known = merged(known, account, groups, day)
    assert known is not None
    for group, fields in FIELDS.items():
        days = [day for _, groups, day in steps if group in groups]
        assert known.days.get(group) == max(days, default=None)
        for name in fields:
            said = [getattr(steps[0][0], name)]
            for number, (account, groups, day) in enumerate(steps):
                before = [day for _, groups, day in steps[:number] if group in groups]
                if group in groups and day >= max(before, default=day) and getattr(account, name) is not None:
                    said.append(getattr(account, name))
            assert getattr(known.account, name) == said[-1]


def test_a_list_without_phones_makes_no_phone_unknown(store: Store) -> None:
    """Else nobody would notice that somebody else wants an account under it."""
    take(store, FULL)
    assert take(store, Account(ONE.id_number, name="甲改"), day=LATER, groups={Group.ACCOUNT}) == (0, 1)
    found = asked(store)
    assert (found.name, found.phone, found.user_name, found.as_of) == ("甲改", ONE.phone, "zhao", LATER)


def test_a_list_that_says_none_takes_years_away(store: Store) -> None:
    take(store, FULL)
    take(store, Account(ONE.id_number, assigned=(), bought=()), day=LATER, groups={Group.CODES})
    assert (asked(store).bought, asked(store).assigned, asked(store).completed) == ((), (), (2019,))


def test_the_worklist_lists_nobody_who_has_an_account_by_a_list(tmp_path: Path) -> None:
    worklist = Worklist(settings(tmp_path))
    worklist.known.take(ListHead("people.csv", "0" * 64, FIRST), [FULL], EVERY, "张工", NOON)
    assert worklist.find([ONE])[0].user_name == "zhao"
    answers = worklist.ensure_accounts([wish(1), wish(2)])
    assert [answer.result for answer in answers] == [RowResult.ALREADY, RowResult.PENDING]
    [batch] = worklist.batches()
    assert batch.counts == {"pending": 1}
    assert [answer.result for answer in worklist.ensure_accounts([wish(1)])] == [RowResult.ALREADY]


def test_the_worklist_says_conflict_for_an_account_of_other_values(tmp_path: Path) -> None:
    worklist = Worklist(settings(tmp_path))
    other = replace(FULL, phone="13900000009")
    worklist.known.take(ListHead("people.csv", "0" * 64, FIRST), [other], EVERY, "张工", NOON)
    [answer] = worklist.ensure_accounts([wish(1)])
    assert (answer.result, answer.detail) == (RowResult.CONFLICT, "list of 2020-07-01: registered with other values")
    assert worklist.batches() == []


def test_a_row_that_waits_already_keeps_its_place(tmp_path: Path) -> None:
    worklist = Worklist(settings(tmp_path))
    worklist.ensure_accounts([wish(1)])
    worklist.known.take(ListHead("people.csv", "0" * 64, FIRST), [FULL], EVERY, "张工", NOON)
    assert [answer.result for answer in worklist.ensure_accounts([wish(1)])] == [RowResult.PENDING]
