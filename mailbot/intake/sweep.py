"""The daily comparison: what a server holds of the last 30 days against what the ledger holds. A gap is filled at once.

It catches what nothing else does: mail that staff moved before it was fetched, servers that count back, bytes that were
not given before, and faults of our own. The inbox is compared by UID; the folders of handled mail, where a mail has a
UID that nobody knows, by arrival and size, and where those are no proof by the bytes. Nothing there is changed.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from mailbot.domain.limits import IntakeLimits
from mailbot.domain.mail import Arrival
from mailbot.domain.ports import Clock, Cursor, NewMail
from mailbot.domain.server_ports import SweepStore, Swept
from mailbot.intake.account import Account
from mailbot.intake.arrival import arrived, plausible
from mailbot.intake.folders import named
from mailbot.intake.place import EPOCH, batches, pieces
from mailbot.intake.session import Listed, Session

_log = logging.getLogger(__name__)

BACK: Final = timedelta(days=30)
Beat = Callable[[str], None]


def _silent(_what: str) -> None:
    """Takes a word of progress that nobody asked for."""


@dataclass
class Sweep:
    """Compares one account. `folders` are those of handled mail, as the settings name them; `told` hears of progress
    after every piece. `run` raises `Lost`, `Refused` and what the store raises."""

    account: Account
    folders: Sequence[str]
    store: SweepStore
    clock: Clock
    limits: IntakeLimits
    told: Beat = _silent
    _proved: set[tuple[str, int, int]] = field(default_factory=set)

    def run(self, session: Session) -> list[Swept]:
        """The inbox, then the other folders; what it came to is kept in the store."""
        swept = [self._inbox(session)]
        swept += [self._folder(session, name) for name in self._there(session)]
        self.store.note(self.account.name, swept, self.clock.now())
        for one in swept:
            if one.taken:
                _log.error("%s/%s: %d mails were missing and are taken in", one.account, one.folder, one.taken)
        return swept

    def _there(self, session: Session) -> list[str]:
        if not self.folders:
            return []
        listing = session.folders()
        found = (named(listing, wanted) for wanted in self.folders)
        return list(dict.fromkeys(name for name in found if name is not None and name != self.account.folder))

    def _inbox(self, session: Session) -> Swept:
        box = self.account.folder
        folder = session.select(box, look=True)
        cursor = self.store.cursor(self.account.name, box)
        if cursor is None or cursor.uidvalidity % EPOCH != folder.uidvalidity:
            return Swept(self.account.name, box, listed=folder.exists, ahead=folder.exists)
        uids = session.uids_above(0)
        key = (self.account.name, box, cursor.uidvalidity)
        known = self.store.known_uids(*key)
        missing = [uid for uid in uids if uid <= cursor.high_water and uid not in known]
        young = self._young(session, box, missing, lambda uid, at: not _left(uid, at, cursor))
        swept = Swept(self.account.name, box, listed=len(uids), ahead=sum(uid > cursor.high_water for uid in uids))
        taken = self._take(session, box, cursor.uidvalidity, young)
        given = self._ask_again(session, cursor.uidvalidity, sorted(self.store.not_given(*key).intersection(uids)))
        return replace(swept, taken=taken, given=given)

    def _folder(self, session: Session, name: str) -> Swept:
        """Mails here have UIDs of this folder. One that the ledger holds under no other name is taken in."""
        folder = session.select(name, look=True)
        uids = session.uids_above(0)
        known = self.store.known_uids(self.account.name, name, folder.uidvalidity)
        strange = [uid for uid in uids if uid not in known and (name, folder.uidvalidity, uid) not in self._proved]
        young = self._young(session, name, strange, lambda _uid, at: not self._before(at))
        marks = {uid: (one.received_at, one.size) for uid, one in young.items()}
        pairs = {(at, size) for at, size in marks.values() if at is not None and size is not None}
        alike = self.store.alike(self.account.name, pairs)
        doubtful = {uid: one for uid, one in young.items() if marks[uid] not in alike}
        taken = self._take(session, name, folder.uidvalidity, doubtful)
        return Swept(self.account.name, name, listed=len(uids), taken=taken)

    def _young(
        self, session: Session, name: str, uids: Sequence[int], counts: Callable[[int, datetime], bool]
    ) -> dict[int, Listed]:
        """Those of the last 30 days, and those of unknown age, from the highest UID down: behind a whole piece of older
        ones there are none."""
        horizon, now = self.clock.now() - BACK, self.clock.now()
        found: dict[int, Listed] = {}
        done = 0
        for piece in pieces(list(reversed(uids)), self.limits.listing_mails):
            listed = session.listing(piece)
            older = 0
            for uid, one in listed.items():
                if one.received_at is None or not plausible(one.received_at, now):
                    found[uid] = one
                elif one.received_at < horizon:
                    older += 1
                elif counts(uid, one.received_at):
                    found[uid] = one
            done += len(piece)
            self.told(f"{self.account.name}/{name}: {done} of {len(uids)} looked at")
            if listed and older == len(listed):
                break
        return found

    def _before(self, at: datetime) -> bool:
        return self.account.since is not None and at < self.account.since

    def _take(self, session: Session, name: str, uidvalidity: int, young: dict[int, Listed]) -> int:
        """Fetch these and store whose bytes the ledger does not hold; how many."""
        taken = 0
        for batch in batches(sorted(young), young, self.limits.batch_mails, self.limits.batch_bytes):
            bodies = session.given(batch)
            digests = {uid: hashlib.sha256(raw).hexdigest() for uid, raw in bodies.items()}
            have = self.store.have(set(digests.values())) if name != self.account.folder else set()
            new = [
                NewMail(
                    self._arrival(name, uidvalidity, uid, young[uid], bodies[uid]), self.account.address, bodies[uid]
                )
                for uid in bodies
                if digests[uid] not in have
            ]
            taken += len(self.store.store(new, None)) if new else 0
            self._proved.update((name, uidvalidity, uid) for uid in bodies)
            self.told(f"{self.account.name}/{name}: {taken} taken in")
        return taken

    def _ask_again(self, session: Session, uidvalidity: int, uids: Sequence[int]) -> int:
        """The mails that could not be had: one that is given now becomes work."""
        listed = session.listing(uids) if uids else {}
        fit = [uid for uid, one in listed.items() if (one.size or 0) <= self.limits.largest_mail_bytes]
        given = 0
        for uid in fit:
            for raw in session.given([uid]).values():
                at = self._arrival(self.account.folder, uidvalidity, uid, listed[uid], raw)
                given += bool(raw) and self.store.give(NewMail(at, self.account.address, raw))
        return given

    def _arrival(self, name: str, uidvalidity: int, uid: int, listed: Listed, raw: bytes) -> Arrival:
        at = arrived(listed.received_at, raw, self.clock.now())
        return Arrival(self.account.name, name, uidvalidity, uid, at)


def _left(uid: int, at: datetime, cursor: Cursor) -> bool:
    """A mail of the old stock that was left where it is."""
    return cursor.since is not None and uid <= cursor.stock and at < cursor.since
