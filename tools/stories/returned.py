"""Mails that say a letter came back: by report, and in the words of Chinese providers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from tools.stories.model import Arrived
from tools.stories.others import IGNORED
from tools.stories.post import OUR_HOST, ROSTER_BOX

_TO: Final = "rencai@old-unit.example"


@dataclass(frozen=True, slots=True)
class Back:
    """A notice in a provider's words: who writes, its subject and charset."""

    sender: str
    subject: str
    charset: str
    at: datetime
    tencent: bool = False


def back(words: Back) -> Arrived:
    """The notice as a mail that arrived."""
    if words.tencent:
        text = (
            "尊敬的用户，您好：\n\n很抱歉，您发送的邮件被退回，以下是该邮件的相关信息：\n\n"
            f"被退回邮件\n主　题：回复：报名名单\n时　间：2020-09-17 10:00:00\n\n无法发送到 {_TO}\n\n"
            "退信原因：收件人邮件地址（" + _TO + "）不存在，邮件无法送达。\n550 Mailbox not found"
        )
    else:
        text = (
            "抱歉，您的邮件被退回来了……\n      原邮件信息：\n            时  间 2020-09-17 10:00:12\n"
            f"            主  题 回复：报名名单\n            收件人 {_TO}\n      退信原因：\n"
            "            收件人的邮箱不存在。\n            英文说明:SMTP error, RCPT TO: 550 User not found"
        )
    head = (
        f"Return-Path: <>\nReceived: from mail.old-unit.example by {OUR_HOST}; {format_datetime(words.at)}\n"
        f"From: {words.sender}\nTo: {ROSTER_BOX}\nSubject: {words.subject}\nDate: {format_datetime(words.at)}\n"
        f"Message-ID: <{words.at:%H%M%S}.back@old-unit.example>\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset={words.charset}\nContent-Transfer-Encoding: 8bit\n\n"
    )
    return Arrived((head + text + "\n").replace("\n", "\r\n").encode(words.charset), words.at, IGNORED)


def report_back(
    at: datetime,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    letter: str = "<20200917.1@old-unit.example>",
) -> Arrived:
    """A report of a mail server (RFC 3464) about one letter."""
    subject = "Delayed Mail (still being retried)" if action == "delayed" else "Undelivered Mail Returned to Sender"
    text = (
        f"Return-Path: <>\nReceived: from mail.old-unit.example by {OUR_HOST}; {format_datetime(at)}\n"
        f"From: MAILER-DAEMON@mail.old-unit.example (Mail Delivery System)\nTo: {ROSTER_BOX}\nSubject: {subject}\n"
        f"Date: {format_datetime(at)}\nMessage-ID: <{action}.{status}@mail.old-unit.example>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b.1"\n\n'
        "--b.1\nContent-Type: text/plain; charset=us-ascii\n\nThis is the mail system at mail.old-unit.example.\n\n"
        f"<{_TO}>: {status}\n"
        "--b.1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.old-unit.example\n\n"
        f"Final-Recipient: rfc822; {_TO}\nAction: {action}\nStatus: {status}\n"
        f"--b.1\nContent-Type: text/rfc822-headers\n\nFrom: {ROSTER_BOX}\nTo: {_TO}\nMessage-ID: {letter}\n--b.1--\n"
    )
    return Arrived(text.replace("\n", "\r\n").encode(), at, IGNORED)
