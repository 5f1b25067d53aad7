"""The items of a roster, and what approving one causes: one account for one person, whatever list names them."""

from __future__ import annotations

from collections.abc import Iterator

from mailbot.casetypes.roster.elsewhere import words_of
from mailbot.casetypes.roster.folding import fold
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.raws import RAW, raws_of
from mailbot.casetypes.roster.twins import twins_of
from mailbot.domain.campaign import Campaign
from mailbot.domain.effects import Person, PlannedEffect, Verb
from mailbot.domain.kinds import Item, Wants
from mailbot.domain.outcome import Claim, Json
from mailbot.domain.ports import Hasher
from mailbot.domain.records import Elsewhere, RosterRecord, RosterRow, order_key

_FIELD, _ROW = "\x1f", "\x1e"


def header_json(record: RosterRecord) -> Json:
    """The header as the process contract prints it: `order_no` is a list only where several stand there."""
    header, orders = record.header, record.header.order_no
    return {
        "unit": header.unit,
        "contact": header.contact,
        "contact_phone": header.contact_phone,
        "tax_id": header.tax_id,
        "order_no": list(orders) if len(orders) > 1 else (orders[0] if orders else None),
    }


def unit_key(header: Json) -> str | None:
    """What a sender is bound to: the tax number, else the unit's folded name."""
    tax_id, unit = header.get("tax_id"), header.get("unit")
    if isinstance(tax_id, str) and tax_id:
        return f"tax:{tax_id}"
    return f"unit:{fold(unit)}" if isinstance(unit, str) and fold(unit) else None


def unit_keys(header: Json) -> tuple[str, ...]:
    """Every key by which the unit of a header may be bound: the tax number and the name."""
    by_name = unit_key({"unit": header.get("unit")})
    return tuple(dict.fromkeys(key for key in (unit_key(header), by_name) if key is not None))


def items_of(record: RosterRecord, hasher: Hasher, lexicon: Lexicon) -> tuple[Item, ...]:
    """One item a row, numbered from 1. A duplicate of an earlier row, here or in another list of the mail, is inert."""
    return tuple(_items(record, hasher, lexicon))


def _items(record: RosterRecord, hasher: Hasher, lexicon: Lexicon) -> Iterator[Item]:
    duplicates = twins_of(record.rows, lexicon).duplicates
    source = record.source
    for number, row in enumerate(record.rows, start=1):
        yield Item(
            number,
            "person",
            hasher.search(row.id_number) if row.id_number else None,
            {
                "attachment": source.attachment,
                "member": source.member,
                "sheet": row.sheet,
                "row": row.row,
                "panel": row.panel,
                "serial": row.serial,
            },
            _values(row, text_table=record.text_table),
            number in duplicates or row.elsewhere is Elsewhere.SAME,
        )


def _values(row: RosterRow, *, text_table: bool) -> dict[str, object]:
    """What would be registered, and beside it what was read where that is something else."""
    values: dict[str, object] = {"name": row.name, "id_number": row.id_number, "phone": row.phone, "remark": row.remark}
    kept = raws_of(row, text_table=text_table)
    return {**values, RAW: kept} if kept else values


def person_of(row: RosterRow) -> Person | None:
    """The person of a row, `None` where a value cannot be known."""
    if row.name is None or row.id_number is None or row.phone is None:
        return None
    return Person(row.name, row.id_number, row.phone)


def effect_of(item: Item, campaign: Campaign) -> PlannedEffect | None:
    """The account that approving an item asks for; `None` for an inert item and for one whose person is not known."""
    name, number, phone = (item.values.get(key) for key in ("name", "id_number", "phone"))
    if item.inert or item.identity is None:
        return None
    if not (isinstance(name, str) and isinstance(number, str) and isinstance(phone, str)):
        return None
    key = f"{Verb.OPEN_ACCOUNT}:{campaign.code}:{item.identity}"
    return PlannedEffect(key, Verb.OPEN_ACCOUNT, Person(name, number, phone), (item.number,))


def claims_of(item: Item, campaign: Campaign, hasher: Hasher) -> tuple[Claim, ...]:
    """One account a person, one person a phone (the phone is the user name; notice, annex, note 8)."""
    effect = effect_of(item, campaign)
    if effect is None:
        return ()
    phone = hasher.search(effect.person.phone)
    return (
        Claim(f"account:{campaign.code}:{item.identity}", item.number),
        Claim(f"phone:{campaign.code}:{phone}", item.number),
    )


def wants_of(record: RosterRecord, hasher: Hasher) -> Wants:
    """What must be looked up for a roster, each value once and in order."""
    rows = record.rows
    return Wants(
        people=tuple(dict.fromkeys(hasher.search(row.id_number) for row in rows if row.id_number)),
        phones=tuple(dict.fromkeys(hasher.search(row.phone) for row in rows if row.phone)),
        orders=tuple(dict.fromkeys(hasher.search(order_key(order)) for order in record.header.order_no)),
        fingerprint=_fingerprint(record, hasher),
        units=unit_keys(header_json(record)),
    )


def _fingerprint(record: RosterRecord, hasher: Hasher) -> str:
    """The same for the same people under the same header, whatever subject, file name, sheet or order of rows.

    What holds no people is told by its bytes.
    """
    header = record.header
    head = [fold(header.unit or ""), header.tax_id or "", *sorted(header.order_no)]
    rows = sorted(_FIELD.join(words_of(row)) for row in record.rows)
    body = [_FIELD.join(head), str(record.hidden_sheet), *rows] if rows else [record.digest, str(record.source.block)]
    return hasher.search(_ROW.join(["roster", *body]))
