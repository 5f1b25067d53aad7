"""Where a round through a mailbox starts, and in which portions its mails are asked for."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailbot.domain.ports import Cursor
from mailbot.intake.session import Folder, Listed, Session

_log = logging.getLogger(__name__)

EPOCH = 2**32
"""UIDVALIDITY has 32 bits (RFC 9051, 9). UIDs counted anew under the old value: we count that above them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a round starts. `uidvalidity` is the server's with our epoch above it, `uids` are those above `start`."""

    uidvalidity: int
    start: int
    uids: list[int]
    rescan: bool


def find_place(folder: Folder, cursor: Cursor | None, session: Session) -> Place:
    """Go on behind the cursor; or list everything, under another UIDVALIDITY or where UIDs were counted anew.

    Counted anew: the next UID is not above our high-water, and neither is the highest that stands there. The old UIDs
    then name other mails, so everything is taken again, and the flow knows twins by their content.
    """
    if cursor is None or cursor.uidvalidity % EPOCH != folder.uidvalidity:
        return Place(folder.uidvalidity, 0, session.uids_above(0), rescan=True)
    if folder.uidnext is not None and folder.uidnext <= cursor.high_water:
        everything = session.uids_above(0)
        if max(everything, default=0) < cursor.high_water:
            _log.warning("UIDNEXT went back from above %d to %d: listing all", cursor.high_water, folder.uidnext)
            return Place(cursor.uidvalidity + EPOCH, 0, everything, rescan=True)
    uids = session.uids_above(cursor.high_water)
    return Place(cursor.uidvalidity, cursor.high_water, uids, rescan=False)


def batches(uids: Sequence[int], listed: Mapping[int, Listed], mails: int, size: int) -> Iterator[list[int]]:
    """The UIDs in order, cut at a number of mails or of bytes; a larger mail goes alone."""
    batch: list[int] = []
    weight = 0
    for uid in uids:
        own = listed[uid].size or 0
        if batch and (len(batch) >= mails or weight + own > size):
            yield batch
            batch, weight = [], 0
        batch.append(uid)
        weight += own
    if batch:
        yield batch
