"""The facts of a roster as a whole, in the order of the vocabulary `roster`."""

from __future__ import annotations

from mailbot.casetypes.roster.fields import LABELS
from mailbot.casetypes.roster.files import file_facts
from mailbot.casetypes.roster.header import lost
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.orders import order_facts
from mailbot.casetypes.roster.senders import sender_facts
from mailbot.casetypes.roster.twins import twins_of
from mailbot.domain import taxid
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.campaign import campaign_facts
from mailbot.domain.facts.roster import ROSTER
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.kinds import Situation, Subject
from mailbot.domain.ports import Presence
from mailbot.domain.records import RosterRecord


def roster_subject(record: RosterRecord, situation: Situation, lexicon: Lexicon) -> Subject:
    """The case's own subject, number 0."""
    values = {
        **file_facts(record, lexicon),
        **_counts(record, lexicon),
        **_header(record),
        **order_facts(record, situation, lexicon),
        **sender_facts(record, situation),
        "platform.unknown_people": _unknown_people(situation),
        **campaign_facts(situation.campaign, ROSTER),
    }
    return Subject("roster", 0, ROSTER.row(values))


def read(record: RosterRecord) -> bool:
    """Whether there was a roster to read: of what could not be read, and of another form, only that is said."""
    return record.fault is None and record.wrong_form is None and not record.correction


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


def _unknown_people(situation: Situation) -> int:
    return sum(found.presence is Presence.UNKNOWN for found in situation.registrations.values())
