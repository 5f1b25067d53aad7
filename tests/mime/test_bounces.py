"""Notices of mail servers: which letter, which address, for good or not, by report and by the providers' own words."""

from __future__ import annotations

import base64
import time

import pytest

from mailbot.domain.mail import Fate, Notice
from mailbot.mime.bounces import with_notice
from mailbot.mime.parse import parse
from tests.mime.bounced import (
    ALIYUN,
    COREMAIL,
    EXCHANGE,
    EXIM,
    NETEASE,
    OUR_ID,
    POSTFIX,
    POSTFIX_DELAY,
    QMAIL,
    TENCENT,
    TO,
)
from tests.mime.conftest import shipped

LIMITS = shipped()


def read(raw: bytes) -> Notice | None:
    return with_notice(raw, parse(raw, LIMITS).mail, LIMITS).notice


def notice(raw: bytes) -> Notice:
    found = read(raw)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("raw", "status", "said"),
    [
        (POSTFIX, "5.1.1", "User unknown"),
        (EXIM, "5.0.0", ""),
        (QMAIL, "5.1.1", ""),
        (TENCENT, "5.0.0", "Mailbox not found"),
        (NETEASE, "5.0.0", "User not found"),
        (COREMAIL, "5.2.2", "quota"),
        (ALIYUN, "5.1.1", "invalid"),
        (EXCHANGE, "5.1.10", "not found"),
    ],
)
def test_a_notice_names_the_letter_the_address_and_the_reason(raw: bytes, status: str, said: str) -> None:
    found = notice(raw)
    assert found.fate is Fate.FAILED
    assert TO in found.recipients
    assert OUR_ID in found.returned
    assert found.status == status
    assert said.lower() in found.said.lower()


def test_a_letter_that_is_still_tried_is_not_lost() -> None:
    found = notice(POSTFIX_DELAY)
    assert (found.fate, found.recipients) == (Fate.DELAYED, (TO,))


@pytest.mark.parametrize(
    ("subject", "text", "fate"),
    [
        (
            "Warning: message delayed 24 hours",
            "Your message has not yet been delivered. No action is required",
            Fate.DELAYED,
        ),
        ("邮件投递延迟通知", "您的邮件暂未送达，系统将继续尝试投递。", Fate.DELAYED),
        ("Delivery Status Notification (Delay)", "Message will be retried for 2 more day(s)", Fate.DELAYED),
        ("系统退信", "退信原因：多次尝试投递仍超时 SMTP error 554 5.4.7", Fate.FAILED),
        ("Undelivered Mail", "delivery temporarily suspended, then gave up: 550 5.1.1 no such user", Fate.FAILED),
    ],
)
def test_words_tell_a_delay_from_a_failure(subject: str, text: str, fate: Fate) -> None:
    raw = f"From: MAILER-DAEMON@mx.unit.cn\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()
    assert notice(raw).fate is fate


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded (list)"])
def test_a_report_of_success_is_no_failure(action: str) -> None:
    assert notice(POSTFIX.replace(b"Action: failed", f"Action: {action}".encode())).fate is Fate.DELIVERED


def test_the_mark_of_the_envelope_comes_out_of_its_xtext() -> None:
    raw = POSTFIX.replace(b"Reporting-MTA:", b"Original-Envelope-Id: mail+3A17+3A1\r\nReporting-MTA:")
    assert notice(raw).envelope == "mail:17:1"
    assert notice(POSTFIX).envelope is None


def test_a_returned_letter_in_base64_is_found_too() -> None:
    inner = f"From: us\r\nMessage-ID: {OUR_ID}\r\nSubject: x\r\n\r\nx\r\n".encode()
    raw = (
        b"From: postmaster@unit.cn\r\nSubject: =?gbk?B?z7XNs83L0MU=?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain; charset=gbk\r\n\r\n" + "退信原因：用户不存在".encode("gbk") + b"\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(inner)
        + b"--b--\r\n"
    )
    found = notice(raw)
    assert found.returned == (OUR_ID,)
    assert found.said == "用户不存在"


@pytest.mark.parametrize(
    "raw",
    [
        b"From: hr@unit.cn\r\nSubject: roster\r\n\r\nMessage-ID: <a@b>\r\n",
        b"From: hr@unit.cn\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\nSubject: x\r\n\r\nI am away\r\n",
        b"From: hr@unit.cn\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b--",
    ],
)
def test_what_no_server_returned_has_no_notice(raw: bytes) -> None:
    assert read(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"From: MAILER-DAEMON\r\n\r\n",
        b"From: MAILER-DAEMON\r\nContent-Type: multipart/report\r\n\r\nno boundary",
        POSTFIX.partition(b"Reporting-MTA")[0] + b"\xff\xfe\x00: x\r\nAction\r\n--b",
        POSTFIX.replace(b"Final-Recipient: rfc822;", b"Final-Recipient: "),
        POSTFIX.replace(
            b"Content-Type: message/delivery-status", b"Content-Type: message/delivery-status; charset=\xff"
        ),
        POSTFIX[: len(POSTFIX) // 2],
    ],
)
def test_a_broken_notice_is_read_as_far_as_it_goes(raw: bytes) -> None:
    assert notice(raw).fate in set(Fate)


def test_what_a_notice_may_bring_is_bounded() -> None:
    many = "".join(
        f"<u{number}@unit.cn>: 550 5.1.1 unknown\r\nMessage-ID: <{number}@x.cn>\r\n" for number in range(5_000)
    )
    raw = f"From: MAILER-DAEMON@x.cn\r\nSubject: failure notice\r\n\r\n{many}".encode()
    started = time.monotonic()
    found = notice(raw)
    assert len(found.recipients) <= 20
    assert len(found.returned) <= 20
    assert time.monotonic() - started < 2
