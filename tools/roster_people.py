"""Invented people for the roster generator, and the faults that are planted in their rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

Value = str | int | float | None
Plant = Callable[[random.Random, "Cells"], "Cells"]

REGIONS: Final = (
    *("110105", "120101", "130102", "210203", "310104", "330106", "350203", "370202", "420106", "430102", "440306"),
    *("450103", "460105", "500101", "500103", "500112", "500233", "510211", "510215", "512301", "512326", "513522"),
    *("520103", "530102", "540102", "610113", "620102", "630104", "640104", "650102", "710000", "810000", "830000"),
)
"""Districts of many provinces and editions, abolished ones of old Sichuan among them, and residence permits."""
SURNAMES: Final = [*"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑冉向谭牟", "欧阳", "司马", "令狐"]
GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲飞雪燕波䶮堃喆𬀩"
MINORITY: Final = ("阿依古丽·买买提", "扎西·次仁", "古丽娜尔·阿不都热合曼", "吉克·阿呷")


@dataclass(frozen=True)
class Person:
    """Who is really meant."""

    name: str
    id_number: str
    phone: str


@dataclass(frozen=True)
class Cells:
    """What the clerk typed."""

    name: Value
    id_number: Value
    phone: Value
    remark: Value
    sex: str | None = None


def person(rng: random.Random, number: int) -> Person:
    """An invented person; `number` keeps ID numbers and phones of one list apart."""
    name = rng.choice(MINORITY) if rng.random() < 0.05 else rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=2))
    born = date(1942, 1, 1) + timedelta(days=rng.randrange(365 * 60))
    sequence = (number * 7 + rng.randrange(7)) % 1000
    first = f"{rng.choice(REGIONS)}{born:%Y%m%d}{sequence or 1:03d}"
    if sequence % 100 == 0 and _check(first) == "0":  # a text table makes three zeros of lost digits
        first = f"{first[:14]}{sequence + 1:03d}"
    phone = f"1{rng.choice('3456789')}{rng.randrange(10)}{rng.randrange(10**4):04d}{number:04d}"
    return Person(name if len(name) > 2 else name + "华", first + _check(first), phone)


def _check(first: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(w * int(d) for w, d in zip(weights, first, strict=True)) % 11]


def _id(change: Callable[[random.Random, str], Value]) -> Plant:
    return lambda rng, cells: replace(cells, id_number=change(rng, str(cells.id_number)))


def _phone(change: Callable[[random.Random, str], Value]) -> Plant:
    return lambda rng, cells: replace(cells, phone=change(rng, str(cells.phone)))


def _name(change: Callable[[random.Random, str], Value]) -> Plant:
    return lambda rng, cells: replace(cells, name=change(rng, str(cells.name)))


def _wide(text: str) -> str:
    return text.translate({ord("0") + n: ord("０") + n for n in range(10)})


def _wrong_digit(rng: random.Random, text: str) -> str:
    place = rng.randrange(14, 17)
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


def _no_such_day(_: random.Random, text: str) -> str:
    first = text[:10] + "0230" + text[14:17]
    return first + _check(first)


def _infant(_: random.Random, text: str) -> str:
    first = text[:6] + "20150607" + text[14:17]
    return first + _check(first)


def _unknown_region(_: random.Random, text: str) -> str:
    first = "77" + text[2:17]
    return first + _check(first)


FIXES: Final[Mapping[str, Plant]] = {
    "id.fullwidth": _id(lambda _, text: _wide(text)),
    "id.separator": _id(lambda _, text: f"{text[:6]} {text[6:14]} {text[14:]}"),
    "id.apostrophe": _id(lambda _, text: f"'{text}"),
    "id.invisible_char": _id(lambda _, text: f"{text}\u200b"),
    "phone.country_code": _phone(lambda rng, text: rng.choice(["+86 ", "86", "0086-"]) + text),
    "phone.separator": _phone(lambda rng, text: rng.choice(["-", " "]).join([text[:3], text[3:7], text[7:]])),
    "phone.fullwidth": _phone(lambda _, text: _wide(text)),
    "phone.decimal_tail": _phone(lambda _, text: f"{text}.0"),
    "phone.invisible_char": _phone(lambda _, text: f"\u202d{text}\u202c"),
    "name.invisible_char": _name(lambda _, text: f"{text}\u200b"),
}
"""Faults that are repaired: the person registers."""

FAULTS: Final[Mapping[str, Plant]] = {
    "name.missing": _name(lambda _, __: None),
    "name.lost_char": _name(lambda _, text: text[:-1] + "?"),
    "name.illegal_char": _name(lambda _, text: text + "3"),
    "id.missing": _id(lambda rng, _: rng.choice([None, "", "无"])),
    "id.length": _id(lambda rng, text: rng.choice([text[:-1], "5" + text])),
    "id.charset": _id(lambda _, text: text[:9] + "O" + text[10:]),
    "id.checksum": _id(_wrong_digit),
    "id.birth_invalid": _id(_no_such_day),
    "id.fifteen_digit": _id(lambda _, text: text[:6] + text[8:17]),
    "id.precision_lost": _id(lambda _, text: float(text[:15] + "000")),
    "id.masked": _id(lambda _, text: text[:6] + "********" + text[14:]),
    "phone.missing": _phone(lambda _, __: None),
    "phone.format": _phone(lambda rng, text: rng.choice([text[:-1], text + "8", "12" + text[2:]])),
    "phone.landline": _phone(lambda _, __: "023-67898888"),
    "phone.several": _phone(lambda _, text: f"{text}/13{text[2:]}"),
    "row.merged_fields": lambda _, c: replace(c, name=f"{c.name} {c.phone}", phone=None),
    "row.swapped_fields": lambda _, c: replace(c, id_number=c.phone, phone=c.id_number),
}
"""Faults that the sender has to correct."""

HOLDS: Final[Mapping[str, Plant]] = {
    "id.age_unusual": _id(_infant),
    "id.region_unknown": _id(_unknown_region),
    "id.other_document": _id(lambda rng, _: f"E{rng.randrange(10**7, 10**8)}"),
    "name.remark": _name(lambda _, text: f"{text}（组长）"),
    "name.latin_in_han": _name(lambda _, text: text[:-1] + "a"),
    "row.remark": lambda rng, c: replace(c, remark=rng.choice(["已缴费", "本人离职", "不参加", "换号了"])),
}
"""Faults that a person decides."""
