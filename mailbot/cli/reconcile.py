"""`mailbot mail reconcile`: compares the mailboxes with the ledger now, as the daemon does once a day; `mail sent`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict, replace

import typer

from mailbot.assembly import start_of
from mailbot.boxes import sweep_of
from mailbot.cli.exits import ExitCode
from mailbot.cli.options import JsonOption, LimitOption
from mailbot.cli.output import as_json, line, moment, table
from mailbot.cli.place import ConfigOption, Ruled, StorageOption, books, place_of, ruled
from mailbot.config_accounts import MailboxAccount
from mailbot.daemon import account_of
from mailbot.desk import Refused
from mailbot.domain.ports import PortError
from mailbot.domain.sent import SentState
from mailbot.domain.server_ports import Swept
from mailbot.intake.leash import Leash
from mailbot.intake.session import Session
from mailbot.logins import secret_of

DEADLINE_SECONDS = 3600.0
"""Of the comparison of one mailbox."""
STATES = {
    SentState.STORED: "未读取",
    SentState.ANSWERS: "已回复来信",
    SentState.OTHER: "与来信无关",
    SentState.UNREADABLE: "无法读取",
}


def reconcile(*, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Every mailbox; what is missing is taken in at once. Exit code 5 where anything was missing."""
    place = place_of(config, None)
    if place.settings is None:
        raise Refused("演练目录没有信箱可以核对。")
    with ruled(place) as site:
        swept, faults = _compared(place.settings.mailbox, site)
    if json:
        as_json([asdict(one) for one in swept])
    else:
        _print(swept)
    for account, fault in faults.items():
        sys.stderr.write(f"{account}: {fault}\n")
    if faults:
        raise next(iter(faults.values()))
    if any(one.taken for one in swept):
        raise typer.Exit(ExitCode.NOT_READY)


def _compared(boxes: Iterable[MailboxAccount], site: Ruled) -> tuple[list[Swept], dict[str, PortError]]:
    """Every mailbox, and why some could not be asked: one that is out of reach does not hide the others."""
    swept: list[Swept] = []
    faults: dict[str, PortError] = {}
    for box in boxes:
        try:
            swept += _compare(box, site)
        except PortError as fault:
            faults[box.account] = fault
    return swept, faults


def _compare(box: MailboxAccount, site: Ruled) -> list[Swept]:
    """One mailbox, over a connection of its own. Raises `IntakeError` where the server cannot be asked."""
    clock, limits, leash = site.place.clock, site.rulebook.limits.intake, Leash()
    account = replace(account_of(box), since=start_of(site.place.facts, site.rulebook))
    sweep = sweep_of(account, site.ledger, clock, limits)
    sweep.told = _progress
    with leash.limit(DEADLINE_SECONDS):
        session = Session(account, secret_of(box, box.account, site.place.secrets, clock), limits, leash)
        try:
            return sweep.run(session)
        finally:
            session.close()


def _progress(what: str) -> None:
    sys.stderr.write(f"{what}\n")


def _print(swept: Iterable[Swept]) -> None:
    titles = ("信箱", "文件夹", "服务器上", "漏取后补取", "终于给出", "尚待收取")
    rows = [(one.account, one.folder, str(one.listed), str(one.taken), str(one.given), str(one.ahead)) for one in swept]
    table(titles, rows)


def mail_sent(
    limit: LimitOption = 100, *, json: JsonOption = False, config: ConfigOption = None, storage: StorageOption = None
) -> None:
    """What staff wrote by hand, as it was found in the Sent folders, and which cases it answers."""
    place = place_of(config, storage)
    with books(place) as ledger:
        found = ledger.sent.lines(limit)
    if json:
        as_json(
            [
                {
                    "id": one.id,
                    "account": one.account,
                    "sent_at": one.sent_at.astimezone(place.zone).isoformat(timespec="seconds"),
                    "state": one.state.value,
                    "size": one.size,
                    "sha256": one.sha256,
                    "to": list(one.recipients),
                    "cases": list(one.cases),
                }
                for one in found
            ]
        )
        return
    rows = [
        (str(one.id), moment(one.sent_at, place.zone), one.account, STATES[one.state], "、".join(one.recipients),
         "、".join(one.cases))
        for one in found
    ]  # fmt: skip
    table(("编号", "发出", "信箱", "状态", "收件人", "登记编号"), rows)
    if not found:
        line("已发送文件夹中没有工作人员手写的邮件。")
