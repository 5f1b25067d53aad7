"""One round through a mailbox: what is new is fetched, stored, and only then marked as read.

The cursor's law: it never passes a UID that is neither stored nor recorded as not to be had. It moves with the commit
that stores the mails below it, so a crash anywhere costs nothing but fetching again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mailbot.domain.limits import IntakeLimits
from mailbot.domain.mail import Arrival
from mailbot.domain.ports import Clock, Cursor, MailStore, NewMail
from mailbot.failpoints import failpoint
from mailbot.intake.account import Account
from mailbot.intake.faults import Lost, Refused
from mailbot.intake.leash import Leash
from mailbot.intake.place import Place, batches, find_place
from mailbot.intake.session import Listed, Session

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What a round brought. `unsettled`: mails that the server has not given yet; `more`: others wait behind these."""

    stored: int = 0
    poisoned: int = 0
    unsettled: int = 0
    more: bool = False
    uidnext: int | None = None


@dataclass(slots=True)
class Memory:
    """What is remembered between rounds: how often a mail could not be had (`tries`), and under which `uidvalidity`."""

    uidvalidity: int = 0
    tries: dict[int, int] = field(default_factory=dict)


def _nothing(_what: object) -> None:
    """The hook of who does not listen."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """Whom a mailbox tells: `beat` (its name) that it makes progress, `arrived` how many mails were just committed."""

    beat: Callable[[str], None] = _nothing
    arrived: Callable[[int], None] = _nothing


@dataclass(frozen=True, slots=True)
class Desk:
    """What a round works with besides its connection."""

    account: Account
    store: MailStore
    clock: Clock
    limits: IntakeLimits
    memory: Memory
    hooks: Hooks


class Poll:
    """One round. Call `run` once; raises `Lost` and `Refused`, and whatever the store raises."""

    def __init__(self, desk: Desk, session: Session, leash: Leash) -> None:
        self._desk, self._session, self._leash = desk, session, leash
        self._account, self._store, self._limits = desk.account, desk.store, desk.limits
        self._memory = desk.memory
        self._place = Place(0, 0, [], rescan=False)
        self._pending: set[int] = set()
        self._listed: dict[int, Listed] = {}
        self._failed: dict[int, str] = {}
        self._given = self._stored = self._poisoned = 0
        self._read_only = False

    def run(self) -> Report:
        """Select, list, fetch, store, mark: at most one window of mails, so that progress shows soon."""
        folder = self._session.select()
        self._read_only = folder.read_only
        cursor = self._store.cursor(self._account.name, self._account.folder)
        self._place = find_place(folder, cursor, self._session)
        window, more = self._window()
        self._take(window)
        self._judge()
        unsettled = len(self._pending & set(window))
        return Report(self._stored, self._poisoned, unsettled, more, folder.uidnext)

    def _window(self) -> tuple[list[int], bool]:
        """The mails of this round, those that made trouble before last; and whether others wait behind them."""
        place, memory = self._place, self._memory
        if memory.uidvalidity != place.uidvalidity:
            memory.uidvalidity, memory.tries = place.uidvalidity, {}
        wanted = place.uids
        if wanted and (place.rescan or memory.tries):
            known = self._store.known_uids(self._account.name, self._account.folder, place.uidvalidity)
            wanted = [uid for uid in wanted if uid not in known]
        self._pending = set(wanted)
        memory.tries = {uid: tries for uid, tries in memory.tries.items() if uid in self._pending}
        calm = [uid for uid in wanted if uid not in memory.tries]
        size = 10 * self._limits.batch_mails
        troubled = sorted(memory.tries, key=lambda uid: memory.tries[uid])[:size]
        return [*calm[:size], *troubled], len(calm) > size

    def _take(self, window: Sequence[int]) -> None:
        if not window:
            return
        found = self._session.listing(window)
        self._listed = {uid: found.get(uid, Listed(None, None)) for uid in window}
        largest = self._limits.largest_mail_bytes
        for uid in [uid for uid in window if (self._listed[uid].size or 0) > largest]:
            self._give_up(uid, f"larger than {largest} bytes")
        calm = [uid for uid in window if uid in self._pending and uid not in self._memory.tries]
        alone = [uid for uid in window if uid in self._pending and uid in self._memory.tries]
        for batch in batches(calm, self._listed, self._limits.batch_mails, self._limits.batch_bytes):
            alone += self._take_batch(batch)
        for uid in alone:
            self._take_alone(uid)

    def _take_batch(self, batch: list[int]) -> list[int]:
        """Fetch and store; the UIDs to be asked for again, each alone."""
        try:
            return self._fetch_and_store(batch)
        except Refused as refused:
            _log.info("%s: %d mails at once: %s", self._account.name, len(batch), refused)
            return batch
        except Lost:
            self._memory.tries.update(dict.fromkeys(batch, 1 if len(batch) == 1 else 0))
            raise

    def _take_alone(self, uid: int) -> None:
        """Fetch one mail that was not in a batch's answer. Failing, it is gone, counted, or given up."""
        try:
            left = self._fetch_and_store([uid])
        except Refused as refused:
            self._failed[uid] = str(refused)
            return
        except Lost as lost:
            if self._count(uid, 1):
                self._give_up(uid, f"each time the connection ended: {lost}")
            raise
        if left and not self._session.has(uid):
            _log.warning("%s: UID %d was taken away on the server before it was fetched", self._account.name, uid)
            self._pending.discard(uid)
        elif left:
            self._failed[uid] = "listed by the server, but its bytes are not given"

    def _fetch_and_store(self, uids: list[int]) -> list[int]:
        """Bytes, commit, and only then the flag. The UIDs whose bytes were not given are returned."""
        self._desk.hooks.beat(self._account.name)
        self._leash.allow(sum(self._listed[uid].size or 0 for uid in uids) / self._limits.slowest_bytes_per_second)
        bodies = self._session.fetch(uids)
        got = [uid for uid in uids if bodies.get(uid) or (bodies.get(uid) == b"" and self._listed[uid].size == 0)]
        failpoint("intake.fetched")
        if got:
            mails = [NewMail(self._arrival(uid), self._account.address, bodies[uid]) for uid in got]
            self._settle(got)
            new = len(self._store.store(mails, self._cursor()))
            failpoint("intake.stored")
            self._given += len(got)
            self._stored += new
            self._desk.hooks.arrived(new)
            self._mark_seen(got)
            failpoint("intake.flagged")
        return [uid for uid in uids if uid not in got]

    def _mark_seen(self, uids: Sequence[int]) -> None:
        """A courtesy to staff who look into the mailbox; our state does not rest on it."""
        if self._read_only:
            return
        try:
            self._session.mark_seen(uids)
        except Refused as refused:
            _log.info("%s: %d mails stored, not marked as read: %s", self._account.name, len(uids), refused)

    def _judge(self) -> None:
        """Count this round's refusals. A server that gives none of many mails is itself ill: they wait longer."""
        ill = not self._given and len(self._failed) > self._limits.fetch_attempts
        for uid, why in self._failed.items():
            if self._count(uid, 1 if ill else 3):
                self._give_up(uid, why)

    def _count(self, uid: int, weight: int) -> bool:
        """Add to a mail's failures; whether there are enough. A refusal weighs as much as three lost connections."""
        tries = self._memory.tries
        tries[uid] = tries.get(uid, 0) + weight
        return tries[uid] >= 3 * self._limits.fetch_attempts

    def _give_up(self, uid: int, why: str) -> None:
        """Record a mail that the server does not give: a person gets it, the others go on."""
        _log.error("%s: UID %d cannot be fetched: %s", self._account.name, uid, why)
        self._settle([uid])
        size = self._listed[uid].size or 0
        self._store.store_poison(self._arrival(uid), self._account.address, size, why, self._cursor())
        self._poisoned += 1

    def _settle(self, uids: Sequence[int]) -> None:
        self._pending.difference_update(uids)
        for uid in uids:
            self._memory.tries.pop(uid, None)

    def _cursor(self) -> Cursor:
        """Right below the first mail that is still to be had, else at the last one listed."""
        top = max(self._place.uids, default=self._place.start)
        return Cursor(self._place.uidvalidity, min(self._pending) - 1 if self._pending else top)

    def _arrival(self, uid: int) -> Arrival:
        received_at = self._listed[uid].received_at
        if received_at is None:
            _log.warning("%s: UID %d has no INTERNALDATE, taken as arrived now", self._account.name, uid)
            received_at = self._desk.clock.now()
        return Arrival(self._account.name, self._account.folder, self._place.uidvalidity, uid, received_at)
