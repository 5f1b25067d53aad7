"""The facts about a roster's order numbers: against earlier rosters, and against the lists of the platform's orders."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from mailbot.casetypes.roster.folding import fold
from mailbot.casetypes.roster.items import header_json
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.twins import twins_of
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.kinds import Situation
from mailbot.domain.outcome import Json, ListedOrder
from mailbot.domain.records import Elsewhere, RosterRecord, RosterRow, order_key


def order_facts(record: RosterRecord, situation: Situation, lexicon: Lexicon) -> dict[str, FactValue]:
    """What is known of the order numbers of a roster. What only a list could tell is unknown without one."""
    found = order_hashes(record, situation)
    others = tuple(dict.fromkeys(case for order in found for case in situation.lookups.orders.get(order, ())))
    mine = header_json(record)
    theirs = [situation.lookups.order_units.get(case) for case in others]
    lists = [situation.lookups.listed.get(order) for order in found]
    named = [{"unit": one.unit, "tax_id": one.tax_id} for one in lists if one is not None and (one.unit or one.tax_id)]
    return {
        "order.reused": bool(others),
        "order.other_unit": _other_unit([same_unit(mine, header) for header in (*theirs, *named)]),
        "order.listed": _listed(lists, situation),
        "order.codes": _codes(lists),
        "order.rows": _rows(record, situation, lexicon, others),
        "order.paid": _paid(lists),
        "order.as_of": min((one.as_of for one in lists if one), default=situation.lookups.orders_as_of),
    }


def order_hashes(record: RosterRecord, situation: Situation) -> tuple[str, ...]:
    """The keyed hashes of the roster's order numbers, as the ledger knows them."""
    return tuple(situation.hasher.search(order_key(order)) for order in record.header.order_no)


def _other_unit(same: Sequence[bool | None]) -> FactValue:
    if False in same:
        return True
    return UNKNOWN if None in same else False


def same_unit(mine: Json, theirs: Json | None) -> bool | None:
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


def _listed(lists: Sequence[ListedOrder | None], situation: Situation) -> FactValue:
    """Whether every number stands in a list. One that does not is known to be missing only by a list of the mail's own
    day or later: an older list may be older than the order."""
    if all(one is not None for one in lists):
        return True
    newest, zone = situation.lookups.orders_as_of, ZoneInfo(situation.campaign.office.zone)
    return UNKNOWN if newest is None or newest < situation.received_at.astimezone(zone).date() else False


def _codes(lists: Sequence[ListedOrder | None]) -> FactValue:
    """The codes that all the orders bought together."""
    counts = [None if one is None else one.codes for one in lists]
    known = [count for count in counts if count is not None]
    return sum(known) if counts and len(known) == len(counts) else UNKNOWN


def _paid(lists: Sequence[ListedOrder | None]) -> FactValue:
    said = [None if one is None else one.paid for one in lists]
    if False in said:
        return False
    return UNKNOWN if None in said or not said else True


def _rows(record: RosterRecord, situation: Situation, lexicon: Lexicon, others: Sequence[str]) -> FactValue:
    """The people whom the orders have to serve: everybody here once, and those of earlier rosters on the same orders.
    Who stands in one of those already needs no second code, and who bought one needs none."""
    taken = [situation.lookups.order_units.get(case, {}).get("rows") for case in others]
    duplicates = twins_of(record.rows, lexicon).duplicates
    rows = (row for number, row in enumerate(record.rows, start=1) if number not in duplicates)
    mine = sum(not _served(row, situation, others) for row in rows)
    counts = [count for count in taken if isinstance(count, int)]
    return mine + sum(counts) if len(counts) == len(taken) else UNKNOWN


def _served(row: RosterRow, situation: Situation, others: Sequence[str]) -> bool:
    """Whether a row's person needs no code of these orders besides those that are counted elsewhere."""
    if row.id_number is None:
        return False
    person = situation.hasher.search(row.id_number)
    before, account = situation.lookups.people.get(person), situation.registrations.get(person)
    counted = before is not None and before.case_id in others
    bought = account is not None and account.bought is not None and situation.campaign.year in account.bought
    return counted or bought or row.elsewhere is Elsewhere.SAME
