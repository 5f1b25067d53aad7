"""The header of a case as the process contract prints it, and the record again out of what a case stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from mailbot.casetypes.payment_proof.values import (
    PAYMENT_FIELDS,
    PERSON_FIELDS,
    Origin,
    Payment,
    Pictures,
    ProofRecord,
    Said,
    Side,
    Value,
)
from mailbot.domain.evidence import Where
from mailbot.domain.outcome import Json
from mailbot.domain.records import Source

_COUNTS: Final = ("total", "unread", "broken", "proofs", "others", "cards")


def header_json(record: ProofRecord) -> Json:
    """`fields` and `payments` of the contract. What a later version needs stands beside them: every other value of a
    field, which item a payment is, and what of it is in doubt."""
    return {
        "fields": {name: _field(record.person.get(name, Said())) for name in PERSON_FIELDS},
        "payments": [
            _payment(number, payment, side, origin)
            for number, payment in enumerate(record.payments, start=1)
            for origin, side in (("claimed", payment.claimed), ("shown", payment.shown))
            if side is not None
        ],
        "pictures": {name: getattr(record.pictures, name) for name in _COUNTS}
        | {"shown": [list(pair) for pair in record.pictures.shown]},
        "unassigned": record.unassigned,
        "left_out": record.left_out,
        "files": list(record.files),
    }


def _field(said: Said) -> Json:
    best = said.best
    return {
        "value": best.text if best else None,
        "source": best.origin if best else None,
        "verified": said.verified,
        "confidence": best.confidence if best else None,
        "page": best.place.page if best else None,
        "box": list(best.place.box) if best and best.place.box else None,
        "values": [_value(value) for value in said.values],
    }


def _payment(number: int, payment: Payment, side: Side, role: str) -> Json:
    values = {name: side.get(name) for name in PAYMENT_FIELDS}
    other = payment.shown if role == "claimed" else payment.claimed
    order = side.get("order_id")
    same = order is not None and other is not None and order in (other.get("order_id"), other.get("merchant_order_id"))
    seen = any(value.origin == "seen" for value in side.values.values()) or role == "shown"
    year = side.get("year")
    return {
        **values,
        "year": int(year) if year else None,
        "source": "seen" if seen else "typed",
        "verified": same or (other is None and role == "shown" and side.sure("order_id")),
        "page": side.place.page,
        "box": list(side.place.box) if side.place.box else None,
        "item": number,
        "role": role,
        "values": {name: _value(value) for name, value in side.values.items()},
        "cut": side.cut,
        "unreadable": sorted(side.unreadable),
        "lost": side.lost,
        "listed": side.listed,
        "together": payment.together,
        "again": payment.again,
        "place": _place(side.place),
    }


def _value(value: Value) -> Json:
    return {
        "text": value.text,
        "source": value.origin,
        "sure": value.sure,
        "confidence": value.confidence,
        **_place(value.place),
    }


def _place(place: Where) -> Json:
    return {**place.as_dict(), "box": list(place.box) if place.box else None}


def stored_record(header: Json) -> ProofRecord:
    """The record that a case's header holds. Raises `ValueError` for one that this kind did not write."""
    try:
        fields, pictures = _table(header["fields"]), _table(header["pictures"])
        return ProofRecord(
            Source(None),
            {name: Said(tuple(map(_read, _list(_table(said)["values"])))) for name, said in fields.items()
             if _list(_table(said)["values"])},
            _payments(_list(header["payments"])),
            _pictures(pictures),
            tuple(str(name) for name in _list(header["files"])),
            _count(header["unassigned"]),
            _count(header["left_out"]),
        )  # fmt: skip
    except (KeyError, TypeError) as fault:
        raise ValueError(f"the stored header is not one of a payment proof: {fault}") from fault


def _pictures(stored: Json) -> Pictures:
    total, unread, broken, proofs, others, cards = (_count(stored[name]) for name in _COUNTS)
    return Pictures(total, unread, broken, proofs, others, cards, _pairs(stored["shown"]))


def _payments(stored: Sequence[object]) -> tuple[Payment, ...]:
    """The payments by item, each with its two sides."""
    items: dict[int, dict[str, Json]] = {}
    for one in map(_table, stored):
        items.setdefault(_count(one["item"]), {})[str(one["role"])] = one
    return tuple(
        Payment(
            _side(sides.get("claimed")),
            _side(sides.get("shown")),
            together=any(bool(one["together"]) for one in sides.values()),
            again=any(bool(one["again"]) for one in sides.values()),
        )
        for _, sides in sorted(items.items())
    )


def _side(stored: Json | None) -> Side | None:
    if stored is None:
        return None
    values = {name: _read(value) for name, value in _table(stored["values"]).items()}
    unreadable = frozenset(str(name) for name in _list(stored["unreadable"]))
    cut, lost, listed = (bool(stored[name]) for name in ("cut", "lost", "listed"))
    return Side(values, _where(_table(stored["place"])), cut, unreadable, lost, listed)


def _read(stored: object) -> Value:
    one = _table(stored)
    origin: Origin = "seen" if one["source"] == "seen" else "typed"
    confidence = one["confidence"]
    if not isinstance(confidence, int | float):
        raise TypeError("a confidence is a number")
    return Value(str(one["text"]), _where(one), origin, float(confidence), bool(one["sure"]))


def _where(one: Json) -> Where:
    box = [float(str(edge)) for edge in _list(one["box"])] if one["box"] else []
    corners = (box[0], box[1], box[2], box[3]) if len(box) == 4 else None
    attachment, member, sheet, cell, name = (
        _word(one[key]) for key in ("attachment", "member", "sheet", "cell", "field")
    )
    row, column, panel, page = (_number(one[key]) for key in ("row", "column", "panel", "page"))
    return Where(attachment, member, sheet, row, column, cell, panel, page, corners, name)


def _word(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> int | None:
    return None if value is None else _count(value)


def _pairs(stored: object) -> tuple[tuple[str, str], ...]:
    return tuple((str(pair[0]), str(pair[1])) for pair in map(_list, _list(stored)))


def _table(value: object) -> Json:
    if not isinstance(value, Mapping):
        raise TypeError("a table is expected")
    return value


def _list(value: object) -> Sequence[object]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError("a list is expected")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("a number is expected")
    return value
