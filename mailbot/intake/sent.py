"""Watching a Sent folder: what staff answered by hand from web mail is kept, our own letters are passed over.

Only looking: the folder is opened read-only. Letters are told by their Message-ID in the header, so that not every one
of them is fetched back whole.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mailbot.domain.limits import IntakeLimits
from mailbot.domain.mail import Arrival
from mailbot.domain.ports import Clock, Cursor, NewMail
from mailbot.domain.server_ports import SentStore
from mailbot.intake.account import Account
from mailbot.intake.arrival import arrived, plausible
from mailbot.intake.heads import message_id
from mailbot.intake.passes import Told
from mailbot.intake.place import batches, pieces
from mailbot.intake.session import Listed, Session

_log = logging.getLogger(__name__)

EVERY: Final = timedelta(minutes=3)
BACK: Final = timedelta(days=7)
"""How far the first look goes back."""


@dataclass
class SentWatch:
    """One account's Sent folder. `folder` is its name in the settings, or `auto`: the server's own word for it."""

    account: Account
    folder: str
    store: SentStore
    clock: Clock
    limits: IntakeLimits
    _looked: datetime | None = None
    _told: bool = False

    @property
    def name(self) -> str:
        """For the log."""
        return f"{self.account.name}: Sent folder"

    def due(self) -> bool:
        """Every few minutes; a clock that was set back hurries."""
        now = self.clock.now()
        return self._looked is None or not self._looked <= now < self._looked + EVERY

    def run(self, session: Session, told: Told) -> None:
        """Read what is new there. Raises as a session does, and what the store raises."""
        self._looked = self.clock.now()
        name = session.sent_folder(self.folder)
        if name is None or name == self.account.folder:
            if not self._told:
                _log.info("%s: there is none that could be watched (%s)", self.name, self.folder)
            self._told = True
            return
        kept = self._read(session, name, told)
        if kept:
            _log.info("%s: %d mails written by hand", self.name, kept)

    def _read(self, session: Session, name: str, told: Told) -> int:
        folder = session.select(name, look=True)
        cursor = self.store.cursor(self.account.name, name)
        if cursor is not None and cursor.uidvalidity == folder.uidvalidity:
            uids = session.uids_above(cursor.high_water)
            listed = {
                uid: one for piece in pieces(uids, self.limits.listing_mails) for uid, one in _list(session, piece)
            }
        else:
            uids = session.uids_above(0)
            listed = self._young(session, uids)
        top = max(uids, default=0)
        kept = 0
        for batch in batches(sorted(listed), listed, self.limits.batch_mails, self.limits.batch_bytes):
            told(f"{self.name}: up to UID {batch[-1]}")
            kept += self._take(session, name, folder.uidvalidity, batch, listed)
        if uids and self.store.cursor(self.account.name, name) != Cursor(folder.uidvalidity, top):
            self.store.move(self.account.name, name, Cursor(folder.uidvalidity, top))
        return kept

    def _young(self, session: Session, uids: Sequence[int]) -> dict[int, Listed]:
        """At the first look: those of the last days, from the top down to a whole piece of older ones."""
        now = self.clock.now()
        found: dict[int, Listed] = {}
        for piece in pieces(list(reversed(uids)), self.limits.listing_mails):
            young = {uid: one for uid, one in _list(session, piece) if self._is_young(one.received_at, now)}
            found |= young
            if not young:
                break
        return found

    def _is_young(self, at: datetime | None, now: datetime) -> bool:
        return at is not None and plausible(at, now) and at >= now - BACK

    def _take(
        self, session: Session, name: str, uidvalidity: int, batch: Sequence[int], listed: Mapping[int, Listed]
    ) -> int:
        ids = {uid: message_id(head) for uid, head in session.heads(batch).items()}
        ours = self.store.ours({one for one in ids.values() if one is not None})
        largest = self.limits.largest_mail_bytes
        strange = [uid for uid in batch if ids.get(uid) not in ours and (listed[uid].size or 0) <= largest]
        bodies = session.given(strange) if strange else {}
        mails = [
            NewMail(self._arrival(name, uidvalidity, uid, listed[uid], raw), self.account.address, raw)
            for uid, raw in sorted(bodies.items())
            if raw
        ]
        return self.store.keep(mails, Cursor(uidvalidity, batch[-1])) if mails else 0

    def _arrival(self, name: str, uidvalidity: int, uid: int, listed: Listed, raw: bytes) -> Arrival:
        at = arrived(listed.received_at, raw, self.clock.now())
        return Arrival(self.account.name, name, uidvalidity, uid, at)


def _list(session: Session, uids: Sequence[int]) -> list[tuple[int, Listed]]:
    return list(session.listing(uids).items())
