"""`mailbot platform import`: the platform's list of people (accounts, codes, completed years), for an adapter that
cannot ask the platform itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailbot.assembly import open_platform, open_rules
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
from mailbot.cli.output import line
from mailbot.cli.place import ConfigOption, Place, StorageOption
from mailbot.desk import Refused
from mailbot.domain.masking import mask_id, mask_name, mask_phone
from mailbot.platform.account_file import AccountFile, differing, read_accounts
from mailbot.platform.known import Account, Known, Learned
from mailbot.platform.ledger import EmbeddedLedger
from mailbot.platform.order_file import order_form
from mailbot.platform.worklist import Worklist
from mailbot.rulebook import Rulebook


def take_accounts(
    file: Annotated[Path, typer.Argument(help="the list: xlsx, xls, ods, csv or an HTML table; ID numbers as text")],
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
    rules = open_rules(place.facts).current
    known, today = _known(place, rules), now.astimezone(place.zone).date()
    read = read_accounts(
        file,
        today,
        a_day(as_of),
        undated=undated(today, known.newest()),
        year=rules.campaign.year,
        others=[order_form()],
        markup=markup_of(rules.limits),
    )
    day_checked(place, read.head.as_of)
    _show(read, known.compare(read.accounts, read.groups, read.head.as_of))
    if agreed(place, entries=len(read.accounts), yes=yes, preview=preview):
        took = known.take(read.head, read.accounts, read.groups, by or "mailbot platform import", now)
        line(f"已写入 {len(took.writes)} 人，平台资料截至 {read.head.as_of}。")


def _known(place: Place, rules: Rulebook) -> Known:
    platform = open_platform(place.facts, rules, place.clock)
    if not isinstance(platform, EmbeddedLedger | Worklist):
        raise Refused(f"平台适配器 {platform.caps.name} 自己查询平台，不接受人员清单。")
    return platform.known


def _show(read: AccountFile, found: Learned) -> None:
    show_head(read.table, read.head.as_of, read.dated_by)
    titles = ("姓名", "身份证号码", "手机号码", "自行购买", "已分配激活码", "已完成年度")
    show_sample(titles, [_cells(account) for account in read.accounts])
    show_counts(read.table, found, read.bad, len(read.repeated))
    show_changes([f"{mask_id(after.id_number)} 的{differing(before, after)}" for before, after in found.changed])


def _cells(account: Account) -> tuple[str, ...]:
    name, phone = account.name, account.phone
    who = (mask_name(name) if name else "未知", mask_id(account.id_number), mask_phone(phone) if phone else "未知")
    years = (account.bought, account.assigned, account.completed)
    return (*who, *("未知" if told is None else "、".join(map(str, told)) or "无" for told in years))
