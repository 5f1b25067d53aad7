"""What is known of a row's person besides the roster: the platform's answer and what this house asked for before."""

from __future__ import annotations

from typing import Final

from mailbot.casetypes.roster.folding import fold
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.row import ROW
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.kinds import Situation
from mailbot.domain.ports import Presence, Registration
from mailbot.domain.records import Elsewhere, RosterRow

_REGISTERED: Final = ROW.index["person.registered"]
_DIFFERS: Final = ROW.index["person.registration_differs"]
_BEFORE: Final = ROW.index["person.asked_before"]
_OTHER: Final = ROW.index["person.held_by_other"]


def person_facts(facts: list[FactValue], row: RosterRow, situation: Situation) -> None:
    """Put the person's facts in. A row whose ID number or phone cannot be known is nobody yet, and nothing is said."""
    if row.id_number is None or row.phone is None:
        return
    id_hash, phone_hash = situation.hasher.search(row.id_number), situation.hasher.search(row.phone)
    registration = situation.registrations.get(id_hash)
    facts[_REGISTERED] = _registered(registration)
    facts[_DIFFERS] = _differs(registration, row)
    same_id = situation.lookups.people.get(id_hash)
    same_phone = situation.lookups.phones.get(phone_hash)
    other = (same_id is not None and same_id.phone_hash != phone_hash) or (
        same_phone is not None and same_phone.id_hash != id_hash
    )
    facts[_OTHER] = other or row.elsewhere is Elsewhere.CONFLICT
    facts[_BEFORE] = (same_id is not None or row.elsewhere is Elsewhere.SAME) and not facts[_OTHER]


def _registered(registration: Registration | None) -> FactValue:
    if registration is None or registration.presence is Presence.UNKNOWN:
        return UNKNOWN
    return registration.presence is Presence.FOUND


def _differs(registration: Registration | None, row: RosterRow) -> FactValue:
    """Whether the platform holds other values for this person; only values that it told are compared."""
    if registration is None or registration.presence is Presence.UNKNOWN:
        return UNKNOWN
    told = (
        (registration.name, row.name),
        (registration.id_number, row.id_number),
        (registration.phone, row.phone),
    )
    return registration.presence is Presence.FOUND and any(
        theirs is not None and fold(theirs) != fold(ours or "") for theirs, ours in told
    )
