"""One round through a mailbox: what is new is fetched, stored, and only then marked as read.

The cursor's law: it never passes a UID that is neither stored nor recorded as not to be had. It moves with the commit
that stores the mails below it, so a crash anywhere costs nothing but fetching again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mailbot.domain.limits import IntakeLimits
from mailbot.domain.mail import Arrival
from mailbot.domain.ports import Clock, Cursor, MailStore, NewMail
from mailbot.failpoints import failpoint
from mailbot.intake.account import Account
from mailbot.intake.arrival import arrived, plausible
from mailbot.intake.faults import Lost, Refused
from mailbot.intake.identity import reused
from mailbot.intake.leash import Leash
from mailbot.intake.memory import LOST, REFUSED, Memory
from mailbot.intake.place import Place, batches, find_place, pieces
from mailbot.intake.session import Listed, Session

_log = logging.getLogger(__name__)


WINDOW = 10
"""Portions of one round: progress shows soon, and the deadline of a round is met."""
LOOKS = 10
"""Pieces of an old mailbox's stock that one round looks through."""
_UNTOLD = Listed(None, None)


@dataclass(frozen=True, slots=True)
class Report:
    """What a round brought. `unsettled`: mails to be asked for alone right away; `waiting`: those that wait for their
    next try; `more`: others wait behind these; `ahead`: how many are listed and neither fetched nor left alone yet."""

    stored: int = 0
    poisoned: int = 0
    unsettled: int = 0
    more: bool = False
    uidnext: int | None = None
    waiting: int = 0
    ahead: int = 0


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
        self._top = 0
        self._pending: set[int] = set()
        self._failed: dict[int, str] = {}
        self._given = self._stored = self._poisoned = 0
        self._read_only = False

    def run(self) -> Report:
        """Select, list, fetch, store, mark: at most one window of mails, so that progress shows soon."""
        folder = self._session.select()
        self._read_only = folder.read_only
        cursor = self._store.cursor(self._account.name, self._account.folder)
        self._place = find_place(folder, cursor, self._session, self._account.since, self._reused)
        self._top = max(self._place.uids, default=self._place.start)
        calm, more = self._calm(self._wanted())
        due = self._memory.due(self._desk.clock.now(), self._limits)
        alone = due[: WINDOW * self._limits.batch_mails]
        self._take(calm, alone)
        self._judge()
        self._memory.keep(self._store, self._account)
        left = len(self._pending.intersection(self._memory.due(self._desk.clock.now(), self._limits)))
        waiting = len(self._pending.intersection(self._memory.tries)) - left
        return Report(
            self._stored, self._poisoned, left, more, folder.uidnext, waiting=max(0, waiting), ahead=len(self._pending)
        )

    def _reused(self, cursor: Cursor) -> bool:
        self._memory.begin(self._store, self._account, cursor.uidvalidity)
        return reused(self._account, cursor, self._session, self._store, self._memory)

    def _wanted(self) -> list[int]:
        """The mails that are neither stored nor given up; the memory is brought to this UIDVALIDITY."""
        place, memory = self._place, self._memory
        memory.begin(self._store, self._account, place.uidvalidity)
        wanted = place.uids
        if wanted and (place.rescan or memory.tries or memory.suspects):
            known = self._store.known_uids(self._account.name, self._account.folder, place.uidvalidity)
            wanted = [uid for uid in wanted if uid not in known]
        self._pending = set(wanted)
        memory.narrow(self._pending)
        return wanted

    def _calm(self, wanted: Sequence[int]) -> tuple[list[int], bool]:
        """The mails of this round that made no trouble so far; and whether others wait behind them."""
        memory, size = self._memory, WINDOW * self._limits.batch_mails
        calm = [uid for uid in wanted if uid not in memory.tries and uid not in memory.suspects]
        old = [uid for uid in calm if uid <= self._place.stock] if self._place.since else []
        chosen: list[int] = []
        looked = 0
        for number, piece in enumerate(pieces(old, self._limits.listing_mails)):
            if number >= LOOKS or len(chosen) >= size:
                break
            chosen += self._look(piece)
            looked += len(piece)
        if looked:
            _log.info("%s: looked through %d of %d old mails", self._account.name, looked, len(old))
        if looked == len(old):
            chosen += calm[len(old) :]
        return chosen[:size], len(chosen) > size or looked < len(old)

    def _look(self, piece: Sequence[int]) -> list[int]:
        """Those of a piece of the stock that are to be fetched; of the others the cursor says that they are left."""
        self._desk.hooks.beat(self._account.name)
        self._list(piece)
        since, now = self._place.since, self._desk.clock.now()
        left: list[int] = []
        for uid in piece:
            at = self._memory.listed[uid].received_at
            if at is not None and since is not None and plausible(at, now) and at < since:
                left.append(uid)
        self._settle(left)
        if left:
            self._store.move(self._account.name, self._account.folder, self._cursor())
        return [uid for uid in piece if uid in self._pending]

    def _list(self, uids: Sequence[int]) -> None:
        """Size and arrival of these, once."""
        listed = self._memory.listed
        unlisted = [uid for uid in uids if listed.get(uid, _UNTOLD) == _UNTOLD]
        if unlisted:
            found = self._session.listing(unlisted)
            listed.update((uid, found.get(uid, _UNTOLD)) for uid in unlisted)

    def _take(self, calm: Sequence[int], alone: Sequence[int]) -> None:
        self._list([*calm, *alone])
        largest, listed = self._limits.largest_mail_bytes, self._memory.listed
        for uid in (*calm, *alone):
            if (listed[uid].size or 0) > largest:
                self._give_up(uid, f"larger than {largest} bytes")
        fetchable = [uid for uid in calm if uid in self._pending]
        again = [uid for uid in alone if uid in self._pending]
        for batch in batches(fetchable, listed, self._limits.batch_mails, self._limits.batch_bytes):
            again += self._take_batch(batch)
        for uid in again:
            self._take_alone(uid)

    def _take_batch(self, batch: list[int]) -> list[int]:
        """Fetch and store; the UIDs to be asked for again, each alone."""
        try:
            return self._fetch_and_store(batch)
        except Refused as refused:
            _log.info("%s: %d mails at once: %s", self._account.name, len(batch), refused)
            return batch
        except Lost as lost:
            if len(batch) == 1:
                self._ended(batch[0], lost)
            else:
                self._memory.suspects.update(batch)
            raise

    def _take_alone(self, uid: int) -> None:
        """Fetch one mail that was not in a batch's answer. Failing, it is gone, counted, or given up."""
        try:
            left = self._fetch_and_store([uid])
        except Refused as refused:
            self._failed[uid] = str(refused)
            return
        except Lost as lost:
            self._ended(uid, lost)
            raise
        if left and not self._session.has(uid):
            _log.warning("%s: UID %d was taken away on the server before it was fetched", self._account.name, uid)
            self._settle([uid])
        elif left:
            self._failed[uid] = "listed by the server, but its bytes are not given"

    def _ended(self, uid: int, lost: Lost) -> None:
        """The connection ended over one mail: that is kept before anything else, for the round ends here."""
        if self._memory.count(uid, LOST, str(lost), self._desk.clock.now(), self._limits):
            self._give_up(uid, f"each time the connection ended: {lost}")
        self._memory.keep(self._store, self._account)

    def _fetch_and_store(self, uids: list[int]) -> list[int]:
        """Bytes, commit, and only then the flag. The UIDs whose bytes were not given are returned."""
        listed = self._memory.listed
        self._desk.hooks.beat(self._account.name)
        self._leash.allow(sum(listed[uid].size or 0 for uid in uids) / self._limits.slowest_bytes_per_second)
        bodies = self._session.fetch(uids)
        got = [uid for uid in uids if bodies.get(uid) or (bodies.get(uid) == b"" and listed[uid].size == 0)]
        failpoint("intake.fetched")
        if got:
            mails = [NewMail(self._arrival(uid, bodies[uid]), self._account.address, bodies[uid]) for uid in got]
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
        now = self._desk.clock.now()
        for uid, why in self._failed.items():
            if self._memory.count(uid, LOST if ill else REFUSED, why, now, self._limits):
                self._give_up(uid, why)

    def _give_up(self, uid: int, why: str) -> None:
        """Record a mail that the server does not give: a person gets it, the others go on."""
        _log.error("%s: UID %d cannot be fetched: %s", self._account.name, uid, why)
        size, arrival = self._memory.listed[uid].size or 0, self._arrival(uid, b"")
        self._settle([uid])
        self._store.store_poison(arrival, self._account.address, size, why, self._cursor())
        self._poisoned += 1

    def _settle(self, uids: Sequence[int]) -> None:
        self._pending.difference_update(uids)
        self._memory.settle(uids)

    def _cursor(self) -> Cursor:
        """Right below the first mail that is still to be had, else at the last one listed."""
        mark = min(self._pending) - 1 if self._pending else self._top
        return Cursor(self._place.uidvalidity, mark, self._place.stock, self._place.since)

    def _arrival(self, uid: int, raw: bytes) -> Arrival:
        told, now = self._memory.listed[uid].received_at, self._desk.clock.now()
        at = arrived(told, raw, now)
        if at != told:
            _log.warning("%s: UID %d: INTERNALDATE is %s, taken as arrived %s", self._account.name, uid, told, at)
        return Arrival(self._account.name, self._account.folder, self._place.uidvalidity, uid, at)
