"""What a page is, and the groups of fields that it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from mailbot.domain.scan import ScanKind, SeenField, SeenGroup
from mailbot.ocr.fields.base import Page, Piece, Place, Rereader, plain
from mailbot.ocr.fields.letter import letter
from mailbot.ocr.fields.pairs import Layout, pairs
from mailbot.ocr.fields.tables import Row, Table, tables
from mailbot.ocr.fields.typed import WRAPS, field
from mailbot.ocr.fields.words import says, status_of

_PERSON: Final = ("name", "id_number", "phone", "user_name")
_NUMBERS: Final = frozenset({"order_id", "merchant_order_id"})
_ORDER: Final = _NUMBERS | {"paid_at", "created_at", "amount", "status", "payer", "platform", "course"}
_MONEY: Final = re.compile(r"[-+−]?[¥￥]?\d{1,3}(?:,?\d{3})*\.\d{2}元?", re.ASCII)
_YEAR_OF: Final = re.compile(r"(?<!\d)20[12]\d年?度?(?=[^\d]{0,24}(?:公需|继续教育|专业技术|专技))", re.ASCII)
_WORST: Final = ("partly_refunded", "refunded", "closed", "unpaid", "paid")


def read(page: Page, reread: Rereader | None) -> tuple[ScanKind, tuple[SeenGroup, ...]]:
    """The page's kind and its groups, in reading order. A page that shows none of the known kinds has no groups."""
    layout = Layout(page)
    text = plain("".join(line.text for line in page.lines))
    if says("commitment", text) >= 1:
        return "commitment", (SeenGroup(about="person", number=1, fields=letter(page, reread)),)
    if says("identity_card", text) >= 1 and "公需" not in text:
        return "identity_card", _person(page, layout, reread)
    found = tables(page, layout)
    if says("proof_form", text):
        return "proof_form", (*_person(page, layout, reread), *_rows(found, page, reread, "row"))
    rosters = [table for table in found if {"name", "id_number"} <= set(table.fields) and not _orders(table)]
    if rosters:
        return "roster", _rows(rosters, page, reread, "row")
    lists = [table for table in found if _orders(table)]
    if lists:
        groups = _rows(lists, page, reread, "order")
        return ("order_list" if len(groups) > 1 else "order"), groups
    return _single(page, layout, reread)


def _orders(table: Table) -> bool:
    return bool(_NUMBERS & set(table.fields)) and len(_ORDER & set(table.fields)) >= 2


def _person(page: Page, layout: Layout, reread: Rereader | None) -> tuple[SeenGroup, ...]:
    fields: dict[str, SeenField] = {}
    for found in pairs(layout):
        if found.field in _PERSON and found.field not in fields:
            fields[found.field] = field(found.field, found.place, page, reread, cut=found.cut)
    return (SeenGroup(about="person", number=1, fields=tuple(fields.values())),) if fields else ()


def _rows(
    found: Iterable[Table], page: Page, reread: Rereader | None, about: Literal["order", "row"]
) -> tuple[SeenGroup, ...]:
    rows = [row for table in found for row in table.rows]
    return tuple(
        SeenGroup(about=about, number=number, fields=_row(row, page, reread)) for number, row in enumerate(rows, 1)
    )


def _row(row: Row, page: Page, reread: Rereader | None) -> tuple[SeenField, ...]:
    """A row's fields; a cell that holds a whole number is all of it, so that nothing can lie beside it."""
    fields = [field(name, place, page, reread) for name, place in row.items()]
    if "year" not in row and (course := row.get("course")) is not None:
        fields.extend(_year((course,), page))
    return tuple(fields)


def _single(page: Page, layout: Layout, reread: Rereader | None) -> tuple[ScanKind, tuple[SeenGroup, ...]]:
    """One order by its labels. Two values of one field that differ are two readings of which nobody can choose."""
    fields: dict[str, SeenField] = {}
    for found in pairs(layout):
        if found.field in ("serial", "remark", "status"):
            continue
        seen = field(found.field, found.place, page, reread, cut=found.cut)
        fields[found.field] = _either(fields.get(found.field), seen)
    fields.update({one.name: one for one in (_status(page, layout),) if one is not None})
    if len(_ORDER & set(fields)) < 2 or not (_NUMBERS | {"paid_at", "status"}) & set(fields):
        return "other", ()
    if "amount" not in fields:
        fields.update({one.name: one for one in _amount(page, layout, reread)})
    if "year" not in fields:
        fields.update({one.name: one for one in _year([Place((piece,)) for piece in layout.pieces], page)})
    return "order", (SeenGroup(about="order", number=1, fields=tuple(fields.values())),)


def _either(before: SeenField | None, seen: SeenField) -> SeenField:
    if before is None or before.value == seen.value or before.name not in WRAPS | {"amount"}:
        return before or seen
    readings = before.readings + seen.readings
    return before.model_copy(update={"value": None, "readings": readings, "agreed": False, "complete": None})


def _status(page: Page, layout: Layout) -> SeenField | None:
    """What the page says of the order anywhere: the worst that any line says; `None` as value where only a label is."""
    told: dict[str, Place] = {}
    for piece in layout.pieces:
        said = status_of(piece.text) if layout.labels[id(piece)] is None else None
        if said:
            told.setdefault(said, Place((piece,)))
    unknown: Place | None = None
    for found in pairs(layout):
        if found.field == "status":
            said = status_of(found.place.text)
            unknown = unknown or (None if said else found.place)
            told.setdefault(said, found.place) if said else None
        elif found.field == "refund":
            told.setdefault("refunded", found.place)
    worst = next((said for said in _WORST if said in told), None)
    if worst == "paid" and unknown is not None:
        worst = None
    place = told[worst] if worst else unknown
    if place is None:
        return None
    return field("status", place, page, None).model_copy(update={"value": worst})


def _amount(page: Page, layout: Layout, reread: Rereader | None) -> list[SeenField]:
    """The sum that stands alone, as apps show it: taken where the page shows only one."""
    sums = [piece for piece in layout.pieces if _MONEY.fullmatch(plain(piece.text))]
    different = {plain(piece.text).lstrip("-+−¥￥").rstrip("元") for piece in sums}
    return [field("amount", Place((sums[0],)), page, reread)] if len(different) == 1 else []


def _year(places: Iterable[Place], page: Page) -> list[SeenField]:
    """The year of the course that a text names: `None` as value where several are named."""
    seen: dict[str, Piece] = {}
    for place in places:
        for piece in place.pieces:
            for found in _YEAR_OF.finditer(plain(piece.text)):
                seen.setdefault(found[0][:4], piece)
    if not seen:
        return []
    one = field("year", Place((next(iter(seen.values())),)), page, None)
    return [one.model_copy(update={"value": next(iter(seen)) if len(seen) == 1 else None})]
