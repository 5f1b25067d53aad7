"""What dated lists told of the platform's people: accounts, codes, completed years, each as of the day of its list.

Any adapter that cannot ask the platform keeps it in its own file. Accounts, codes and years come in different exports,
so each of the three is superseded by itself, by a newer list that tells it. Whom no list names is unknown, never
absent.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from mailbot.domain.effects import Person
from mailbot.domain.lists import ListHead
from mailbot.domain.ports import Answer, Presence, Registration, RowResult, Wish
from mailbot.platform.store import Store

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS lists (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, sha256 TEXT NOT NULL, as_of TEXT NOT NULL,
    taken_at TEXT NOT NULL, actor TEXT NOT NULL, people INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS told (
    id_number TEXT PRIMARY KEY, phone TEXT, name TEXT, user_name TEXT, account_day TEXT,
    bought TEXT, assigned TEXT, codes_day TEXT, completed TEXT, years_day TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS told_by_phone ON told (phone);
"""
_CHUNK: Final = 500
_BY_ID: Final = (
    "SELECT id_number, phone, name, user_name, account_day, bought, assigned, codes_day, completed, years_day FROM told"
    " WHERE id_number IN (SELECT value FROM json_each(?))"
)
_BY_PHONE: Final = (
    "SELECT id_number, phone, name, user_name, account_day, bought, assigned, codes_day, completed, years_day FROM told"
    " WHERE phone IN (SELECT value FROM json_each(?)) ORDER BY account_day"
)
_WRITE: Final = "INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ADD_LIST: Final = "INSERT INTO lists (name, sha256, as_of, taken_at, actor, people) VALUES (?, ?, ?, ?, ?, ?)"


class Group(StrEnum):
    """What a list tells together."""

    ACCOUNT = "account"
    CODES = "codes"
    YEARS = "years"


FIELDS: Final[Mapping[Group, tuple[str, ...]]] = {
    Group.ACCOUNT: ("phone", "name", "user_name"),
    Group.CODES: ("bought", "assigned"),
    Group.YEARS: ("completed",),
}


@dataclass(frozen=True, slots=True)
class Account:
    """One person as lists tell it; what none tells is `None` and stays unknown. Years are sorted; `()` says none."""

    id_number: str
    phone: str | None = None
    name: str | None = None
    user_name: str | None = None
    bought: tuple[int, ...] | None = None
    assigned: tuple[int, ...] | None = None
    completed: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A person with the day of each group; a group without a day was told by no list."""

    account: Account
    days: Mapping[Group, date]


@dataclass(frozen=True, slots=True)
class Learned:
    """What a list came to: people who are new, whose values changed (as they were, as they are), who stay the same, and
    of whom a newer list has spoken since. `writes` are those to be stored."""

    new: int
    changed: tuple[tuple[Account, Account], ...]
    same: int
    older: int
    writes: tuple[Told, ...]


class Known:
    """The lists' word on people, in an adapter's store whose schema holds `SCHEMA`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def newest(self) -> date | None:
        """The day of the newest list; `None` where none was taken in."""
        with self._store.transaction() as db:
            [day] = db.execute("SELECT max(as_of) FROM lists").fetchone()
        return None if day is None else date.fromisoformat(day)

    def compare(self, accounts: Sequence[Account], groups: Collection[Group], as_of: date) -> Learned:
        """What taking a list in would change. Writes nothing. Raises `PortError`."""
        with self._store.transaction() as db:
            return _compared(db, accounts, groups, as_of)

    def take(
        self, head: ListHead, accounts: Sequence[Account], groups: Collection[Group], actor: str, now: datetime
    ) -> Learned:
        """Take a list in, whole or not at all. The same list again changes nothing. Raises `PortError`."""
        with self._store.transaction() as db:
            learned = _compared(db, accounts, groups, head.as_of)
            if learned.writes:
                values = (head.name, head.sha256, head.as_of.isoformat(), now.isoformat(), actor, len(accounts))
                db.execute(_ADD_LIST, values)
                db.executemany(_WRITE, map(_stored, learned.writes))
        return learned


def find(db: sqlite3.Connection, people: Sequence[Person]) -> list[Registration]:
    """What the lists say of each person: found, or unknown. Whoever else holds the phone is named first, for that
    stands against the account."""
    if db.execute("SELECT 1 FROM told LIMIT 1").fetchone() is None:
        return [Registration(Presence.UNKNOWN)] * len(people)
    by_id = {told.account.id_number: told for told in _asked(db, _BY_ID, [p.id_number for p in people])}
    by_phone = {told.account.phone: told for told in _asked(db, _BY_PHONE, [p.phone for p in people])}
    return [_found(by_id.get(person.id_number), by_phone.get(person.phone)) for person in people]


def agrees(found: Registration, person: Person) -> bool:
    """Whether what is registered can be this person's account: no value that is told says otherwise."""
    told = ((found.id_number, person.id_number), (found.phone, person.phone), (found.name, person.name))
    return all(theirs is None or theirs == ours for theirs, ours in told)


def is_another(found: Registration, person: Person) -> bool:
    """Whether the account that was found by this person's phone is somebody else's. A name or phone that differs is a
    matter of the rules, before anything is asked of the platform."""
    return found.presence is Presence.FOUND and found.id_number not in (None, person.id_number)


def answer(found: Registration, wish: Wish) -> Answer:
    """What a registration that is known says to the wish for an account: it is there, or it is another one."""
    by = "known" if found.as_of is None else f"list of {found.as_of}"
    if agrees(found, wish.person):
        return Answer(wish.key, RowResult.ALREADY, by)
    return Answer(wish.key, RowResult.CONFLICT, f"{by}: registered with other values")


def forget(db: sqlite3.Connection, id_number: str) -> bool:
    """The account was taken back: what lists said of it holds no longer. Whether one had."""
    return db.execute("DELETE FROM told WHERE id_number = ?", (id_number,)).rowcount > 0


def groups_of(columns: Iterable[str]) -> frozenset[Group]:
    """The groups that a list with these columns tells."""
    present = set(columns)
    codes = {"code", "bought", "assigned"} & present
    years = {"study", "completed"} & present
    account = set(FIELDS[Group.ACCOUNT]) & present
    pairs = ((Group.ACCOUNT, account), (Group.CODES, codes), (Group.YEARS, years))
    return frozenset(group for group, found in pairs if found)


def _compared(db: sqlite3.Connection, accounts: Sequence[Account], groups: Collection[Group], as_of: date) -> Learned:
    known = {told.account.id_number: told for told in _asked(db, _BY_ID, [one.id_number for one in accounts])}
    new, same, older = 0, 0, 0
    changed: list[tuple[Account, Account]] = []
    writes: list[Told] = []
    for account in accounts:
        before = known.get(account.id_number)
        after = merged(before, account, groups, as_of)
        if before is None:
            new += 1
        elif after.account != before.account:
            changed.append((before.account, after.account))
        elif groups and all(before.days.get(group, as_of) > as_of for group in groups):
            older += 1
        else:
            same += 1
        if after != before:
            writes.append(after)
    return Learned(new, tuple(changed), same, older, tuple(writes))


def merged(before: Told | None, account: Account, groups: Collection[Group], as_of: date) -> Told:
    """What is known of a person after a list of that day: its groups as it tells them, unless a newer list has. A value
    that it does not tell stays as it was told: an export without phones makes no phone unknown."""
    if before is None:
        return Told(account, dict.fromkeys(sorted(groups), as_of))
    newer = [group for group in groups if before.days.get(group, as_of) <= as_of]
    told = {name: getattr(account, name) for group in newer for name in FIELDS[group]}
    values = {name: value for name, value in told.items() if value is not None}
    return Told(replace(before.account, **values), {**before.days, **dict.fromkeys(newer, as_of)})


def _asked(db: sqlite3.Connection, query: str, keys: Sequence[str]) -> Iterator[Told]:
    distinct = list(dict.fromkeys(keys))
    for start in range(0, len(distinct), _CHUNK):
        for row in db.execute(query, (json.dumps(distinct[start : start + _CHUNK]),)):
            yield _read(row)


def _found(mine: Told | None, holder: Told | None) -> Registration:
    if mine is None and holder is None:
        return Registration(Presence.UNKNOWN)
    other = holder is not None and (mine is None or holder.account.id_number != mine.account.id_number)
    told = holder if other or mine is None else mine
    if told is None:
        return Registration(Presence.UNKNOWN)
    account, days = told.account, told.days
    return Registration(
        presence=Presence.FOUND,
        name=account.name,
        id_number=account.id_number,
        phone=account.phone,
        user_name=account.user_name,
        bought=account.bought,
        assigned=account.assigned,
        completed=account.completed,
        as_of=days.get(Group.ACCOUNT) or max(days.values(), default=None),
        codes_as_of=days.get(Group.CODES),
        completed_as_of=days.get(Group.YEARS),
    )


_DAYS: Final = {Group.ACCOUNT: 4, Group.CODES: 7, Group.YEARS: 9}
"""Where each group's day stands in a stored row."""


def _read(row: Sequence[str | None]) -> Told:
    number, phone, name, user_name, _, bought, assigned, _, completed, _ = row
    account = Account(str(number), phone, name, user_name, _years(bought), _years(assigned), _years(completed))
    days = ((group, row[place]) for group, place in _DAYS.items())
    return Told(account, {group: date.fromisoformat(day) for group, day in days if day})


def _stored(told: Told) -> tuple[str | None, ...]:
    account = told.account
    days = {group: told.days[group].isoformat() if group in told.days else None for group in Group}
    return (
        *(account.id_number, account.phone, account.name, account.user_name, days[Group.ACCOUNT]),
        *(_text(account.bought), _text(account.assigned), days[Group.CODES]),
        *(_text(account.completed), days[Group.YEARS]),
    )


def _years(text: str | None) -> tuple[int, ...] | None:
    return None if text is None else tuple(int(year) for year in text.split())


def _text(years: tuple[int, ...] | None) -> str | None:
    return None if years is None else " ".join(map(str, years))
