"""The embedded platform of `demo`, `process` and tests: a register of accounts in a small file of its own.

It knows only what it was told and never says `absent`, so it is not authoritative; `mailbot check` refuses it for a
live site. It answers at once: no wish stays pending.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from mailbot.domain.effects import Person
from mailbot.domain.ports import Answer, Caps, PortError, Presence, Registration, RowResult, Wish
from mailbot.platform import known
from mailbot.platform.known import Known
from mailbot.platform.registry import PlatformSettings
from mailbot.platform.store import Store

FILE: Final = "platform.sqlite"
ASSUME: Final = "assume_registered"
"""The option by which whoever the register does not know has an account (`mailbot process --assume-registered`)."""
_BATCH: Final = 500
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS accounts (
    id_number TEXT PRIMARY KEY, phone TEXT UNIQUE, name TEXT, user_name TEXT, told_by TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS grants (
    id_number TEXT NOT NULL, year INTEGER NOT NULL, PRIMARY KEY (id_number, year)
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class _Account:
    """An account of this register. One that an import told to an earlier version may lack values."""

    id_number: str
    phone: str | None = None
    name: str | None = None
    user_name: str | None = None


class EmbeddedLedger:
    """The register. Every call is one transaction; people are looked up by ID number and by phone."""

    def __init__(self, settings: PlatformSettings) -> None:
        """Open or create the register in the site's storage folder. Raises `PortError`."""
        self._store = Store(settings.folder / FILE, _SCHEMA + known.SCHEMA)
        self.known = Known(self._store)
        """What imported lists told."""
        self._caps = Caps(
            name="ledger",
            authoritative=False,
            asynchronous=False,
            batch_size=_BATCH,
            password_policy=settings.password_policy,
            assumes_registered=ASSUME in settings.options,
        )

    @property
    def caps(self) -> Caps:
        """Not authoritative, synchronous."""
        return self._caps

    def check(self) -> None:
        """Whether the register can be written. Raises `PortError`."""
        with self._store.transaction():
            return

    def close(self) -> None:
        """Close the register."""
        self._store.close()

    def find(self, people: Sequence[Person]) -> list[Registration]:
        """What is known of each person, by ID number first, then by phone: found or unknown, never absent."""
        with self._store.transaction() as db:
            told = known.find(db, people)
            return [_found(db, person, one) for person, one in zip(people, told, strict=True)]

    def ensure_accounts(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Open the missing accounts: done, already (same person), or conflict (phone or ID number held otherwise)."""
        return self._each(wishes, _ensure)

    def grant(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Grant each wish's year to those who have an account: done, already, or conflict. Raises `PortError` for a
        wish without a year."""
        return self._each(wishes, _grant_assuming if self._caps.assumes_registered else _grant)

    def revoke(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Take back a year, or with no year the account itself; what is not there is already so."""
        return self._each(wishes, _revoke)

    def collect(self) -> list[Answer]:
        """Nothing: every wish was answered at once."""
        return []

    def _each(
        self, wishes: Sequence[Wish], act: Callable[[sqlite3.Connection, Wish], tuple[RowResult, str]]
    ) -> list[Answer]:
        with self._store.transaction() as db:
            return [Answer(wish.key, *act(db, wish)) for wish in wishes]


def open_platform(settings: PlatformSettings) -> EmbeddedLedger:
    """The door that `registry.load` looks for."""
    return EmbeddedLedger(settings)


def _ensure(db: sqlite3.Connection, wish: Wish) -> tuple[RowResult, str]:
    person = wish.person
    found = _found(db, person, known.find(db, [person])[0])
    if found.presence is Presence.FOUND:
        answer = known.answer(found, wish)
        return answer.result, answer.detail
    db.execute(
        "INSERT INTO accounts (id_number, phone, name, user_name, told_by) VALUES (?, ?, ?, ?, 'mailbot')",
        (person.id_number, person.phone, person.name, person.phone),
    )
    return RowResult.DONE, "embedded ledger"


def _grant(db: sqlite3.Connection, wish: Wish, *, assume: bool = False) -> tuple[RowResult, str]:
    """A year, for an account that is known under this ID number: a year in the air would be nobody's."""
    key = _key(wish)
    found = _found(db, wish.person, known.find(db, [wish.person])[0])
    if known.is_another(found, wish.person):
        return RowResult.CONFLICT, "the phone is held by another ID number"
    if found.presence is not Presence.FOUND and not assume:
        return RowResult.CONFLICT, "no account of this person is known"
    inserted = db.execute("INSERT OR IGNORE INTO grants (id_number, year) VALUES (?, ?)", key).rowcount
    return (RowResult.DONE if inserted else RowResult.ALREADY), "embedded ledger"


_grant_assuming = partial(_grant, assume=True)


def _revoke(db: sqlite3.Connection, wish: Wish) -> tuple[RowResult, str]:
    if wish.year is None:
        gone = db.execute("DELETE FROM accounts WHERE id_number = ?", (wish.person.id_number,)).rowcount
        gone += known.forget(db, wish.person.id_number)
    else:
        gone = db.execute("DELETE FROM grants WHERE id_number = ? AND year = ?", _key(wish)).rowcount
    return (RowResult.DONE if gone else RowResult.ALREADY), "embedded ledger"


def _key(wish: Wish) -> tuple[str, int]:
    if wish.year is None:
        raise PortError("a grant names its year", retry=False)
    return wish.person.id_number, wish.year


_BY: Final = {
    "id_number": "SELECT id_number, phone, name, user_name FROM accounts WHERE id_number = ?",
    "phone": "SELECT id_number, phone, name, user_name FROM accounts WHERE phone = ?",
}


def _row(db: sqlite3.Connection, column: str, value: str) -> _Account | None:
    row = db.execute(_BY[column], (value,)).fetchone()
    return None if row is None else _Account(*row)


def _by_id(db: sqlite3.Connection, person: Person) -> _Account | None:
    return _row(db, "id_number", person.id_number)


def _by_phone(db: sqlite3.Connection, person: Person) -> _Account | None:
    return _row(db, "phone", person.phone)


def _found(db: sqlite3.Connection, person: Person, told: Registration) -> Registration:
    """What lists told of a person, beside the register's own account of them."""
    account = _by_id(db, person) or _by_phone(db, person)
    if account is None:
        return told
    own = Registration(Presence.FOUND, account.name, account.id_number, account.phone, account.user_name)
    if told.presence is not Presence.FOUND or account.id_number != person.id_number:
        return own
    if told.id_number != person.id_number:
        return told
    return replace(
        told,
        name=told.name or account.name,
        phone=told.phone or account.phone,
        user_name=told.user_name or account.user_name,
    )
