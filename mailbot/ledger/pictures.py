"""Pictures of earlier cases: the very same one, and those that look alike.

Two perceptual hashes of 64 bits are alike where at most `ALIKE` bits differ. A hash is cut into five bands: eight
differences leave at least one band with no more than one of them, so that whoever is alike shares a band with one of
the 69 bands that are one bit away. Those few are compared whole; nothing else is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or_leave

from mailbot.domain.outcome import CaseResult, PictureUse
from mailbot.ledger.db import Unit
from mailbot.ledger.statement import Statement, one_of
from mailbot.ledger.tables.case import items
from mailbot.ledger.tables.proof import case_pictures, look_bands, order_uses

ALIKE: Final = 8
"""Bits in which the hashes of two pictures may differ that look alike."""
MOST: Final = 50
"""Earlier cases that are told of one picture: staff compare a few, and a logo stands in thousands."""
_WIDTHS: Final = (13, 13, 13, 13, 12)
_ROOM: Final = 1 << max(_WIDTHS)
_LOOKS: Final = re.compile("[0-9a-f]{16}")

_SAME = Statement(
    select(case_pictures.c.case_id)
    .where(case_pictures.c.pixels == bindparam("pixels"))
    .order_by(case_pictures.c.case_id.desc())
    .limit(MOST)
)
_NEAR = Statement(select(look_bands.c.looks).where(one_of(look_bands.c.band, "bands")).distinct())
_WITH_LOOKS = Statement(
    select(case_pictures.c.case_id)
    .where(case_pictures.c.looks == bindparam("looks"))
    .order_by(case_pictures.c.case_id.desc())
    .limit(MOST)
)
_ORDERS = Statement(
    select(order_uses.c.case_id, order_uses.c.order_hash).where(one_of(order_uses.c.case_id, "ids")).distinct()
)
_PEOPLE = Statement(
    select(items.c.case_id, items.c.identity)
    .where(one_of(items.c.case_id, "ids"), items.c.identity.is_not(None))
    .distinct()
)
_KNOWN = Statement(select(case_pictures.c.pixels).where(case_pictures.c.case_id == bindparam("case_id")))
_ADD = Statement(insert(case_pictures))
_ADD_BANDS = Statement(insert_or_leave(look_bands).on_conflict_do_nothing())


def pictures(conn: Connection, pixels: Sequence[str], looks: Sequence[str]) -> dict[str, tuple[PictureUse, ...]]:
    """By pixel hash: the cases that the picture was used in, the nearest and newest first; `looks` in the same order.
    A picture nobody sent before is not in it."""
    found = {one: _uses(conn, one, look) for one, look in zip(pixels, looks, strict=True) if one}
    cases = {case_id for uses in found.values() for case_id in uses}
    orders, people = _said(conn, _ORDERS, cases), _said(conn, _PEOPLE, cases)
    return {
        one: tuple(PictureUse(case, bits, orders.get(case, ()), people.get(case, ())) for case, bits in uses.items())
        for one, uses in found.items()
        if uses
    }


def _uses(conn: Connection, pixels: str, looks: str) -> dict[str, int]:
    """Cases by how far their nearest picture is from this one."""
    found = dict.fromkeys(_SAME.scalars(conn, {"pixels": pixels}), 0)
    for bits, near in _alike(conn, looks):
        if len(found) >= MOST:
            break
        for case_id in _WITH_LOOKS.scalars(conn, {"looks": near}):
            found.setdefault(case_id, max(1, bits))
    return dict(list(found.items())[:MOST])


def _alike(conn: Connection, looks: str) -> list[tuple[int, str]]:
    """The known hashes that differ from this one in at most `ALIKE` bits, the nearest first."""
    if not _LOOKS.fullmatch(looks):
        return []
    own = int(looks, 16)
    known = _NEAR.scalars(conn, {"bands": list(_bands_near(own))})
    far = ((int.bit_count(own ^ int(one, 16)), one) for one in known)
    return sorted(pair for pair in far if pair[0] <= ALIKE)


def bands(looks: int) -> tuple[int, ...]:
    """The five bands of a hash, each with its place in front so that no two places share one."""
    cut: list[int] = []
    for place, width in enumerate(_WIDTHS):
        cut.append(place * _ROOM + (looks & ((1 << width) - 1)))
        looks >>= width
    return tuple(cut)


def _bands_near(looks: int) -> Iterable[int]:
    """The bands of all hashes that differ from this one in at most one bit of some band."""
    for band, width in zip(bands(looks), _WIDTHS, strict=True):
        yield band
        yield from (band ^ (1 << bit) for bit in range(width))


def _said(conn: Connection, asked: Statement, case_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    ids = sorted(case_ids)
    found: dict[str, tuple[str, ...]] = {}
    for case_id, value in sorted(asked.rows(conn, {"ids": ids})) if ids else ():
        found[case_id] = (*found.get(case_id, ()), value)
    return found


def write_pictures(unit: Unit, case: CaseResult, *, fresh: bool) -> None:
    """Keep the pictures that a mail brought to a case; those it has already stay."""
    wanted = {pixels: looks if _LOOKS.fullmatch(looks) else "" for pixels, looks in case.pictures if pixels}
    if not wanted:
        return
    known = set() if fresh else set(_KNOWN.scalars(unit.conn, {"case_id": case.case_id}))
    new = [{"case_id": case.case_id, "pixels": one, "looks": look} for one, look in wanted.items() if one not in known]
    _ADD.run_all(unit.conn, new)
    looks = {row["looks"] for row in new} - {""}
    _ADD_BANDS.run_all(
        unit.conn, [{"band": band, "looks": look} for look in sorted(looks) for band in bands(int(look, 16))]
    )
