"""`mailbot orders import|list`: the platform's list of orders, so that rosters can be counted against codes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailbot.assembly import open_rules
from mailbot.cli.list_preview import (
    AsOfOption,
    ByOption,
    PreviewOption,
    a_day,
    agreed,
    day_checked,
    list_place,
    markup_of,
    show_changes,
    show_counts,
    show_head,
    show_sample,
    undated,
)
from mailbot.cli.options import YesOption
from mailbot.cli.output import line, moment, table
from mailbot.cli.place import ConfigOption, StorageOption, books, place_of
from mailbot.domain.lists import Compared, Order
from mailbot.platform.account_file import account_form
from mailbot.platform.order_file import OrderFile, differing, read_orders


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="The platform's orders: take a dated list in, see which were.")
    group.command("import", help="Take in a list: order number, unit, tax number, quantity, paid.")(take_orders)
    group.command("list", help="Every list that was taken in.")(order_lists)
    app.add_typer(group, name="orders")


def take_orders(
    file: Annotated[Path, typer.Argument(help="the list: xlsx, xls, ods, csv or an HTML table; order numbers as text")],
    as_of: AsOfOption = None,
    by: ByOption = "",
    *,
    yes: YesOption = False,
    preview: PreviewOption = False,
    config: ConfigOption = None,
    storage: StorageOption = None,
) -> None:
    """Show what the list says and changes, then take it in. A newer list supersedes, the same one changes nothing."""
    place = list_place(config, storage)
    now = place.clock.now()
    limits = open_rules(place.facts).current.limits
    with books(place, make=True) as ledger:
        newest = max((one.as_of for one in ledger.orders.lists()), default=None)
        day = undated(now.astimezone(place.zone).date(), newest)
        read = read_orders(file, day, a_day(as_of), others=[account_form()], markup=markup_of(limits))
        day_checked(place, read.head.as_of)
        _show(read, ledger.orders.compare(read.head, read.orders))
        if agreed(place, entries=len(read.orders), yes=yes, preview=preview):
            took = ledger.orders.take(read.head, read.orders, by or "mailbot orders import", now)
            line(f"已写入 {len(took.writes)} 项，订单资料截至 {read.head.as_of}。")


def order_lists(config: ConfigOption = None, storage: StorageOption = None) -> None:
    """List the lists."""
    place = place_of(config, storage)
    with books(place) as ledger:
        found = ledger.orders.lists()
    rows = [
        (str(one.number), one.name, str(one.as_of), str(one.orders), one.actor, moment(one.taken_at, place.zone))
        for one in found
    ]
    table(("编号", "文件", "截至", "订单", "导入人", "时间"), rows)


def _show(read: OrderFile, found: Compared[Order]) -> None:
    show_head(read.table, read.head.as_of, read.dated_by)
    show_sample(("订单号", "单位", "纳税人识别号", "激活码", "缴费"), [_cells(order) for order in read.orders])
    show_counts(read.table, found, read.bad, len(read.repeated))
    show_changes([f"{after.order_no} 的{differing(before, after)}" for before, after in found.changed])


def _cells(order: Order) -> tuple[str, ...]:
    paid = {True: "已缴费", False: "未缴费", None: "未知"}[order.paid]
    return order.order_no, order.unit or "未知", order.tax_id or "未知", str(order.codes or "未知"), paid
