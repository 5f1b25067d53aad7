"""A MailStore in memory that keeps the port's promises, and records the order of what happens."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mailbot.domain.mail import Arrival
from mailbot.domain.ports import Cursor, NewMail


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

    def cursor(self, account: str, mailbox: str) -> Cursor | None:
        return self.cursors.get((account, mailbox))

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
