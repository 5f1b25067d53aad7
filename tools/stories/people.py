"""Invented people: names, identity numbers with a right check character, mobile numbers. Nobody here exists.

The check characters are computed here and not by the program under test, so that both can be wrong only separately.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_SURNAMES: Final = "谭冉邓蒲向龚廖阎骆秦覃荀柏凌翟岑舒滕戚晏"
_MALE: Final = ("建国", "志远", "浩然", "明辉", "小军", "伟", "文博", "永强", "子轩", "国栋", "磊", "海涛", "俊杰")
_FEMALE: Final = ("丽华", "晓燕", "雨桐", "淑芬", "敏", "佳怡", "红梅", "思琪", "静", "春兰", "梦瑶", "秀英", "倩")
_REGIONS: Final = re.findall(
    r"[0-9]{6}",
    "500103 510202 500112 512301 500105 510211 513522 500230 512221 510102 522101 500233 420106 430103 500381 "
    "440305 320106 610103 500106 110105 650102 410105 540102 350203 500113 150102 330106 370102 310104 620102",
)
"""Of Chongqing as it is coded today, as it was under Sichuan, and of other provinces."""
_PREFIXES: Final = ("138", "139", "135", "136", "158", "159", "186", "187", "177", "199", "150", "133", "189", "166")
_EARLIEST: Final = date(1962, 3, 1)
_SPREAD_DAYS: Final = 13_000
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person with what is right for them."""

    name: str
    id_number: str
    phone: str


def id_number(first17: str) -> str:
    """The 17 digits with the check character of ISO 7064 MOD 11-2 (GB 11643-1999), by its table of weights."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return first17 + "10X98765432"[total % 11]


def wrong_check(number: str) -> str:
    """The number with another check character than its own."""
    return number[:17] + ("3" if number[17] != "3" else "7")


def phone(n: int) -> str:
    """The n-th invented mobile number."""
    return f"{_PREFIXES[n % len(_PREFIXES)]}{(n * 7_368_787 + 20_413) % 100_000_000:08d}"


def person(n: int) -> Person:
    """The n-th invented person; the seventeenth digit and the given name agree on the sex."""
    given = (_MALE if n % 2 else _FEMALE)[(n * 5 + n // 13) % len(_MALE)]
    return Person(
        name=_SURNAMES[(n * 7 + n // 20) % len(_SURNAMES)] + given,
        id_number=id_number(f"{_REGIONS[n % len(_REGIONS)]}{_born(n):%Y%m%d}{(n * 37) % 50:02d}{n % 2 + 2 * (n % 5)}"),
        phone=phone(n),
    )


def people(start: int, count: int) -> tuple[Person, ...]:
    """`count` invented people from the n-th on."""
    return tuple(person(n) for n in range(start, start + count))


def of(name: str, n: int) -> Person:
    """The n-th invented person under another name."""
    base = person(n)
    return Person(name, base.id_number, base.phone)


def numbered(first17: str, n: int) -> Person:
    """The n-th invented person with a number that begins with these 17 digits."""
    base = person(n)
    return Person(base.name, id_number(first17), base.phone)


def with_x(start: int) -> Person:
    """The first invented person from the n-th on whose number ends in X."""
    return next(person(n) for n in range(start, start + 500) if person(n).id_number.endswith("X"))


def _born(n: int) -> date:
    return _EARLIEST + timedelta(days=(n * 2_953) % _SPREAD_DAYS)
