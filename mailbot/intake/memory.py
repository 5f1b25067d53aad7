"""What a mailbox remembers between two rounds: what could not be had, what was listed already, what was proved.

A mail that the server lists and does not give is asked for alone, again and again over a quarter of an hour, and is
then a matter for a person. What weighs is kept in the store: a restart neither forgives a mail nor hurries it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from mailbot.domain.limits import IntakeLimits
from mailbot.domain.ports import FetchTry, MailStore
from mailbot.intake.account import Account
from mailbot.intake.session import Listed

REFUSED: Final = 3
LOST: Final = 1
"""A refusal weighs as much as three lost connections: those are more often the line's fault than the mail's."""


@dataclass(slots=True)
class Memory:
    """Of one mailbox, under one `uidvalidity`. `suspects` were in an answer that broke and are asked for one by one;
    `tries` failed alone; `listed` are known and wait for their turn; `verified` were proved to be what we stored."""

    uidvalidity: int = 0
    suspects: set[int] = field(default_factory=set)
    tries: dict[int, FetchTry] = field(default_factory=dict)
    listed: dict[int, Listed] = field(default_factory=dict)
    verified: dict[int, Listed] = field(default_factory=dict)
    _kept: list[FetchTry] = field(default_factory=list)

    def begin(self, store: MailStore, account: Account, uidvalidity: int) -> None:
        """Remember what is of this UIDVALIDITY, from the store where this process was not there."""
        if self.uidvalidity == uidvalidity:
            return
        self.uidvalidity = uidvalidity
        self.suspects, self.listed, self.verified = set(), {}, {}
        self._kept = store.tries(account.name, account.folder, uidvalidity)
        self.tries = {one.uid: one for one in self._kept}

    def narrow(self, pending: Collection[int]) -> None:
        """Forget what is stored by now, or not there any more."""
        self.suspects.intersection_update(pending)
        self.tries = {uid: one for uid, one in self.tries.items() if uid in pending}

    def due(self, now: datetime, limits: IntakeLimits) -> list[int]:
        """The mails to be asked for alone now, those that failed least first. A clock that was set back hurries."""
        pause = timedelta(seconds=limits.fetch_retry_seconds)
        ripe = [one for one in self.tries.values() if not now < one.next_at <= now + pause]
        fresh = sorted(self.suspects - set(self.tries))
        return [*fresh, *(one.uid for one in sorted(ripe, key=lambda one: (one.weight, one.uid)))]

    def count(self, uid: int, weight: int, detail: str, now: datetime, limits: IntakeLimits) -> bool:
        """A mail failed alone; whether it did often enough, and for long enough, to be given up. Over a line that was
        lost once or twice no mail waits longer than the line does."""
        total = weight + (self.tries[uid].weight if uid in self.tries else 0)
        pause = timedelta(seconds=limits.fetch_retry_seconds if total >= REFUSED else 0)
        self.tries[uid] = FetchTry(uid, total, now + pause, detail)
        self.suspects.discard(uid)
        return total >= REFUSED * (1 + limits.fetch_attempts)

    def settle(self, uids: Iterable[int]) -> None:
        """These are stored, given up, or gone."""
        for uid in uids:
            self.suspects.discard(uid)
            self.tries.pop(uid, None)
            self.listed.pop(uid, None)

    def keep(self, store: MailStore, account: Account) -> None:
        """Write the tries where they changed. A row too many is harmless: it is forgotten when it is read."""
        tries = sorted(self.tries.values(), key=lambda one: one.uid)
        if tries != self._kept:
            store.keep_tries(account.name, account.folder, self.uidvalidity, tries)
            self._kept = tries
