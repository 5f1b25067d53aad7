"""`mailbot mode`, `pause effects`, `resume effects`: the site's switches, set by a named person."""

from __future__ import annotations

from typing import Annotated

import typer

from mailbot.cli.options import ByOption, ReasonOption
from mailbot.cli.output import line
from mailbot.cli.place import ConfigOption, Place, StorageOption, books, place_of
from mailbot.cli.words import MODES
from mailbot.desk import Refused
from mailbot.ledger.settings import Mode

LEDGER_ADAPTER = "ledger"
"""The platform of demo, `process` and tests, which a live site must not have (design, section 7)."""


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command(help="Show the site's mode, or switch it: rehearsal, drafts, live.")(mode)
    pause = typer.Typer(no_args_is_help=True, help="Let something rest.")
    pause.command("effects", help="Let no effect start on the platform; those under way end.")(pause_effects)
    app.add_typer(pause, name="pause")
    resume = typer.Typer(no_args_is_help=True, help="Let something go on.")
    resume.command("effects", help="Let effects start again.")(resume_effects)
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


def _shown(place: Place) -> str:
    if not place.has_ledger and place.settings is not None:
        first = Mode(place.settings.site.mode)
        return f"{first}（{MODES[first]}）：尚未运行过，将按设置文件开始"
    with books(place) as ledger:
        now, paused = ledger.switches.mode(), ledger.switches.paused()
    return f"{now}（{MODES[now]}）" + ("；办理已暂停" if paused else "")
