"""`mailbot mail list|show|retry|raw`: the stored mails, for whoever looks after what the machine could not."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from mailbot.cli.mail_page import print_mail
from mailbot.cli.options import ByOption, JsonOption, LimitOption
from mailbot.cli.output import as_json, line, moment, table
from mailbot.cli.place import AtOption, ConfigOption, Place, StorageOption, books, place_of
from mailbot.cli.reconcile import mail_sent, reconcile
from mailbot.cli.told import event_rows, finding_texts, mail_json
from mailbot.cli.veil import Veil
from mailbot.cli.words import MAILS
from mailbot.desk import Refused
from mailbot.domain.mail import MailState
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.lines import MailLine

NumberArgument = Annotated[int, typer.Argument(metavar="ID", help="the mail's number")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="The stored mails: list, show, retry, raw, reconcile, sent.")
    group.command("list", help="Mails, the latest first.")(mail_list)
    group.command("show", help="One mail: what it was, what became of it, what happened.")(mail_show)
    group.command("retry", help="Take a mail that was set aside in again.")(mail_retry)
    group.command("raw", help="Write the exact bytes of a mail into a file; the look is recorded.")(mail_raw)
    group.command("reconcile", help="Compare the mailboxes with what is stored; take in what is missing.")(reconcile)
    group.command("sent", help="What staff answered by hand, as found in the Sent folders.")(mail_sent)
    app.add_typer(group, name="mail")


def mail_list(
    state: Annotated[list[MailState] | None, typer.Option("--state", help="only these; again for more")] = None,
    every: Annotated[bool, typer.Option("--all", help="each mail a row, also of a sender of very many")] = False,
    limit: LimitOption = 100,
    *,
    json: JsonOption = False,
    config: ConfigOption = None,
    storage: StorageOption = None,
) -> None:
    """List mails, masked. A sender of very many has one row, with their number; as JSON each mail stands by itself."""
    place, veil = place_of(config, storage), Veil(reveal=False)
    with books(place) as ledger:
        mails = ledger.queries.mails if json or every else ledger.heaps.mails
        found = mails(state or (), limit=limit)
    if json:
        as_json([mail_json(mail, place.zone, veil) for mail in found])
        return
    titles = ("编号", "收到", "状态", "发件人", "主题", "登记编号", "说明")
    table(titles, [_row(mail, place, veil) for mail in found])
    if len(found) == limit:
        line(f"只列出最近 {limit} 封，用 --limit 列出更多。")


def mail_show(
    number: NumberArgument,
    *,
    json: JsonOption = False,
    config: ConfigOption = None,
    storage: StorageOption = None,
) -> None:
    """One mail, masked."""
    place, veil = place_of(config, storage), Veil(reveal=False)
    with books(place) as ledger:
        mail = the_mail(ledger, number)
        letters = ledger.queries.letters_of_mail(number)
        events = ledger.queries.events_of(mail_id=number)
    if json:
        out = mail_json(mail, place.zone, veil)
        out["letters"] = [{"key": letter.key, "to": letter.to, "state": letter.state.value} for letter in letters]
        out["events"] = event_rows(events, place.zone, veil)
        as_json(out)
        return
    print_mail(mail, letters, events, place.zone, veil)


def mail_retry(
    number: NumberArgument,
    by: ByOption,
    config: ConfigOption = None,
    storage: StorageOption = None,
    at: AtOption = None,
) -> None:
    """Hand a mail back to the engine."""
    place = place_of(config, storage, at)
    with books(place) as ledger:
        mail = the_mail(ledger, number)
        if not ledger.by_hand.retry(number, by, place.clock.now()):
            why = "服务器没有给出原件" if mail.state is MailState.SET_ASIDE else f"现为“{MAILS[mail.state]}”"
            raise Refused(f"邮件 {number} 不能重新处理：{why}。")
    line(f"邮件 {number} 已放回待处理。")


def mail_raw(
    number: NumberArgument,
    out: Annotated[Path, typer.Option("--out", help="the file to write, or - for stdout; it must not stand yet")],
    by: Annotated[str, typer.Option("--by", help="your name, which is recorded; else your login name")] = "",
    reason: Annotated[str, typer.Option("--reason", help="why, which is recorded")] = "",
    config: ConfigOption = None,
    storage: StorageOption = None,
) -> None:
    """The raw mail holds whole values: the look is an event, recorded first."""
    place = place_of(config, storage)
    with books(place) as ledger:
        mail = the_mail(ledger, number)
        raw = ledger.cases.raw(mail.sha256)
        ledger.by_hand.revealed(by.strip() or getpass.getuser(), reason, place.clock.now(), mail_id=number)
    if str(out) == "-":
        sys.stdout.buffer.write(raw)
        return
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        raise Refused(f"{out} 无法写入：{'文件已存在' if out.exists() else fault.strerror}。") from None
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
    line(f"邮件 {number} 的原件（{len(raw)} 字节）已写入 {out}，本次查看已记录。")


def the_mail(ledger: Ledger, number: int) -> MailLine:
    """One mail. Raises `Refused` for one that does not exist."""
    try:
        return ledger.queries.mail(number)
    except LookupError:
        raise Refused(f"没有编号为 {number} 的邮件。") from None


def _row(mail: MailLine, place: Place, veil: Veil) -> tuple[str, ...]:
    why = "；".join(finding_texts(mail.findings, veil)) or mail.last_error or "、".join(mail.marks)
    cases = "、".join(case for case, _ in mail.cases)
    subject = veil.text(mail.subject or "")
    at = moment(mail.received_at, place.zone)
    behind = f"（同一发件人另有 {mail.more} 封，--all 列出）" if mail.more else ""
    return (str(mail.id), at, MAILS[mail.state], mail.sender or "", subject, cases, veil.text(why) + behind)
