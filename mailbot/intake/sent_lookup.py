"""Asking the Sent folder whether a letter of unknown end lies there (`ports.SentFolder`).

The newest mails are listed and their headers read here: a search by Message-ID is answered with every mail by some
servers, and refused by others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mailbot.domain.limits import IntakeLimits
from mailbot.domain.server_ports import Secret
from mailbot.intake.account import Account
from mailbot.intake.folders import AUTO
from mailbot.intake.heads import message_id
from mailbot.intake.leash import Leash
from mailbot.intake.session import Session

NEWEST: Final = 500
"""Mails looked through at most: at the brake's 300 letters an hour more than an hour of them."""
_PIECE: Final = 50


@dataclass(frozen=True, slots=True)
class SentLookup:
    """The Sent folder of the account that letters go out from. `folder` is its name, or `auto`: the server's own word
    for it. Each question has a connection of its own, for it is a rare one."""

    account: Account
    secret: Secret
    limits: IntakeLimits
    folder: str = AUTO

    def holds(self, message_ids: Collection[str], since: datetime) -> frozenset[str]:
        """Which of these lie there. Raises `IntakeError` (a `PortError`) where the folder cannot be looked into."""
        leash = Leash()
        with leash.limit(self.limits.poll_deadline_seconds):
            session = Session(self.account, self.secret, self.limits, leash)
            try:
                return frozenset(_found(session, self.folder, set(message_ids), since))
            finally:
                session.close()


def _found(session: Session, wanted: str, message_ids: set[str], since: datetime) -> set[str]:
    name = session.sent_folder(wanted)
    if name is None:
        return set()
    session.select(name, look=True)
    newest = session.uids_above(0)[-NEWEST:]
    found: set[str] = set()
    for end in range(len(newest), 0, -_PIECE):
        young = _young(session, newest[max(0, end - _PIECE) : end], since)
        if not young:
            break
        found |= message_ids & _ids(session, young)
        if found == message_ids:
            break
    return found


def _young(session: Session, uids: Sequence[int], since: datetime) -> list[int]:
    """Those that came in since then; one whose time the server does not tell is looked at."""
    listed = session.listing(uids)
    return [uid for uid, one in listed.items() if one.received_at is None or one.received_at >= since]


def _ids(session: Session, uids: Sequence[int]) -> set[str]:
    return {found for head in session.heads(uids).values() if (found := message_id(head)) is not None}
