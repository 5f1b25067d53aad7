"""Mails of an invented unit: the official form with good and bad rows, a question, a broken workbook."""

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from openpyxl import Workbook

from tools.roster_people import person

UNIT = "重庆市云岭测试医院"
SENDER = "hr@yunling-test.cn"
AT = "2020-09-22T10:00:00+08:00"
LATER = "2020-09-22T11:00:00+08:00"
FIRST_ROW = 6
"""The sheet row of the first person."""
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@dataclass(frozen=True)
class Who:
    """One row as the clerk wrote it."""

    name: str
    id_number: str
    phone: str
    remark: str = ""


def people(count: int, seed: int = 1) -> list[Who]:
    """Invented people with right checksums."""
    rng = random.Random(seed)
    found = [person(rng, number + 100 * seed) for number in range(count)]
    return [Who(one.name, one.id_number, one.phone) for one in found]


def workbook(rows: Sequence[Who], unit: str | None = UNIT, order: str = "2020070297223026") -> bytes:
    """The roster as the official form has it."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名单"
    sheet.append(["重庆市2020年专技人员继续教育公需科目学员报名名单"])
    sheet.append([f"单位名称：{unit}" if unit else "单位名称：", None, None, "联系人：王敏"])
    sheet.append(["联系电话：13800001234", None, None, f"缴费订单号：{order}"])
    sheet.append([])
    sheet.append(["序号", "姓名", "身份证号码", "手机号码", "备注"])
    for number, who in enumerate(rows, start=1):
        sheet.append([str(number), who.name, who.id_number, who.phone, who.remark])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mail(
    attachment: bytes | None,
    *,
    subject: str = "公需科目报名名单",
    text: str = "附件为我单位报名名单。",
    sender: str = SENDER,
    name: str = "名单.xlsx",
    number: int = 1,
    verified: bool = True,
    answers: str = "",
) -> bytes:
    """One mail as our server hands it over."""
    message = EmailMessage()
    domain = sender.rpartition("@")[2]
    if verified:
        message["Authentication-Results"] = (
            f"mx.cqhrsp.com; spf=pass smtp.mailfrom={sender}; dkim=pass header.d={domain}"
        )
    message["From"], message["To"] = sender, "2020gxkm@cqhrsp.com"
    message["Subject"], message["Date"] = subject, "Tue, 22 Sep 2020 10:00:00 +0800"
    message["Message-ID"] = f"<roster-{number}@{domain}>"
    if answers:
        message["In-Reply-To"] = message["References"] = answers
    message.set_content(text)
    if attachment is not None:
        message.add_attachment(attachment, maintype=_XLSX[0], subtype=_XLSX[1], filename=name)
    return message.as_bytes()
