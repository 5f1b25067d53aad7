"""Invented people and settings for the platform's tests."""

from datetime import UTC, datetime
from pathlib import Path

from mailbot.domain.effects import Person
from mailbot.domain.identity import check_char
from mailbot.domain.ports import Wish
from mailbot.platform.registry import PlatformSettings

NOON = datetime(2020, 7, 9, 4, 0, tzinfo=UTC)
POLICY = "初始密码为六个零"


class StoppedClock:
    def now(self) -> datetime:
        return NOON


def person(number: int, name: str = "") -> Person:
    """An invented person whose numbers are well-formed: sequence 000 to 999 of one day in a district of Chongqing."""
    first17 = f"500103{19900101 + number // 900}{number % 900 + 100:03d}"
    surnames = "赵钱孙李周吴郑王冯陈"
    return Person(name or f"{surnames[number % 10]}小明", first17 + check_char(first17), f"138{number:08d}")


def wish(number: int, *, key: str = "", year: int | None = None) -> Wish:
    return Wish(key or f"account:{number}", person(number), year)


def settings(folder: Path, *, data: Path | None = None, **options: str) -> PlatformSettings:
    return PlatformSettings(folder=folder, clock=StoppedClock(), password_policy=POLICY, data=data, options=options)
