"""The facts of a roster as a whole, in the order of the vocabulary `roster`."""

from __future__ import annotations

from mailbot.casetypes.roster.fields import LABELS
from mailbot.casetypes.roster.folding import fold
from mailbot.casetypes.roster.header import lost
from mailbot.casetypes.roster.items import header_json, unit_key
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.twins import twins_of
from mailbot.domain import taxid
from mailbot.domain.document import FaultKind
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.campaign import campaign_facts
from mailbot.domain.facts.roster import ROSTER
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.kinds import Situation, Subject
from mailbot.domain.outcome import Json
from mailbot.domain.ports import Presence
from mailbot.domain.records import RosterRecord, order_key

_FAULTS = {
    "file.unreadable": FaultKind.UNREADABLE,
    "file.password_needed": FaultKind.PASSWORD,
    "file.bomb": FaultKind.BOMB,
    "file.too_many_rows": FaultKind.TOO_MANY_ROWS,
}


def roster_subject(record: RosterRecord, situation: Situation, lexicon: Lexicon) -> Subject:
    """The case's own subject, number 0."""
    values = {
        **_file(record),
        **_counts(record, lexicon),
        **_header(record),
        **_orders(record, situation),
        **_sender(record, situation),
        "platform.unknown_people": _unknown_people(situation),
        **campaign_facts(situation.campaign, ROSTER),
    }
    return Subject("roster", 0, ROSTER.row(values))


def read(record: RosterRecord) -> bool:
    """Whether there was a roster to read: of what could not be read, and of another form, only that is said."""
    return record.fault is None and record.wrong_form is None and not record.correction


def _file(record: RosterRecord) -> dict[str, FactValue]:
    return {
        **{name: record.fault is kind for name, kind in _FAULTS.items()},
        "file.correction": record.correction,
        "file.light": record.light,
        "file.wrong_form": record.wrong_form is not None,
        "file.name": record.source.member or record.source.attachment or "邮件正文",
    }


def _counts(record: RosterRecord, lexicon: Lexicon) -> dict[str, FactValue]:
    if not read(record):
        return {"roster.inferred": False, "sheet.ignored_count": 0, "sheet.unread_people": record.unread_people}
    return {
        "roster.people": len(record.rows),
        "roster.distinct": len(record.rows) - len(twins_of(record.rows, lexicon).duplicates),
        "roster.declared": record.declared_count,
        "roster.inferred": record.inferred,
        "roster.hidden_columns": UNKNOWN if record.light else _named(record.hidden_columns),
        "roster.form_year": record.form_year,
        "sheet.ignored": record.ignored,
        "sheet.ignored_count": len(record.ignored),
        "sheet.unread_people": record.unread_people,
    }


def _named(columns: tuple[str, ...]) -> str | None:
    return "、".join(LABELS[key] for key in columns) or None


def _header(record: RosterRecord) -> dict[str, FactValue]:
    if not read(record):
        return {"header.order_count": 0}
    header = record.header
    fault = taxid.inspect(header.tax_id) if header.tax_id else None
    raw = header.raw.get("tax_id")
    repaired = isinstance(raw, str) and fault is None and bool(taxid.normalise(raw).changes)
    return {
        "header.unit": header.unit,
        "header.order_count": len(header.order_no),
        "header.order_lost": lost(header.raw.get("order_no")),
        "header.unit_hint": record.hints.get("unit"),
        "header.order_hint": record.hints.get("order_no"),
        "tax_id.clean": header.tax_id,
        "tax_id.repaired": repaired and header.tax_id is not None,
        "tax_id.checksum": fault is taxid.TaxFault.CHECKSUM,
        "tax_id.format": fault is taxid.TaxFault.FORMAT,
        "tax_id.legacy15": fault is taxid.TaxFault.LEGACY15,
    }


def _orders(record: RosterRecord, situation: Situation) -> dict[str, FactValue]:
    """The order numbers against earlier rosters. No list of the platform's orders is at hand: whether a number stands
    in one is unknown."""
    others = [
        case
        for order in record.header.order_no
        for case in situation.lookups.orders.get(situation.hasher.search(order_key(order)), ())
    ]
    mine = header_json(record)
    answers = [_same_unit(mine, situation.lookups.order_units.get(case)) for case in others]
    other: FactValue = False in answers
    return {"order.reused": bool(others), "order.other_unit": other or (UNKNOWN if None in answers else False)}


def _same_unit(mine: Json, theirs: Json | None) -> bool | None:
    """Whether two headers name the same unit, by tax number or name; `None` where it cannot be told."""
    if theirs is None:
        return None
    taxes = {mine.get("tax_id"), theirs.get("tax_id")}
    units = {fold(str(header.get("unit") or "")) for header in (mine, theirs)}
    if None not in taxes and len(taxes) == 1:
        return True
    if None not in taxes:
        return False
    return None if "" in units else len(units) == 1


def _sender(record: RosterRecord, situation: Situation) -> dict[str, FactValue]:
    sender = situation.sender
    unit = unit_key(header_json(record))
    return {
        "sender.verified": UNKNOWN if sender.verified is None else sender.verified,
        "sender.ambiguous": sender.ambiguous,
        "sender.lookalike": sender.lookalike,
        "sender.bound": unit is not None and unit in situation.lookups.bindings,
    }


def _unknown_people(situation: Situation) -> int:
    return sum(found.presence is Presence.UNKNOWN for found in situation.registrations.values())
