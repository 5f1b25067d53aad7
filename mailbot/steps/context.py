"""The frozen look-ups of a case as stored with it, and back again: what `explain` derives from is what judged.

`situation_of(context_of(s), ...)` is `s` for the campaign and hasher that `s` has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Final, TypeVar

from mailbot.domain.campaign import Campaign
from mailbot.domain.decisions import Automation
from mailbot.domain.kinds import SenderView, Situation
from mailbot.domain.outcome import Json, ListedOrder, Lookups, OrderUse, PictureUse, PriorPerson, RegisteredPayment
from mailbot.domain.ports import Hasher, Presence, Registration

T = TypeVar("T")
_VALUES: Final = ("presence", "name", "id_number", "phone", "user_name")
_YEARS: Final = ("bought", "assigned", "completed")
_DAYS: Final = ("as_of", "codes_as_of", "completed_as_of")


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
        "lookups": _plain(situation.lookups),
        "registrations": {key: _answer(value) for key, value in situation.registrations.items()},
    }


def _answer(found: Registration) -> Json:
    """One answer of the platform, field by field: a roster has thousands, and `asdict` copies without looking. Of
    codes, years and days only what was told is written."""
    answer = {name: getattr(found, name) for name in _VALUES}
    answer |= {name: list(years) for name in _YEARS if (years := getattr(found, name)) is not None}
    return answer | {name: day.isoformat() for name in _DAYS if (day := getattr(found, name)) is not None}


def _plain(lookups: Lookups) -> Json:
    """The look-ups with their days as text."""
    stored = asdict(lookups)
    stored["orders_as_of"] = None if lookups.orders_as_of is None else lookups.orders_as_of.isoformat()
    stored["listed"] = {
        key: {**asdict(order), "as_of": order.as_of.isoformat()} for key, order in lookups.listed.items()
    }
    stored["payments_as_of"] = None if lookups.payments_as_of is None else lookups.payments_as_of.isoformat()
    stored["payments"] = {
        key: {
            **asdict(paid),
            "as_of": paid.as_of.isoformat(),
            "paid_on": None if paid.paid_on is None else paid.paid_on.isoformat(),
        }
        for key, paid in lookups.payments.items()
    }
    return stored


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
        key=_text(stored.get("key")),
        name=_text(stored.get("name")),
        posing=bool(stored.get("posing", False)),
        reply_elsewhere=bool(stored.get("reply_elsewhere", False)),
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
        unit_senders={key: _texts(found) for key, found in _table(stored.get("unit_senders", {})).items()},
        unit_openers={key: _texts(found) for key, found in _table(stored.get("unit_openers", {})).items()},
        listed={key: _order(_table(order)) for key, order in _table(stored.get("listed", {})).items()},
        orders_as_of=_day(stored.get("orders_as_of")),
        pictures={key: _each(_picture, uses) for key, uses in _table(stored.get("pictures", {})).items()},
        order_uses={key: _each(_use, uses) for key, uses in _table(stored.get("order_uses", {})).items()},
        payments={key: _payment(_table(paid)) for key, paid in _table(stored.get("payments", {})).items()},
        payments_as_of=_day(stored.get("payments_as_of")),
        told=_texts(stored.get("told", ())),
        own={case: _table(header) for case, header in _table(stored.get("own", {})).items()},
    )


def _order(stored: Json) -> ListedOrder:
    paid = stored["paid"]
    return ListedOrder(
        unit=_text(stored["unit"]),
        tax_id=_text(stored["tax_id"]),
        codes=_number(stored["codes"]),
        paid=None if paid is None else bool(paid),
        as_of=date.fromisoformat(str(stored["as_of"])),
    )


def _each(read: Callable[[Json], T], stored: object) -> tuple[T, ...]:
    if isinstance(stored, str) or not isinstance(stored, Sequence):
        raise TypeError("a list is expected")
    return tuple(read(_table(one)) for one in stored)


def _picture(stored: Json) -> PictureUse:
    distance = stored["distance"]
    if not isinstance(distance, int):
        raise TypeError("a distance is a number")
    return PictureUse(str(stored["case_id"]), distance, _texts(stored["orders"]), _texts(stored["people"]))


def _use(stored: Json) -> OrderUse:
    return OrderUse(str(stored["case_id"]), _text(stored["person"]), _number(stored["year"]), str(stored["state"]))


def _payment(stored: Json) -> RegisteredPayment:
    return RegisteredPayment(
        person=_text(stored["person"]),
        name_hash=_text(stored["name_hash"]),
        year=_number(stored["year"]),
        amount=_text(stored["amount"]),
        status=_text(stored["status"]),
        paid_on=_day(stored["paid_on"]),
        as_of=date.fromisoformat(str(stored["as_of"])),
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
    return Registration(
        presence=Presence(str(stored["presence"])),
        name=_text(stored["name"]),
        id_number=_text(stored["id_number"]),
        phone=_text(stored["phone"]),
        user_name=_text(stored["user_name"]),
        bought=_years(stored.get("bought")),
        assigned=_years(stored.get("assigned")),
        completed=_years(stored.get("completed")),
        as_of=_day(stored.get("as_of")),
        codes_as_of=_day(stored.get("codes_as_of")),
        completed_as_of=_day(stored.get("completed_as_of")),
    )


def _years(value: object) -> tuple[int, ...] | None:
    if value is None:
        return None
    if not isinstance(value, Sequence) or not all(isinstance(year, int) for year in value):
        raise TypeError("a list of years is expected")
    return tuple(value)


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


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
