"""What is known of a row's person besides the roster: the platform's answer and what this house asked for before."""

from __future__ import annotations

from datetime import date
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
_DIFFERING: Final = ROW.index["person.differing"]
_BOUGHT: Final = ROW.index["person.bought"]
_ASSIGNED: Final = ROW.index["person.assigned"]
_COMPLETED: Final = ROW.index["person.completed"]
_ACCOUNT_DAY: Final = ROW.index["person.account_as_of"]
_CODES_DAY: Final = ROW.index["person.codes_as_of"]
_COMPLETED_DAY: Final = ROW.index["person.completed_as_of"]
_BEFORE: Final = ROW.index["person.asked_before"]
_OTHER: Final = ROW.index["person.held_by_other"]


def person_facts(facts: list[FactValue], row: RosterRow, situation: Situation) -> None:
    """Put the person's facts in. A row whose ID number or phone cannot be known is nobody yet, and nothing is said."""
    facts[_REGISTERED] = UNKNOWN
    if row.id_number is None or row.phone is None:
        return
    id_hash, phone_hash = situation.hasher.search(row.id_number), situation.hasher.search(row.phone)
    registration = situation.registrations.get(id_hash)
    facts[_REGISTERED] = _registered(registration)
    _put_registration(facts, registration, row, situation.campaign.year)
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


def _put_registration(facts: list[FactValue], found: Registration | None, row: RosterRow, year: int) -> None:
    """What the platform holds for this person, and of codes and years what is surely this person's own."""
    for at in (_DIFFERS, _BOUGHT, _ASSIGNED, _COMPLETED):
        facts[at] = UNKNOWN
    if found is None or found.presence is Presence.UNKNOWN:
        return
    differing = _differing(found, row) if found.presence is Presence.FOUND else ""
    facts[_DIFFERS] = bool(differing)
    facts[_DIFFERING] = differing or None
    facts[_ACCOUNT_DAY], facts[_CODES_DAY] = _until(found.as_of), _until(found.codes_as_of)
    facts[_COMPLETED_DAY] = _until(found.completed_as_of)
    if not differing:
        facts[_BOUGHT], facts[_ASSIGNED] = _in(year, found.bought), _in(year, found.assigned)
        facts[_COMPLETED] = _in(year, found.completed)


def _until(day: date | None) -> str:
    """Until when a list speaks; what the platform itself answered is of now."""
    return "平台登记" if day is None else f"平台资料截至{day}"


def _in(year: int, years: tuple[int, ...] | None) -> FactValue:
    return UNKNOWN if years is None else year in years


def _differing(found: Registration, row: RosterRow) -> str:
    """The columns in which the platform holds other values; only values that it told are compared."""
    told = (
        ("姓名", found.name, row.name),
        ("身份证号码", found.id_number, row.id_number),
        ("手机号码", found.phone, row.phone),
    )
    unlike = (label for label, theirs, ours in told if theirs is not None and fold(theirs) != fold(ours or ""))
    return "、".join(unlike)
