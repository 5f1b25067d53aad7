"""Values as they are compared: each field in one form, or nothing where the text holds no such value."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Final

from mailbot.domain import identity, names, phone
from mailbot.domain.chars import says_nothing, visible
from mailbot.domain.records import order_key

_YEAR: Final = re.compile(r"(?<![\d.])(20[0-9]{2})(?!\d)")
_SPAN: Final = re.compile(r"(?<!\d)(20[0-9]{2})\s*年?度?\s*(?:[-~～—–]+|至|到)\s*(20[0-9]{2})(?!\d)")
_DAY: Final = re.compile(r"(20[0-9]{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_COMPACT_DAY: Final = re.compile(r"(?<!\d)(20[0-9]{2})(\d{2})(\d{2})(?!\d)")
_TIME: Final = re.compile(r"\s*[日T]?\s*(\d{1,2})\s*[:时]\s*(\d{1,2})(?:\s*[:分]\s*(\d{1,2}))?")
_ORDER: Final = re.compile(r"[0-9A-Z]{4,64}")
_MONEY: Final = re.compile(r"(\d{1,7}(?:\.\d{1,2})?)")
_LONGEST_SPAN: Final = 20


def years(text: str) -> tuple[int, ...]:
    """The years that a text names, spans (2016-2019) filled, each once and in order."""
    text = visible(text)
    found: list[int] = []
    for first, last in ((int(one[1]), int(one[2])) for one in _SPAN.finditer(text)):
        if first <= last <= first + _LONGEST_SPAN:
            found += range(first, last + 1)
    found += [int(year) for year in _YEAR.findall(text)]
    return tuple(sorted(set(found)))


def order(text: str) -> str | None:
    """An order number as it is compared, `None` where the text is none (无, a sentence)."""
    key = order_key(text)
    return key if _ORDER.fullmatch(key) and any(char.isdigit() for char in key) else None


def moment(text: str) -> str | None:
    """`YYYY-MM-DD[ HH:MM[:SS]]`, as far as the text tells; `None` without a real day."""
    text = visible(text)
    found = _DAY.search(text) or _COMPACT_DAY.search(text)
    if not found:
        return None
    with suppress(ValueError):
        day = date(int(found[1]), int(found[2]), int(found[3]))
        clock = _TIME.match(text, found.end())
        return f"{day}{_clock(clock)}" if clock else f"{day}"
    return None


def _clock(found: re.Match[str]) -> str:
    with suppress(ValueError):
        at = time(int(found[1]), int(found[2]), int(found[3] or 0))
        return f" {at:%H:%M:%S}" if found[3] else f" {at:%H:%M}"
    return ""


def day_of(text: str | None) -> date | None:
    """The day of a moment."""
    return date.fromisoformat(text[:10]) if text else None


def money(text: str) -> str | None:
    """An amount as `33.00`."""
    found = _MONEY.search(visible(text).replace(",", ""))
    with suppress(InvalidOperation):
        return f"{Decimal(found[1]):.2f}" if found else None
    return None


def name(text: str) -> str | None:
    """A name without what typing adds, `None` where nobody could be registered so."""
    found = names.normalise(text).text
    return None if names.inspect(found) else found


def id_number(text: str) -> str | None:
    """The number in one form, whatever its faults; `None` where the cell says nothing."""
    found = identity.normalise(text).text
    return None if says_nothing(found) else found


def phone_number(text: str) -> str | None:
    """The number in one form, whatever its faults; `None` where the cell says nothing."""
    found = phone.normalise(text).text
    return None if says_nothing(found) else found


def plain(text: str) -> str | None:
    """A text without blanks at its edges; `None` where it says nothing."""
    found = " ".join(visible(text).split())
    return None if says_nothing(found) else found[:100]


_CLEANERS: Final = {
    "name": name,
    "id_number": id_number,
    "phone": phone_number,
    "order_id": order,
    "merchant_order_id": order,
    "paid_at": moment,
    "created_at": moment,
    "amount": money,
    "refund": money,
}


def cleaned(field: str, text: str) -> str | None:
    """The text as the value of a field, `None` where it is none."""
    return _CLEANERS.get(field, plain)(text)


def valid_id(text: str | None) -> str | None:
    """The number, where its check character and birth date hold."""
    return text if text is not None and identity.inspect(text, date.max) is None else None


def valid_phone(text: str | None) -> str | None:
    """The number, where it is a mobile one."""
    return text if text is not None and phone.is_mobile(text) else None
