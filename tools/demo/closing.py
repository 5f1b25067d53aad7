"""The last lines of the demonstration: what it came to (Chinese and English), what a second run changed, and where
everything lies."""

from __future__ import annotations

from pathlib import Path

from mailbot.assembly import Parts
from mailbot.domain.effects import TRUE_OF_THE_WORLD
from mailbot.domain.mail import MailState
from mailbot.domain.states import ItemState
from mailbot.ledger.lines import Counts
from tools.demo.papers import BOOKS, LETTERS

LEGEND = (
    "Colours: green went through by itself, yellow went back to the sender in part or whole, purple waits for a "
    "person, grey was filed."
)


def summary(parts: Parts, delivered: int, counts: Counts) -> tuple[str, str, str]:
    """What stands in the ledger now, in Chinese and in English."""
    mails = parts.ledger.queries.mails(limit=10_000)
    kept = sum(1 for mail in mails if parts.ledger.cases.raw(mail.sha256))
    accounts = sum(counts.effects.get(state, 0) for state in TRUE_OF_THE_WORLD)
    letters = counts.letters.get("done", 0)
    person = counts.cases.get(ItemState.HELD, 0) + counts.mails.get(MailState.SET_ASIDE, 0)
    sender = counts.cases.get(ItemState.AWAITING_SENDER, 0)
    cases = sum(counts.cases.values())
    chinese = (
        f"送达 {delivered} 封；台账 {len(mails)} 封，原件俱在 {kept} 封。办件 {cases} 件，注册账号 {accounts} 个，"
        f"发信 {letters} 封；待人工审核 {person} 件，待来信人更正 {sender} 件。"
    )
    english = (
        f"{delivered} mails delivered, {len(mails)} in the ledger, raw bytes of {kept}; {cases} cases, {accounts} "
        f"accounts, {letters} letters; {person} wait for a person, {sender} for their sender."
    )
    return chinese, english, LEGEND


def second_run(before: Counts, after: Counts, sent: int) -> list[str]:
    """What this run changed; a second run says that nothing happened twice."""
    if not before.mails:
        return ["再运行一次 make demo：同样的来信不会重复办理。 (Run it again: nothing happens twice.)"]
    again = sum(after.mails.values()) - sum(before.mails.values())
    more = sum(after.effects.values()) - sum(before.effects.values())
    cases = sum(after.cases.values()) - sum(before.cases.values())
    lines = [
        f"再次运行：又收到 {again} 封同样的来信，新增名单 {cases} 份、账号 {more} 个，新发信件 {sent} 封。",
        f"Run again: {again} copies came in; {cases} new cases, {more} new accounts, {sent} new letters.",
    ]
    if more == cases == sent == 0:
        lines.append("没有任何事办了两遍。 (Nothing happened twice.)")
    return lines


def places(folder: Path) -> list[str]:
    """Where everything lies, and how to look at one case."""
    storage, settings = folder / "storage", folder / "mailbot.toml"
    return [
        f"信件 letters：{folder / LETTERS}    退回的表格 workbooks：{folder / BOOKS}",
        f"台账 ledger：{storage / 'ledger.sqlite3'}    原始邮件 raw mail：{storage / 'blobs'}",
        f"日志 log：{folder / 'mailbot.log'}",
        f"逐件查看 look closer：.venv/bin/mailbot case list --config {settings}",
    ]
