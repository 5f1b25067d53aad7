"""`mailbot payments import|list`: the register of the old platforms' payments, which proofs are compared with."""

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
    show_counts,
    show_head,
    show_sample,
    undated,
)
from mailbot.cli.options import YesOption
from mailbot.cli.output import line, moment, table
from mailbot.cli.place import ConfigOption, StorageOption, books, place_of
from mailbot.cli.proof_page import PAID
from mailbot.domain import names
from mailbot.domain.masking import mask_id, mask_name
from mailbot.domain.payments import Payment
from mailbot.domain.ports import Hasher
from mailbot.domain.records import order_key
from mailbot.platform.account_file import account_form
from mailbot.platform.order_file import order_form
from mailbot.platform.payment_file import PaidOrder, PaymentFile, read_payments


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="The old platforms' payments: take a dated register in.")
    group.command("import", help="Take in a register: order, name, ID number, year, amount, status.")(take_payments)
    group.command("list", help="Every register that was taken in.")(payment_lists)
    app.add_typer(group, name="payments")


def take_payments(
    file: Annotated[Path, typer.Argument(help="the register: xlsx, xls, ods, csv or an HTML table; numbers as text")],
    as_of: AsOfOption = None,
    by: ByOption = "",
    *,
    yes: YesOption = False,
    preview: PreviewOption = False,
    config: ConfigOption = None,
    storage: StorageOption = None,
) -> None:
    """Show what the register says and changes, then take it in. A newer one supersedes, the same one changes nothing.
    People are kept as keyed hashes only."""
    place = list_place(config, storage)
    now = place.clock.now()
    limits = open_rules(place.facts).current.limits
    with books(place, make=True) as ledger:
        today = now.astimezone(place.zone).date()
        newest = max((one.as_of for one in ledger.payments.lists()), default=None)
        others = [order_form(), account_form()]
        read = read_payments(file, today, undated(today, newest), a_day(as_of), others=others, markup=markup_of(limits))
        day_checked(place, read.head.as_of)
        told = [hashed(one, ledger.db.terms.hasher) for one in read.payments]
        _show(read)
        show_counts(read.table, ledger.payments.compare(read.head, told), read.bad, len(read.repeated))
        if agreed(place, entries=len(told), yes=yes, preview=preview):
            took = ledger.payments.take(read.head, told, by or "mailbot payments import", now)
            line(f"已写入 {len(took.writes)} 项，缴费记录截至 {read.head.as_of}。")


def hashed(paid: PaidOrder, hasher: Hasher) -> Payment:
    """An order of a register as the ledger keeps it."""
    return Payment(
        key=hasher.search(order_key(paid.order_no)),
        person=hasher.search(paid.id_number) if paid.id_number else None,
        name_hash=hasher.search(names.normalise(paid.name).text) if paid.name else None,
        year=paid.year,
        amount=paid.amount,
        status=paid.status,
        paid_on=paid.paid_on,
    )


def payment_lists(config: ConfigOption = None, storage: StorageOption = None) -> None:
    """List the registers."""
    place = place_of(config, storage)
    with books(place) as ledger:
        found = ledger.payments.lists()
    rows = [
        (str(one.number), one.name, str(one.as_of), str(one.payments), one.actor, moment(one.taken_at, place.zone))
        for one in found
    ]
    table(("编号", "文件", "截至", "订单", "导入人", "时间"), rows)


def _show(read: PaymentFile) -> None:
    show_head(read.table, read.head.as_of, read.dated_by)
    show_sample(
        ("订单号", "姓名", "身份证号码", "年度", "金额", "状态", "缴费时间"), [_cells(one) for one in read.payments[:3]]
    )


def _cells(one: PaidOrder) -> tuple[str, ...]:
    who = mask_name(one.name) if one.name else "未知", mask_id(one.id_number) if one.id_number else "未知"
    paid = (one.amount or "未知", PAID.get(one.status or "", "未知"), str(one.paid_on or "未知"))
    return one.order_no, *who, str(one.year or "未知"), *paid
