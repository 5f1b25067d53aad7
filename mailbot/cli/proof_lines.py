"""The part of the process contract that payment proofs and commitment letters have: fields, payments, years.

A case's header holds them as its kind wrote them (`fields` by name, `payments` one a source); a header of another kind
holds neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from mailbot.domain.findings import Finding
from mailbot.domain.outcome import ItemResult, Json
from mailbot.domain.payments import PAYMENT_YEAR

NOT_PEOPLE: Final = frozenset({PAYMENT_YEAR, "commitment"})
"""Kinds of items that are no row of a roster."""
_TABLES: Final = ("fields", "payments")
_FIELD_TEXTS: Final = ("value", "source")
_PAYMENT_TEXTS: Final = (
    "order_id",
    "merchant_order_id",
    "payer",
    "paid_at",
    "platform",
    "amount",
    "status",
    "source",
)


def header_out(header: Json) -> Json:
    """The header of a roster; that of a proof is printed under keys of its own, and what else stands in it is for the
    case's next version."""
    return {} if any(name in header for name in _TABLES) else header


def fields_out(header: Json) -> dict[str, Json]:
    """What is known of the applicant, by the name of the field."""
    fields = header.get("fields")
    return {str(name): _field(one) for name, one in fields.items()} if isinstance(fields, Mapping) else {}


def payments_out(header: Json) -> list[Json]:
    """The payments, as each source tells them."""
    return [_payment(one) for one in _tables(header.get("payments"))]


def _field(said: object) -> Json:
    one = said if isinstance(said, Mapping) else {}
    return {**{key: _text(one.get(key)) for key in _FIELD_TEXTS}, "confidence": one.get("confidence"), **_seen(one)}


def _payment(one: Json) -> Json:
    return {"year": one.get("year"), **{key: _text(one.get(key)) for key in _PAYMENT_TEXTS}, **_seen(one)}


def _seen(one: Json) -> Json:
    """Where a value was seen, and whether it is verified."""
    return {"verified": bool(one.get("verified")), "page": one.get("page"), "box": one.get("box")}


def year_out(item: ItemResult) -> Json:
    """One make-up year of a case."""
    return {
        "item": item.number,
        "year": item.values.get("year"),
        "order_id": _text(item.values.get("order_id")),
        "status": item.status.value,
        "state": item.state.value,
        "proposed": item.proposed,
        "codes": [finding.code for finding in item.findings],
    }


def findings_of(years: Iterable[ItemResult]) -> list[Finding]:
    """The findings of make-up years: no row of the output holds them, so they are the case's."""
    return [finding for item in years for finding in item.findings]


def _tables(value: object) -> list[Json]:
    listed = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return [one for one in listed if isinstance(one, Mapping)]


def _text(value: object) -> str | None:
    """A value as the contract has it: years of a list with commas, yes or no, else as it stands."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
