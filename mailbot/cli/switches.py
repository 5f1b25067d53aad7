"""`mailbot mode`, `pause` and `resume` of effects and letters: the site's switches, set by a named person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from mailbot.cli.options import ByOption, ReasonOption
from mailbot.cli.output import line
from mailbot.cli.place import ConfigOption, Place, StorageOption, books, place_of
from mailbot.cli.words import MODES
from mailbot.desk import Refused
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.settings import Mode
from mailbot.stopped import stop_words

LEDGER_ADAPTER = "ledger"
"""The platform of demo, `process` and tests, which a live site must not have."""


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command(help="Show the site's mode, or switch it: rehearsal, drafts, live.")(mode)
    pause = typer.Typer(no_args_is_help=True, help="Let something rest.")
    pause.command("effects", help="Let no effect start on the platform; those under way end.")(pause_effects)
    pause.command("letters", help="Let no letter leave; mail is still read and effects go on.")(pause_letters)
    app.add_typer(pause, name="pause")
    resume = typer.Typer(no_args_is_help=True, help="Let something go on.")
    resume.command("effects", help="Let effects start again.")(resume_effects)
    resume.command("letters", help="Let letters leave again, whatever stopped them.")(resume_letters)
    app.add_typer(resume, name="resume")


def mode(
    to: Annotated[Mode | None, typer.Argument(help="the mode to switch to; without it the mode is shown")] = None,
    by: Annotated[str, typer.Option("--by", help="your name, which is recorded; needed to switch")] = "",
    reason: Annotated[str, typer.Option("--reason", help="why, which is recorded")] = "",
    config: ConfigOption = None,
    storage: StorageOption = None,
) -> None:
    """Show or switch. What was planned before keeps waiting as it was planned."""
    place = place_of(config, storage)
    if to is None:
        line(_shown(place))
        return
    if not by.strip():
        raise Refused("切换模式须写明姓名：--by 姓名")
    if to is Mode.LIVE and place.settings and place.settings.platform.adapter == LEDGER_ADAPTER:
        raise Refused("平台适配器 ledger 只供演练，不能用于正式办理。请在 [platform] 中改为 worklist。")
    with books(place, make=place.settings is not None) as ledger:
        ledger.switches.set_mode(to, by.strip(), place.clock.now(), reason)
        counts = ledger.queries.counts()
    line(f"已切换为 {to}（{MODES[to]}）")
    if counts.effect_drafts + counts.letter_drafts:
        line(
            f"此前的草稿不会自动办理：办理事项 {counts.effect_drafts} 项，信件 {counts.letter_drafts} 封。"
            "用 mailbot draft list 查看，mailbot draft release 放行。"
        )


def pause_effects(
    by: ByOption, reason: ReasonOption, config: ConfigOption = None, storage: StorageOption = None
) -> None:
    """Pause effects, under a name and with a reason."""
    place = place_of(config, storage)
    with books(place, make=place.settings is not None) as ledger:
        ledger.switches.pause(by, reason, place.clock.now())
    line("已暂停办理。信件照常；用 mailbot resume effects 恢复。")


def resume_effects(by: ByOption, config: ConfigOption = None, storage: StorageOption = None) -> None:
    """Resume effects, under a name."""
    place = place_of(config, storage)
    with books(place) as ledger:
        ledger.switches.resume(by, place.clock.now())
    line("已恢复办理。")


def pause_letters(
    by: ByOption, reason: ReasonOption, config: ConfigOption = None, storage: StorageOption = None
) -> None:
    """Pause letters, under a name and with a reason."""
    place = place_of(config, storage)
    with books(place, make=place.settings is not None) as ledger:
        ledger.stops.pause(by, reason, place.clock.now())
    line("已暂停发信。来信照收，办理照常，信件留待恢复后发出；用 mailbot resume letters 恢复。")


def resume_letters(
    by: ByOption,
    template: Annotated[str, typer.Option("--template", help="only letters of these words, taken for spam")] = "",
    case: Annotated[str, typer.Option("--case", help="only the letters of this case, which wait for a person")] = "",
    config: ConfigOption = None,
    storage: StorageOption = None,
) -> None:
    """Resume letters, under a name: the pause, the brakes and what shut the way out; a template or a case by name."""
    place = place_of(config, storage)
    now = place.clock.now()
    with books(place) as ledger:
        if case:
            _release(ledger, case, by, now)
            return
        ended = ledger.stops.resume(by, now, template)
        left = ledger.stops.active(now)
    for stop in ended:
        line(f"已恢复：{stop_words(stop, place.zone)}")
    if not ended:
        line(f"没有停发的信件模板 {template}。" if template else "发信未曾停止。")
    for stop in left:
        line(f"仍停发：{stop_words(stop, place.zone)}")


def _release(ledger: Ledger, case: str, by: str, now: datetime) -> None:
    if not ledger.stops.release_case(case, by, now):
        raise Refused(f"登记编号 {case} 的信件没有停发。")
    line(f"登记编号 {case} 今后的信件照常发出。已成草稿的仍是草稿：mailbot letter release 放行。")


def _shown(place: Place) -> str:
    if not place.has_ledger and place.settings is not None:
        first = Mode(place.settings.site.mode)
        return f"{first}（{MODES[first]}）：尚未运行过，将按设置文件开始"
    with books(place) as ledger:
        now, paused = ledger.switches.mode(), ledger.switches.paused()
        stopped = [stop_words(stop, place.zone) for stop in ledger.stops.active(place.clock.now())]
    return "；".join((f"{now}（{MODES[now]}）", *(["办理已暂停"] if paused else []), *stopped))
