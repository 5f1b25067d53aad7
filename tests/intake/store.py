"""A MailStore in memory that keeps the port's promises, and records the order of what happens."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from mailbot.domain.mail import Arrival
from mailbot.domain.ports import Cursor, FetchTry, Kept, NewMail


@dataclass(frozen=True)
class Poison:
    """A mail that was not to be had, as it was recorded."""

    arrival: Arrival
    address: str
    size: int
    detail: str


@dataclass
class MemoryStore:
    """`fail` holds errors that the next calls of `store` raise instead of storing. A failed call changes nothing."""

    mails: list[NewMail] = field(default_factory=list)
    poison: list[Poison] = field(default_factory=list)
    cursors: dict[tuple[str, str], Cursor] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    fail: list[Exception] = field(default_factory=list)
    trying: dict[tuple[str, str], tuple[int, list[FetchTry]]] = field(default_factory=dict)

    def cursor(self, account: str, mailbox: str) -> Cursor | None:
        return self.cursors.get((account, mailbox))

    def move(self, account: str, mailbox: str, cursor: Cursor) -> None:
        self.cursors[account, mailbox] = cursor

    def newest(self, account: str, mailbox: str, uidvalidity: int, count: int) -> list[Kept]:
        here = (account, mailbox, uidvalidity)
        kept = [
            Kept(m.arrival.uid, hashlib.sha256(m.raw).hexdigest(), len(m.raw), m.arrival.received_at)
            for m in self.mails
            if _key(m.arrival)[:3] == here
        ]
        return sorted(kept, key=lambda one: -one.uid)[:count]

    def raw(self, sha256: str) -> bytes:
        return next(m.raw for m in self.mails if hashlib.sha256(m.raw).hexdigest() == sha256)

    def tries(self, account: str, mailbox: str, uidvalidity: int) -> list[FetchTry]:
        under, tries = self.trying.get((account, mailbox), (0, []))
        return list(tries) if under == uidvalidity else []

    def keep_tries(self, account: str, mailbox: str, uidvalidity: int, tries: Sequence[FetchTry]) -> None:
        self.trying[account, mailbox] = (uidvalidity, list(tries))

    def known_uids(self, account: str, mailbox: str, uidvalidity: int) -> set[int]:
        arrivals = [mail.arrival for mail in self.mails] + [poison.arrival for poison in self.poison]
        return {a.uid for a in arrivals if (a.account, a.mailbox, a.uidvalidity) == (account, mailbox, uidvalidity)}

    def store(self, mails: Sequence[NewMail], cursor: Cursor | None) -> list[int]:
        if self.fail:
            raise self.fail.pop(0)
        keys = {_key(mail.arrival) for mail in self.mails}
        new = [mail for mail in mails if _key(mail.arrival) not in keys]
        self.mails += new
        self.batches.append(len(mails))
        self._move(mails[0].arrival, cursor)
        return list(range(len(self.mails) - len(new) + 1, len(self.mails) + 1))

    def store_poison(self, arrival: Arrival, address: str, size: int, detail: str, cursor: Cursor | None) -> None:
        self.poison.append(Poison(arrival, address, size, detail))
        self._move(arrival, cursor)

    def _move(self, arrival: Arrival, cursor: Cursor | None) -> None:
        if cursor is not None:
            self.cursors[arrival.account, arrival.mailbox] = cursor

    @property
    def uids(self) -> list[int]:
        return [mail.arrival.uid for mail in self.mails]

    @property
    def raws(self) -> list[bytes]:
        return [mail.raw for mail in self.mails]


def _key(arrival: Arrival) -> tuple[str, str, int, int]:
    return arrival.account, arrival.mailbox, arrival.uidvalidity, arrival.uid
