"""What the pictures of a mail show: orders with every value's evidence, and the person and rows of a filled-in form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from mailbot.casetypes.payment_proof.clean import cleaned, years
from mailbot.casetypes.payment_proof.values import (
    PAYMENT_FIELDS,
    PERSON_FIELDS,
    Payment,
    Pictures,
    Said,
    Side,
    Value,
)
from mailbot.domain.document import Opened
from mailbot.domain.evidence import Where
from mailbot.domain.scan import Scan, SeenField, SeenGroup

PROOFS: Final = frozenset({"order", "order_list", "proof_form"})
"""What a picture of ours shows."""
FOREIGN: Final = frozenset({"commitment", "roster"})
"""What belongs to other kinds of case."""
_WORDS: Final = frozenset({"status", "platform", "course", "payer", "amount", "refund"})
"""Fields out of few words or few digits, which one engine alone reads well where it is sure of itself."""
_SURE: Final = 0.9
"""How sure an engine has to be of such a field: below it, engines misread one of a few hundred."""


def orders_of(scan: Scan, attachment: str | None) -> tuple[Side, ...]:
    """The orders that a picture shows."""
    groups = [group for group in scan.groups if group.about == "order"]
    listed = scan.kind == "order_list" or len(groups) > 1
    found = (_side(group, scan, attachment, listed=listed) for group in groups)
    return tuple(side for side in found if side.values or side.unreadable or side.cut)


def rows_of(scan: Scan, attachment: str | None) -> Iterator[Payment]:
    """The payments that the rows of a form claim, which a picture of it shows."""
    if scan.kind != "proof_form":
        return
    for group in scan.groups:
        side = _side(group, scan, attachment, listed=False) if group.about == "row" else None
        if side and (side.values or side.unreadable):
            named = years(side.get("year") or "")
            several = [replace(side, values={**side.values, "year": _year(side.values["year"], y)}) for y in named]
            yield from (Payment(claimed=one, together=len(named) > 1) for one in several or [side])


def person_of(scan: Scan, attachment: str | None) -> Mapping[str, Said]:
    """The person of a form that came as a picture."""
    if scan.kind != "proof_form":
        return {}
    found: dict[str, Said] = {}
    for group in scan.groups:
        for one in group.fields if group.about == "person" else ():
            value = _value(one, scan, attachment) if one.name in PERSON_FIELDS else None
            if value:
                found[one.name] = found.get(one.name, Said()).with_(Said((value,)))
    return found


def pictures_of(opened: Opened, numbers: frozenset[int]) -> Pictures:
    """The pictures of these parts, mere decoration apart."""
    scans = {_key(scan): scan for scan in opened.scans if scan.number in numbers}
    refs = {
        (ref.number, ref.index, ref.page) for ref in opened.pictures if ref.number in numbers and not ref.decoration
    }
    documents = {document.number for document in opened.documents}
    told = {number for number, _, _ in (*refs, *scans)}
    bare = {
        part.number
        for part in opened.mail.files
        if part.number in numbers - told - documents and part.type.startswith("image/")
    }
    mine = [scan for scan in scans.values() if scan.kind not in FOREIGN]
    return Pictures(
        total=len(refs | set(scans)) + len(bare),
        unread=len(refs - set(scans)) + len(bare),
        broken=sum(scan.fault is not None for scan in mine),
        proofs=sum(scan.kind in PROOFS and scan.fault is None for scan in mine),
        others=sum(scan.kind == "other" and scan.fault is None for scan in mine),
        cards=sum(scan.kind == "identity_card" and scan.fault is None for scan in mine),
        shown=tuple(dict.fromkeys((scan.pixels, scan.looks) for scan in mine if scan.pixels and scan.kind in PROOFS)),
    )


def _key(scan: Scan) -> tuple[int, int, int | None]:
    return scan.number, scan.index, scan.page


def united(orders: Iterable[Side]) -> tuple[Side, ...]:
    """The orders of several pictures, each once: what shows the same number is the same order."""
    found: list[Side] = []
    for order in orders:
        at = next((n for n, known in enumerate(found) if numbers_of(known) & numbers_of(order)), None)
        if at is None:
            found.append(order)
        else:
            found[at] = joined(found[at], order)
    return tuple(found)


def numbers_of(side: Side) -> frozenset[str]:
    """The numbers that an order goes by."""
    return frozenset(filter(None, (side.get("order_id"), side.get("merchant_order_id"))))


def joined(one: Side, other: Side) -> Side:
    """Two sights of one order: a value that both show is surer, one that they show unlike is none."""
    values: dict[str, Value] = {}
    unlike = set(one.unreadable | other.unreadable)
    for name in PAYMENT_FIELDS:
        mine, theirs = one.values.get(name), other.values.get(name)
        if mine and theirs and not _agree(name, mine.text, theirs.text):
            unlike.add(name)
        elif mine or theirs:
            found = [value for value in (mine, theirs) if value]
            values[name] = max(found, key=lambda value: (len(value.text), value.sure, value.confidence))
    return Side(
        values,
        one.place,
        cut=one.cut and other.cut,
        unreadable=frozenset(unlike - set(values)),
        lost=one.lost or other.lost,
        listed=one.listed and other.listed,
    )


def _agree(name: str, one: str, other: str) -> bool:
    """The same value; a day agrees with a moment of that day, and free words are not compared."""
    if name in ("paid_at", "created_at"):
        return one.startswith(other) or other.startswith(one)
    return one == other or name in ("platform", "course", "payer")


def _side(group: SeenGroup, scan: Scan, attachment: str | None, *, listed: bool) -> Side:
    values: dict[str, Value] = {}
    unreadable: set[str] = set()
    cut = False
    for one in group.fields:
        if one.name not in PAYMENT_FIELDS:
            continue
        value = _value(one, scan, attachment)
        if value is None:
            unreadable.add(one.name)
        elif one.name in ("order_id", "merchant_order_id") and one.complete is False:
            cut = True
        else:
            values[one.name] = value
    course = values.get("course")
    if "year" not in values and "year" not in unreadable and course and len(named := years(course.text)) == 1:
        values["year"] = _year(course, named[0])
    return Side(values, _place(scan, attachment, group.fields[0] if group.fields else None), cut,
                frozenset(unreadable), listed=listed)  # fmt: skip


def _year(value: Value, year: int) -> Value:
    return replace(value, text=str(year), place=replace(value.place, field="year"))


def _value(one: SeenField, scan: Scan, attachment: str | None) -> Value | None:
    """The field as a value; `None` where nobody can tell what stands there."""
    text = cleaned(one.name, one.value) if one.value is not None else None
    if text is None:
        return None
    well = not one.failed and one.complete is not False
    alone = one.name in _WORDS and one.confidence >= _SURE
    return Value(text, _place(scan, attachment, one), "seen", one.confidence, well and (one.agreed or alone))


def _place(scan: Scan, attachment: str | None, one: SeenField | None) -> Where:
    page = scan.page if scan.page is not None else 1
    box = one.box if one else None
    return Where(attachment, page=page, box=box, field=one.name if one else None)
