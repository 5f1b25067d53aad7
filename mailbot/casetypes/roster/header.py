"""From labels to the header of Annex 1, and whether two headers speak of the same roster."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from mailbot.casetypes.roster.folding import blank, fold, text_of
from mailbot.casetypes.roster.labels import LabelHit, first_of
from mailbot.domain import identity, taxid
from mailbot.domain.chars import says_nothing, visible
from mailbot.domain.document import Cell, Special
from mailbot.domain.records import RosterHeader

KEYS: Final = ("unit", "contact", "contact_phone", "tax_id", "order_no")
SHORTEST_ORDER: Final = 6
"""Characters of the shortest text that is taken for an order number."""

_TOKEN: Final = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z_-]*[0-9A-Za-z])?")
_GROUPED: Final = re.compile(r"[0-9\s]+")
_SPACES: Final = re.compile(r"\s+")
_WIDE_GAP: Final = re.compile(r"[ \t]{3,}")
"""What stands behind so much room belongs to no value any more."""
_BEHIND_NAME: Final = re.compile(r"(?P<name>[^\d\s,、/(]+)[\s,、/(]*(?P<phone>[0-9][0-9-]{6,14})\)?")


@dataclass(frozen=True, slots=True)
class Heading:
    """The labels of one table, put in order: the first cell with a value speaks for its label. `year` and `titled` are
    the year and the unit that the title names."""

    hits: Mapping[str, LabelHit] = field(default_factory=dict)
    year: int | None = None
    titled: str | None = None

    def value(self, key: str) -> Cell:
        hit = self.hits.get(key)
        return hit.value if hit else None

    def filled_by(self, other: Heading) -> Heading:
        """This heading with what only the other one knows."""
        known = {key: hit for key, hit in self.hits.items() if not blank(hit.value)}
        return Heading({**self.hits, **other.hits, **known}, self.year or other.year, self.titled or other.titled)


def heading_of(hits: Sequence[LabelHit], year: int | None = None, titled: str | None = None) -> Heading:
    """The labels that stand above (or below) one table."""
    found = ((key, first_of(hits, key)) for key in (*KEYS, "count"))
    return Heading({key: hit for key, hit in found if hit}, year, titled)


def differs(one: Heading, other: Heading) -> bool:
    """Whether two tables are different rosters: another unit, tax number, order number or year. The units of titles
    count where no label names one."""
    units = [fold(text_of(heading.value("unit"))) for heading in (one, other)]
    titles = (one.titled, other.titled) if not any(units) else (None, None)
    return (
        _differ(*units)
        or _differ(*(title and fold(title) for title in titles))
        or _differ(_tax(one.value("tax_id")), _tax(other.value("tax_id")))
        or _differ(orders_in(one.value("order_no")), orders_in(other.value("order_no")))
        or _differ(one.year, other.year)
    )


def agrees(one: Heading, other: Heading) -> bool:
    """Whether two tables name the same unit, tax number or order number."""
    pairs = (
        (fold(text_of(one.value("unit"))), fold(text_of(other.value("unit")))),
        (_tax(one.value("tax_id")), _tax(other.value("tax_id"))),
        (orders_in(one.value("order_no")), orders_in(other.value("order_no"))),
    )
    return any(first and first == second for first, second in pairs)


def _differ(one: object, other: object) -> bool:
    return bool(one) and bool(other) and one != other


def header_of(heading: Heading) -> RosterHeader:
    """The header as the record keeps it, with the raw cells beside the values. Places are filled in by `place`."""
    raw = {key: hit.value for key, hit in heading.hits.items() if key in KEYS}
    contact, beside = _person_and_phone(_plain(raw.get("contact")))
    return RosterHeader(
        unit=_plain(raw.get("unit")),
        contact=contact,
        contact_phone=_plain(raw.get("contact_phone")) or beside,
        tax_id=_tax(raw.get("tax_id")) or None,
        order_no=orders_in(raw.get("order_no")),
        raw=raw,
    )


def with_unit(header: RosterHeader, unit: str | None) -> RosterHeader:
    """The header with the unit that the rows name, where the label block names none."""
    return replace(header, unit=unit, raw={**header.raw, "unit": unit}) if unit and not header.unit else header


def _plain(cell: Cell) -> str | None:
    """A text as it is shown: one line, no double spaces; `None` for a cell that says nothing."""
    if isinstance(cell, Special):
        return None
    shown = _WIDE_GAP.split(visible(text_of(cell)).strip(" :"), maxsplit=1)[0]
    text = _SPACES.sub(" ", shown).strip(" :")
    return None if says_nothing(text) else text


def _person_and_phone(contact: str | None) -> tuple[str | None, str | None]:
    """A contact with the telephone number written behind the name (联系人及电话：周敏 138…), taken apart."""
    found = _BEHIND_NAME.fullmatch(contact or "")
    return (found["name"], found["phone"]) if found else (contact, None)


def _tax(cell: Cell) -> str:
    text = taxid.normalise(text_of(cell)).text
    return "" if says_nothing(text) or lost(cell) else text


def lost(cell: Cell) -> bool:
    """Whether a number lost its last digits in this cell."""
    return identity.lost_digits(cell, from_text_table=False)


def orders_in(cell: Cell) -> tuple[str, ...]:
    """Every order number of a cell, once each; none where the cell says nothing or its digits are lost.

    Digits and blanks alone, in groups of which one is too short to be an order number, are one number.
    """
    if lost(cell) or isinstance(cell, Special):
        return ()
    text = visible(text_of(cell))
    found = [token for token in _TOKEN.findall(text) if any(map(str.isdigit, token))]
    whole = [token for token in found if len(token) >= SHORTEST_ORDER]
    grouped = _GROUPED.fullmatch(text) is not None and len(whole) < len(found)
    if (grouped or not whole) and len("".join(found)) >= SHORTEST_ORDER:
        whole = ["".join(found)]
    return tuple(dict.fromkeys(whole))
