"""Mails whose work is decided are moved to folders that staff look into: a courtesy, on which nothing of ours rests.

Nothing is ever deleted for good: a mail is moved by MOVE, or copied and then taken away by its own UID alone. What the
server holds under a UID is compared with what was stored under it before it is touched, so that a server which has
counted its UIDs anew has no mail hidden from us.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mailbot.domain.ports import Clock
from mailbot.domain.server_ports import Decided, FilingStore
from mailbot.intake.account import Account
from mailbot.intake.faults import Refused
from mailbot.intake.folders import named
from mailbot.intake.place import EPOCH
from mailbot.intake.session import Session

_log = logging.getLogger(__name__)

BATCH: Final = 200
EVERY: Final = timedelta(seconds=30)
"""Between two looks into the ledger: a lively mailbox has rounds every second."""
REST: Final = timedelta(hours=1)
"""After a server refused, or lost the line over it."""


@dataclass
class Filing:
    """One account's mails on their way to its folders; a pass of `intake.passes`."""

    account: Account
    store: FilingStore
    clock: Clock
    _next: datetime | None = None

    @property
    def name(self) -> str:
        """For the log."""
        return f"{self.account.name}: moving of handled mails"

    def due(self) -> bool:
        """Whether a folder is named at all, and the last look is long enough ago."""
        if not (self.account.handled_folder or self.account.person_folder):
            return False
        now = self.clock.now()
        return self._next is None or now >= self._next or now < self._next - REST

    def run(self, session: Session, told: Callable[[str], None]) -> None:
        """One batch for each folder. The rest is planned before, so that a line lost over it costs one an hour."""
        now = self.clock.now()
        self._next = now + REST
        more = False
        for person, wanted in ((False, self.account.handled_folder), (True, self.account.person_folder)):
            if wanted:
                waiting = self.store.decided(self.account.name, self.account.folder, BATCH, person=person)
                self._move(session, waiting, wanted, told)
                more = more or len(waiting) == BATCH
        self._next = now if more else now + EVERY

    def _move(self, session: Session, waiting: Sequence[Decided], wanted: str, told: Callable[[str], None]) -> None:
        """What still stands there as it was stored; what staff took away already is left alone from now on."""
        if not waiting:
            return
        same, now = self._same(session, waiting), self.clock.now()
        gone = [mail.mail_id for mail in waiting if mail not in same]
        if gone:
            self.store.note_filed(gone, "", now)
        if same:
            folder = self._folder(session, wanted)
            session.move([mail.uid for mail in same], folder)
            self.store.note_filed([mail.mail_id for mail in same], folder, now)
            told(f"{self.account.name}: {len(same)} mails moved to {folder}")

    def _same(self, session: Session, waiting: Sequence[Decided]) -> list[Decided]:
        """Those that the server holds under their UID with the arrival that was stored."""
        folder = session.select()
        if folder.read_only:
            raise Refused(f"{self.account.folder} is read-only, nothing can be moved")
        uids = [mail.uid for mail in waiting if mail.uidvalidity % EPOCH == folder.uidvalidity]
        listed = session.listing(uids) if uids else {}
        return [mail for mail in waiting if mail.uid in listed and listed[mail.uid].received_at == mail.received_at]

    def _folder(self, session: Session, wanted: str) -> str:
        """The folder on the server, made where it is missing. Raises `Refused`: never onto the mails' own folder."""
        found = named(session.folders(), wanted)
        if found == self.account.folder or wanted.casefold() == self.account.folder.casefold():
            raise Refused(f"{wanted} is the folder that is read: name another for handled mails")
        if found is None:
            session.make_folder(wanted)
            _log.info("%s: folder %s made on the server", self.account.name, wanted)
        return found or wanted
