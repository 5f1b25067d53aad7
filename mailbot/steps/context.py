"""The frozen look-ups of a case as stored with it, and back again: what `explain` derives from is what judged.

`situation_of(context_of(s), ...)` is `s` for the campaign and hasher that `s` has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Final

from mailbot.domain.campaign import Campaign
from mailbot.domain.decisions import Automation
from mailbot.domain.kinds import SenderView, Situation
from mailbot.domain.outcome import Json, Lookups, PriorPerson
from mailbot.domain.ports import Hasher, Presence, Registration

_ANSWER: Final = tuple(field.name for field in fields(Registration))


def context_of(situation: Situation) -> Json:
    """The frozen look-ups, as stored with the case."""
    sender = situation.sender
    return {
        "now": situation.now.isoformat(),
        "received_at": situation.received_at.isoformat(),
        "mailbox": situation.mailbox,
        "campaign": situation.campaign.code,
        "automation": situation.automation.value,
        "sender": asdict(sender),
        "lookups": asdict(situation.lookups),
        "registrations": {key: _answer(value) for key, value in situation.registrations.items()},
    }


def _answer(found: Registration) -> Json:
    """One answer of the platform, field by field: a roster has thousands, and `asdict` copies without looking."""
    return {name: getattr(found, name) for name in _ANSWER}


def situation_of(context: Json, campaign: Campaign, hasher: Hasher) -> Situation:
    """The situation that a stored context says. Raises `ValueError` for one that no pass of the flow wrote."""
    try:
        return Situation(
            now=datetime.fromisoformat(str(context["now"])),
            received_at=datetime.fromisoformat(str(context["received_at"])),
            mailbox=str(context["mailbox"]),
            campaign=campaign,
            automation=Automation(str(context["automation"])),
            sender=_sender(_table(context["sender"])),
            lookups=_lookups(_table(context["lookups"])),
            registrations={key: _registration(_table(v)) for key, v in _table(context["registrations"]).items()},
            hasher=hasher,
        )
    except (KeyError, TypeError) as fault:
        raise ValueError(f"the stored context is not one of a case: {fault}") from fault


def _sender(stored: Json) -> SenderView:
    verified = stored["verified"]
    return SenderView(
        address=_text(stored["address"]),
        verified=None if verified is None else bool(verified),
        ambiguous=bool(stored["ambiguous"]),
        lookalike=bool(stored["lookalike"]),
    )


def _lookups(stored: Json) -> Lookups:
    return Lookups(
        twin=_number(stored["twin"]),
        same_id=_number(stored["same_id"]),
        threads=_texts(stored["threads"]),
        same_content={key: str(case) for key, case in _table(stored["same_content"]).items()},
        people=_priors(stored["people"]),
        phones=_priors(stored["phones"]),
        orders={key: _texts(found) for key, found in _table(stored["orders"]).items()},
        order_units={key: _table(unit) for key, unit in _table(stored["order_units"]).items()},
        bindings=_texts(stored["bindings"]),
    )


def _priors(stored: object) -> dict[str, PriorPerson]:
    return {key: _prior(_table(value)) for key, value in _table(stored).items()}


def _prior(stored: Json) -> PriorPerson:
    item = stored["item"]
    if not isinstance(item, int):
        raise TypeError("an item is a number")
    words = (str(stored[name]) for name in ("id_hash", "phone_hash", "effect_key", "effect_state"))
    return PriorPerson(str(stored["case_id"]), item, *words)


def _registration(stored: Json) -> Registration:
    values = (_text(stored[name]) for name in ("name", "id_number", "phone", "user_name"))
    return Registration(Presence(str(stored["presence"])), *values)


def _table(value: object) -> Json:
    if not isinstance(value, Mapping):
        raise TypeError("a table is expected")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError("a list is expected")
    return tuple(str(part) for part in value)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
