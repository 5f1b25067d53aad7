"""Notices as servers write them about one letter of ours, invented addresses throughout."""

from __future__ import annotations

from typing import Final

OUR_ID: Final = "<0123456789abcdef01234567.89abcdef0123456701234567@cqhrsp.com>"
TO: Final = "hr@unit.cn"
_LETTER: Final = (
    f"From: 2020gxkm@cqhrsp.com\r\nTo: {TO}\r\nSubject: =?utf-8?B?5Zue5aSN?=\r\nMessage-ID: {OUR_ID}\r\n"
    "Auto-Submitted: auto-replied\r\n"
)


def _report(sender: str, subject: str, text: str, status: str, *, charset: str = "utf-8") -> bytes:
    head = (
        f"Return-Path: <>\r\nFrom: {sender}\r\nTo: 2020gxkm@cqhrsp.com\r\nSubject: {subject}\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    )
    body = (
        f"--b\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{_LETTER}\r\n--b--\r\n"
    )
    return (head + body).encode(charset)


def _plain(sender: str, subject: str, text: str, charset: str = "utf-8") -> bytes:
    head = f"From: {sender}\r\nTo: 2020gxkm@cqhrsp.com\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
    kind = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return (head + kind + text).encode(charset)


POSTFIX: Final = _report(
    "MAILER-DAEMON@mx.cqhrsp.com (Mail Delivery System)",
    "Undelivered Mail Returned to Sender",
    f"This is the mail system at host mx.cqhrsp.com.\r\n\r\n<{TO}>: host mx.unit.cn[203.0.113.5] said: 550 5.1.1 User unknown",
    "Reporting-MTA: dns; mx.cqhrsp.com\r\nX-Postfix-Queue-ID: 4Bq\r\nArrival-Date: Tue, 15 Sep 2020 10:00:00 +0800\r\n\r\n"
    f"Final-Recipient: rfc822; {TO}\r\nOriginal-Recipient: rfc822;{TO}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    "Remote-MTA: dns; mx.unit.cn\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown",
)
POSTFIX_DELAY: Final = _report(
    "MAILER-DAEMON@mx.cqhrsp.com (Mail Delivery System)",
    "Delayed Mail (still being retried)",
    f"THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.\r\n\r\n<{TO}>: connect to mx.unit.cn: timed out",
    "Reporting-MTA: dns; mx.cqhrsp.com\r\n\r\n"
    f"Final-Recipient: rfc822; {TO}\r\nAction: delayed\r\nStatus: 4.4.1\r\nDiagnostic-Code: X-Postfix; connection timed out",
)
EXIM: Final = _plain(
    "Mail Delivery System <Mailer-Daemon@mail.unit.cn>",
    "Mail delivery failed: returning message to sender",
    "This message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not be delivered"
    f" to one or more of its\r\nrecipients. This is a permanent error. The following address(es) failed:\r\n\r\n  {TO}\r\n"
    "    host mx.unit.cn: 550 unknown user\r\n\r\n"
    f"------ This is a copy of the message, including all the headers. ------\r\n\r\n{_LETTER}\r\ntext\r\n",
)
QMAIL: Final = _plain(
    "MAILER-DAEMON@mail.unit.cn",
    "failure notice",
    "Hi. This is the qmail-send program at mail.unit.cn.\r\nI'm afraid I wasn't able to deliver your message to the following"
    f" addresses.\r\n\r\n<{TO}>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
    f"--- Below this line is a copy of the message.\r\n\r\n{_LETTER}\r\ntext\r\n",
)
TENCENT: Final = _plain(
    "postmaster@exmail.qq.com",
    "系统退信",
    "尊敬的用户，您好：\r\n\r\n很抱歉，您发送的邮件被退回，以下是该邮件的相关信息：\r\n\r\n被退回邮件\r\n"
    f"主　题：回复：报名名单\r\n时　间：2020-09-15 10:00:00\r\n\r\n无法发送到 {TO}\r\n\r\n"
    "退信原因：550 Mailbox not found\r\n\r\n"
    f"------------------ 原始邮件 ------------------\r\n{_LETTER}\r\n",
    "gb18030",
)
NETEASE: Final = _plain(
    "Postmaster@163.com",
    "系统退信",
    "抱歉，您的邮件被退回来了……\r\n      原邮件信息：\r\n            时  间 2020-09-15 14:33:40  \r\n"
    f"            主  题 回复：报名名单  \r\n            收件人 {TO}  \r\n     \r\n      退信原因：\r\n"
    "            User not found，收件人的邮箱不存在。\r\n            英文说明:SMTP error, RCPT TO: Host mx.unit.cn"
    f" said 550 User not found: {TO}\r\n\r\n附原信头：\r\n{_LETTER}\r\n",
    "gbk",
)
COREMAIL: Final = _plain(
    "postmaster <postmaster@cqhrsp.com>",
    "系统退信/Systems bounce",
    f"您的邮件无法送达以下收件人：{TO}\r\n退信原因：The recipient is over quota 对方邮箱空间不足\r\n"
    f"SMTP error, DOT: Host unit.cn said 552 5.2.2 over quota\r\n\r\n{_LETTER}\r\n",
)
ALIYUN: Final = _report(
    "=?utf-8?B?6YKu5Lu257O757uf?= <postmaster@mxhichina.com>",
    "=?utf-8?B?57O757uf6YCA5L+h?=",
    f"您的邮件被退回\r\n收件人：{TO}\r\n退信原因：invalid rcptto {TO}",
    "Reporting-MTA: dns; smtp.mxhichina.com\r\n\r\n"
    f"Final-Recipient: RFC822; {TO}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 invalid rcptto",
)
EXCHANGE: Final = _report(
    "Microsoft Outlook <postmaster@unit.cn>",
    "=?utf-8?B?5peg5rOV5oqV6YCSOiDlm57lpI0=?=",
    f"未能向以下收件人传递邮件：\r\n\r\n{TO}\r\n找不到此人的电子邮件地址。",
    "Reporting-MTA: dns;EX01.unit.cn\r\n\r\n"
    f"Final-recipient: RFC822; {TO}\r\nAction: failed\r\nStatus: 5.1.10\r\n"
    f"Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {TO} not found by SMTP address lookup",
)
