"""The embedded platform of `demo`, `process` and tests: a register of accounts in a small file of its own.

It knows only what it was told and never says `absent`, so it is not authoritative; `mailbot check` refuses it for a
live site. It answers at once: no wish stays pending.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mailbot.domain.effects import Person
from mailbot.domain.ports import Answer, Caps, PortError, Presence, Registration, RowResult, Wish
from mailbot.platform.registry import PlatformSettings
from mailbot.platform.store import Store

FILE: Final = "platform.sqlite"
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
class Account:
    """One account as a dated export tells it. A value the export does not tell is `None`, and stays unknown."""

    id_number: str
    phone: str | None = None
    name: str | None = None
    user_name: str | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """What an import came to: new accounts, those known already, and those that contradict what is known."""

    new: int
    known: int
    conflicts: int


class EmbeddedLedger:
    """The register. Every call is one transaction; people are looked up by ID number and by phone."""

    def __init__(self, settings: PlatformSettings) -> None:
        """Open or create the register in the site's storage folder. Raises `PortError`."""
        self._store = Store(settings.folder / FILE, _SCHEMA)
        self._caps = Caps(
            name="ledger",
            authoritative=False,
            asynchronous=False,
            batch_size=_BATCH,
            password_policy=settings.password_policy,
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
            return [_found(_by_id(db, person) or _by_phone(db, person)) for person in people]

    def ensure_accounts(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Open the missing accounts: done, already (same person), or conflict (phone or ID number held otherwise)."""
        return self._each(wishes, _ensure)

    def grant(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Grant each wish's year. Raises `PortError` for a wish without one."""
        return self._each(wishes, _grant)

    def revoke(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Take back a year, or with no year the account itself; what is not there is already so."""
        return self._each(wishes, _revoke)

    def collect(self) -> list[Answer]:
        """Nothing: every wish was answered at once."""
        return []

    def learn(self, accounts: Iterable[Account], *, told_by: str) -> Learned:
        """Take in accounts out of a dated export; `told_by` names it. What is known is never overwritten."""
        counts = {RowResult.DONE: 0, RowResult.ALREADY: 0, RowResult.CONFLICT: 0}
        with self._store.transaction() as db:
            for account in accounts:
                counts[_learn(db, account, told_by)] += 1
        return Learned(counts[RowResult.DONE], counts[RowResult.ALREADY], counts[RowResult.CONFLICT])

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
    account = Account(person.id_number, person.phone, person.name, person.phone)
    result = _learn(db, account, "mailbot")
    return result, {RowResult.CONFLICT: "phone or ID number is held with other values"}.get(result, "embedded ledger")


def _learn(db: sqlite3.Connection, account: Account, told_by: str) -> RowResult:
    by_id = _row(db, "id_number", account.id_number)
    by_phone = _row(db, "phone", account.phone) if account.phone is not None else None
    if by_id is None and by_phone is None:
        db.execute(
            "INSERT INTO accounts (id_number, phone, name, user_name, told_by) VALUES (?, ?, ?, ?, ?)",
            (account.id_number, account.phone, account.name, account.user_name, told_by),
        )
        return RowResult.DONE
    other = by_phone is not None and by_phone.id_number != account.id_number
    return RowResult.ALREADY if by_id is not None and not other and _agree(by_id, account) else RowResult.CONFLICT


def _agree(known: Account, other: Account) -> bool:
    """Whether two accounts of one ID number can be the same: what both tell is equal."""
    pairs = ((known.phone, other.phone), (known.name, other.name))
    return all(left == right for left, right in pairs if left is not None and right is not None)


def _grant(db: sqlite3.Connection, wish: Wish) -> tuple[RowResult, str]:
    holder = _by_phone(db, wish.person)
    if holder is not None and holder.id_number != wish.person.id_number:
        return RowResult.CONFLICT, "the phone is held by another ID number"
    inserted = db.execute("INSERT OR IGNORE INTO grants (id_number, year) VALUES (?, ?)", _key(wish)).rowcount
    return (RowResult.DONE if inserted else RowResult.ALREADY), "embedded ledger"


def _revoke(db: sqlite3.Connection, wish: Wish) -> tuple[RowResult, str]:
    if wish.year is None:
        gone = db.execute("DELETE FROM accounts WHERE id_number = ?", (wish.person.id_number,)).rowcount
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


def _row(db: sqlite3.Connection, column: str, value: str) -> Account | None:
    row = db.execute(_BY[column], (value,)).fetchone()
    return None if row is None else Account(*row)


def _by_id(db: sqlite3.Connection, person: Person) -> Account | None:
    return _row(db, "id_number", person.id_number)


def _by_phone(db: sqlite3.Connection, person: Person) -> Account | None:
    return _row(db, "phone", person.phone)


def _found(account: Account | None) -> Registration:
    if account is None:
        return Registration(Presence.UNKNOWN)
    return Registration(Presence.FOUND, account.name, account.id_number, account.phone, account.user_name)
