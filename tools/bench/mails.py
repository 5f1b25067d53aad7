"""Mails for measuring: official forms of any length, invented people, every mail of a unit and an order of its own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

from openpyxl import Workbook

from tools.stories.people import id_number

ROSTER_ADDRESS = "2020gxkm@cqhrsp.com"
START = datetime(2020, 9, 1, 1, 0, tzinfo=UTC)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
HEADS = ("序号", "姓名\n（姓名中间不能有空格）", "身份证号码\n（身份证号码含X，必须大写）", "手机号码", "备注")


def person(number: int) -> tuple[str, str, str]:
    """Name, ID number and phone of the person of that number: all distinct, all well formed."""
    name = _SURNAMES[number % 20] + _GIVEN[number // 20 % 20] + _GIVEN[number // 400 % 20]
    born = datetime(1965, 1, 1, tzinfo=UTC) + timedelta(days=number % 10_000)
    return name, id_number(f"500103{born:%Y%m%d}{number // 10_000 % 1000:03d}"), f"139{number:08d}"


def workbook(first: int, rows: int, unit: str, order: str) -> bytes:
    """The official form (notice, annex 1) with that many people, beginning with the person `first`."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.append(["重庆市2020年专业技术人员公需科目培训\n学员报名名单"])
    sheet.append([f"填表单位：{unit}", None, None, "联系人：王芳"])
    sheet.append([None, None, None, "联系人电话：13900000000"])
    sheet.append([f"缴费订单号：{order}"])
    sheet.append(HEADS)
    for number in range(rows):
        name, identity, phone = person(first + number)
        sheet.append([number + 1, name, identity, phone, None])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def mail(number: int, book: bytes, domain: str) -> bytes:
    """One clerk's mail as our server hands it over: verified, with the workbook."""
    message = EmailMessage(policy=SMTP)
    message["Authentication-Results"] = f"mx.cqhrsp.com; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    message["From"] = f"王芳 <hr@{domain}>"
    message["To"] = ROSTER_ADDRESS
    message["Subject"] = f"第{number}单位2020年公需科目学员报名名单"
    message["Date"] = START + timedelta(minutes=number)
    message["Message-ID"] = f"<bench-{number}@{domain}>"
    message.set_content("您好，附件是我单位的报名名单，请查收。谢谢！\n王芳")
    subtype = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    message.add_attachment(book, maintype="application", subtype=subtype, filename=f"报名名单{number}.xlsx")
    return message.as_bytes()


def mails(count: int, rows: int, first: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """That many mails with their workbooks, no person in two of them."""
    for number in range(count):
        book = workbook(first + number * rows, rows, f"重庆市第{number}测试单位", f"20200901{number:08d}")
        yield mail(number, book, f"unit{number}.example"), book
