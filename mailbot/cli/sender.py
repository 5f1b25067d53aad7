"""`mailbot sender list|unbind`: which senders a person confirmed for which unit, and taking a confirmation back."""

from __future__ import annotations

from typing import Annotated

import typer

from mailbot.cli.options import ByOption
from mailbot.cli.output import line, moment, table
from mailbot.cli.place import ConfigOption, StorageOption, books, place_of
from mailbot.desk import Refused


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="Senders that were confirmed for a unit: list, unbind.")
    group.command("list", help="Every confirmed sender, its unit, by whom and when.")(sender_list)
    group.command("unbind", help="Take a confirmation back; later mail of this sender waits for a person again.")(
        unbind
    )
    app.add_typer(group, name="sender")


def sender_list(config: ConfigOption = None, storage: StorageOption = None) -> None:
    """List the confirmations in force."""
    place = place_of(config, storage)
    with books(place) as ledger:
        known = ledger.switches.bindings()
    rows = [(bound.sender, bound.unit, bound.actor, moment(bound.at, place.zone)) for bound in known]
    table(("发件人", "单位", "确认人", "时间"), rows)


def unbind(
    sender: Annotated[str, typer.Argument(help="an address, or @domain, as `sender list` shows it")],
    unit: Annotated[str, typer.Argument(help="the unit, as `sender list` shows it")],
    by: ByOption,
    config: ConfigOption = None,
    storage: StorageOption = None,
) -> None:
    """Take one confirmation back, under a name."""
    place = place_of(config, storage)
    with books(place) as ledger:
        gone = ledger.switches.unbind(sender, unit, by, place.clock.now())
    if not gone:
        raise Refused("没有这一条确认。用 mailbot sender list 查看。")
    line(f"已取消：{sender} 不再代表 {unit}，以后的来信由审核人员确认。")
