"""What became of every mail, as one table, and the letters as files."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from email import message_from_bytes, policy
from pathlib import Path

from rich.console import Console
from rich.table import Table

from mailbot.assembly import Parts
from mailbot.cli.output import moment
from mailbot.domain.effects import TRUE_OF_THE_WORLD
from mailbot.domain.masking import mask_text
from mailbot.domain.outcome import StoredCase
from mailbot.ledger.lines import MailLine
from mailbot.rulebook.catalogue import STATE_WORDS
from tools.servers import Letter
from tools.stories import DemoMail

SHORT = 26

MAIL_WORDS = {"ignored": "不予处理", "set_aside": "转人工", "done": "已处理", "stored": "待处理", "working": "处理中"}
OUTCOME_WORDS = {
    "accept": "通过",
    "accept_with_fixes": "修正后通过",
    "partial": "部分通过",
    "ask": "请补正",
    "hold": "转人工审核",
}


def keep_letters(folder: Path, parts: Parts, letters: Sequence[Letter]) -> None:
    """Every letter that left, as .eml, and the workbooks in them beside it."""
    place, books = folder / "letters", folder / "workbooks"
    place.mkdir(exist_ok=True)
    books.mkdir(exist_ok=True)
    lines = (letter for mail in _mails(parts) for letter in parts.ledger.queries.letters_of_mail(mail.id))
    names = {letter.message_id: letter.key for letter in lines}
    for letter in letters:
        mail = message_from_bytes(letter.raw, policy=policy.default)
        key = names.get(str(mail["Message-ID"]), str(mail["X-Mailbot-Case"] or "staff"))
        name = key.replace(":", "-").replace("/", "-")
        (place / f"{name}.eml").write_bytes(letter.raw)
        for attachment in mail.iter_attachments():
            content = attachment.get_content()
            if isinstance(content, bytes):
                (books / f"{name}-{attachment.get_filename()}").write_bytes(content)


def show(console: Console, parts: Parts, folder: Path, mails: Sequence[DemoMail]) -> None:
    """The table, and where everything lies."""
    table = Table(title="来信与结果", show_lines=True)
    for title in ("来信", "内容", "结果", "账号", "回信", "时限"):
        table.add_column(title, overflow="fold")
    for line in _delivered(parts, mails):
        table.add_row(*_row(parts, line))
    console.print(table)
    storage = folder / "storage"
    console.print(f"信件：{folder / 'letters'}    退回的表格：{folder / 'workbooks'}")
    console.print(
        f"台账：{storage / 'ledger.sqlite3'}    原始邮件：{storage / 'blobs'}    日志：{folder / 'mailbot.log'}"
    )
    console.print(f"逐件查看：.venv/bin/mailbot case list --config {folder / 'mailbot.toml'}")


def _delivered(parts: Parts, mails: Sequence[DemoMail]) -> list[MailLine]:
    """The mails of the first run in the order of arrival: what later runs fetch again are copies of them."""
    wanted = Counter(hashlib.sha256(mail.raw).hexdigest() for mail in mails)
    shown = []
    for line in sorted(_mails(parts), key=lambda mail: mail.id):
        if wanted[line.sha256] > 0:
            wanted[line.sha256] -= 1
            shown.append(line)
    return sorted(shown, key=lambda mail: (mail.received_at, mail.id))


def _row(parts: Parts, line: MailLine) -> tuple[str, str, str, str, str, str]:
    zone = parts.zone
    cases = [parts.ledger.cases.load_case(case_id) for case_id, role in line.cases if role != "copy"]
    letters = parts.ledger.queries.letters_of_mail(line.id)
    what = f"{moment(line.received_at, zone)[5:]} {_short(line.sender or '（无法确定发件人）')}\n{_short(line.subject or '（无主题）')}"
    return (
        mask_text(what),
        _content(line, cases),
        "\n".join(_decision(case) for case in cases) or _without_case(line),
        "\n".join(_accounts(case) for case in cases),
        "\n".join(letter.template or letter.state.value for letter in letters) or "不回信",
        "\n".join(moment(case.result.due_at, zone)[5:] or "—" for case in cases),
    )


def _content(line: MailLine, cases: Sequence[StoredCase]) -> str:
    if not cases:
        return "、".join(line.marks) or "没有可办理的内容"
    people = [sum(1 for item in case.result.items if item.number) for case in cases]
    return "\n".join(f"报名名单 {count} 人" for count in people)


def _decision(case: StoredCase) -> str:
    return f"{OUTCOME_WORDS[case.result.outcome.word]}（{STATE_WORDS[case.state]}）"


def _without_case(line: MailLine) -> str:
    why = line.findings[0].message if line.findings else line.last_error or ""
    return f"{MAIL_WORDS[line.state]}{'：' if why else ''}{why}"


def _accounts(case: StoredCase) -> str:
    done = sum(1 for state in case.effect_states.values() if state in TRUE_OF_THE_WORLD)
    return f"已注册 {done}" if done else "—"


def _mails(parts: Parts) -> list[MailLine]:
    return parts.ledger.queries.mails(limit=10_000)


def _short(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"
