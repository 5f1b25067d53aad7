"""`mailbot alarm list|test`: what people were told by another road, and whether that road leads anywhere."""

from __future__ import annotations

import os
from collections.abc import Iterator

import typer

from mailbot.alarm import Message, Road
from mailbot.alarming import road_of
from mailbot.cli.checked import Fact, good, warn
from mailbot.cli.options import JsonOption
from mailbot.cli.output import as_json, line, moment, table
from mailbot.cli.place import ConfigOption, Place, books, place_of
from mailbot.config import ConfigError, Settings
from mailbot.credentials import Secrets

NOT_SET = "[alarm] is not set: a fault shows in mailbot health alone"
REMEDY = "set command or webhook under [alarm], then try it: mailbot alarm test"


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="What people are told by another road than the mailboxes.")
    group.command("list", help="Alarms that stand, since when, and whether somebody was told.")(alarm_list)
    group.command("test", help="Send a message by the road of the settings. Exit code 6 where it did not arrive.")(
        alarm_test
    )
    app.add_typer(group, name="alarm")


def alarm_list(*, json: JsonOption = False, config: ConfigOption = None) -> None:
    """What stands."""
    place = place_of(config, None)
    with books(place) as ledger:
        standing = ledger.alarms.standing()
    if json:
        as_json(
            [
                {
                    "name": one.name,
                    "text": one.text,
                    "raised_at": one.raised_at.astimezone(place.zone).isoformat(timespec="seconds"),
                    "told": one.told_at is not None,
                    "cleared": one.cleared,
                    "attempts": one.attempts,
                }
                for one in standing
            ]
        )
        return
    rows = [
        (
            one.name,
            moment(one.raised_at, place.zone),
            moment(one.told_at, place.zone) or f"未能通知（{one.attempts} 次）",
            "已恢复" if one.cleared else "",
            one.text,
        )
        for one in standing
    ]
    table(("名称", "发生", "已通知", "恢复", "内容"), rows)


def alarm_test(config: ConfigOption = None) -> None:
    """One message that says that it is a test. Raises `ConfigError` without a road, and what the road raises."""
    place = place_of(config, None)
    road = _road(place)
    now = place.clock.now().astimezone(place.zone)
    site = place.settings.site.name if place.settings else ""
    went = road.tell(Message(site, "test", "这是一条测试通知，无须处理", now))
    line(f"sent by {went}")


def _road(place: Place) -> Road:
    settings = place.settings
    if settings is None or not settings.alarm.is_set:
        raise ConfigError([f"{NOT_SET}; {REMEDY}"])
    return road_of(settings, place.secrets, os.environ)


def alarm_facts(settings: Settings, secrets: Secrets) -> Iterator[Fact]:
    """Whether anybody is told. Nothing is sent: `mailbot alarm test` tries the road."""
    if not settings.alarm.is_set:
        yield warn("alarm", NOT_SET, REMEDY)
        return
    names = road_of(settings, secrets, os.environ).names
    yield good("alarm", f"told by {' and '.join(names)}; mailbot alarm test tries it")
