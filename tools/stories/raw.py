"""Mails that no client writes: reports of mail servers and readers."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from typing import Final, Literal

from tools.stories.post import OUR_HOST, ROSTER_BOX, Header, multipart, text_part

_LETTER_ID: Final = b"<mailbot.2020-000017.1@cqhrsp.com>"
_SAID: Final = {
    "delivery-status": "您的邮件未能送达以下收件人：\n<rencai@old-unit.example>\n550 User not found",
    "disposition-notification": "您的邮件已被收件人打开。这不保证邮件已被阅读或理解。",
}
_FACTS: Final = {
    "delivery-status": b"Reporting-MTA: dns; mail.old-unit.example\r\n\r\n"
    b"Final-Recipient: rfc822; rencai@old-unit.example\r\nAction: failed\r\n"
    b"Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 User not found\r\n",
    "disposition-notification": b"Final-Recipient: rfc822; rencai@old-unit.example\r\n"
    b"Original-Message-ID: " + _LETTER_ID + b"\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n",
}  # fmt: skip


def report(kind: Literal["delivery-status", "disposition-notification"], at: datetime) -> bytes:
    """A multipart/report (RFC 3462) about a letter of ours: a bounce (RFC 3464) or a read receipt (RFC 8098)."""
    bounce = kind == "delivery-status"
    letter = (
        b"From: " + ROSTER_BOX.encode() + b"\r\nMessage-ID: " + _LETTER_ID + b"\r\nSubject: =?utf-8?B?5Zue5aSN?=\r\n"
    )
    parts = [
        text_part(_SAID[kind], "utf-8"),
        ([("Content-Type", f"message/{kind}".encode())], _FACTS[kind]),
        ([("Content-Type", b"text/rfc822-headers")], letter),
    ]
    head, body = multipart(f"report; report-type={kind}", "=_report_5f61c2a0", parts)
    sender = b"MAILER-DAEMON@mail.old-unit.example" if bounce else b"rencai@old-unit.example"
    headers: list[Header] = [
        ("Return-Path", b"<>" if bounce else b"<rencai@old-unit.example>"),
        ("Authentication-Results", f"{OUR_HOST}; spf=pass smtp.mailfrom=mail.old-unit.example".encode()),
        ("Received", f"from mail.old-unit.example by {OUR_HOST}; {format_datetime(at)}".encode()),
        ("From", sender),
        ("To", ROSTER_BOX.encode()),
        ("Subject", b"=?GBK?B?z7XNs83L0MU=?=" if bounce else b"=?GBK?B?0tG2wQ==?="),
        ("Date", format_datetime(at).encode()),
        ("Message-ID", f"<report.{kind}@mail.old-unit.example>".encode()),
        ("MIME-Version", b"1.0"),
        *head,
    ]
    return b"".join(f"{name}: ".encode() + value + b"\r\n" for name, value in headers) + b"\r\n" + body


def nested(levels: int, at: datetime) -> bytes:
    """A mail whose text lies in so many multiparts, one inside the other."""
    head, body = text_part("请查收。", "utf-8")
    for level in range(levels):
        head, body = multipart("mixed", f"=_layer_{level:04d}", [(head, body)])
    headers: list[Header] = [
        ("Return-Path", b"<someone@layers.example>"),
        ("Received", f"from layers.example by {OUR_HOST}; {format_datetime(at)}".encode()),
        ("From", b"someone@layers.example"),
        ("To", ROSTER_BOX.encode()),
        ("Subject", b"=?utf-8?B?5ZCN5Y2V?="),
        ("Date", format_datetime(at).encode()),
        ("Message-ID", b"<nested@layers.example>"),
        ("MIME-Version", b"1.0"),
        *head,
    ]
    return b"".join(f"{name}: ".encode() + value + b"\r\n" for name, value in headers) + b"\r\n" + body
