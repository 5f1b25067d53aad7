"""The facts about who sent a roster: whether the mail is theirs, and whether they may speak for the unit."""

from __future__ import annotations

from mailbot.casetypes.roster.items import header_json, unit_key, unit_keys
from mailbot.casetypes.roster.orders import order_hashes, same_unit
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.kinds import SenderView, Situation
from mailbot.domain.records import RosterRecord
from mailbot.domain.sender import address_key


def sender_facts(record: RosterRecord, situation: Situation) -> dict[str, FactValue]:
    """What is known of the sender, and of the sender with this unit."""
    sender = situation.sender
    unit = unit_key(header_json(record))
    bound = unit is not None and unit in situation.lookups.bindings
    return {
        "sender.verified": UNKNOWN if sender.verified is None else sender.verified,
        "sender.ambiguous": sender.ambiguous,
        "sender.lookalike": sender.lookalike,
        "sender.bound": bound,
        "sender.other_address": not bound and _others_speak(record, situation),
        "sender.posing": sender.posing or _shows_another_unit(situation),
        "sender.reply_elsewhere": sender.reply_elsewhere,
    }


def _shows_another_unit(situation: Situation) -> bool:
    """Whether the display name is that of a unit for which others are confirmed or were served, and not this sender."""
    sender, lookups = situation.sender, situation.lookups
    key = unit_key({"unit": sender.name}) if sender.name else None
    if key is None or key in lookups.bindings:
        return False
    openers = lookups.unit_openers.get(key, ())
    if any(_same(opener, sender) for opener in openers):
        return False
    return bool(openers or lookups.unit_senders.get(key))


def _others_speak(record: RosterRecord, situation: Situation) -> bool:
    """Whether somebody else is confirmed for the unit that the roster names, or opened a case of its tax number, or of
    it on this order. An address of the same domain is the same sender, but at public providers."""
    lookups = situation.lookups
    if any(lookups.unit_senders.get(unit) for unit in unit_keys(header_json(record))):
        return True
    mine = header_json(record)
    taxed = unit_key({"tax_id": mine.get("tax_id")})
    if any(not _same(opener, situation.sender) for opener in lookups.unit_openers.get(taxed or "", ())):
        return True
    cases = (case for order in order_hashes(record, situation) for case in lookups.orders.get(order, ()))
    headers = (lookups.order_units.get(case, {}) for case in cases)
    openers = (header.get("sender") for header in headers if same_unit(mine, header) is not False)
    return any(isinstance(opener, str) and not _same(opener, situation.sender) for opener in openers)


def _same(opener: str, sender: SenderView) -> bool:
    """Whether an address is the sender's own, or one of the sender's domain where the domain is the unit's own."""
    if sender.address is None:
        return False
    own, domain = address_key(opener) == address_key(sender.address), sender.key or ""
    return own or (domain.startswith("@") and address_key(opener).endswith(domain))
