"""One place on the page as one typed value: what the engines read there, and which structure checks it passes."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Final

from mailbot.domain import identity
from mailbot.domain.scan import Box, Reading, SeenField
from mailbot.ocr.fields.base import Page, Place, Rereader, plain
from mailbot.ocr.fields.words import status_of

Checked = tuple[str | None, tuple[str, ...], tuple[str, ...]]
"""A value, the checks that it passed and those that it did not."""

_DIGITS: Final = "0123456789"
ALPHABETS: Final = {
    "id_number": _DIGITS + "X",
    "phone": _DIGITS,
    "order_id": _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_",
    "merchant_order_id": _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_",
    "amount": _DIGITS + ".",
    "refund": _DIGITS + ".",
    "paid_at": _DIGITS + "-:/.年月日 ",
    "created_at": _DIGITS + "-:/.年月日 ",
    "year": _DIGITS + ",年度、",
}
"""The characters that a field's value may hold, for engines whose decoder is masked."""
WRAPS: Final = frozenset({"order_id", "merchant_order_id", "id_number", "phone", "paid_at", "created_at"})
_WHEN: Final = re.compile(
    r"(20\d\d)[-/.年](\d\d?)[-/.月](\d\d?)日?(?:[T,，]?(\d\d?)[:：时](\d\d)(?:[:：分](\d\d))?)?", re.ASCII
)
_AMOUNT: Final = re.compile(r"[-+−]?(?:[¥￥Y]|RMB|CNY|人民币)?(\d{1,3}(?:,\d{3})+|\d{1,7})(\.\d{1,2})?元?", re.ASCII)
_YEAR: Final = re.compile(r"(?<!\d)(20[12]\d)(?!\d)", re.ASCII)
_EDGE: Final = 2.0
"""Pixels from the picture's edge within which a value may be cut."""


def phone(text: str) -> Checked:
    """Eleven digits that begin with 1."""
    bare = plain(text).replace("-", "")
    return _judged(bare, length=len(bare) == 11, alphabet=bare.isascii() and bare.isdigit(), prefix=bare[:1] == "1")


def id_number(text: str) -> Checked:
    """18 characters with a real birth date and the check character of GB 11643. A multiplication sign is an X."""
    bare = plain(text).replace("×", "X").replace("x", "X")
    if not re.fullmatch(r"\d{17}[\dX]", bare, re.ASCII):
        return _judged(bare, length=len(bare) == 18, alphabet=bool(re.fullmatch(r"\d*X?", bare, re.ASCII)))
    return _judged(
        bare,
        length=True,
        alphabet=True,
        date=identity.birth_date(bare) is not None,
        checksum=identity.check_char(bare[:17]) == bare[17],
    )


def order_id(text: str) -> Checked:
    """A number of Alipay (28 or 32 digits, the date first), of WeChat Pay (28 digits, 4200 first, the date at digits 11
    to 18), or of another site, of which only the alphabet is known."""
    bare = plain(text)
    alphabet = bool(re.fullmatch(r"[A-Za-z0-9_-]+", bare, re.ASCII))
    if not alphabet or not bare.isdigit() or len(bare) < 20:
        return _judged(bare, alphabet=alphabet, length=len(bare) >= 6)
    wechat = bare.startswith("4200")
    day = bare[10:18] if wechat else bare[:8]
    return _judged(bare, alphabet=True, length=len(bare) in ((28,) if wechat else (28, 32)), date=_day(day))


def merchant_order_id(text: str) -> Checked:
    """A merchant's own number, in which only the alphabet is known."""
    bare = plain(text)
    return _judged(bare, alphabet=bool(re.fullmatch(r"[A-Za-z0-9_-]+", bare, re.ASCII)), length=len(bare) >= 6)


def moment(text: str) -> Checked:
    """A day, with the time of day where it is told; `date` fails where the calendar or clock has no such moment."""
    found = _WHEN.search(plain(text))
    if found is None:
        return None, (), ("date",)
    year, month, day, hour, minute, second = found.groups()
    value = f"{year}-{month:0>2}-{day:0>2}"
    clock = f"{hour:0>2}:{minute}" + (f":{second}" if second else "") if hour else "00:00"
    with suppress(ValueError):
        datetime.fromisoformat(f"{value} {clock}")
        return (f"{value} {clock}" if hour else value), ("date",), ()
    return (f"{value} {clock}" if hour else value), (), ("date",)


def amount(text: str) -> Checked:
    """Yuan with two decimals, without sign; nothing else may stand in the text."""
    found = _AMOUNT.fullmatch(plain(text))
    if found is None:
        return None, (), ("alphabet",)
    whole, part = found[1].replace(",", ""), (found[2] or ".")[1:]
    return f"{int(whole)}.{part:0<2}", ("alphabet",), ()


def status(text: str) -> Checked:
    """What became of the order; `None` where the words are unknown."""
    value = status_of(text)
    return value, (("alphabet",) if value else ()), (() if value else ("alphabet",))


def year(text: str) -> Checked:
    """The one year that a text names; `None` for several."""
    found = set(_YEAR.findall(plain(text)))
    return (found.pop(), ("date",), ()) if len(found) == 1 else (None, (), ("date",))


def name(text: str) -> Checked:
    """A name without spaces; digits are none of it."""
    bare = plain(text).strip(":：_,，。.")
    return _judged(bare, alphabet=bool(bare) and not any(char.isdigit() for char in bare), length=0 < len(bare) <= 60)


def words(text: str) -> Checked:
    """Any text, as it was read."""
    bare = text.strip(" :：_")
    return bare or None, (), ()


_READERS: Final[dict[str, Callable[[str], Checked]]] = {
    "phone": phone,
    "id_number": id_number,
    "order_id": order_id,
    "merchant_order_id": merchant_order_id,
    "paid_at": moment,
    "created_at": moment,
    "amount": amount,
    "refund": amount,
    "status": status,
    "year": year,
    "name": name,
}


def _judged(value: str, **checks: bool) -> Checked:
    passed = tuple(check for check, good in checks.items() if good)
    return value or None, passed, tuple(check for check, good in checks.items() if not good)


def _day(digits: str) -> bool:
    with suppress(ValueError):
        return 2010 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2030
    return False


def field(name: str, place: Place, page: Page, reread: Rereader | None, *, cut: bool = False) -> SeenField:
    """The place as one field. The value is one that an engine read: that which fails the fewest checks, then the one
    that most engines read, then the surest. `cut` says that more of it seems to stand beside it."""
    read = _READERS.get(name, words)
    readings = _readings(name, place, reread)
    told = [(reading, read(reading.text)) for reading in readings]
    voters: dict[str | None, set[str]] = {}
    for reading, (value, _, _) in told:
        voters.setdefault(value, set()).add(reading.engine)

    def trust(one: tuple[Reading, Checked]) -> tuple[bool, int, int, float]:
        value, _, failed = one[1]
        return value is not None, -len(failed), len(voters[value]), one[0].confidence

    best, (value, passed, failed) = max(told, key=trust)
    return SeenField(
        name=name,
        value=value,
        box=place.box,
        readings=readings,
        confidence=best.confidence,
        checks=passed,
        failed=failed,
        complete=_complete(name, place.box, page, cut=cut) if value is not None else None,
        agreed=value is not None and len(voters[value]) > 1 and len(voters) == 1,
    )


def _readings(name: str, place: Place, reread: Rereader | None) -> tuple[Reading, ...]:
    """Those of the masked engines and that of the page; what each engine read of a whole line where it is one."""
    sure = min((piece.line.confidence for piece in place.pieces), default=0.0)
    lone = place.pieces[0] if len(place.pieces) == 1 and place.pieces[0].whole else None
    own = lone.line.readings if lone and lone.line.readings else ()
    own = own or (Reading(engine=_engine(place), text=place.text, confidence=sure),)
    if reread is None or name not in ALPHABETS:
        return own
    again = tuple(one for one in reread.read(place.box, ALPHABETS[name], len(place.pieces) > 1) if one.text.strip())
    return again or own


def _engine(place: Place) -> str:
    """The engine of the lines where all name the same one first."""
    names = {piece.line.readings[0].engine if piece.line.readings else "page" for piece in place.pieces}
    return names.pop() if len(names) == 1 else "page"


def _complete(name: str, box: Box, page: Page, *, cut: bool) -> bool | None:
    if name not in WRAPS:
        return None
    inside = box[0] > _EDGE and box[1] > _EDGE and box[2] < page.width - _EDGE and box[3] < page.height - _EDGE
    return inside and not cut
