"""One mail as a page for a terminal, masked."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from mailbot.cli.output import fields, line, moment
from mailbot.cli.told import event_rows, finding_texts
from mailbot.cli.veil import Veil
from mailbot.cli.words import LETTERS, MAILS
from mailbot.ledger.lines import EventLine, LetterLine, MailLine


def print_mail(
    mail: MailLine, letters: Sequence[LetterLine], events: Sequence[EventLine], zone: ZoneInfo, veil: Veil
) -> None:
    """The mail, its parts, what the rules found, its letters, and what happened to it."""
    fields(_head(mail, zone, veil))
    for part in _parts(mail):
        line(f"附件：{veil.text(part)}")
    for text in finding_texts(mail.findings, veil):
        line(f"问题：{text}")
    for letter in letters:
        line(f"信件：{letter.key} → {letter.to} {LETTERS[letter.state]}{'（草稿）' if letter.draft else ''}")
    for event in event_rows(events, zone, veil):
        line(f"{event['at']}  {event['kind']}  {event['actor']}  {event['detail'] or ''}")


def _head(mail: MailLine, zone: ZoneInfo, veil: Veil) -> list[tuple[str, str]]:
    summary = mail.summary or {}
    return [
        ("编号", str(mail.id)),
        ("信箱", f"{mail.account} {mail.address}"),
        ("收到", moment(mail.received_at, zone)),
        ("状态", MAILS[mail.state]),
        ("发件人", mail.sender or str(summary.get("from", ""))),
        ("主题", veil.text(mail.subject or "")),
        ("大小", f"{mail.size} 字节，sha256 {mail.sha256[:16]}…"),
        ("标记", "、".join(mail.marks)),
        ("原因", veil.text(mail.last_error or "")),
        ("登记编号", "、".join(f"{case}（{role}）" for case, role in mail.cases)),
        ("与此前邮件相同", str(mail.duplicate_of or "")),
        ("正文", veil.text(str(summary.get("text", "")))),
    ]


def _parts(mail: MailLine) -> list[str]:
    found = (mail.summary or {}).get("attachments")
    parts = found if isinstance(found, list) else []
    return [f"{part['name']}（{part['type']}，{part['size']} 字节）" for part in parts if isinstance(part, dict)]
