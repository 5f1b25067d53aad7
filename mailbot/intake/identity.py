"""Whether the UIDs that we know still name what we stored: the promise of every server (RFC 9051, 2.3.1.1), checked.

A server restored from a backup may give old UIDs to new mails under the same UIDVALIDITY, and by the time we look it
may have counted past our high-water again. The newest stored mails are therefore compared at every round: by size and
arrival, which costs one short answer, and where those differ by their bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from mailbot.domain.ports import Cursor, Kept, MailStore
from mailbot.intake.account import Account
from mailbot.intake.heads import message_id
from mailbot.intake.memory import Memory
from mailbot.intake.session import Listed, Session

_log = logging.getLogger(__name__)

SAMPLE: Final = 20
PROOFS: Final = 3
"""Bytes fetched for comparison in one round at most; a server that never tells true sizes is proved step by step."""
_HEAD_BYTES: Final = 65_536


def reused(account: Account, cursor: Cursor, session: Session, store: MailStore, memory: Memory) -> bool:
    """Whether one of the newest UIDs that we stored names another mail by now."""
    kept = store.newest(account.name, account.folder, cursor.uidvalidity, SAMPLE)
    if not kept:
        return False
    listed = session.listing([one.uid for one in kept])
    doubtful = [one for one in kept if _doubtful(one, listed.get(one.uid), memory)]
    doubtful.sort(key=lambda one: listed[one.uid].size or 0)
    return _disproved(doubtful[:PROOFS], listed, session, store, memory)


def _doubtful(kept: Kept, now: Listed | None, memory: Memory) -> bool:
    """A mail that is not there any more is none: staff move mails."""
    if now is None or memory.verified.get(kept.uid) == now:
        return False
    return now.size != kept.size or now.received_at != kept.received_at


def _disproved(
    doubtful: Sequence[Kept], listed: dict[int, Listed], session: Session, store: MailStore, memory: Memory
) -> bool:
    for one in doubtful:
        raw = session.fetch([one.uid]).get(one.uid)
        if raw is None:
            continue
        if not alike(raw, store.raw(one.sha256)):
            _log.warning("UID %d names another mail than the one that was stored under it", one.uid)
            return True
        memory.verified[one.uid] = listed[one.uid]
    return False


def alike(one: bytes, other: bytes) -> bool:
    """Whether these are the same mail. A server that writes a mail anew at every fetch keeps its Message-ID."""
    if one == other:
        return True
    first, second = (message_id(raw[:_HEAD_BYTES].partition(b"\r\n\r\n")[0]) for raw in (one, other))
    return first is not None and first == second
