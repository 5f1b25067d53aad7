"""Where a round through a mailbox starts, and in which portions its mails are asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.domain.ports import Cursor
from mailbot.intake.session import Folder, Listed, Session

_log = logging.getLogger(__name__)

EPOCH = 2**32
"""UIDVALIDITY has 32 bits (RFC 9051, 9). UIDs counted anew under the old value: we count that above them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a round starts. `uidvalidity` is the server's with our epoch above it, `uids` are those above `start`.

    Of the UIDs up to `stock`, which stood there at the first look, those that arrived before `since` are left alone.
    """

    uidvalidity: int
    start: int
    uids: list[int]
    rescan: bool
    stock: int = 0
    since: datetime | None = None


def find_place(
    folder: Folder, cursor: Cursor | None, session: Session, since: datetime | None, reused: Callable[[Cursor], bool]
) -> Place:
    """Go on behind the cursor; or list everything: at first, under another UIDVALIDITY, where UIDs were counted anew or
    were `reused`, or where the site now begins earlier.

    Counted anew: the next UID is not above our high-water, and neither is the highest that stands there. The old UIDs
    then name other mails, so everything is taken again, and the flow knows twins by their content.
    """
    if cursor is None or cursor.uidvalidity % EPOCH != folder.uidvalidity:
        return _anew(folder.uidvalidity, session.uids_above(0), since)
    if folder.uidnext is not None and folder.uidnext <= cursor.high_water:
        everything = session.uids_above(0)
        if max(everything, default=0) < cursor.high_water:
            _log.warning("UIDNEXT went back from above %d to %d: listing all", cursor.high_water, folder.uidnext)
            return _anew(cursor.uidvalidity + EPOCH, everything, since)
    if reused(cursor):
        return _anew(cursor.uidvalidity + EPOCH, session.uids_above(0), since)
    if cursor.since is not None and (since is None or since < cursor.since):
        _log.info("the site begins earlier than before: what was left alone is looked through again")
        stock = cursor.stock if since else 0
        return Place(cursor.uidvalidity, 0, session.uids_above(0), rescan=True, stock=stock, since=since)
    uids = session.uids_above(cursor.high_water)
    return Place(cursor.uidvalidity, cursor.high_water, uids, rescan=False, stock=cursor.stock, since=cursor.since)


def _anew(uidvalidity: int, uids: list[int], since: datetime | None) -> Place:
    stock = max(uids, default=0) if since else 0
    return Place(uidvalidity, 0, uids, rescan=True, stock=stock, since=since)


def pieces(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """The UIDs in order, so many at a time."""
    for start in range(0, len(uids), size):
        yield uids[start : start + size]


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
