"""The facts of the person of a proof."""

from __future__ import annotations

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from mailbot.casetypes.payment_proof.items import id_hash
from mailbot.casetypes.payment_proof.values import ProofRecord, Said
from mailbot.casetypes.payment_proof.words import fold
from mailbot.domain import identity, phone
from mailbot.domain.evidence import UNKNOWN
from mailbot.domain.facts.applicant import APPLICANT
from mailbot.domain.facts.vocabulary import FactValue
from mailbot.domain.kinds import Situation, Subject
from mailbot.domain.ports import Presence, Registration

LABELS: Final = {"name": "姓名", "id_number": "身份证号码", "phone": "手机号码", "user_name": "用户名"}


def person_subject(record: ProofRecord, situation: Situation) -> Subject:
    """The person's subject; what it finds is the case's own, number 0."""
    today = situation.received_at.astimezone(ZoneInfo(situation.campaign.office.zone)).date()
    return Subject("applicant", 0, APPLICANT.row({**_fields(record, today), **_registration(record, situation)}))


def _fields(record: ProofRecord, today: date) -> dict[str, FactValue]:
    number, mobile = record.known("id_number"), record.known("phone")
    differing = [label for key, label in LABELS.items() if record.person.get(key, Said()).differs]
    return {
        "applicant.name": record.known("name"),
        "applicant.id_number": number,
        "applicant.phone": mobile,
        "applicant.name_missing": _missing(record, "name"),
        "applicant.id_missing": _missing(record, "id_number"),
        "applicant.phone_missing": _missing(record, "phone"),
        "applicant.id_wrong": number is not None and identity.inspect(number, today) is not None,
        "applicant.phone_wrong": mobile is not None and not phone.is_mobile(mobile),
        "applicant.id_unsure": _unsure(record, "id_number"),
        "applicant.phone_unsure": _unsure(record, "phone"),
        "applicant.differs": bool(differing),
        "applicant.differing": "、".join(differing) or None,
    }


def _missing(record: ProofRecord, name: str) -> FactValue:
    """Unknown while a picture or file may still say it."""
    if record.known(name) is not None:
        return False
    return UNKNOWN if record.pictures.unread or record.pictures.broken or record.files else True


def _unsure(record: ProofRecord, name: str) -> bool:
    """Whether the value to go by was only seen, and not without doubt."""
    said = record.person.get(name)
    best = said.best if said else None
    return best is not None and not best.sure


def _registration(record: ProofRecord, situation: Situation) -> dict[str, FactValue]:
    """What the platform holds of this person; nothing is said of somebody who cannot be known."""
    key = id_hash(record, situation.hasher)
    found = situation.registrations.get(key) if key else None
    if found is None or found.presence is Presence.UNKNOWN:
        whole = all(record.known(name) for name in ("name", "id_number", "phone"))
        return {"person.unknown": whole, "person.registration_differs": UNKNOWN, "person.registered": UNKNOWN}
    differing = differing_from(found, record) if found.presence is Presence.FOUND else ""
    return {
        "person.unknown": False,
        "person.registered": found.presence is Presence.FOUND,
        "person.registration_differs": bool(differing),
        "person.differing": differing or None,
        "person.account_as_of": "平台登记" if found.as_of is None else f"平台资料截至{found.as_of}",
    }


def differing_from(found: Registration, record: ProofRecord) -> str:
    """The fields in which the platform holds another value than the mail; only what both tell is compared."""
    theirs = {
        "name": found.name,
        "id_number": found.id_number,
        "phone": found.phone,
        "user_name": found.user_name,
    }
    unlike = (
        label
        for key, label in LABELS.items()
        if (told := theirs[key]) is not None and (mine := record.known(key)) is not None and fold(told) != fold(mine)
    )
    return "、".join(unlike)
