"""A later list that is silent about its header speaks for the header of the case it continues."""

from __future__ import annotations

from dataclasses import replace

from mailbot.domain.outcome import Json
from mailbot.domain.records import RosterHeader, RosterRecord


def completed(record: RosterRecord, known: Json) -> RosterRecord:
    """The record with the header values of the case that it says nothing of."""
    header, before = record.header, known_header(known)
    return replace(
        record,
        header=replace(
            header,
            unit=header.unit or before.unit,
            contact=header.contact or before.contact,
            contact_phone=header.contact_phone or before.contact_phone,
            tax_id=header.tax_id or before.tax_id,
            order_no=header.order_no or before.order_no,
        ),
    )


def known_header(known: Json) -> RosterHeader:
    """A header as stored with its case."""
    unit, contact, phone, tax = (_text(known.get(key)) for key in ("unit", "contact", "contact_phone", "tax_id"))
    orders = known.get("order_no")
    several = [orders] if isinstance(orders, str) else orders if isinstance(orders, list | tuple) else []
    return RosterHeader(unit, contact, phone, tax, tuple(str(order) for order in several))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
